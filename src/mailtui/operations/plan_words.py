"""The plan of an import and the tests after it in words, for whoever shows them."""

from typing import Final

from pydantic import JsonValue

from mailtui.core.reasons import reason
from mailtui.core.text import clean, listed
from mailtui.operations.import_outcome import Counts, FieldChange, Planned
from mailtui.operations.test_accounts import Tested

SIGNS: Final = {"added": "+", "changed": "~", "removed": "-"}
"""The sign carries the meaning; a colour is for the eye."""

ONE: Final = {
    "employees": "employee", "groups": "group", "projects": "project", "providers": "provider", "addresses": "address"
}  # fmt: skip
"""What one thing of a list of the file is called."""

LEFT_OUT: Final[dict[str, str]] = {"access": "everybody", "projects": "all"}
"""What null says of an address."""


def value_words(field: str, value: JsonValue) -> str:
    """What stands in a field, in one line that is safe for a terminal."""
    match value:
        case None:
            return LEFT_OUT.get(field, "nothing")
        case bool():
            return "true" if value else "false"
        case list():
            return clean(", ".join(map(str, value))) or "none"
        case dict() if field == "access":
            people, groups = (value.get(key) for key in ("employees", "groups"))
            names = [*(people if isinstance(people, list) else [])]
            names += [f"@{key}" for key in (groups if isinstance(groups, list) else [])]
            return clean(", ".join(map(str, names))) or "nobody"
        case dict():
            return clean(", ".join(f"{key} {inner}" for key, inner in value.items() if inner)) or "none"
    return clean(str(value)) or "empty"


def change_words(change: FieldChange, becomes: str) -> str:
    """`port: 465 -> 587`; `becomes` is the sign between the two. Of a secret, only where it comes from."""
    if change.field == "secret":
        return clean(str(change.after))
    return f"{value_words(change.field, change.before)} {becomes} {value_words(change.field, change.after)}"


def again_words(planned: Planned) -> str:
    """Whether an address is offered only after another test; nothing of everything else."""
    if planned.test_again is None:
        return ""
    missing = f", no {planned.lacks} yet" if planned.lacks else ""
    return f"to be tested{missing}" if planned.test_again else "keeps its test"


def found_words(tested: Tested) -> str:
    """What the test of one address showed."""
    if tested.test is None:
        return clean(tested.error)
    if tested.ok:
        return f"{sum(step.ms for step in tested.test.steps):,} ms"
    step = tested.test.failed_step.words if tested.test.failed_step else "the test"
    return clean(f"{step} failed: {reason(tested.test.reason).title}")


def total(counts: Counts) -> int:
    """Of all kinds."""
    return sum(getattr(counts, kind) for kind in Counts.model_fields)


def counts_words(counts: Counts) -> str:
    """`1 employee and 12 addresses`; empty where there is nothing."""
    found = ((kind, getattr(counts, kind)) for kind in Counts.model_fields)
    return listed([f"{number:,} {ONE[kind] if number == 1 else kind}" for kind, number in found if number])
