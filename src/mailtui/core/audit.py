"""Who changed what and when (+22): a row, what is looked for among them, and the chain of hashes that ties them.

Each row's hash covers the hash of the row before, so that a row cannot be changed, taken out or moved without every
later one saying so. Whoever can write the file can also work out all hashes anew: only a hash that was noted elsewhere
shows that.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, NamedTuple

from pydantic import JsonValue

from mailtui.core.errors import BadInput
from mailtui.core.frozen import Frozen
from mailtui.core.names import quoted

Snapshot = Mapping[str, JsonValue]
"""The fields of a thing, as JSON values; never a secret."""

HASH_DIGITS: Final = 64

BEGINNING: Final = ""
"""Stands for the hash before the first row."""


class Author(Frozen):
    """Who made a change."""

    login: str
    """Of the operating system: who did it."""
    employee: str
    """Login of the employee as whom it was done; the same where nobody acted as another."""
    uid: int | None = None
    """Number of that user on the host; None where it is not known."""

    @property
    def by(self) -> str:
        """In one word: `LOGIN`, or `LOGIN as OTHER`."""
        return self.login if self.login == self.employee else f"{self.login} as {self.employee}"


class AuditRow(Frozen):
    """One change."""

    at: datetime
    by: str
    """The login, or `LOGIN as OTHER`."""
    action: str
    object: str
    before: dict[str, JsonValue] | None = None
    after: dict[str, JsonValue] | None = None
    employee: str = ""
    """As whom it was done."""
    login: str = ""
    """Of the operating system: who did it."""
    uid: int | None = None
    number: int = 0
    """Counts the changes of the company from 1; 0 before it is stored."""
    hash: str = ""
    """SHA-256 over this row and the hash of the one before, 64 lower-case hexadecimal digits."""


class Link(NamedTuple):
    """A row as it is kept, every text exactly as in its column: what a hash covers."""

    number: int
    at: str
    by: str
    login: str
    employee: str
    uid: int | None
    action: str
    object: str
    before: str | None
    after: str | None


class Head(NamedTuple):
    """Where the chain ends."""

    number: int = 0
    """Of the last row; as many as there were ever written."""
    hash: str = BEGINNING


def chained(previous: str, link: Link) -> str:
    """The hash of a row that follows the one with the hash `previous`: 64 hexadecimal digits."""
    covered = json.dumps([previous, *link], separators=(",", ":"))
    return hashlib.sha256(covered.encode("ascii")).hexdigest()


def parse_hash(text: str) -> str:
    """The hash of a row as somebody noted it; empty for none. Raises BadInput."""
    noted = text.strip().lower()
    if noted and (len(noted) != HASH_DIGITS or not set(noted) <= set("0123456789abcdef")):
        raise BadInput(f"{quoted(text)} is no hash of the audit: it has {HASH_DIGITS} hexadecimal digits")
    return noted


class Break(NamedTuple):
    """A place at which the chain does not hold."""

    number: int
    """Of the first row that it is about."""
    words: str
    """What is wrong, in a sentence without its end."""


class ChainCheck:
    """Follows a chain from its beginning; keeps only where it is."""

    def __init__(self, noted: str = "") -> None:
        """`noted`: a hash that was written down elsewhere, and must be met on the way; see `parse_hash`."""
        self._noted = noted
        self.met = False
        """Whether the noted hash was met."""
        self.last = Head()
        """The row that was followed last."""

    def follow(self, rows: Iterable[tuple[Link, str]]) -> Iterator[Break]:
        """Go on over rows with their hashes, in the order of their numbers."""
        for link, found in rows:
            before, self.last = self.last, Head(link.number, found)
            expected = before.number + 1
            if link.number < expected:
                yield Break(link.number, f"row {link.number} was put in before the first")
            elif link.number > expected:
                yield Break(expected, f"{_rows(expected, link.number - 1)} missing")
            elif chained(before.hash, link) != found:
                yield Break(link.number, f"row {link.number} is not what was written there after {_row(before)}")
            self.met = self.met or found == self._noted

    def end(self, head: Head | None) -> Iterator[Break]:
        """What the end says, against where the last writer left it; None where nothing says so."""
        if head is None:
            if self.last.number:
                yield Break(self.last.number, "the note of the last row is missing, so later rows may be, too")
        elif head.number > self.last.number:
            yield Break(self.last.number + 1, f"{_rows(self.last.number + 1, head.number)} missing from the end")
        elif head != self.last:
            yield Break(self.last.number, f"row {self.last.number} is not the one that was written last")
        if self._noted and not self.met:
            yield Break(0, "no row has the hash that you noted: the rows up to it were written anew")


def _row(head: Head) -> str:
    return f"row {head.number}" if head.number else "the beginning"


def _rows(first: int, last: int) -> str:
    return f"row {first} is" if first == last else f"rows {first} to {last} are"


class Wanted(Frozen):
    """Which changes are looked for; what is empty does not narrow."""

    by: str = ""
    """Login of the person, in whatever role: who did it, or as whom it was done."""
    object: str = ""
    """Beginning of the thing (`project`, `project brand-a`) or of its name (`brand-a`)."""
    since: datetime | None = None
    """UTC, itself included."""
    until: datetime | None = None
    """UTC, itself left out."""
    words: str = ""
    """To be found anywhere in the row."""


def parse_wanted(text: str, zone: tzinfo) -> Wanted:
    """A filter as it is typed: `by:ana object:project since:2026-11-01 until:2026-11-03T14:00 other words`.

    Days and times are those of `zone`; a day given as `until` belongs to what is looked for. Raises BadInput for a time
    that is none.
    """
    said: dict[str, str] = {}
    words = []
    for word in text.split():
        field, colon, value = word.partition(":")
        if colon and field in ("by", "object", "since", "until"):
            said[field] = value
        else:
            words.append(word)
    return Wanted(
        by=said.get("by", ""),
        object=said.get("object", ""),
        since=parse_moment(said["since"], zone) if said.get("since") else None,
        until=parse_moment(said["until"], zone, ends=True) if said.get("until") else None,
        words=" ".join(words),
    )


def parse_moment(text: str, zone: tzinfo, *, ends: bool = False) -> datetime:
    """A day, or a day and a time, of `zone` unless it names its own (ISO 8601), as UTC. `ends`: the end of that day.

    Raises BadInput.
    """
    try:
        if len(text) <= len("2026-11-01"):
            day = date.fromisoformat(text) + timedelta(days=int(ends))
            return datetime.combine(day, time(), zone).astimezone(UTC)
        at = datetime.fromisoformat(text)
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{quoted(text)} is no day or time: write 2026-11-01 or 2026-11-01T14:30") from error
