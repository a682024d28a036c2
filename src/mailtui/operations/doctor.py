"""Looking for what is out of step: modes, database, keyring, secrets and rows; each finding with its fix."""

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from mailtui.core.addresses import SignIn
from mailtui.core.errors import MailtuiError
from mailtui.core.frozen import Frozen
from mailtui.operations.context import Context, vault_path


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


def examine(context: Context) -> Examination:
    """Look at everything; a check that cannot be made is a finding too. Raises NotAllowed for a member."""
    context.require_admin("examine the installation")
    checks = tuple(check for look in LOOKS for check in _made(look, context))
    return Examination(ok=all(check.ok for check in checks), checks=checks)


def repair(context: Context) -> tuple[str, ...]:
    """Take secrets that no row uses out of the keyring; their ids. Nothing else is changed."""
    context.require_admin("repair the installation")
    unused = sorted(context.store.secret_ids.unused() | _unlisted(context))
    for secret_id in unused:
        context.secrets.delete(secret_id)
        with context.store.transaction():
            context.store.secret_ids.remove(secret_id)
            context.record("remove unused secret", f"secret {secret_id}", None, None)
    return tuple(unused)


def _modes(context: Context) -> Iterator[Check]:
    database = context.store.path
    places = [(database.parent, 0o700), (database, 0o600)]
    places += [(p, 0o600) for suffix in ("-wal", "-shm") if (p := Path(f"{database}{suffix}")).exists()]
    if (vault := vault_path(database)).is_dir():
        places += [(vault, 0o700), *((file, 0o600) for file in sorted(vault.iterdir()))]
    for place, wanted in places:
        found = place.stat()
        mode = stat.S_IMODE(found.st_mode)
        ok = not mode & ~wanted & 0o777
        fix = "" if ok else f"chmod {wanted:o} {place}"
        if found.st_uid != os.getuid():
            ok, fix = False, f"run mailtui as the owner of {place} (uid {found.st_uid})"
        yield Check(name="mode", ok=ok, detail=f"{place} {mode:04o}", fix=fix)


def _database(context: Context) -> Iterator[Check]:
    meta = context.store.meta
    yield Check(name="database version", ok=True, detail=f"{context.store.path}, schema {meta.schema_version}")
    integrity = meta.integrity()
    fix = "" if integrity == "ok" else "restore the database from a backup; the damaged file is left as it is"
    yield Check(name="database integrity", ok=integrity == "ok", detail=integrity, fix=fix)


def _keyring(context: Context) -> Iterator[Check]:
    secrets = context.secrets
    yield Check(name="keyring", ok=True, detail=f"{secrets.backend}: {secrets.why}")


def _secrets(context: Context) -> Iterator[Check]:
    unused = sorted(context.store.secret_ids.unused() | _unlisted(context))
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


def _tests(context: Context) -> Iterator[Check]:
    lacking = [
        a.address for a in context.store.addresses.all() if a.account.signin is not SignIn.NONE and not a.secret_id
    ]
    yield Check(
        name="passwords",
        ok=not lacking,
        detail=f"never given: {', '.join(lacking)}" if lacking else "every address that signs in has one",
        fix="mailtui address edit ADDRESS --secret-stdin" if lacking else "",
    )


Look = Callable[[Context], Iterator[Check]]
LOOKS: tuple[Look, ...] = (_modes, _database, _keyring, _secrets, _tests, _ca_files)


def _unlisted(context: Context) -> frozenset[str]:
    """Secrets that the keyring holds and no id of ours names; none where the keyring cannot list."""
    return (context.secrets.names() or frozenset()) - context.store.secret_ids.all()


def _made(look: Look, context: Context) -> list[Check]:
    try:
        return list(look(context))
    except (MailtuiError, OSError) as error:
        return [Check(name=look.__name__.strip("_").replace("_", " "), ok=False, detail=str(error), fix=str(error))]
