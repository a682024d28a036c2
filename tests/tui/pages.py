"""What the tests of the pages build on: a company at work, and one of its pages on top."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any, Final, Protocol

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

from mailtui.core.account_test import Step
from mailtui.core.deliveries import Attempt, Delivery, DeliveryState
from mailtui.core.people import Employee, Group, Role
from mailtui.core.projects import Project
from mailtui.core.reasons import reason
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context
from mailtui.operations.identity import Actor
from mailtui.store import Store
from mailtui.tui.app import MailtuiApp
from mailtui.tui.figures import look
from tests.company import NOW, an_address, names
from tests.tui.frame import SIZE, lines, shown

ANA: Final = Employee(
    login="ana", name="Ana Pop", email="ana@corp.example", role=Role.ADMIN, groups=frozenset({"support", "press"})
)
BOB: Final = Employee(login="bob", name="Bob Ionescu", email="bob@corp.example", groups=frozenset({"support"}))
EVE: Final = Employee(login="eve", name="Eve Marin")

MESSAGE: Final = (
    b"From: help@brand-a.example\r\nTo: client@client.example\r\nSubject: Your order 1042\r\n"
    b"Message-ID: <1@brand-a.example>\r\n\r\nDear client,\r\nit is on its way.\r\n"
)


def a_working_company(store: Store) -> None:
    """Three people, two groups, a strict brand, a plain one and an archived one; six addresses."""
    with store.transaction():
        for group in (Group(key="support", name="Support"), Group(key="press", name="Press")):
            store.groups.save(group)
        for employee in (ANA, BOB, EVE):
            store.employees.save(employee)
        for project in (
            Project(key="brand-a", name="Brand A", strict=True),
            Project(key="brand-b", name="Brand B"),
            Project(key="old", name="Old brand", archived=True),
        ):
            store.projects.save(project)
        for address in (
            an_address("help@brand-a.example", name="Brand A Support", access=names("@support"), projects={"brand-a"}),
            an_address("hello@corp.example", name="Corp"),
            an_address("press@corp.example", access=names("@press")),
            an_address("ana@corp.example", name="Ana Pop", owner="ana", projects={"brand-a", "brand-b"}),
            an_address("new@brand-b.example", tested="never", projects={"brand-b"}),
            an_address("bob@corp.example", owner="bob"),
        ):
            store.addresses.save(address)


def as_employee(
    store: Store, employee: Employee, clock: Callable[[], datetime] = lambda: NOW, *, role: Role | None = None
) -> Context:
    """The work of one employee, as himself; `role` is another one for this time."""
    known = store.employees.get(employee.login) or employee
    known = known.model_copy(update={"role": role or known.role})
    return Context(store, Actor(employee=known, login=known.login), Configuration(keyring="vault"), clock)


def an_attempt(
    name: str = "", *, minutes: int = 0, step: Step = Step.RECIPIENT, reply: str = "250 2.0.0 Ok"
) -> Attempt:
    """An attempt that succeeded, or failed for the reason of that name."""
    at = NOW - timedelta(hours=1) + timedelta(minutes=minutes)
    if not name:
        return Attempt(at=at, ok=True, reply=reply)
    return Attempt(at=at, ok=False, step=step, reply=reply, reason=name, retry=reason(name).retry)


def a_delivery(
    store: Store,
    to: str = "client@client.example",
    *,
    state: DeliveryState = DeliveryState.SENT,
    attempts: Iterable[Attempt] = (),
    project: str = "brand-a",
    by: str = "ana",
) -> Delivery:
    """A delivery as it is stored after these attempts."""
    number = store.deliveries.count()
    tried = tuple(attempts) or ((an_attempt(),) if state is DeliveryState.SENT else ())
    with store.transaction():
        delivery = store.deliveries.accept(
            Delivery(
                message_id=f"<{number}@brand-a.example>",
                project=project,
                sender="help@brand-a.example",
                to=to,
                by=by,
                subject="Your order 1042",
                created_at=NOW - timedelta(hours=1),
                next_attempt_at=NOW + timedelta(minutes=15) if state is DeliveryState.DEFERRED else None,
            ),
            MESSAGE,
        )
        for count, attempt in enumerate(tried, start=1):
            after = delivery.model_copy(update={"state": state, "attempts": count, "last": attempt})
            store.deliveries.record(after, attempt)
    return store.deliveries.get(delivery.id) or delivery


def some_deliveries(store: Store) -> None:
    """One of each kind that a table shows."""
    a_delivery(store, "first@client.example")
    a_delivery(store, "gone@client.example", state=DeliveryState.FAILED, attempts=[
        an_attempt("mailbox-full", reply="452 4.2.2 The mailbox is over quota"),
        an_attempt("recipient-unknown", minutes=1, reply="550 5.1.1 No such user here"),
    ])  # fmt: skip
    a_delivery(store, "full@client.example", state=DeliveryState.DEFERRED, project="brand-b", attempts=[
        an_attempt("mailbox-full", reply="452 4.2.2 The mailbox is over quota"),
    ])  # fmt: skip
    a_delivery(store, "of-bob@client.example", by="bob")


class OnPage(MailtuiApp):
    """The program with one page on top of the settings."""

    def __init__(
        self,
        context: Context,
        page: Callable[[], Screen[Any]],  # Any: what it returns does not matter
        *,
        keeps_sending: bool = False,
    ) -> None:
        super().__init__(lambda: context, look=look, theme="mailtui-dark", prepare=(), keeps_sending=keeps_sending)
        self._page = page
        self.page_is_open = False

    async def on_ready(self) -> None:
        await self.context_ready()
        await self.push_screen(self._page())
        self.page_is_open = True


@asynccontextmanager
async def on_page(
    context: Context,
    page: Callable[[], Screen[Any]],  # Any: what the screen returns does not matter here
    *,
    size: tuple[int, int] = SIZE,
) -> AsyncIterator[Pilot[None]]:
    """The program, once the page is drawn."""
    app = OnPage(context, page)
    async with app.run_test(size=size, notifications=True) as pilot:
        await until(pilot, lambda: app.page_is_open and is_drawn(pilot))
        yield pilot


async def until(pilot: Pilot[None], condition: Callable[[], object], *, seconds: float = 20) -> None:
    """Wait until a condition holds, for what threads, servers and slow passphrases take; else the test fails."""
    try:
        async with asyncio.timeout(seconds):
            while not condition():
                await pilot.pause(0.01)
    except TimeoutError:
        raise AssertionError(f"never came to it; the screen shows:\n{shown(pilot)}") from None


def is_drawn(pilot: Pilot[None]) -> bool:
    """Whether the last line shows the keys of the page."""
    last = f" {lines(pilot)[-1]} "
    return " esc " in last or " Help " in last


def words(pilot: Pilot[None]) -> str:
    """What the terminal shows as one line of words, without the borders of dialogs."""
    return " ".join(shown(pilot).replace("│", " ").split())


async def typed(pilot: Pilot[None], text: str) -> None:
    """Type a text, key by key."""
    await pilot.press(*(KEYS.get(character, character) for character in text))


KEYS: Final = {
    " ": "space", "@": "at", ".": "full_stop", "-": "minus", ",": "comma", "/": "slash", "_": "underscore",
}  # fmt: skip
"""Characters that Textual knows by a name."""


class Compare(Protocol):
    """The fixture of pytest-textual-snapshot."""

    def __call__(self, app: App[None], *, terminal_size: tuple[int, int], run_before: object) -> bool: ...


def looks_as_before(
    snap_compare: Compare,
    context: Context,
    page: Callable[[], Screen[Any]],  # Any: as above
    *keys: str,
    seen: str,
) -> bool:
    """Whether the page, after these keys and once it shows `seen`, looks as in the picture that is kept."""
    app = OnPage(context, page)

    async def ready(pilot: Pilot[None]) -> None:
        await until(pilot, lambda: app.page_is_open and is_drawn(pilot))
        await pilot.press(*keys)
        await until(pilot, lambda: seen in shown(pilot))

    return snap_compare(app, terminal_size=SIZE, run_before=ready)
