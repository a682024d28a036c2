"""Settings as a file: the company written out, and such a file brought in after its plan was looked at."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from mailtui.core.errors import MailtuiError
from mailtui.core.text import clean, clean_lines
from mailtui.operations.addresses import find_address
from mailtui.operations.company_toml import to_toml
from mailtui.operations.context import Context
from mailtui.operations.export_company import export_company, to_document
from mailtui.operations.import_company import Report
from mailtui.operations.import_outcome import ImportOutcome
from mailtui.operations.losses import Losses
from mailtui.operations.people import find_employee
from mailtui.operations.plan_entries import fields_of, losses_of
from mailtui.operations.review_import import Outdated, Review, carry_out, named_file, review_import
from mailtui.operations.test_accounts import Tested, addresses_to_test, test_accounts
from mailtui.operations.wrong_entries import WrongEntries
from mailtui.secrets import Locked
from mailtui.tui.addresses.words import step_words
from mailtui.tui.form.address_form import AddressForm
from mailtui.tui.form.failure import FailureDetails
from mailtui.tui.marks import Mark
from mailtui.tui.screens.beside import Beside, Stopped
from mailtui.tui.screens.export_to import Exporting
from mailtui.tui.screens.passphrase import with_unlocked
from mailtui.tui.screens.planned import PlannedEntry
from mailtui.tui.screens.settings_file_name import FileField, FileLine
from mailtui.tui.screens.settings_file_table import FileTable, Shown
from mailtui.tui.screens.settings_file_words import (
    how,
    imported_words,
    plan_words,
    problems_words,
    question_about,
    tested_words,
)
from mailtui.tui.screens.tick import Tick
from mailtui.tui.styles import style
from mailtui.tui.widgets.details import Details

FOR_MEMBERS: Final = "Only an admin may export and import the company."

LONG: Final = "long"
"""The group of what is under way; one thing at a time."""


class SettingsFile(Exporting):
    """The file's path above, and below it what there is to say about it."""

    PATH = ("Account management", "Housekeeping", "Settings as a file")
    PURPOSE = (
        "The whole company as a file, without any password: written to keep, compare or edit it, and brought in from"
        " one. Before anything is changed you see what would be; then all of it is done or nothing."
    )
    CSS_PATH: ClassVar = [style("table"), style("sections"), style("small_form"), style("settings_file")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Open", id="settings_file.open",
                tooltip="Every field of the marked entry, before and after"),
        Binding("ctrl+s", "apply", "Apply", id="settings_file.apply", tooltip="Do what the plan says; asks first"),
        Binding("t,ctrl+t", "test", "Test", id="settings_file.test",
                tooltip="Test the addresses of the file that are not ready, several at once"),
        Binding("r", "reason", "Reason", id="settings_file.reason", tooltip="Why the marked test failed, what to do"),
        Binding("e", "edit", "Edit", id="settings_file.edit", tooltip="Open the marked address, to give its password"),
        Binding("i", "name_file", "Import", id="settings_file.import",
                tooltip="Name a file to import; its plan is shown before anything is changed"),
        Binding("x", "export", "Export", id="settings_file.export",
                tooltip="Write the company to a file: TOML, or JSON where its name ends in .json"),
        Binding("escape", "stop", "Stop", id="settings_file.stop", tooltip="Stop what is under way"),
        Binding("escape", "back", "Back", id="page.back", tooltip="Go one level up"),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._beside = Beside(self, self._say)
        self._file: Path | None = None
        """The one that was read last."""
        self._wrong: WrongEntries | None = None
        self._review: Review | None = None
        self._to_test: tuple[str, ...] = ()
        """Addresses of the file that are offered only after a test."""
        self._keys: tuple[bool, ...] = ()

    def content(self) -> ComposeResult:
        admin = self.context.actor.is_admin
        if admin:
            yield FileLine()
            yield Tick("Also remove what the file does not name, of each kind that it lists")
        yield Static(classes="section")
        yield FileTable(empty=how() if admin else FOR_MEMBERS, follow=self.show_details)
        yield Details()

    @property
    def table(self) -> FileTable:
        return self.query_one(FileTable)

    @property
    def _is_there(self) -> bool:
        """What goes on beside the page may come to its end when the program does."""
        return bool(self.query(Details))

    @property
    def asks_before_leaving(self) -> bool:
        return bool(self._beside.doing)

    def on_mount(self) -> None:
        self.table.focus()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action in {"stop", "back"}:
            return bool(self._beside.doing) == (action == "stop")
        if action not in {"open", "apply", "test", "reason", "edit", "name_file", "export"}:
            return super().check_action(action, parameters)
        return self.context.actor.is_admin and self.is_mounted and not self._beside.doing and self._can(action)

    def _can(self, action: str) -> bool:
        table, plan = self.table, self._review.outcome.plan if self._review else ()
        match action:
            case "open":
                return table.planned is not None
            case "apply":
                return table.shown is Shown.PLAN and bool(plan)
            case "test":
                return bool(self._to_test) and (table.shown is not Shown.PLAN or not plan)
            case "reason":
                return table.tested is not None and table.tested.test is not None and not table.tested.ok
            case "edit":
                return bool(table.address)
        return action == "export" or not self.query_one(FileField).has_focus

    def show_details(self) -> None:
        """What the columns of the marked row have no room for."""
        self.query_one(Details).show(clean_lines(self.table.details(self._review, self._wrong)))
        keys = tuple(self._can(action) for action in ("open", "reason", "edit"))
        if keys != self._keys:
            self._keys = keys
            self.refresh_bindings()

    def _say(self, words: str) -> None:
        if self._is_there:
            self.query_one(".section", Static).update(Content(clean(words)))

    def action_name_file(self) -> None:
        self.query_one(FileField).focus()

    @property
    def _may_plan(self) -> bool:
        """An import or tests that are under way are stopped by their own key alone."""
        return self._beside.doing in {"", "plan"}

    @on(Input.Submitted, "FileField")
    def read_file(self, event: Input.Submitted) -> None:
        if not self._may_plan:
            return
        try:
            self._plan(named_file(event.value))
        except MailtuiError as error:
            self._nothing(error)

    @on(Tick.Changed)
    def plan_anew(self) -> None:
        """With or without what is to be removed; what was imported is not planned again by that."""
        if self._may_plan and self._file is not None and self.table.shown in {Shown.PLAN, Shown.PROBLEMS}:
            self._plan(self._file)

    @work(exclusive=True, group=LONG)
    async def _plan(self, file: Path) -> None:
        self._file, prune = file, self.query_one(Tick).value

        def read(context: Context, report: Report) -> tuple[Review, tuple[str, ...]]:
            review = review_import(context, file, prune=prune, report=report)
            return review, () if review.outcome.plan else _not_ready(context, review)

        try:
            review, to_test = await self._beside.run("plan", f"Reading {file.name}", read)
        except MailtuiError as error:
            if self._is_there:
                self._nothing(error)
        else:
            if self._is_there:
                self._show_plan(review, to_test)
                self._to_the_rows()

    def _show_plan(self, review: Review, to_test: tuple[str, ...] = ()) -> None:
        self._review, self._wrong, self._to_test = review, None, to_test
        self.table.show_plan(review.outcome.plan, imported=False)
        self._say(plan_words(review))
        self.refresh_bindings()

    def _to_the_rows(self) -> None:
        """From the path; whoever ticked the box stays there."""
        if self.query_one(FileField).has_focus:
            self.table.focus()

    def _nothing(self, error: MailtuiError) -> None:
        """There is no plan. What was typed stays."""
        self._review, self._to_test = None, ()
        self._wrong = error if isinstance(error, WrongEntries) else None
        if self._wrong is not None:
            self.table.show_problems(self._wrong)
            self._say(problems_words(self._file.name if self._file else "", self._wrong))
            self._to_the_rows()
        else:
            self.table.show_nothing()
            self._say(f"{Mark.FAILING} Nothing was read" if self._file is None else f"{Mark.FAILING} There is no plan")
            self.query_one(Details).show(clean_lines(str(error)))
        self.refresh_bindings()

    async def action_open(self) -> None:
        planned, review = self.table.planned, self._review
        if planned is None or review is None:
            return
        imported = self.table.shown is Shown.IMPORTED
        gone = planned.change == "removed"
        fields = () if gone and imported else fields_of(self.context, review, planned)
        losses = losses_of(self.context, planned) if gone and not imported else Losses()
        about = self.table.details(review, None)
        await self.app.push_screen(PlannedEntry(planned, fields, losses, about))

    @work(exclusive=True, group=LONG)
    async def action_apply(self) -> None:
        review = self._review
        if review is None or not await self.app.push_screen_wait(question_about(review)):
            return

        def do(context: Context, report: Report) -> tuple[ImportOutcome, tuple[str, ...]]:
            return carry_out(context, review, report), _not_ready(context, review)

        try:
            outcome, to_test = await self._beside.run("apply", f"Importing {review.path.name}", do)
        except (MailtuiError, Stopped) as error:
            if self._is_there:
                self._not_imported(review, error)
        else:
            if self._is_there:
                self._to_test = to_test
                self.table.show_plan(outcome.plan, imported=True)
                self._say(imported_words(review, outcome))
                self.mailtui.look_again()
                self.refresh_bindings()

    def _not_imported(self, review: Review, error: MailtuiError | Stopped) -> None:
        match error:
            case Outdated():
                self._show_plan(error.review)
                self.mailtui.complain(error)
            case WrongEntries():
                self._nothing(error)
            case Stopped():
                self._say(f"Stopped, and nothing was imported. {plan_words(review)}")
            case MailtuiError():
                self._say(f"{Mark.FAILING} Nothing was imported. {plan_words(review)}")
                self.mailtui.complain(error)

    @work(exclusive=True, group=LONG)
    async def action_test(self) -> None:
        addresses, ending = self._to_test, ", stopped"

        def note(tested: Tested, done: int, wanted: int) -> None:
            if self._is_there:
                self.table.note(tested)
                self._say(tested_words(self.table.results, wanted))

        async def every() -> None:
            self.table.show_tests(addresses)
            self._say(tested_words((), len(addresses)))
            await test_accounts(self.context, addresses, note)

        try:
            with self._beside.begun("test"):
                await with_unlocked(self.mailtui, every)
            ending = ""
        except Locked:
            ending = ": the passwords stay locked"
        finally:
            if self._is_there:
                self._say(tested_words(self.table.results, len(addresses), ending))
                self._to_test = addresses_to_test(self.context, addresses)
                self.mailtui.look_again()
                self.refresh_bindings()

    def action_reason(self) -> None:
        result = self.table.tested.test if self.table.tested else None
        if result is not None:
            step = step_words(result.failed_step or "")
            self.app.push_screen(
                FailureDetails(address=result.address, step=step, reply=result.reply, reason_name=result.reason)
            )

    @work(exclusive=True, group="edit")
    async def action_edit(self) -> None:
        address = find_address(self.context, self.table.address)
        owner = find_employee(self.context, address.owner) if address.owner else None
        if await self.app.push_screen_wait(AddressForm(address, owner)) is None:
            return
        self._to_test = addresses_to_test(self.context, self._to_test)
        if address.address not in self._to_test:
            self.table.settle(address.address)
        self.mailtui.look_again()
        self.refresh_bindings()

    def action_export(self) -> None:
        self.export("the company", "company.toml", _as_toml, kinds={".json": _as_json})

    def action_stop(self) -> None:
        """An import that is under way comes to its end or leaves no trace; its worker says which."""
        match self._beside.doing:
            case "apply":
                self._beside.stop()
            case "plan":
                self.workers.cancel_group(self, LONG)
                self._review = None
                self.table.show_nothing()
                self._say("Stopped: nothing was read")
            case _:
                self.workers.cancel_group(self, LONG)


def _not_ready(context: Context, review: Review) -> tuple[str, ...]:
    return addresses_to_test(context, [entry.address for entry in review.company.addresses])


def _as_toml(context: Context) -> Iterable[str]:
    return to_toml(to_document(export_company(context)))


def _as_json(context: Context) -> Iterable[str]:
    return [json.dumps(to_document(export_company(context)), indent=2) + "\n"]
