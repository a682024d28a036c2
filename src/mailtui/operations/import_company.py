"""Importing a company from a file: all or nothing, and a second time without any change.

The plan is made while others go on working; the writer's lock is held only while it is carried out.
"""

import contextlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final, Literal

from pydantic import SecretStr

from mailtui.core.addresses import ExternalAddress, address_key, parse_address
from mailtui.core.errors import BadInput, TryAgain
from mailtui.core.frozen import Frozen
from mailtui.core.people import Employee, Group
from mailtui.core.projects import Project
from mailtui.core.providers import Provider
from mailtui.operations.addresses import drop_secret, put_secret
from mailtui.operations.company_file import CompanyFile, Thing
from mailtui.operations.company_text import entry_words
from mailtui.operations.context import Context, Kept
from mailtui.operations.import_outcome import ImportOutcome, outcome_of, secret_of
from mailtui.operations.import_plan import Plan, Step, Stored, plan_import
from mailtui.operations.import_secrets import Handed, read_source
from mailtui.operations.people import remove_employee, remove_group
from mailtui.operations.projects import archive_project, remove_project
from mailtui.operations.providers import check_unused
from mailtui.operations.wrong_entries import Problem, WrongEntries

PLAIN: Final = re.compile(r"[A-Za-z0-9.+_-]+@[A-Za-z0-9.-]+")
"""An address that is looked up as it stands: most are, and checking one takes longer than finding it."""

BATCH: Final = 1_000
"""Changes whose audit rows are written together."""

TRIES: Final = 3
"""Plans that are made where others change the company while one is made."""


Change = tuple[str, str, Kept | None, Kept | None]
"""An audit row: action, thing, and what is kept of it before and after."""


class Progress(Frozen):
    """How far an import is."""

    stage: Literal["compare", "read secrets", "keep secrets", "write"]
    done: int
    total: int


Report = Callable[[Progress], None]


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
    report: Report = lambda progress: None,
) -> ImportOutcome:
    """Bring in what the file names and the company lacks or has otherwise; what it does not name stays.

    With `prune` what it does not name is removed, of each kind that the file has a list of. `handed` are the secrets
    of addresses with `secret_stdin`, by the key of each. Addresses arrive untested and so are not offered (S6); one
    whose settings are unchanged keeps its test. Raises WrongEntries with everything that is wrong, Misconfigured for a
    secret file that others may read, TryAgain where somebody else changed the company meanwhile; nothing is written
    then.
    """
    context.require_admin("import")
    for _ in range(TRIES - 1):
        with contextlib.suppress(_Overtaken):
            return _attempt(context, file, handed or {}, dry_run=dry_run, prune=prune, report=report)
    return _attempt(context, file, handed or {}, dry_run=dry_run, prune=prune, report=report)


def further_problems(context: Context, wrong: WrongEntries, handed: Handed | None = None) -> WrongEntries:
    """The same with what is wrong in the entries that have the right shape."""
    context.require_admin("import")
    if wrong.usable is None:
        return wrong
    plan = _planned(context, wrong.usable, handed or {}, prune=False, report=lambda progress: None)
    return WrongEntries([*wrong.problems, *plan.problems])


def _attempt(
    context: Context, file: CompanyFile, handed: Handed, *, dry_run: bool, prune: bool, report: Report
) -> ImportOutcome:
    seen = context.store.audit.newest_id()
    plan = _planned(context, file, handed, prune=prune, report=report)
    secrets = _read_secrets(plan, handed, report)
    if plan.problems:
        raise WrongEntries(plan.problems)
    if dry_run:
        _rehearse(context, plan)
    elif plan.steps:
        _carry_out(context, plan, secrets, seen, report)
    return outcome_of(plan)


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
            path = (step.kind, step.number)
            entry = entry_words(path, {2: step.name})
            plan.problems.append(Problem(path=(*path, error.field or ""), entry=entry, words=str(error)))
    return read


def _rehearse(context: Context, plan: Plan) -> None:
    """Raises what a removal would be refused with, and leaves everything as it is."""
    if not any(step.after is None for step in plan.steps):
        return
    try:
        with context.store.transaction():
            _write(context, plan, {}, lambda progress: None)
            raise _Rehearsed
    except _Rehearsed:
        pass


def _carry_out(context: Context, plan: Plan, secrets: Mapping[int, SecretStr], seen: int, report: Report) -> None:
    """Keep every secret before the rows that use them are written; take out those that nothing uses any more."""
    kept: dict[int, str] = {}
    try:
        for number, secret in secrets.items():
            source = plan.steps[number].source
            kept[number] = put_secret(context, secret, source.mark if source else "")
            report(Progress(stage="keep secrets", done=len(kept), total=len(secrets)))
        with context.store.transaction():
            if context.store.audit.newest_id() != seen:
                raise _Overtaken("somebody else changed the company meanwhile: nothing was imported; import again")
            _write(context, plan, kept, report)
    except BaseException:
        for secret_id in kept.values():
            drop_secret(context, secret_id)
        raise
    used = context.store.secret_ids.all() - context.store.secret_ids.unused()
    for secret_id in {secret_of(step.before) for step in plan.steps} - used:
        drop_secret(context, secret_id)


def _write(context: Context, plan: Plan, kept: Mapping[int, str], report: Report) -> None:
    """Within the caller's transaction, with the audit row of each change."""
    total = len(plan.steps)
    for start in range(0, total, BATCH):
        numbers = range(start, min(start + BATCH, total))
        steps = [_with_secret(plan.steps[number], kept.get(number, "")) for number in numbers]
        new = [step.after for step in steps if step.before is None and isinstance(step.after, ExternalAddress)]
        rest = (step for step in steps if step.before is not None or not isinstance(step.after, ExternalAddress))
        changes = [change for step in rest if (change := _saved(context, step)) is not None]
        # Last, since they name what the others are, and all at once, since there may be very many.
        added = context.store.addresses.add_many(new)
        context.record_many([*changes, *(("import address", f"address {one.address}", None, one) for one in added)])
        report(Progress(stage="write", done=numbers.stop, total=total))


def _with_secret(step: Step, secret_id: str) -> Step:
    """The step with the id under which its new secret is kept, where it has one."""
    match step.after:
        case ExternalAddress() as address if secret_id:
            return replace(step, after=address.model_copy(update={"secret_id": secret_id}))
        case Provider() as provider if secret_id:
            return replace(step, after=provider.model_copy(update={"client_secret_id": secret_id}))
    return step


def _saved(context: Context, step: Step) -> Change | None:
    """Do the step; what is to be recorded of it, where that was not done along with it."""
    if step.after is None:
        return _removed(context, step.before)
    store, before = context.store, step.before
    action = "edit" if before is not None else "add"
    match step.after:
        case Group() as group:
            return f"{action} group", f"group {group.key}", before, store.groups.save(group)
        case Employee() as employee:
            return f"{action} employee", f"employee {employee.login}", before, store.employees.save(employee)
        case Project() as project:
            return f"{action} project", f"project {project.key}", before, store.projects.save(project)
        case Provider() as provider:
            return f"{action} provider", f"provider {provider.id}", before, store.providers.save(provider)
        case ExternalAddress() as address:
            return "import address", f"address {address.address}", before, store.addresses.save(address)


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
