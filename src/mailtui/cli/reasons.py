"""`mailtui reasons` and `explain`: what the words of a server mean (S18, +19)."""

import json
import sys
from collections.abc import Iterable

import click
from pydantic import ValidationError

from mailtui.cli.documents import Document
from mailtui.cli.named import REASON
from mailtui.cli.output import json_option, print_json, print_table, say
from mailtui.core.account_test import Step
from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.reasons import Reason, reason, recognise
from mailtui.core.reasons import reasons as all_reasons


class Line(Frozen):
    """A line of `explain --lines`."""

    reply: str
    step: Step | None = None


@click.command()
@click.argument("name", required=False, type=REASON)
@json_option
def reasons(name: str | None, as_json: bool) -> None:
    """List every reason for which a server refuses, or say what to do about one.

    \b
    Example: mailtui reasons wrong-password
    """
    if name is not None:
        _print_reason(reason(name), as_json)
        return
    if as_json:
        print_json([one.model_dump(mode="json") for one in all_reasons()])
        return
    print_table(
        ("Reason", "Retry", "Who acts", "In short"),
        (("", one.name, one.retry, one.who, one.title) for one in all_reasons()),
        empty="",
    )


@click.command()
@click.argument("reply", required=False)
@click.option("--step", type=click.Choice([one.value for one in Step]), help="At which step the server said it.")
@click.option("--lines", is_flag=True, help='Read JSON lines {"reply", "step"} from standard input, print one each.')
@json_option
def explain(reply: str | None, step: str | None, lines: bool, as_json: bool) -> None:
    """Say what a server's reply means and what to do.

    \b
    Example: mailtui explain --step sign_in "535 5.7.8 authentication failed"
    """
    if lines:
        if reply is not None or step is not None:
            raise click.UsageError("--lines takes replies and steps from standard input alone")
        _explain_lines(sys.stdin)
        return
    if reply is None:
        raise click.UsageError("give the server's reply, or --lines")
    document = _document(reply, Step(step) if step else None)
    if as_json:
        print_json(document)
    else:
        _print(document)


def _print_reason(known: Reason, as_json: bool) -> None:
    if as_json:
        print_json(known.model_dump(mode="json"))
        return
    say(f"{known.title} ({known.retry}); who acts: {known.who}")
    say(known.meaning)
    for remedy in known.remedy:
        say(f"- {remedy}")
    for example in known.examples:
        say(f"  {example}")


def _explain_lines(lines: Iterable[str]) -> None:
    for number, text in enumerate(lines, start=1):
        try:
            line = Line.model_validate_json(text)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise BadInput(f"line {number} of standard input: {first['msg']}") from error
        say(json.dumps(_document(line.reply, line.step)))


def _document(reply: str, step: Step | None) -> Document:
    found = recognise(reply, step)
    known = reason(found.reason)
    return {
        "reason": found.reason,
        "retry": found.retry,
        "evidence": found.evidence,
        "meaning": known.meaning,
        "remedy": [*known.remedy],
    }


def _print(document: Document) -> None:
    say(f"{document['reason']} ({document['retry']}), by {document['evidence']}")
    say(f"{document['meaning']}")
    for remedy in reason(str(document["reason"])).remedy:
        say(f"- {remedy}")
