"""The signs of the screens, in one place: each meaning has a sign and a word, and ASCII where nothing else prints."""

import locale
import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Final

from mailtui.tui.tones import Tone

LOCALE_VARIABLES: Final = ("LC_ALL", "LC_CTYPE", "LANG")
"""In the order in which POSIX lets them decide (IEEE Std 1003.1, section 8.2)."""

COERCED: Final = frozenset({"C.UTF-8", "C.utf8", "UTF-8"})
"""What Python puts into LC_CTYPE where it finds the C locale (PEP 538): its own choice, and no word on the terminal."""

LIMITED_TERMINALS: Final = frozenset({"linux", "vt100", "vt220", "cons25"})
"""Values of TERM whose fonts lack ✓ and ✗ whatever the locale says."""


@dataclass(frozen=True)
class Sign:
    """How one meaning is shown."""

    unicode: str
    ascii: str
    word: str = ""
    """Said beside the sign, so that neither colour nor sign is the only carrier of the meaning."""
    tone: Tone = Tone.PLAIN

    def __str__(self) -> str:
        return self.unicode if prints_unicode() else self.ascii

    @property
    def said(self) -> str:
        """The sign and its word."""
        return f"{self} {self.word}".rstrip()


class Mark(Enum):
    """The state of a thing. `str(Mark.READY.value)` is the sign, `.value.said` the sign with its word."""

    READY = Sign("✓", "+", "ready", Tone.GOOD)
    FAILING = Sign("✗", "x", "failing", Tone.BAD)
    UNTESTED = Sign("?", "?", "untested", Tone.WARN)
    OFF = Sign("–", "-", "off", Tone.MUTED)

    def __str__(self) -> str:
        return str(self.value)

    @property
    def word(self) -> str:
        return self.value.word

    @property
    def tone(self) -> Tone:
        return self.value.tone

    @property
    def said(self) -> str:
        return self.value.said


CURSOR: Final = Sign("▌", ">", "marked row", Tone.ACCENT)
CURSOR_LEFT: Final = Sign("▏", ".", "marked row, while the keys go elsewhere", Tone.MUTED)
CUT: Final = Sign("…", "~", "cut")
OPENED: Final = Sign("▾", "v", "opened")
CLOSED: Final = Sign("▸", ">", "closed")
MAIL: Final = Sign("✉", "mail ", "messages waiting")
BETWEEN: Final = Sign("·", "-")
NEXT: Final = Sign("→", "->")
PICKED: Final = Sign("[x]", "[x]", "picked", Tone.ACCENT)
CHOSEN: Final = Sign("●", "*", "marked for what is done next", Tone.ACCENT)
UPWARDS: Final = Sign("▲", "^", "the smallest first")
DOWNWARDS: Final = Sign("▼", "v", "the largest first")
NOT_PICKED: Final = Sign("[ ]", "[ ]", "not picked", Tone.MUTED)


def prints_unicode_in(environment: Mapping[str, str]) -> bool:
    """Whether the terminal that `environment` describes shows more than ASCII."""
    if environment.get("TERM") in LIMITED_TERMINALS:
        return False
    said = {name: environment[name] for name in LOCALE_VARIABLES if environment.get(name)}
    if said.get("LANG") in {"C", "POSIX"} and said.get("LC_CTYPE") in COERCED:
        del said["LC_CTYPE"]
    decides = next(iter(said.values()), locale.getencoding())
    return "utf8" in decides.lower().replace("-", "")


@cache
def prints_unicode() -> bool:
    """Whether this terminal shows more than ASCII; asked once a process."""
    return prints_unicode_in(os.environ)
