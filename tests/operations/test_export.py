"""An export holds the whole company and no secret; importing it again, here or elsewhere, changes nothing."""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailtui.core.addresses import ExternalAddress, Security, SignIn, SmtpAccount
from mailtui.core.people import Employee, Role
from mailtui.core.services import services
from mailtui.operations.company_file import CompanyFile, parse_company_file
from mailtui.operations.configuration import Configuration
from mailtui.operations.context import Context
from mailtui.operations.export_company import export_company, to_document
from mailtui.operations.identity import Actor
from mailtui.operations.import_company import Counts, import_company
from mailtui.store import Store
from tests.company import NOW, Company, companies

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


def written(file: CompanyFile, kind: str) -> CompanyFile:
    """The file, once through text."""
    document = to_document(file)
    return parse_company_file(json.dumps(document) if kind == "json" else tomli_w.dumps(document), f"export.{kind}")


def without_stamps(addresses: Iterable[ExternalAddress]) -> list[ExternalAddress]:
    return [a.model_copy(update={"id": 0, "version": 0, "last_test": None}) for a in addresses]


@pytest.mark.parametrize("kind", ["toml", "json"])
@given(company=varied())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_importing_an_export_changes_nothing_here_and_makes_the_same_company_elsewhere(
    tmp_path_factory: pytest.TempPathFactory, kind: str, company: Company
) -> None:
    here, elsewhere = an_empty_company(tmp_path_factory), an_empty_company(tmp_path_factory)
    company.stored_in(here.store)
    export = export_company(here)
    assert written(export, kind) == export
    before = list(here.store._db.conn.iterdump())
    outcome = import_company(here, written(export, kind))
    assert (outcome.added, outcome.changed) == (Counts(), Counts())
    assert list(here.store._db.conn.iterdump()) == before
    import_company(elsewhere, written(export, kind))
    assert export_company(elsewhere) == export
    assert without_stamps(elsewhere.store.addresses.all()) == without_stamps(here.store.addresses.all())
    here.store.close()
    elsewhere.store.close()


def test_an_export_names_no_secret_and_no_secret_file(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.touch(mode=0o600)
    path.write_text("a password\n")
    text = f'[[addresses]]\naddress = "sales@corp.example"\nhost = "127.0.0.1"\nsecret_file = "{path}"'
    import_company(context, parse_company_file(text, "company.toml"))
    export = tomli_w.dumps(to_document(export_company(context)))
    assert not {"secret", "password"} & set(tomllib.loads(export)["addresses"][0])
    assert str(path) not in export
