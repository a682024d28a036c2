"""What an import does or would do, as a person reviews it."""

from collections import Counter
from collections.abc import Iterator
from typing import Literal

from pydantic import JsonValue

from mailtui.core.addresses import AddressState, ExternalAddress
from mailtui.core.frozen import Frozen
from mailtui.core.providers import Provider
from mailtui.operations.company_file import Thing, entry_of
from mailtui.operations.import_plan import Plan, Step


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


class Planned(Frozen):
    """What becomes of one thing."""

    change: Literal["added", "changed", "removed"]
    kind: str
    """As the file calls its list."""
    name: str
    fields: tuple[FieldChange, ...] = ()
    """Those that change; none of what is added or removed as a whole, but for a new secret."""
    test_again: bool | None = None
    """Whether an address is offered only after another test; None of everything else."""


class ImportOutcome(Frozen):
    """What an import did, or would do."""

    added: Counts
    changed: Counts
    unchanged: Counts
    removed: Counts
    plan: tuple[Planned, ...] = ()


def outcome_of(plan: Plan) -> ImportOutcome:
    """The plan as a person reviews it."""
    tally = Counter((step.change, step.kind) for step in plan.steps)
    counts = {
        change: Counts(**{kind: tally[change, kind] for kind in Counts.model_fields})
        for change in ("added", "changed", "removed")
    }
    return ImportOutcome(**counts, unchanged=Counts(**plan.unchanged), plan=tuple(map(_reviewed, plan.steps)))


def secret_of(thing: Thing | None) -> str:
    """The id of the secret that it signs in with; empty where it has none."""
    match thing:
        case ExternalAddress():
            return thing.secret_id
        case Provider():
            return thing.client_secret_id
    return ""


def _reviewed(step: Step) -> Planned:
    again = step.after.state is not AddressState.READY if isinstance(step.after, ExternalAddress) else None
    return Planned(
        change=step.change, kind=step.kind, name=step.name, fields=tuple(_fields(step)), test_again=again
    )  # fmt: skip


def _fields(step: Step) -> Iterator[FieldChange]:
    if step.after is None:
        return
    if step.before is not None:
        after, before = (entry_of(thing).model_dump(mode="json") for thing in (step.after, step.before))
        for name, value in after.items():
            if value != before[name]:
                yield FieldChange(field=name, before=before[name], after=value)
    if step.source is not None:
        yield FieldChange(field="secret", after=f"read from {step.source.field}")
    elif step.before is not None and secret_of(step.before) and not secret_of(step.after):
        yield FieldChange(field="secret", before="kept", after="removed")
