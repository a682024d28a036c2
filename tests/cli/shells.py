"""Persons at interactive shells, each of which completes as its script tells it."""

import os
import pty
import select
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SHARE: Final = Path(__file__).parents[2] / "share"

READY: Final = "echo re''ady\n"

AT_ITS_OWN_TERMINAL: Final = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
"""Begins the session's terminal, without which some shells do not stay."""


@dataclass(frozen=True)
class Way:
    """A shell, and how it comes by the script."""

    program: tuple[str, ...]
    begins: str
    """What is typed first: `mailtui` prints what it got, which the script does not call, and the script is read."""


BASH: Final = ("bash", "--norc", "--noprofile", "-i")
ZSH: Final = ("zsh", "-f", "-i")
FISH: Final = ("fish", "--no-config", "-i")

IN_BASH: Final = "stty -echo; bind 'set enable-bracketed-paste off'; mailtui() { printf '<<%s>>\\n' \"$*\"; }; "
IN_ZSH: Final = 'stty -echo; mailtui() { print -r "<<$*>>"; }; PS1=; unset zle_bracketed_paste; '
COMPINIT: Final = "autoload -Uz compinit; compinit -u -D; "
IN_FISH: Final = 'function mailtui; echo "<<$argv>>"; end; function fish_prompt; end; '

WAYS: Final = {
    "bash": Way(BASH, IN_BASH + "source <(command mailtui completion bash); "),
    "zsh": Way(ZSH, f"{IN_ZSH}{COMPINIT}source <(command mailtui completion zsh); "),
    "fish": Way(FISH, IN_FISH + "command mailtui completion fish | source; "),
}
"""With the script that the program prints, by the shell's name."""

AS_SHIPPED: Final = {
    "bash": Way(BASH, f"{IN_BASH}source '{SHARE}/bash-completion/completions/mailtui'; "),
    "zsh": Way(ZSH, f"{IN_ZSH}fpath=('{SHARE}/zsh/site-functions' $fpath); {COMPINIT}"),
    "fish": Way(FISH, f"{IN_FISH}set -p fish_complete_path '{SHARE}/fish/vendor_completions.d'; "),
}
"""With the same script where the shell itself finds it."""


class Shell:
    """A person at one of them."""

    def __init__(self, way: Way, database: Path, directory: Path) -> None:
        """`directory`: where he is, and at home."""
        self._ours, theirs = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", AT_ITS_OWN_TERMINAL, *way.program],
            stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True, cwd=directory,
            env={
                **os.environ, "PATH": f"{sysconfig.get_path('scripts')}:{os.environ['PATH']}", "TERM": "dumb",
                "MAILTUI_DB": str(database), "HOME": str(directory), "PS1": "", "INPUTRC": os.devnull,
            },
        )  # fmt: skip
        os.close(theirs)
        self._type(way.begins + READY)
        self._until("ready")

    def completes(self, line: str) -> str:
        """What stands in the line after the tab key, as the command gets it."""
        self._type(f"mailtui {line}\t\n")
        return self._until(">>").rpartition("<<")[2].removesuffix(">>")

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)

    def _type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def _until(self, words: str) -> str:
        seen = ""
        while words not in seen:
            ready, _, _ = select.select([self._ours], [], [], 60)
            assert ready, seen
            seen += os.read(self._ours, 65536).decode(errors="replace")
        return seen[: seen.index(words) + len(words)]
