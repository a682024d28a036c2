"""Reading who changed what (+22)."""

import json
from collections.abc import Iterator

from pydantic import JsonValue

from mailtui.core.audit import AuditRow, Head, Wanted
from mailtui.operations.context import Context
from mailtui.store.window import ALL

READING = "read who changed what"


def changes(context: Context, wanted: Wanted, *, limit: int = ALL) -> Iterator[AuditRow]:
    """Newest first, read as they are taken. Raises NotAllowed for a member, at once."""
    context.require_admin(READING)
    return context.store.audit.each(wanted, limit)


def audit_head(context: Context) -> Head:
    """Number and hash of the newest row, to be noted where who can write the database cannot. Raises NotAllowed."""
    context.require_admin(READING)
    return context.store.audit.head() or Head()


def document_of(row: AuditRow) -> dict[str, JsonValue]:
    """A change as a JSON document; its time in UTC and whole seconds."""
    return {**row.model_dump(mode="json"), "at": row.at.isoformat(timespec="seconds")}


def audit_lines(context: Context, wanted: Wanted, *, limit: int = ALL) -> Iterator[str]:
    """Such documents, one a line with its end, newest first. Raises NotAllowed, at once."""
    return (f"{json.dumps(document_of(row))}\n" for row in changes(context, wanted, limit=limit))
