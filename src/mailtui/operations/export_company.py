"""Exporting the whole configuration, without any secret; importing it again changes nothing."""

from mailtui.operations.company_file import CompanyFile, entry_of
from mailtui.operations.context import Context


def export_company(context: Context) -> CompanyFile:
    """Raises NotAllowed for a member."""
    context.require_admin("export")
    store = context.store
    with store.transaction():  # One moment of the company, whoever else is at work.
        return CompanyFile.model_validate({
            "employees": [entry_of(employee) for employee in store.employees.all()],
            "groups": [entry_of(group) for group in store.groups.all()],
            "projects": [entry_of(project) for project in store.projects.all()],
            "addresses": [entry_of(address) for address in store.addresses.all()],
        })  # fmt: skip


def to_document(file: CompanyFile) -> dict[str, object]:
    """What JSON and TOML hold: everything but what is empty, which the import fills in."""
    document = file.model_dump(mode="json", exclude_defaults=True)
    for entry, address in zip(document.get("addresses", ()), file.addresses, strict=False):
        if address.access is not None:
            entry["access"] = address.access.model_dump(mode="json")  # Empty lists say "nobody".
    return document
