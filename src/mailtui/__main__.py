"""The command's entry."""

import os
import sys

STANDARD_OUTPUT = 1


def main() -> int:
    """Run the command that the arguments name; its exit code."""
    if sys.argv[1:] == ["--version"]:  # Asked for by scripts and monitors, and so without the cost of any import.
        from mailtui import __version__

        try:  # Past Python's own buffer, which complains at the end about what it could not write.
            os.write(STANDARD_OUTPUT, f"mailtui {__version__}\n".encode())
        except OSError:
            return os.EX_IOERR
        return os.EX_OK
    try:
        from mailtui.cli.run import run

        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
