"""`mailtui demo`: everything at work, without an account or a network (+24)."""

import click

from mailtui.cli.output import json_option
from mailtui.cli.screens import require_terminal


@click.command()
@click.option("--headless", is_flag=True, help="Only the mail servers and the company, described in JSON, until ended.")
@json_option
def demo(headless: bool, as_json: bool) -> int:
    """Open the screens on a sample company, with mail servers of its own.

    Nothing of it is left behind, and nothing of yours is touched.

    \b
    Example: mailtui demo
    """
    if not (headless or as_json):
        require_terminal()
    from mailtui.demo.run import run_demo  # Mail servers and a certificate authority, which nothing else needs.

    return run_demo(headless or as_json)
