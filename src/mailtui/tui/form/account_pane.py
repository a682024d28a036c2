"""The first tab: the address and its account, field by field."""

from typing import Final

from pydantic import SecretStr
from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalGroup
from textual.content import Content
from textual.message import Message
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input, Select, Static

from mailtui.core.addresses import Security, SignIn, parse_address
from mailtui.core.errors import BadInput
from mailtui.core.names import parse_host, parse_key, parse_name, parse_port
from mailtui.core.providers import known_providers
from mailtui.core.services import Guide, Service, service, service_at, service_for, services
from mailtui.operations.addresses import Draft
from mailtui.tui.form.controls import Choice, PasswordInput
from mailtui.tui.form.line import Labelled, Line, text_field
from mailtui.tui.form.typed import (
    OTHER,
    USUAL_PORTS,
    Trust,
    Typed,
    first_typed,
    parse_file,
    parse_sha256,
    typed_of,
    usual_username,
)
from mailtui.tui.screens.tick import Tick

SECURITIES: Final = [("TLS", Security.TLS), ("STARTTLS", Security.STARTTLS), ("none", Security.NONE)]
SIGN_INS: Final = [("Password", SignIn.PASSWORD), ("OAuth", SignIn.OAUTH), ("none", SignIn.NONE)]
TRUSTS: Final = [("system", Trust.SYSTEM), ("own CA file", Trust.CA_FILE), ("this one only", Trust.PINNED)]

KEPT: Final = "(kept)"
AGAIN: Final = "again: another server"
"""In place of a password, since the stored one is shown to no other host."""

JUDGED: Final = ("address", "name", "host", "port", "username", "provider", "ca_file", "pinned_certificate")
"""The fields that have a form of their own, in the order in which they stand."""


def parse_required_address(text: str) -> str:
    """An address; an empty field is missing rather than wrong. Raises BadInput."""
    if not text.strip():
        raise BadInput("the address is missing", field="address")
    return parse_address(text)


def parse_provider(text: str) -> str:
    """The id of an OAuth provider. Raises BadInput."""
    if not text.strip():
        raise BadInput("the provider is missing: one of mailtui provider list", field="provider")
    return parse_key(text, "provider")


class AccountPane(VerticalGroup):
    """Knows what is typed; whether it may be saved it does not know."""

    class Edited(Message):
        """Something in the fields is different now."""

    def __init__(self, draft: Draft | None, *, secret_kept: bool) -> None:
        """`draft`: what the fields begin with. `secret_kept`: a stored secret stands behind the empty password."""
        super().__init__(id="account")
        self._service = draft.account.service if draft else OTHER
        if self._service not in {known.id for known in services()}:
            self._service = OTHER
        address = draft.address if draft else ""
        first = typed_of(draft.account) if draft else Typed()
        self._security = first.security
        self._followed = usual_username(self._service, address)
        self._kept: dict[str, tuple[Typed, str]] = {}
        self._signed_in: tuple[str, str, SecretStr] | None = None
        self._kept_for = first.host if secret_kept else ""
        self._begin(address, draft.name if draft else "", first)

    def _begin(self, address: str, name: str, first: Typed) -> None:
        known = [("Other server", OTHER), *((each.name, each.id) for each in services())]
        self.address = text_field("address", parse_required_address, value=address)
        self.display_name = text_field("name", parse_name, value=name)
        self.service = Choice(known, self._service, id="service")
        self.host = text_field("host", parse_host, value=first.host)
        self.port = text_field("port", parse_port, value=first.port, replace=True)
        self.security = Choice(SECURITIES, first.security, id="security")
        self.signin = Choice(SIGN_INS, first.signin, id="signin")
        self.username = text_field("username", lambda text: parse_name(text, "username"), value=first.username)
        self.password = PasswordInput(id="password", placeholder=KEPT if self._kept_for else "")
        ids = [known.id for known in known_providers()]
        self.provider = text_field("provider", parse_provider, value=first.provider, placeholder=ids[0])
        self.provider.suggester = SuggestFromList(ids)
        self.trust = Choice(TRUSTS, first.trust, id="trust")
        self.ca_file = text_field("ca_file", parse_file, value=first.ca_file, placeholder="a PEM file")
        self.pinned = text_field("pinned_certificate", parse_sha256, value=first.pinned_certificate)
        self.cleartext = Tick(
            "the password may cross this connection unencrypted", first.cleartext_confirmed, id="cleartext_confirmed"
        )
        self._proposal = Static(id="proposal", markup=False)

    def compose(self) -> ComposeResult:
        yield Line(Labelled("Address", self.address), self._proposal)
        yield Line(Labelled("Shown as", self.display_name))
        yield Line(Labelled("Service", self.service))
        yield Line(
            Labelled("Server", self.host),
            Labelled("Port", self.port, id="port-part"),
            Labelled("Security", self.security, id="security-part"),
        )
        yield Line(Labelled("Sign-in", self.signin, id="signin-part"), Labelled("User name", self.username))
        yield Line(
            Labelled("Password", self.password, id="password-part"),
            Labelled("Provider", self.provider, id="provider-part"),
            Labelled("Certificate", self.trust, id="trust-part"),
        )
        yield Line(Labelled("CA file", self.ca_file), id="ca-file-line")
        yield Line(Labelled("Fingerprint", self.pinned), id="pinned-line")
        yield Line(Labelled("", self.cleartext), id="cleartext-line")

    def on_mount(self) -> None:
        self._show_what_applies()
        self._propose()

    @property
    def typed(self) -> Typed:
        """What stands in the fields that a service fills in."""
        return Typed(
            host=self.host.value,
            port=self.port.value,
            security=self.security.chosen,
            signin=self.signin.chosen,
            username=self.username.value,
            trust=self.trust.chosen,
            ca_file=self.ca_file.value,
            pinned_certificate=self.pinned.value,
            cleartext_confirmed=self.cleartext.value,
            provider=self.provider.value.strip(),
        )

    @property
    def service_id(self) -> str:
        return self._service

    @property
    def secret(self) -> SecretStr | None:
        """The typed password, or the sign-in of just this account; None where there is none."""
        if self.signin.chosen is SignIn.OAUTH:
            whose = (self.provider.value.strip(), self.username.value)
            return self._signed_in[2] if self._signed_in is not None and self._signed_in[:2] == whose else None
        return SecretStr(self.password.value) if self.password.value else None

    @property
    def proposed(self) -> Service | None:
        """The service that serves the typed address's domain, unless it is chosen already."""
        found = service_for(self.address.value.strip())
        return found if found is not None and found.id != self._service else None

    @property
    def known_service(self) -> Service | None:
        """The one that is chosen, or whose server was typed in by hand."""
        if self._service != OTHER:
            return service(self._service)
        return service_at(self.host.value, self.address.value.strip())

    @property
    def guide(self) -> Guide | None:
        """What the service wants done before its first test (S7); None where there is none that is known."""
        known = self.known_service
        return known.guide(self.signin.chosen) if known is not None else None

    def show(self, typed: Typed) -> None:
        """Put it into the fields."""
        self._security = typed.security
        self.provider.value = typed.provider
        self.host.value, self.port.value, self.username.value = typed.host, typed.port, typed.username
        self.security.value, self.signin.value, self.trust.value = typed.security, typed.signin, typed.trust
        self.ca_file.value, self.pinned.value = typed.ca_file, typed.pinned_certificate
        self.cleartext.value = typed.cleartext_confirmed
        self._show_what_applies()

    def put(self, other: Draft, fields: frozenset[str]) -> None:
        """Put these fields of another draft in the place of what stands here; everything else stays."""
        if "service" in fields:
            self._kept[self._service] = (self.typed, self._followed)
            ids = {known.id for known in services()}
            self._service = self.service.value = other.account.service if other.account.service in ids else OTHER
        if "address" in fields:
            self._followed = usual_username(self._service, other.address)
            self.address.value = other.address
        if "name" in fields:
            self.display_name.value = other.name
        if "password" in fields:
            self.password.value = ""
        theirs = typed_of(other.account)
        trust = {"trust"} if fields & {"ca_file", "pinned_certificate"} else set()
        taken = (fields | trust) & set(Typed.model_fields)
        self.show(self.typed.model_copy(update={field: getattr(theirs, field) for field in taken}))

    def sign_in(self, tokens: SecretStr) -> None:
        """Keep the sign-in of the account that stands in the fields."""
        self._signed_in = (self.provider.value.strip(), self.username.value, tokens)
        self.post_message(self.Edited())

    def control(self, field: str) -> Widget | None:
        """What the field of that name is typed into, or, where that is not seen, what brings it up."""
        found = next(iter(self.query(f"#{field}")), None)
        if found in (self.ca_file, self.pinned) and not applies(found):
            return self.trust
        return found

    def refuse(self, field: str, reason: str) -> bool:
        """Say what is wrong with a field and go to it; False where it is none of these."""
        control = self.control(field)
        if control is None:
            return False
        _line_of(control).refuse(control, reason)
        self.go_to(control)
        return True

    def go_to(self, control: Widget) -> None:
        """Focus it, and bring its line into sight with what is said below it. Textual scrolls by where it was before
        there was something to say."""
        control.focus(scroll_visible=False)
        self.call_after_refresh(_line_of(control).scroll_visible, animate=False)

    def judge(self) -> bool:
        """Judge every field as if it were left; go to the first that is wrong. True where none is."""
        wrong: list[tuple[str, str]] = []
        for field in JUDGED:
            text = self.query_one(f"#{field}", Input)
            verdict = None if not applies(text) else text.validate(text.value)
            if verdict is not None and not verdict.is_valid:
                wrong.append((field, verdict.failure_descriptions[0]))
        for field, reason in reversed(wrong):  # The first one last: it gets the focus.
            self.refuse(field, reason)
        return not wrong

    @on(Input.Changed, "#address")
    def follow_address(self) -> None:
        """The user name follows the address until another one was typed; a known domain's service is proposed."""
        usual = usual_username(self._service, self.address.value.strip())
        if self.username.value == self._followed:
            self.username.value = usual
        self._followed = usual
        self._propose()

    def _propose(self) -> None:
        found = self.proposed
        if self._proposal.display is not (found is not None):
            self._proposal.display = found is not None
        if found is not None:
            self._proposal.update(Content.assemble(f"looks like {found.name}: ", ("ctrl+f", "$accent")))

    @on(Select.Changed, "#service")
    def follow_service(self) -> None:
        self.choose_service(self.service.chosen)

    def choose_service(self, chosen: str) -> None:
        """Fill in what the service wants, or what was last typed for it."""
        if chosen == self._service:
            return
        address = self.address.value.strip()
        self._kept[self._service] = (self.typed, self._followed)
        self._service = self.service.value = chosen
        usual = usual_username(chosen, address)
        typed, followed = self._kept.get(chosen) or (first_typed(chosen, address), usual)
        if typed.username == followed:
            typed = typed.model_copy(update={"username": usual})
        self._followed = usual
        self.show(typed)
        hosts = () if chosen == OTHER else service(chosen).host_choices
        self.host.suggester = SuggestFromList(hosts, case_sensitive=False) if hosts else None
        self._propose()

    @on(Select.Changed, "#security")
    def follow_security(self) -> None:
        """The port follows as long as it is the usual one."""
        before, self._security = self._security, self.security.chosen
        if before is not self._security and self.port.value == USUAL_PORTS[before]:
            self.port.value = USUAL_PORTS[self._security]

    @on(Select.Changed, "#signin")
    def follow_signin(self) -> None:
        """The service's own provider, where none was typed."""
        known = self.known_service
        if self.signin.chosen is SignIn.OAUTH and not self.provider.value and known is not None:
            self.provider.value = known.provider

    @on(Input.Changed)
    @on(Select.Changed)
    @on(Tick.Changed)
    def tell(self) -> None:
        self._show_what_applies()
        self.post_message(self.Edited())

    def _show_what_applies(self) -> None:
        clear = self.security.chosen is Security.NONE
        signs_in = self.signin.chosen is not SignIn.NONE
        self.trust.disabled = clear
        oauth = self.signin.chosen is SignIn.OAUTH
        self.username.disabled = not signs_in
        self.password.disabled = not signs_in or oauth
        self.provider.disabled = not oauth
        if self._kept_for:
            same = self.host.value.strip().casefold() == self._kept_for.casefold()
            self.password.placeholder = KEPT if same else AGAIN
        self.query_one("#password-part").display = not oauth
        self.query_one("#provider-part").display = oauth
        self.query_one("#ca-file-line").display = not clear and self.trust.chosen is Trust.CA_FILE
        self.query_one("#pinned-line").display = not clear and self.trust.chosen is Trust.PINNED
        self.query_one("#cleartext-line").display = clear and signs_in


def _line_of(control: Widget) -> Line:
    return next(above for above in control.ancestors if isinstance(above, Line))


def applies(control: Widget) -> bool:
    """Whether the control is seen and can be used."""
    return not control.disabled and all(node.display for node in control.ancestors_with_self if isinstance(node, Line))
