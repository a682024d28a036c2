"""External addresses as rows of a table, and what stands below the table about the marked one."""

from collections.abc import Sequence
from typing import Final

from textual.content import Content

from mailtui.core.addresses import ExternalAddress, why_stays_off
from mailtui.core.text import clean
from mailtui.operations.addresses import owners_employed
from mailtui.operations.context import Context
from mailtui.store.addresses import Owner, Whose
from mailtui.store.window import Window
from mailtui.tui.addresses.words import account, ago, joined, mark_of, reason_of, server, step_words, tested, where, who
from mailtui.tui.marks import Mark
from mailtui.tui.screens.moments import moment
from mailtui.tui.tones import Tone
from mailtui.tui.widgets.fit import cut
from mailtui.tui.widgets.rows import Cell, Column, Row, mark_cell

ADDRESS, NAME = Column("Address", share=4, order="address"), Column("Shown as", share=2, shows_from=110)
SERVER, WHO = Column("Server", share=3, shows_from=64, order="server"), Column("Who may use", width=11, shows_from=52)
PROJECTS, TEST = Column("Projects", width=10, shows_from=44), Column("Test", width=7, order="tested")
REASON = Column("Why it fails", width=22, shows_from=130)
STATE = Column("", width=1, order="state")

COMPANY_COLUMNS = (STATE, ADDRESS, NAME, SERVER, WHO, PROJECTS, TEST, REASON)
EMPLOYEE_COLUMNS = (STATE, ADDRESS, NAME, SERVER, PROJECTS, TEST, REASON)

LONGEST_NAME: Final = 44
"""Cells of an address in the lines below the table: a longer one would take the room of what is said about it."""


class AddressRows:
    """The company's addresses, or those of one employee; a row's key is the address."""

    def __init__(self, context: Context, owner: str | None) -> None:
        """`owner`: a login; None for the company."""
        self._context = context
        self._owner = owner
        self._whose: Whose = Owner.COMPANY if owner is None else owner
        self.order = ""

    def count(self, matching: str) -> int:
        return self._context.store.addresses.count(matching, self._whose)

    def place(self, key: str, matching: str) -> int | None:
        window = Window(matching=matching, order=self.order)
        return self._context.store.addresses.place(key, window, self._whose)

    def keys(self, matching: str) -> list[str]:
        return self._context.store.addresses.keys(matching, self._whose)

    def window(self, offset: int, limit: int, matching: str) -> Sequence[Row]:
        window = Window(offset=offset, limit=limit, matching=matching, order=self.order)
        names: dict[str, str] = {}
        return [self._row(address, names) for address in self._context.store.addresses.rows(window, self._whose)]

    def _row(self, address: ExternalAddress, names: dict[str, str]) -> Row:
        mark = mark_of(address)
        cells: list[Cell | str] = [mark_cell(mark), address.address, address.name, server(address)]
        if self._owner is None:
            cells.append(who(address.access, lambda key: self._group_name(key, names)))
        failing = reason_of(address) if address.enabled else None
        cells += [where(address.projects), Cell(tested(address, self._context.clock()), mark.tone)]
        cells.append(Cell(failing.title if failing else "", mark.tone))
        return Row(address.address, tuple(cells), Tone.MUTED if mark is Mark.OFF else None)

    def _group_name(self, key: str, names: dict[str, str]) -> str:
        if key not in names:
            group = self._context.store.groups.get(key)
            names[key] = group.name if group else key
        return names[key]


def details(address: ExternalAddress, context: Context) -> Content:
    """Two lines about one address: whether it is offered and why not, and its account or the server's words."""
    now, test = context.clock(), address.last_test
    mark, name = mark_of(address), cut(address.address, LONGEST_NAME)
    reason = reason_of(address)
    second = account(address)
    if not address.enabled and why_stays_off(address, owners_employed(context, address)) is not None:
        first = f"{name} is off: its owner, {cut(address.owner or '', LONGEST_NAME)}, is no employee any more"
    elif not address.enabled:
        first = f"{name} is off: nobody is offered it"
    elif reason is not None and test is not None:
        first = f"{name} is not offered since {moment(test.failing_since or test.at, now)}: {reason.title}"
        step = step_words(test.step)
        second = f"{step}: " * bool(step) + (test.reply.splitlines() or [second])[0]
    elif mark is Mark.UNTESTED:
        first = f"{name} is not offered: not tested as it stands"
        second = joined(second, "t tests it") if context.actor.is_admin else second
    elif address.access is not None and not (address.access.employees or address.access.groups):
        first = f"{name} works, but nobody is on its access list: it is offered to nobody"
    elif address.projects is not None and not address.projects:
        first = f"{name} works, but is bound to no project any more: it is offered nowhere"
    else:
        first = joined(f"{name} is offered", f"tested {ago(test.at, now)}" if test else "")
    return Content.assemble((f"{mark} ", TONES[mark.tone]), first, "\n  ", (clean(second), "$text-muted"))


TONES = {Tone.GOOD: "$success", Tone.BAD: "$error", Tone.WARN: "$warning", Tone.MUTED: "$text-muted"}
