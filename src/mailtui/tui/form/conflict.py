"""Somebody else saved the same address first: its fields as two editors compare them."""

from typing import Final

from mailtui.core.addresses import ExternalAddress
from mailtui.core.people import AccessList
from mailtui.core.text import clean
from mailtui.core.two_editors import Difference, Value, differences
from mailtui.operations.addresses import Draft, draft_of

PASSWORD: Final = "password"  # noqa: S105 - the name of a field

KEPT: Final = "as it was"
"""Said of a password that nobody typed anew."""


def to_decide(before: ExternalAddress, mine: Draft, theirs: ExternalAddress) -> tuple[Difference, ...]:
    """The fields to decide about. A password is only said to be another one, and only where I typed one too: the old
    one is gone."""
    sides = [_fields(draft) for draft in (draft_of(before), mine, draft_of(theirs))]
    if mine.secret is not None:
        theirs_is_new = theirs.secret_id not in ("", before.secret_id)  # Empty: a new vault was begun, say.
        passwords = (KEPT, "typed anew", "another one" if theirs_is_new else KEPT)
        for side, words in zip(sides, passwords, strict=True):
            side[PASSWORD] = words
    return differences(*sides)


def holds_nothing_else(mine: Draft, theirs: ExternalAddress) -> bool:
    """Whether nothing of mine is in the form any more."""
    return mine.secret is None and _fields(mine) == _fields(draft_of(theirs))


def _fields(draft: Draft) -> dict[str, Value]:
    account: dict[str, Value] = {
        field: value if isinstance(value, bool) else clean(str(value)) for field, value in draft.account
    }
    head: dict[str, Value] = {"address": clean(draft.address), "name": clean(draft.name)}
    return {**head, **account, "access": _names(draft.access), "projects": draft.projects}


def _names(access: AccessList | None) -> frozenset[str] | None:
    return None if access is None else access.employees | {f"@{key}" for key in access.groups}
