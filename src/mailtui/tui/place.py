"""Where a person was and what he looked at last: kept from one start to the next, for each employee and company.

It is a comfort and no more: what cannot be read or written, and what does not make sense any more, is as if it were not
there. It holds names of pages and keys of things, and nothing of what is in them.
"""

import contextlib
import hashlib
import os
import tempfile
from pathlib import Path
from typing import Final

from pydantic import Field, ValidationError

from mailtui.core.frozen import Frozen

RECENT: Final = 12
"""Things that are remembered as looked at: as many as the palette shows without scrolling."""

MOST_OCTETS: Final = 100_000
"""Of the file; a longer one was not written here."""


class Stop(Frozen):
    """A page on the way, and the row that was marked there."""

    page: str = Field(max_length=100)
    """Id of the page in the settings tree, or the kind of thing that it is about."""
    thing: str = Field(default="", max_length=400)
    """Key of that one thing; empty for a page of the tree."""
    table: int = Field(default=0, ge=0)
    """Which of the page's tables had the cursor, from the top."""
    row: str = Field(default="", max_length=400)
    """Key of the marked row."""
    line: int = Field(default=0, ge=0)
    """Where that row was: it is looked for from there."""


class Thing(Frozen):
    """Something that has a name and can be opened."""

    kind: str = Field(max_length=20)
    """One of the kinds of `ways.THINGS`."""
    key: str = Field(max_length=400)


class Place(Frozen):
    """The way from the settings tree to where a person is."""

    stops: tuple[Stop, ...] = Field(default=(), max_length=20)
    recent: tuple[Thing, ...] = Field(default=(), max_length=RECENT)
    """Looked at last, the latest first."""

    def met(self, thing: Thing) -> "Place":
        """The same place after a thing was looked at."""
        others = tuple(one for one in self.recent if one != thing)
        return self.model_copy(update={"recent": (thing, *others)[:RECENT]})


def file_of(directory: Path, database: Path, login: str) -> Path:
    """Where the place of one employee in one company is kept."""
    known = hashlib.sha256(f"{database.resolve()}\0{login}".encode()).hexdigest()[:24]
    return directory / f"place-{known}.json"


def read_place(path: Path) -> Place:
    """The place that is kept there; the beginning where none can be read."""
    with contextlib.suppress(OSError, ValidationError), path.open("rb") as file:
        return Place.model_validate_json(file.read(MOST_OCTETS))
    return Place()


def write_place(path: Path, place: Place) -> None:
    """Keep it in a file of mode 0600, whole or not at all; nothing happens where it cannot be written."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)  # makes it with mode 0600
        try:
            with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - it is open already
                file.write(place.model_dump_json())
            os.replace(name, path)  # noqa: PTH105 - both are names
        except OSError:
            os.unlink(name)  # noqa: PTH108 - as above
            raise
