"""No size of the terminal breaks a screen (issue 6, section 6)."""

from collections.abc import Callable
from typing import Any, Final

import pytest
from textual.pilot import Pilot
from textual.screen import Screen

from mailtui.operations.people import find_employee
from mailtui.operations.projects import find_project
from mailtui.store import Store
from mailtui.tui.confirm import Confirm
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.help import Help
from mailtui.tui.messages import region_of_work
from mailtui.tui.place import Stop
from mailtui.tui.screens.action import NewAction
from mailtui.tui.screens.employee_form import EmployeeForm
from mailtui.tui.screens.project_form import ProjectForm
from mailtui.tui.screens.settings import LEAVES, Settings
from mailtui.tui.ways import THINGS, page_of
from tests.tui.frame import SIZE, lines
from tests.tui.pages import ANA, as_employee, on_page, some_deliveries, until

SIZES: Final = ((200, 60), (80, 24), (40, 12), (20, 5), (1, 1), (200, 5), (12, 60), (80, 24))
"""From small to large and back, each as a person drags a window there."""

KEYS: Final = {
    "employee": "bob", "group": "support", "project": "brand-a", "own-addresses": "bob", "delivery": "1",
}  # fmt: skip

Making = Callable[[Any], Screen[Any]]
"""Makes a screen from a context."""

SCREENS: Final[dict[str, Making]] = {
    "settings": lambda _: Settings(),
    **{leaf.id: lambda context, id=leaf.id: page_of(Stop(page=id), context) for leaf in LEAVES},  # type: ignore[misc]
    **{kind: lambda context, id=kind: page_of(Stop(page=id, thing=KEYS[id]), context) for kind in THINGS},  # type: ignore[misc]
    "new-action": lambda context: NewAction(find_project(context, "brand-a")),
    "address-form": lambda _: AddressForm(),
    "address-form-stored": lambda context: AddressForm(context.store.addresses.get("hello@corp.example")),
    "employee-form": lambda context: EmployeeForm(find_employee(context, "bob")),
    "project-form": lambda _: ProjectForm(None),
    "help": lambda _: Settings(),
    "question": lambda _: Settings(),
}


@pytest.mark.parametrize("name", SCREENS)
async def test_every_screen_comes_back_from_every_size(company: Store, name: str) -> None:
    some_deliveries(company)
    context = as_employee(company, ANA)
    async with on_page(context, lambda: SCREENS[name](context)) as pilot:
        if name == "help":
            await pilot.press("question_mark")
            await until(pilot, lambda: isinstance(pilot.app.screen, Help))
        if name == "question":
            loss = "It is lost. " * 40
            await pilot.app.push_screen(Confirm("Delete it?", consequence=loss, key="d", do="Delete", keep="Keep"))
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await until(pilot, lambda size=size: pilot.app.size == size)  # type: ignore[misc]
            await pilot.press("down", "up")
        await until(pilot, lambda: keys_are_there(pilot))
        await until(pilot, lambda: work_is_in_sight(pilot))


def keys_are_there(pilot: Pilot[None]) -> bool:
    """In the last line; those of a question stand in it."""
    where = lines(pilot) if isinstance(pilot.app.screen, Confirm) else lines(pilot)[-1:]
    return len(lines(pilot)) == SIZE[1] and any(key in line for line in where for key in (" Help", "esc "))


def work_is_in_sight(pilot: Pilot[None]) -> bool:
    screen = pilot.app.screen
    worked_on = region_of_work(screen)
    return screen.focused is None or (worked_on is not None and screen.region.contains_region(worked_on))
