"""The command's entry."""

import sys


def main() -> int:
    """Run the command that the arguments name; its exit code."""
    if sys.argv[1:] == ["--version"]:  # Asked for by scripts and monitors, and so without the cost of any import.
        from mailtui import __version__

        print(f"mailtui {__version__}")  # noqa: T201 - click would be the only thing that this needs
        return 0
    try:
        from mailtui.cli.run import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
