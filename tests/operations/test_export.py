"""An export holds the whole company and no secret; importing it again, here or elsewhere, changes nothing."""

import difflib
import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailtui.core.addresses import ExternalAddress, Security, SignIn, SmtpAccount
from mailtui.core.people import Employee, Role
from mailtui.core.providers import LOOPBACK, Endpoints, Flow, Provider
from mailtui.core.services import services
from mailtui.operations.company_file import CompanyFile
from mailtui.operations.company_text import parse_company_file
from mailtui.operations.company_toml import to_toml
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context
from mailtui.operations.export_company import export_company, to_document
from mailtui.operations.identity import Actor
from mailtui.operations.import_company import import_company
from mailtui.operations.import_outcome import Counts
from mailtui.store import Store
from tests.company import NOW, Company, companies, everything_in

NAMES = st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=20).map(str.strip)
SIGN_INS = st.sampled_from([SignIn.PASSWORD, SignIn.NONE])

ACCOUNTS = st.builds(
    SmtpAccount,
    service=st.just("") | st.sampled_from([service.id for service in services()]),
    host=st.sampled_from(["127.0.0.1", "::1", "smtp.corp.example"]),
    port=st.integers(1, 65535),
    security=st.sampled_from(Security),
    signin=st.just(SignIn.NONE),
    ca_file=st.just("") | st.just("/etc/ca.pem"),
    pinned_certificate=st.just("") | st.just("ab" * 32),
    cleartext_confirmed=st.booleans(),
) | st.builds(
    SmtpAccount,
    service=st.just("") | st.sampled_from([service.id for service in services()]),
    host=st.just("127.0.0.1"),
    port=st.integers(1, 65535),
    security=st.sampled_from(Security),
    signin=st.just(SignIn.PASSWORD),
    username=NAMES.filter(bool),
)


@st.composite
def varied(draw: st.DrawFn) -> Company:
    """A random company with accounts and names of every kind."""
    company = draw(companies())

    def with_account(address: ExternalAddress) -> ExternalAddress:
        return address.model_copy(update={"account": draw(ACCOUNTS), "name": draw(NAMES)})

    return Company(
        company.groups, company.employees, company.projects, tuple(with_account(a) for a in company.addresses)
    )


def an_empty_company(tmp_path_factory: pytest.TempPathFactory) -> Context:
    directory = tmp_path_factory.mktemp("company")
    directory.chmod(0o700)
    admin = Actor(employee=Employee(login="boss", name="Boss", role=Role.ADMIN), login="boss")
    return Context(Store(directory / "mailtui.db"), admin, Configuration(), lambda: NOW)


def text_of(file: CompanyFile, kind: str) -> str:
    """As the command line writes it."""
    document = to_document(file)
    return json.dumps(document) if kind == "json" else "".join(to_toml(document))


def written(file: CompanyFile, kind: str) -> CompanyFile:
    """The file, once through text."""
    return parse_company_file(text_of(file, kind), f"export.{kind}")


def without_stamps(addresses: Iterable[ExternalAddress]) -> list[ExternalAddress]:
    return [a.model_copy(update={"id": 0, "version": 0, "last_test": None}) for a in addresses]


PROVIDERS = st.builds(
    Provider,
    id=st.sampled_from(["own", "google", "microsoft"]),
    issuer=st.just("https://login.corp.example"),
    client_id=st.just("3f0c"),
    scopes=st.lists(st.sampled_from(["mail", "offline_access"]), unique=True).map(tuple),
    flow=st.sampled_from(Flow),
    endpoints=st.builds(
        Endpoints,
        authorization=st.just("https://login.corp.example/authorize"),
        token=st.just("https://login.corp.example/token"),
        device=st.just("https://login.corp.example/device"),
        names_itself=st.booleans(),
        secret_in_body=st.booleans(),
    ),
    asks=st.just({}) | st.just({"prompt": "consent"}),
    redirect=st.just(LOOPBACK) | st.just("http://localhost:{port}"),
    ca_file=st.just("") | st.just("/etc/ca.pem"),
)


@pytest.mark.parametrize("kind", ["toml", "json"])
@given(company=varied(), providers=st.lists(PROVIDERS, unique_by=lambda provider: provider.id))
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_importing_an_export_changes_nothing_here_and_makes_the_same_company_elsewhere(
    tmp_path_factory: pytest.TempPathFactory, kind: str, company: Company, providers: list[Provider]
) -> None:
    here, elsewhere = an_empty_company(tmp_path_factory), an_empty_company(tmp_path_factory)
    company.stored_in(here.store)
    with here.store.transaction():
        for provider in providers:
            here.store.providers.save(provider)
    export = export_company(here)
    assert written(export, kind) == export
    before = everything_in(here.store)
    outcome = import_company(here, written(export, kind), prune=True)
    assert (outcome.added, outcome.changed, outcome.removed, outcome.plan) == (Counts(), Counts(), Counts(), ())
    assert everything_in(here.store) == before
    import_company(elsewhere, written(export, kind))
    assert text_of(export_company(elsewhere), kind) == text_of(export, kind)
    assert elsewhere.store.providers.all() == here.store.providers.all()
    assert without_stamps(elsewhere.store.addresses.all()) == without_stamps(here.store.addresses.all())
    here.store.close()
    elsewhere.store.close()


def test_an_export_names_no_secret_and_no_secret_file(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.touch(mode=0o600)
    path.write_text("a password\n")
    text = f'[[addresses]]\naddress = "sales@corp.example"\nhost = "127.0.0.1"\nsecret_file = "{path}"'
    import_company(context, parse_company_file(text, "company.toml"))
    export = text_of(export_company(context), "toml")
    assert not {"secret", "password"} & set(tomllib.loads(export)["addresses"][0])
    assert str(path) not in export


def test_a_change_of_one_thing_is_a_change_of_its_lines_alone(context: Context) -> None:
    """A renamed, archived or longer entry stays where it is and as it is written (issue 6, section 2)."""
    import_company(context, parse_company_file(SAMPLE, "company.toml"))
    before = text_of(export_company(context), "toml").splitlines()
    longer = SAMPLE.replace("Brand A", "A " + "very " * 30 + "long name").replace(
        '"Brand B"', '"Brand B"\narchived = true'
    )
    import_company(context, parse_company_file(longer, "company.toml"))
    after = text_of(export_company(context), "toml").splitlines()
    changes = [line for line in difflib.ndiff(before, after) if line[0] in "+-"]
    assert [line[:10] for line in changes] == ['- name = "', '+ name = "', "+ archived"]


SAMPLE = """
[[projects]]
key = "brand-b"
name = "Brand B"

[[projects]]
key = "brand-a"
name = "Brand A"

[[projects]]
key = "zeta"
name = "Zeta"
"""
