"""What an import does or would do, as a person reviews it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pydantic import JsonValue

from mailtui.core.addresses import AddressState, ExternalAddress, SignIn
from mailtui.core.frozen import Frozen
from mailtui.core.providers import Provider
from mailtui.operations.company_file import Thing, entry_of, name_of

Change = Literal["added", "changed", "removed"]


class Counts(Frozen):
    """How many of each kind."""

    employees: int = 0
    groups: int = 0
    projects: int = 0
    providers: int = 0
    addresses: int = 0


class FieldChange(Frozen):
    """A field as the file writes it; of a secret only that there is another one."""

    field: str
    before: JsonValue = None
    after: JsonValue = None


@dataclass(frozen=True, slots=True)  # There may be a hundred thousand: a model takes ten times the memory.
class Planned:
    """What becomes of one thing."""

    change: Change
    kind: str
    """As the file calls its list."""
    name: str
    fields: tuple[FieldChange, ...] = ()
    """Those that change; none of what is added or removed as a whole, but for a new secret."""
    test_again: bool | None = None
    """Whether an address is offered only after another test; None of everything else."""
    lacks: Literal["", "password", "sign-in"] = ""
    """What an address cannot sign in with yet, since neither the file nor the company has it."""


class ImportOutcome(Frozen):
    """What an import did, or would do."""

    added: Counts
    changed: Counts
    unchanged: Counts
    removed: Counts
    plan: tuple[Planned, ...] = ()


def outcome_of(planned: Sequence[Planned], unchanged: Mapping[str, int]) -> ImportOutcome:
    """The plan as a person reviews it. `unchanged`: how many of each kind."""
    tally = Counter((one.change, one.kind) for one in planned)
    counts = {
        change: Counts(**{kind: tally[change, kind] for kind in Counts.model_fields})
        for change in ("added", "changed", "removed")
    }
    return ImportOutcome(**counts, unchanged=Counts(**unchanged), plan=tuple(planned))


def secret_of(thing: Thing | None) -> str:
    """The id of the secret that it signs in with; empty where it has none."""
    match thing:
        case ExternalAddress():
            return thing.secret_id
        case Provider():
            return thing.client_secret_id
    return ""


def reviewed(kind: str, before: Thing | None, after: Thing | None, secret_from: str = "") -> Planned:
    """What becomes of `before`, which is None for what is added, as `after` is for what is removed. `secret_from`: the
    key of its entry that says where a new secret is read."""
    change: Change = "added" if before is None else "removed" if after is None else "changed"
    thing = after or before
    again = after.state is not AddressState.READY if isinstance(after, ExternalAddress) else None
    fields = tuple(_fields(before, after, secret_from)) if after is not None else ()
    return Planned(change, kind, name_of(thing) if thing is not None else "", fields, again, _lacking(after))


def _lacking(thing: Thing | None) -> Literal["", "password", "sign-in"]:
    if not isinstance(thing, ExternalAddress) or thing.secret_id or thing.account.signin is SignIn.NONE:
        return ""
    return "sign-in" if thing.account.signin is SignIn.OAUTH else "password"


def _fields(before: Thing | None, after: Thing, secret_from: str) -> Iterator[FieldChange]:
    if before is not None:
        now, then = (entry_of(thing).model_dump(mode="json") for thing in (after, before))
        for name, value in now.items():
            if value != then[name]:
                yield FieldChange(field=name, before=then[name], after=value)
    if secret_from:
        yield FieldChange(field="secret", after=f"read from {secret_from}")
    elif before is not None and secret_of(before) and not secret_of(after):
        yield FieldChange(field="secret", before="kept", after="removed")
