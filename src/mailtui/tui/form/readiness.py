"""How things stand between the form and its test, in words: for the panel's rule and for the key that saves."""

from datetime import datetime

from mailtui.core.addresses import ExternalAddress, changed_since_test
from mailtui.core.frozen import Frozen
from mailtui.tui.addresses.words import ago
from mailtui.tui.tones import Tone

FIELD_WORDS = {
    "name": "shown name",
    "host": "server",
    "username": "user name",
    "signin": "sign-in",
    "ca_file": "CA file",
    "pinned_certificate": "trusted certificate",
    "cleartext_confirmed": "unencrypted sign-in",
}
"""Names of fields that are not words themselves."""

SHOWN_CHANGES = 3
"""Fields named of those that changed; the rule of the panel has no room for more."""


class Tested(Frozen):
    """The last test of what stood in the form, or of the stored address that it began with."""

    settings: ExternalAddress
    passed: bool
    at: datetime
    seconds: float = 0
    """How long it took; 0 where that is not known any more."""


class Readiness(Frozen):
    """What can be said at the moment."""

    state: str
    tone: Tone
    save: str
    """What the key that saves is called: what stands in its way, if anything."""


def readiness(
    wanted: ExternalAddress | None, tested: Tested | None, *, now: datetime, refused: str | None, wrong: str = ""
) -> Readiness:
    """`wanted` is what the form would save, None while a field of the account is wrong. `refused` is the sentence with
    which saving it is refused, None where it is allowed. `wrong` is the name of a field that stands in the way."""
    state, tone = _state(wanted, tested, now)
    if tested is None or (refused is not None and tone is not Tone.WARN):
        save = "Save: needs a successful test"
    elif wrong:
        save = "Save: choose a project" if wrong == "projects" else f"Save: {FIELD_WORDS.get(wrong, wrong)} is wrong"
    else:
        save = "Save" if refused is None else "Save: changed since the test"
    return Readiness(state=state, tone=tone, save=save)


def _state(wanted: ExternalAddress | None, tested: Tested | None, now: datetime) -> tuple[str, Tone]:
    if tested is None:
        return "not tested yet", Tone.MUTED
    changed = changed_since_test(tested.settings, wanted) if wanted is not None else ()
    if wanted is None or changed:
        return f"Changed since the test{': ' if changed else ''}{fields(changed)}", Tone.WARN
    if tested.passed:
        return f"Tested {ago(tested.at, now)}: may be saved", Tone.GOOD
    return (f"failed in {tested.seconds:.1f} s" if tested.seconds else f"failed {ago(tested.at, now)}"), Tone.BAD


def fields(names: tuple[str, ...]) -> str:
    """Fields in words: `user name, port`, and how many more."""
    words = [FIELD_WORDS.get(name, name) for name in names[:SHOWN_CHANGES]]
    more = len(names) - len(words)
    return ", ".join(words) + (f" and {more} more" if more else "")
