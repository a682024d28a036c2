"""What the frame shows beside the names, in words: read from the company's figures."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from mailtui.tui.standing import Standing

if TYPE_CHECKING:
    from mailtui.operations.context import Context

COUNTED: Final = timedelta(days=30)
"""For how long back refusals are counted."""


def look(context: "Context") -> Standing:
    """How things stand now: a few counts from the store, no rows."""
    from mailtui.operations.overview import overview  # Comes with the store, after the first frame.

    seen = overview(context)
    figures = {
        "company-addresses": _joined(_count(seen.company_addresses), _if(seen.company_failing, "failing")),
        "employee-addresses": _joined(_count(seen.employee_addresses), _if(seen.employee_failing, "failing")),
        "deliveries": _joined(
            _if(seen.deliveries_waiting, "waiting"), _if(seen.deliveries_failed_today, "failed today")
        )
        or "nothing waits",
        "reasons": _refusals(sum(context.store.deliveries.reasons_since(context.clock() - COUNTED).values())),
        "people": _joined(_many(seen.employees, "employee"), _many(seen.groups, "group")),
        "projects": _joined(_count(seen.projects), _if(seen.strict_projects, "strict")),
    }
    actor = context.actor
    return Standing(who=actor.by, role=actor.employee.role, waiting=seen.deliveries_waiting, figures=figures)


def _count(number: int) -> str:
    return str(number) if number else "none yet"


def _if(number: int, word: str) -> str:
    return f"{number} {word}" if number else ""


def _many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number or 'no'} {word}s"


def _refusals(number: int) -> str:
    return _many(number, "refusal") + f" in {COUNTED.days} days"


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
