"""Mail services, read from services.toml: what each fills into the form (S4) and wants from who signs in (S7)."""

from difflib import get_close_matches
from enum import StrEnum
from functools import cache

from pydantic import Field

from mailtui.core.addresses import Security, SignIn, SmtpAccount, domain_of
from mailtui.core.errors import NotFound
from mailtui.core.frozen import Frozen
from mailtui.core.providers import known_provider
from mailtui.core.text import clean

ADDRESS = "address"
LOCAL_PART = "local-part"
GIVEN = "given"
"""With the two above, the forms of a user name that are not the name itself; see `Service.username`."""

LIKENESS = 0.75
"""From 0 to 1, how like an id must be to be proposed: takes in a slip of the keys, leaves out another word in mail."""

MAX_ID = 60
"""Characters of an unknown id that are looked at and shown: comparing takes time in the square of its length."""


class SignInKind(StrEnum):
    """What a service takes as a proof of who sends; everything but OAUTH is typed in as the password."""

    PASSWORD = "password"  # noqa: S105 - the kind of sign-in, not a password
    """The mailbox's own."""
    APP_PASSWORD = "app-password"  # noqa: S105 - the kind of sign-in, not a password
    """One that the service makes for a single program, mostly once two-step sign-in is on."""
    OAUTH = "oauth"
    """A sign-in in the browser, which gives the program a token."""
    KEY = "key"
    """A key or token of the service, with the user name that belongs to it."""

    @property
    def words(self) -> str:
        """As a person reads it, with its article."""
        return KINDS[self]


KINDS = {
    SignInKind.PASSWORD: "the mailbox's password",
    SignInKind.APP_PASSWORD: "an app password",
    SignInKind.OAUTH: "a sign-in in the browser (OAuth)",
    SignInKind.KEY: "a key in place of a password",
}

OAUTH_STEPS = (
    "Once for all addresses: register with {provider}, then mailtui provider add {id}.",
    "The user name is the address of the account that signs in.",
    "The test opens the sign-in: allow that account to send mail, in the browser.",
)
"""The way that is the same at every provider, once OAuth is the sign-in that was chosen."""


class Guide(Frozen):
    """What a person does at a service before the first test (S7)."""

    wants: str
    """One sentence: what the service takes."""
    steps: tuple[str, ...]
    """In order."""
    link: str = ""
    """The https page where it is done; empty where there is none."""


class Service(Frozen):
    """A mail service, as it stands in services.toml."""

    id: str
    name: str
    domains: tuple[str, ...] = ()
    """The domains whose addresses it serves, in lower case; empty where customers bring their own."""
    mx: tuple[str, ...] = ()
    """Names that the MX hosts of an own domain are, or end in after a dot; empty where that is not known for sure."""
    host: str
    host_choices: tuple[str, ...] = ()
    """Every host where there is one a region, `host` among them; empty where there is just `host`."""
    port: int = Field(ge=1, le=65535)
    security: Security
    username: str
    """`address`: the whole address. `local-part`: what stands before the @. `given`: one that the service gives out.
    Anything else is the user name itself, the same for everybody."""
    signin: tuple[SignInKind, ...] = Field(min_length=1)
    """What it takes, the preferred kind first."""
    provider: str = ""
    """Id of the OAuth provider, where `signin` has OAUTH."""
    steps: tuple[str, ...] = Field(min_length=1)
    """What a person does before the first test, in order: what to switch on, where the app password or the key is
    made, and what goes into user name and password."""
    link: str = ""
    """The https page where that is done; empty where there is no lasting one."""
    sources: str
    """Where the facts come from."""

    @property
    def oauth_only(self) -> bool:
        """It takes nothing that can be typed in."""
        return self.signin == (SignInKind.OAUTH,)

    def guide(self, signin: SignIn) -> Guide:
        """What is to be done where `signin` is chosen in the form."""
        wants = f"{self.name} takes {' or '.join(kind.words for kind in self.signin)}."
        if signin is SignIn.OAUTH and SignInKind.OAUTH in self.signin and not self.oauth_only:
            known = known_provider(self.provider)
            words = {"id": self.provider, "provider": known.name if known else self.provider}
            link = known.link if known else ""
            return Guide(wants=wants, steps=tuple(step.format(**words) for step in OAUTH_STEPS), link=link)
        return Guide(wants=wants, steps=self.steps, link=self.link)

    def username_may_be(self, username: str, address: str) -> bool:
        """Whether that user name can be right for `address`, as far as the service's form of it tells."""
        usual = self.username_for(address)
        if self.username == GIVEN:
            return bool(username) and username != address
        return self.username in (ADDRESS, LOCAL_PART) or username == usual

    def username_for(self, address: str) -> str:
        """The user name that signs in for `address`; empty where the service gives one out and a person types it."""
        if self.username == ADDRESS:
            return address
        if self.username == LOCAL_PART:
            return address.rpartition("@")[0]
        return "" if self.username == GIVEN else self.username

    def account_for(self, address: str) -> SmtpAccount:
        """The account that the form starts from when the service is chosen for `address`.

        It signs in by OAUTH only where the service takes nothing else, since anything else needs no registration.
        """
        return SmtpAccount(
            service=self.id,
            host=self.host,
            port=self.port,
            security=self.security,
            signin=SignIn.OAUTH if self.oauth_only else SignIn.PASSWORD,
            username=self.username_for(address),
            provider=self.provider if self.oauth_only else "",
        )


@cache
def services() -> tuple[Service, ...]:
    """Every service, in the order in which they are offered. Read once, when first asked for."""
    # Both together take longer to import than the rest of the core, and most commands need no service.
    import tomllib
    from importlib.resources import files

    text = files("mailtui.core").joinpath("services.toml").read_text(encoding="utf-8")
    return tuple(Service.model_validate(entry) for entry in tomllib.loads(text)["service"])


def service(id: str) -> Service:
    """The service of that id. Raises NotFound, which names ids that are close to it."""
    by_id = {found.id: found for found in services()}
    if id in by_id:
        return by_id[id]
    asked = clean(id, MAX_ID)
    close = get_close_matches(asked.lower(), by_id, cutoff=LIKENESS)
    hint = f"did you mean {' or '.join(close)}?" if close else "`mailtui services` lists them all"
    raise NotFound(f"there is no mail service {asked!r}; {hint}")


def service_for(address: str) -> Service | None:
    """The service that serves the address's domain: exactly that domain, without regard to case; None if none does.

    Half-typed text is no error, so that the form can ask with every key.
    """
    if "@" not in address:
        return None
    domain = domain_of(address).lower()
    return next((found for found in services() if domain in found.domains), None)


def service_at(host: str, address: str = "") -> Service | None:
    """The service whose server that is: of several that share it the one that serves the address, else the first."""
    name = host.strip().lower()
    found = [each for each in services() if name and name in (each.host, *each.host_choices)]
    serving = service_for(address)
    return serving if serving in found else next(iter(found), None)
