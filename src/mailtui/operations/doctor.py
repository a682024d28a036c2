"""Looking for what is out of step: modes, database, keyring, secrets and rows; each finding with its fix."""

import os
import shlex
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

from mailtui.core.addresses import SignIn
from mailtui.core.audit import parse_hash
from mailtui.core.errors import MailtuiError
from mailtui.core.frozen import Frozen
from mailtui.operations.context import Context, vault_path
from mailtui.store.database import DAMAGED, DIRECTORY_MODE, FILE_MODE, laxer

A_SAVE_LASTS: Final = timedelta(minutes=10)
"""From when a secret is written to when its row is: an import writes all its secrets first."""


class Check(Frozen):
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    fix: str = ""
    """What to do; empty where all is well."""


class Examination(Frozen):
    """All of them."""

    ok: bool
    checks: tuple[Check, ...]


def examine(context: Context, *, audit_head: str = "") -> Examination:
    """Look at everything; a check that cannot be made is a finding too. `audit_head` is the hash of a row of the audit
    that was noted elsewhere. Raises NotAllowed for a member, BadInput where it is no hash."""
    context.require_admin("examine the installation")
    noted = parse_hash(audit_head)

    def audit_trail(context: Context) -> Iterator[Check]:
        yield _chain(context, noted)

    checks = tuple(check for look in (*LOOKS, audit_trail) for check in _made(look, context))
    return Examination(ok=all(check.ok for check in checks), checks=checks)


def repair(context: Context) -> tuple[str, ...]:
    """Take secrets that no row uses out of the keyring; their ids. Nothing else is changed."""
    context.require_admin("repair the installation")
    unused = _left_over(context)
    for secret_id in unused:
        context.secrets.delete(secret_id)
        with context.store.transaction():
            context.store.secret_ids.remove(secret_id)
            context.record("remove unused secret", f"secret {secret_id}", None, None)
    return tuple(unused)


def _left_over(context: Context) -> list[str]:
    """Ids of secrets that nothing uses. One that was written just now belongs to a save that is still under way."""
    settled = context.clock() - A_SAVE_LASTS
    return sorted(context.store.secret_ids.unused(settled) | _unlisted(context))


def _modes(context: Context) -> Iterator[Check]:
    database, vault = context.store.path, vault_path(context.store.path)
    files = (Path(f"{database}{suffix}") for suffix in ("", "-wal", "-shm"))
    yield _private(database.parent, [file for file in files if file.exists()])
    if vault.is_dir():
        yield _private(vault, sorted(vault.iterdir()))


def _private(directory: Path, files: Sequence[Path]) -> Check:
    """Whether the directory and these files in it are ours, and closed to everybody else."""
    places = {directory: DIRECTORY_MODE, **dict.fromkeys(files, FILE_MODE)}
    foreign = [place for place in places if place.lstat().st_uid != os.getuid()]
    lax = {place: found for place, mode in places.items() if (found := laxer(place, mode)) is not None}
    fixes = [f"chmod {places[place]:o} {shlex.quote(str(place))}" for place in lax]
    fixes += [f"run mailtui as the owner of {place} (uid {place.lstat().st_uid})" for place in foreign]
    wrong = [f"{place} has mode {found:04o}" for place, found in lax.items()]
    wrong += [f"{place} belongs to somebody else" for place in foreign]
    detail = "; ".join(wrong) or f"{directory} and {len(files)} files in it are closed to others"
    return Check(name="mode", ok=not wrong, detail=detail, fix="; ".join(fixes))


def _database(context: Context) -> Iterator[Check]:
    meta = context.store.meta
    yield Check(name="database version", ok=True, detail=f"{context.store.path}, schema {meta.schema_version}")
    integrity = meta.integrity()
    fine = integrity == "ok"
    yield Check(name="database integrity", ok=fine, detail=integrity, fix="" if fine else DAMAGED)


def _keyring(context: Context) -> Iterator[Check]:
    secrets = context.secrets
    yield Check(name="keyring", ok=True, detail=f"{secrets.backend}: {secrets.why}")


def _secrets(context: Context) -> Iterator[Check]:
    unused = _left_over(context)
    yield Check(
        name="secrets without rows",
        ok=not unused,
        detail=", ".join(unused) or "none",
        fix="mailtui doctor --repair takes them out of the keyring" if unused else "",
    )
    missing = [a for secret_id, a in context.store.secret_ids.in_use().items() if not context.secrets.has(secret_id)]
    yield Check(
        name="rows without secrets",
        ok=not missing,
        detail=", ".join(missing) or "none",
        fix="type the password of each again and test it: mailtui address edit ADDRESS --secret-stdin"
        if missing
        else "",
    )


def _ca_files(context: Context) -> Iterator[Check]:
    for address in context.store.addresses.all():
        ca_file = address.account.ca_file
        if ca_file and not Path(ca_file).is_file():
            yield Check(
                name="CA file",
                ok=False,
                detail=f"{address.address}: there is no {ca_file}",
                fix="put the file back, or edit the address and name another",
            )


def _passwords(context: Context) -> Iterator[Check]:
    lacking = [
        a.address for a in context.store.addresses.all() if a.account.signin is not SignIn.NONE and not a.secret_id
    ]
    yield Check(
        name="passwords",
        ok=not lacking,
        detail=f"never given: {', '.join(lacking)}" if lacking else "every address that signs in has one",
        fix="mailtui address edit ADDRESS --secret-stdin" if lacking else "",
    )


def _former_owners(context: Context) -> Iterator[Check]:
    """What employees who were removed left behind is kept on purpose: told, and no fault."""
    left = [f"{number} of {login}" for login, number in context.store.addresses.former_owners().items()]
    detail = f"off, and offered to nobody: {', '.join(left)}" if left else "none"
    yield Check(name="addresses of former employees", ok=True, detail=detail)


def _chain(context: Context, noted: str) -> Check:
    """Whether each row of the audit follows from the one before, up to the last that was written."""
    head, breaks = context.store.audit.examined(noted)
    if breaks:
        return Check(
            name="audit trail",
            ok=False,
            detail="; ".join(found.words for found in breaks),
            fix="somebody or something else than mailtui changed it: compare it with a backup or an export",
        )
    rows = "1 row" if head.number == 1 else f"{head.number} rows"
    what = f"{rows}, each follows from the one before" if head.number else "no row yet"
    after = "; the noted hash is among them" if noted else ""
    return Check(name="audit trail", ok=True, detail=f"{what}{after}; the last has the hash {head.hash or 'none'}")


Look = Callable[[Context], Iterator[Check]]
LOOKS: tuple[Look, ...] = (_modes, _database, _keyring, _secrets, _passwords, _former_owners, _ca_files)


def _unlisted(context: Context) -> frozenset[str]:
    """Secrets that the keyring holds and no id of ours names; none where the keyring cannot list."""
    return (context.secrets.names() or frozenset()) - context.store.secret_ids.all()


def _made(look: Look, context: Context) -> list[Check]:
    try:
        return list(look(context))
    except (MailtuiError, OSError) as error:
        return [Check(name=look.__name__.strip("_").replace("_", " "), ok=False, detail=str(error), fix=str(error))]
    except sqlite3.DatabaseError as error:
        return [Check(name=look.__name__.strip("_").replace("_", " "), ok=False, detail=str(error), fix=DAMAGED)]
