"""Two who edit one thing: what the first changed, field by field, as the second has to decide about it (decision 5)."""

from collections.abc import Mapping, Set
from typing import Final

from mailtui.core.frozen import Frozen

NAMED: Final = 5
"""Members of a set that are named; a longer list says the rest as a number."""

Value = str | bool | Set[str] | None
"""What stands in a field; None for all of something."""


class Difference(Frozen):
    """A field that somebody else changed, and that stands otherwise in one's own form."""

    field: str
    before: str
    """As it was when the form was opened; all three in words."""
    mine: str
    theirs: str
    touched: bool
    """Whether I changed it too. A field that I left alone is theirs unless I say otherwise."""


def differences(
    before: Mapping[str, Value], mine: Mapping[str, Value], theirs: Mapping[str, Value]
) -> tuple[Difference, ...]:
    """The fields to decide about, those that both changed first; the same fields in all three.

    What only I changed stays mine, and what both changed to the same is no difference.
    """
    found = [
        Difference(
            field=field,
            before=in_words(opened, opened),
            mine=in_words(mine[field], opened),
            theirs=in_words(theirs[field], opened),
            touched=mine[field] != opened,
        )
        for field, opened in before.items()
        if theirs[field] not in (opened, mine[field])
    ]
    return tuple(sorted(found, key=lambda difference: not difference.touched))


def in_words(value: Value, before: Value) -> str:
    """A value; a set by what it has more and less than before, and as a whole where that says less."""
    match value:
        case None:
            return "all"
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case _:
            return _set(value, before if isinstance(before, Set) else value)


def _set(members: Set[str], before: Set[str]) -> str:
    if not members:
        return "none"
    if members == before:
        return ", ".join(sorted(members)) if len(members) <= NAMED else f"{len(members)} of them"
    signed = [f"+{name}" for name in sorted(members - before)] + [f"-{name}" for name in sorted(before - members)]
    more = f" and {len(signed) - NAMED} more" if len(signed) > NAMED else ""
    return " ".join(signed[:NAMED]) + more
