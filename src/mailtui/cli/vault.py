"""`mailtui vault`: how passwords are kept, who opens them, and what to do where the passphrase is forgotten."""

import os
from pathlib import Path

import click

from mailtui.cli.caller import Caller
from mailtui.cli.input_files import read_text
from mailtui.cli.output import json_option, mark_of, print_json, say, tell
from mailtui.cli.secret_input import a_person_answers, asked_secret, unlocked
from mailtui.core.text import clean
from mailtui.operations import vault as operations
from mailtui.operations.secret_files import read_secret_file
from mailtui.operations.vault_readers import add_recipients, named, remove_recipients
from mailtui.secrets.readers import public_keys


@click.group()
def vault() -> None:
    """Look after the vault of passwords."""


@vault.command()
@json_option
@click.pass_obj
def status(caller: Caller, as_json: bool) -> None:
    """Say where passwords are kept, and who can read them. Unlocks nothing.

    \b
    Example: mailtui vault status
    """
    found = operations.vault_status(caller.open_company())
    if as_json:
        print_json(found.model_dump(mode="json"))
        return
    say(f"Passwords are kept in: {clean(found.vault) or 'the keyring of the system'}")
    say(f"because {clean(found.why)}")
    if not found.exists:
        say(
            "There is no vault yet; the first password makes it." if found.vault else "It asks for its password itself."
        )
        return
    say(f"It holds {found.secrets} passwords and is {'locked' if found.locked else 'opened by what is configured'}.")
    say("Its key lies in it, under a passphrase." if found.passphrase else "Its key is kept elsewhere.")
    say("Who can read it:")
    for reader in found.readers:
        whose = "the vault's own" if reader.own else clean(reader.name) or "not named"
        say(f"  {whose}: {clean(reader.key)}")


@vault.command("unlock-check")
@json_option
@click.pass_obj
def unlock_check(caller: Caller, as_json: bool) -> int:
    """Unlock it, read every password, and show none.

    Exit codes: 0 all can be read, 78 some cannot.

    \b
    Example: mailtui vault unlock-check
    """
    context = caller.open_company()
    found = unlocked(context, lambda: operations.unlock_check(context))
    if as_json:
        print_json(found.model_dump(mode="json"))
    else:
        say(f"{mark_of(found.ok)} {found.opened} passwords can be read, {len(found.failed)} cannot")
        for each in found.failed:
            say(f"  {clean(each.of)}: {clean(each.detail)}")
    return os.EX_OK if found.ok else os.EX_CONFIG


@vault.command("change-passphrase")
@click.option(
    "--new-passphrase-file", "new_file", type=click.Path(path_type=Path),
    help="Read the new passphrase from this file of mode 0600.",
)  # fmt: skip
@json_option
@click.pass_obj
def change_passphrase(caller: Caller, new_file: Path | None, as_json: bool) -> None:
    """Put the vault under another passphrase. Passwords and other keys stay.

    Whoever kept a copy of the vault can open the copy with the old one.

    \b
    Example: mailtui vault change-passphrase
    """
    asks = a_person_answers()
    if new_file is None and not asks:
        raise click.UsageError("there is nobody to ask: name a file by --new-passphrase-file")
    context = caller.open_company()
    old = None
    if operations.vault_status(context).opened_by != "passphrase file":
        if not asks:
            raise click.UsageError("there is nobody to ask: set MAILTUI_PASSPHRASE_FILE to the passphrase of now")
        old = asked_secret("Passphrase of the vault")
    new = read_secret_file(new_file) if new_file else asked_secret("New passphrase of the vault", twice=True)
    tell("changing it, which takes some seconds ...")
    operations.change_passphrase(context, old, new)
    if as_json:
        print_json({"changed": True})
    else:
        say("Changed. Write the new one into every passphrase file that opened the vault.")


@vault.command("add-recipient")
@click.argument("keys", metavar="[PUBLIC_KEY]...", nargs=-1)
@click.option(
    "--file", "files", multiple=True, type=click.Path(path_type=Path), help="A file of public keys, one a line."
)
@click.option("--name", default="", help="Whose it is, where neither the key nor a comment above it says so.")
@json_option
@click.pass_obj
def add_recipient(caller: Caller, keys: tuple[str, ...], files: tuple[Path, ...], name: str, as_json: bool) -> None:
    """Let another key read all passwords: age1..., ssh-ed25519 or ssh-rsa.

    Stored passwords are written anew for it. Its owner then sets
    MAILTUI_IDENTITY_FILE to his private key, which has no passphrase.
    In a file the line above a key, after a #, says whose it is.

    \b
    Example: mailtui vault add-recipient --file /home/ana/.ssh/id_ed25519.pub
    """
    context = caller.open_company()
    texts = [*keys, *map(read_text, files)]
    if not texts:
        raise click.UsageError("name a public key, or a file of some by --file")
    wanted = named([key for text in texts for key in public_keys(text)], name)
    added = unlocked(context, lambda: add_recipients(context, wanted))
    secrets = operations.vault_status(context).secrets
    if as_json:
        print_json({"added": [*added], "secrets": secrets})
    else:
        say(f"{len(added)} added; {secrets} passwords were written anew.")


@vault.command("remove-recipient")
@click.argument("keys", metavar="PUBLIC_KEY...", nargs=-1, required=True)
@json_option
@click.pass_obj
def remove_recipient(caller: Caller, keys: tuple[str, ...], as_json: bool) -> None:
    """Let a key read no password any more; all are written anew without it.

    What its owner read or copied before stays known to him: change those
    passwords at their servers. The vault's own key stays.

    \b
    Example: mailtui vault remove-recipient "$(cat /home/ana/.ssh/id_ed25519.pub)"
    """
    context = caller.open_company()
    left = unlocked(context, lambda: remove_recipients(context, keys))
    secrets = operations.vault_status(context).secrets
    if as_json:
        print_json({"recipients": [*left], "secrets": secrets})
    else:
        say(f"{secrets} passwords were written anew for the {len(left)} keys that are left.")


@vault.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--recipient", "keys", multiple=True, metavar="PUBLIC_KEY", help="For this key, not for the vault's own.")
@json_option
@click.pass_obj
def export(caller: Caller, file: Path, keys: tuple[str, ...], as_json: bool) -> None:
    """Write all passwords into FILE, encrypted, as a new age file of mode 0600.

    `age -d -i KEY FILE` shows them as JSON. FILE must not be there yet.

    \b
    Example: mailtui vault export passwords.age
    """
    context = caller.open_company()
    exported = unlocked(context, lambda: operations.export_to(context, file, keys))
    if as_json:
        print_json({"file": str(file), **exported.model_dump(mode="json", exclude={"file"})})
    else:
        say(f"{exported.secrets} passwords are in {clean(str(file))}, for {len(exported.recipients)} keys.")


@vault.command()
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def reset(caller: Caller, yes: bool, as_json: bool) -> None:
    """Start a new vault where the passphrase is forgotten; asks first.

    The old one stays beside it under another name. Addresses keep all but
    their passwords, and are offered again after these are typed and tested.

    \b
    Example: mailtui vault reset
    """
    context = caller.open_company()
    cost = operations.what_a_reset_costs(context)
    if not yes:
        if not a_person_answers():
            raise click.UsageError("there is nobody to ask: --yes starts a new vault without asking")
        tell(f"The passwords of {len(cost.addresses)} addresses have to be typed again. Nothing else is lost.")
        tell(f"The old vault stays as {cost.kept_as}")
        click.confirm("Start a new vault?", abort=True, err=True)
    done = operations.reset_vault(context)
    if as_json:
        print_json(done.model_dump(mode="json"))
        return
    say(f"The old vault is {clean(done.kept_as)} now. Type these passwords again, and test each:")
    for address in done.addresses:
        say(f"  mailtui address edit {clean(address)} --secret-stdin")
    for provider in done.providers:
        say(f"  the client secret of the OAuth provider {clean(provider)}: add the provider again")
