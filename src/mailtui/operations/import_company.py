"""Importing a company from a file: all or nothing, and a second time without any change.

The plan is made while others go on working; the writer's lock is held only while it is carried out.
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final, Literal

from pydantic import SecretStr

from mailtui.core.addresses import ExternalAddress, address_key, parse_address
from mailtui.core.audit import Head
from mailtui.core.errors import BadInput, Conflict, MailtuiError, TryAgain
from mailtui.core.frozen import Frozen
from mailtui.core.people import Employee, Group
from mailtui.core.projects import Project
from mailtui.core.providers import Provider
from mailtui.operations.addresses import drop_secret, put_secret
from mailtui.operations.company_file import KINDS, CompanyFile, Thing, name_of
from mailtui.operations.company_text import entry_words, parse_company_file
from mailtui.operations.context import Change, Context
from mailtui.operations.import_outcome import ImportOutcome, outcome_of, secret_of
from mailtui.operations.import_plan import PENDING, Plan, Step, Stored, plan_import
from mailtui.operations.import_secrets import Handed, read_source
from mailtui.operations.people import remove_employee, remove_group
from mailtui.operations.projects import archive_project, remove_project
from mailtui.operations.providers import check_unused
from mailtui.operations.wrong_entries import Problem, WrongEntries
from mailtui.store.additions import Additions

PLAIN: Final = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9.-]+")
"""An address that is looked up as it stands: most are, and checking one takes longer than finding it."""

BATCH: Final = 1_000
"""Changes that are made ready together."""

TRIES: Final = 3
"""Plans that are made where others change the company while one is made."""


NOUNS: Final = {kind: kind.removesuffix("es") if kind == "addresses" else kind.removesuffix("s") for kind in KINDS}
"""What the audit calls one of each kind."""


class Progress(Frozen):
    """How far an import is."""

    stage: Literal["compare", "read secrets", "keep secrets", "make ready", "write"]
    done: int
    total: int


Report = Callable[[Progress], None]


class Replanned(Conflict):
    """The company was changed since somebody agreed to a plan: it would be another one now, and nothing was written."""

    def __init__(self, outcome: ImportOutcome) -> None:
        super().__init__("somebody else changed the company since the plan was made: look at the new one")
        self.outcome = outcome
        """As it would be now."""


class _Overtaken(TryAgain):
    """The company is no longer the one that the plan was made for."""


class _Rehearsed(Exception):
    """Ends a rehearsal, so that its transaction is rolled back."""


def import_company(
    context: Context,
    file: CompanyFile,
    *,
    dry_run: bool = False,
    prune: bool = False,
    handed: Handed | None = None,
    agreed: ImportOutcome | None = None,
    report: Report = lambda progress: None,
) -> ImportOutcome:
    """Bring in what the file names and the company lacks or has otherwise; what it does not name stays.

    With `prune` what it does not name is removed, of each kind that the file has a list of. `handed` are the secrets
    of addresses with `secret_stdin`, by the key of each. Addresses arrive untested and so are not offered (S6); one
    whose settings are unchanged keeps its test. `agreed` is the outcome that somebody saw before: exactly that is done,
    or Replanned is raised. Raises WrongEntries with everything that is wrong, Misconfigured for a secret file that
    others may read, TryAgain where somebody else changed the company meanwhile; nothing is written then.
    """
    context.require_admin("import")
    for _ in range(TRIES - 1):
        with contextlib.suppress(_Overtaken):
            return _attempt(context, file, handed or {}, agreed, dry_run=dry_run, prune=prune, report=report)
    return _attempt(context, file, handed or {}, agreed, dry_run=dry_run, prune=prune, report=report)


def read_company(context: Context, text: str, name: str) -> CompanyFile:
    """The company that the text of the file `name` describes. Raises what `parse_company_file` raises; where only some
    entries have a wrong shape, with everything that is wrong in the others too."""
    context.require_admin("import")
    try:
        return parse_company_file(text, name)
    except WrongEntries as error:
        if error.usable is None:
            raise
        wrong, usable = error, error.usable
    plan = _planned(context, usable, {}, prune=False, report=lambda progress: None)
    raise WrongEntries([*wrong.problems, *plan.problems])


def _attempt(
    context: Context, file: CompanyFile, handed: Handed, agreed: ImportOutcome | None, *, dry_run: bool, prune: bool,
    report: Report,
) -> ImportOutcome:  # fmt: skip
    seen = context.store.audit.end()
    plan = _planned(context, file, handed, prune=prune, report=report)
    secrets = _read_secrets(plan, handed, report)
    if plan.problems:
        raise WrongEntries(plan.problems)
    outcome = outcome_of([step.planned for step in plan.steps], plan.unchanged)
    if agreed is not None and outcome != agreed:
        raise Replanned(outcome)
    if dry_run:
        _rehearse(context, plan)
    elif plan.steps:
        _carry_out(context, plan, secrets, seen, report)
    return outcome


def _planned(context: Context, file: CompanyFile, handed: Handed, *, prune: bool, report: Report) -> Plan:
    stored = _stored(context, file, everything=prune and "addresses" in file.model_fields_set)
    return plan_import(
        file, stored, handed, prune=prune,
        progress=lambda done, total: report(Progress(stage="compare", done=done, total=total)),
    )  # fmt: skip


def _stored(context: Context, file: CompanyFile, *, everything: bool) -> Stored:
    store = context.store
    with store.reading():
        addresses = store.addresses.all() if everything else store.addresses.among(list(_named(file)))
        return Stored(
            groups={group.key: group for group in store.groups.all()},
            employees={employee.login: employee for employee in store.employees.all()},
            projects={project.key: project for project in store.projects.all()},
            providers={provider.id: provider for provider in store.providers.all()},
            addresses={address_key(address.address): address for address in addresses},
            marks=store.secret_ids.sources(),
        )


def _named(file: CompanyFile) -> Iterator[str]:
    for entry in file.addresses:
        try:
            yield entry.address if PLAIN.fullmatch(entry.address) else parse_address(entry.address)
        except BadInput:
            continue  # The plan tells of it.


def _read_secrets(plan: Plan, handed: Handed, report: Report) -> dict[int, SecretStr]:
    """Every secret before the first is kept, by the number of its step; what is missing goes to the problems."""
    fresh = [(number, step) for number, step in enumerate(plan.steps) if step.source is not None]
    read = {}
    for done, (number, step) in enumerate(fresh, start=1):
        report(Progress(stage="read secrets", done=done, total=len(fresh)))
        try:
            read[number] = read_source(step.source, handed) if step.source else SecretStr("")
        except BadInput as error:
            path = (step.planned.kind, step.number)
            entry = entry_words(path, {2: step.planned.name})
            plan.problems.append(Problem(path=(*path, error.field or ""), entry=entry, words=str(error)))
    return read


def _rehearse(context: Context, plan: Plan) -> None:
    """Raises what a removal would be refused with, and leaves everything as it is."""
    if not any(step.entry is None for step in plan.steps):
        return
    try:
        with context.store.transaction():
            for step in plan.steps:
                if not step.is_new_address and (after := step.after(PENDING if step.source else "")) is not None:
                    _save(context, after)
            _remove(context, plan)
            raise _Rehearsed
    except _Rehearsed:
        pass


def _carry_out(context: Context, plan: Plan, secrets: Mapping[int, SecretStr], seen: Head, report: Report) -> None:
    """Keep every secret before the rows that use them are written; take out those that nothing uses any more."""
    kept: dict[int, str] = {}
    total = len(plan.steps)
    try:
        for number, secret in secrets.items():
            source = plan.steps[number].source
            kept[number] = put_secret(context, secret, source.mark if source else "")
            report(Progress(stage="keep secrets", done=len(kept), total=len(secrets)))
        with context.store.additions(seen) as ready:
            saved = _make_ready(context, plan, kept, ready, report)
            with context.store.transaction():
                if context.store.audit.end() != seen:
                    raise _Overtaken("somebody else changed the company meanwhile: nothing was imported; import again")
                for thing in saved:
                    _save(context, thing)
                ready.move(lambda done: report(Progress(stage="write", done=len(saved) + done, total=total)))
                _remove(context, plan)
    except BaseException:
        for secret_id in kept.values():
            drop_secret(context, secret_id)
        raise
    with contextlib.suppress(MailtuiError, KeyboardInterrupt):  # What is in is in, whatever becomes of its index.
        context.store.audit.catch_up()
    used = context.store.secret_ids.all() - context.store.secret_ids.unused()
    for secret_id in {secret_of(step.before) for step in plan.steps} - used:
        drop_secret(context, secret_id)


def _make_ready(context: Context, plan: Plan, kept: Mapping[int, str], ready: Additions, report: Report) -> list[Thing]:
    """Everything that can be done before the writer's lock is held; what is left to be saved then, one by one."""
    saved: list[Thing] = []
    for start in range(0, len(plan.steps), BATCH):
        changes: list[Change] = []
        new: list[ExternalAddress] = []
        for number, step in enumerate(plan.steps[start : start + BATCH], start=start):
            if (after := step.after(kept.get(number, ""))) is None:
                continue
            changes.append((*_words_of(step, after), step.before, after))
            if isinstance(after, ExternalAddress) and step.is_new_address:
                new.append(after)
            else:
                saved.append(after)
        context.make_ready(ready, new, changes)
        report(Progress(stage="make ready", done=min(start + BATCH, len(plan.steps)), total=len(plan.steps)))
    return saved


def _words_of(step: Step, after: Thing) -> tuple[str, str]:
    """Action and thing of the audit row."""
    noun = NOUNS[step.planned.kind]
    action = "import" if noun == "address" else "add" if step.before is None else "edit"
    return f"{action} {noun}", f"{noun} {name_of(after)}"


def _save(context: Context, thing: Thing) -> None:
    store = context.store
    match thing:
        case Group():
            store.groups.save(thing)
        case Employee():
            store.employees.save(thing)
        case Project():
            store.projects.save(thing)
        case Provider():
            store.providers.save(thing)
        case ExternalAddress():
            store.addresses.save(thing)


def _remove(context: Context, plan: Plan) -> None:
    """What the file does not name, within the caller's transaction and with the audit rows of it."""
    gone = [step.before for step in plan.steps if step.entry is None]
    for start in range(0, len(gone), BATCH):
        changes = (_removed(context, thing) for thing in gone[start : start + BATCH])
        context.record_many([change for change in changes if change is not None])


def _removed(context: Context, thing: Thing | None) -> Change | None:
    """By the same rules as one by one; a project is archived first, as its removal asks for."""
    match thing:
        case Group():
            remove_group(context, thing.key)
        case Employee():
            remove_employee(context, thing.login)
        case Project():
            archive_project(context, thing.key, archived=True)
            remove_project(context, thing.key)
        case Provider():  # Its client's secret, and that of an address, go after the commit, with all others.
            check_unused(context, thing.id)
            context.store.providers.remove(thing.id)
            return "remove provider", f"provider {thing.id}", thing, None
        case ExternalAddress():
            context.store.addresses.remove(thing.id)
            return "remove address", f"address {thing.address}", thing, None
    return None
