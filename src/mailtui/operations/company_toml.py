"""The export as TOML: an entry under its own heading, a name a line, and nothing that a terminal could obey."""

import unicodedata
from collections.abc import Iterator, Mapping

import tomli_w

from mailtui.core.text import UNSAFE_CATEGORIES


def to_toml(document: Mapping[str, object]) -> Iterator[str]:
    """The text in parts. What is unsafe on a terminal is escaped, as a basic string allows it (TOML 1.0, String)."""
    between = ""
    for kind in (kind for kind, entries in document.items() if not entries):
        yield f"{kind} = []\n"
        between = "\n"
    for kind, entries in document.items():
        for entry in entries if isinstance(entries, list) else []:
            # Written as a table of its own, since tomli_w puts short ones on one line, and then all of a list's change
            # their form when one of them grows.
            yield f"{between}[" + _escaped(tomli_w.dumps({kind: entry}).replace(f"[{kind}]", f"[{kind}]]", 1))
            between = "\n"


def _escaped(text: str) -> str:
    return text if text.replace("\n", "").isprintable() else "".join(map(_safe, text))


def _safe(character: str) -> str:
    unsafe = character != "\n" and unicodedata.category(character) in UNSAFE_CATEGORIES
    return f"\\U{ord(character):08X}" if unsafe else character
