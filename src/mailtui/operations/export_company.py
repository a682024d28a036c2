"""Exporting the whole configuration, without any secret; importing it again changes nothing."""

from mailtui.operations.company_file import KINDS, CompanyFile, Thing, entry_of, name_of
from mailtui.operations.context import Context


def export_company(context: Context) -> CompanyFile:
    """Every list by the names of its entries, so that the same company is always the same file, and a changed entry
    stays in its place. Raises NotAllowed for a member."""
    context.require_admin("export")
    store = context.store
    with store.reading():  # One moment of the company, whoever else is at work.
        things: dict[str, list[Thing]] = {
            "employees": [*store.employees.all()],
            "groups": [*store.groups.all()],
            "projects": [*store.projects.all()],
            "providers": [*store.providers.all()],
            "addresses": [*store.addresses.all()],
        }
    return CompanyFile.model_validate(
        {kind: [entry_of(thing) for thing in sorted(found, key=_order)] for kind, found in things.items()}
    )


def to_document(file: CompanyFile) -> dict[str, object]:
    """What JSON and TOML hold: every list, and in it everything but what is empty, which the import fills in."""
    document = file.model_dump(mode="json", exclude_defaults=True)
    for entry, address in zip(document.get("addresses", ()), file.addresses, strict=False):
        if address.access is not None:
            entry["access"] = address.access.model_dump(mode="json")  # Empty lists say "nobody".
    return {kind: document.get(kind, []) for kind in KINDS}


def _order(thing: Thing) -> tuple[str, str]:
    return name_of(thing).casefold(), name_of(thing)
