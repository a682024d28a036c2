"""One entry of a plan in full: every field before and after, and what goes with what is removed."""

from pydantic import JsonValue

from mailtui.core.addresses import address_key, parse_address
from mailtui.core.errors import BadInput
from mailtui.operations.addresses import find_address
from mailtui.operations.company_file import AddressEntry, Entry, Thing, entry_of, name_of
from mailtui.operations.context import Context
from mailtui.operations.import_outcome import FieldChange, Planned
from mailtui.operations.import_things import thing_of
from mailtui.operations.losses import (
    Losses,
    losses_of_addresses,
    losses_of_employees,
    losses_of_groups,
    losses_of_projects,
)
from mailtui.operations.people import find_employee, find_group
from mailtui.operations.projects import find_project
from mailtui.operations.providers import find_provider
from mailtui.operations.review_import import Review


def fields_of(context: Context, review: Review, planned: Planned) -> tuple[FieldChange, ...]:
    """The fields that change; of what comes or goes as a whole, all that are not empty.

    Raises NotFound where what would be removed is gone by now.
    """
    if planned.change == "changed":
        return planned.fields
    if planned.change == "removed":
        return tuple(FieldChange(field=name, before=value) for name, value in _told(_stored(context, planned)))
    entry = next((entry for entry in getattr(review.company, planned.kind) if _names(entry, planned.name)), None)
    told = _told(thing_of(entry, None, "")) if entry is not None else []
    return (*(FieldChange(field=name, after=value) for name, value in told), *planned.fields)


def losses_of(context: Context, planned: Planned) -> Losses:
    """What goes with a thing that is removed; of a provider nothing does. Raises NotFound where it is gone by now."""
    asked = {
        "employees": losses_of_employees, "groups": losses_of_groups, "projects": losses_of_projects,
        "addresses": losses_of_addresses,
    }  # fmt: skip
    return asked[planned.kind](context, [planned.name]) if planned.kind in asked else Losses()


def _told(thing: Thing) -> list[tuple[str, JsonValue]]:
    return [*entry_of(thing).model_dump(mode="json", exclude_defaults=True).items()]


def _stored(context: Context, planned: Planned) -> Thing:
    match planned.kind:
        case "employees":
            return find_employee(context, planned.name)
        case "groups":
            return find_group(context, planned.name)
        case "projects":
            return find_project(context, planned.name)
        case "providers":
            return find_provider(context, planned.name)
    return find_address(context, planned.name)


def _names(entry: Entry, name: str) -> bool:
    """Whether the entry is that of the thing so named, which may be written otherwise in the file."""
    written = name_of(entry).strip()
    if written == name or not isinstance(entry, AddressEntry) or written.partition("@")[0] != name.partition("@")[0]:
        return written == name
    try:
        return address_key(parse_address(written)) == address_key(name)
    except BadInput:
        return False
