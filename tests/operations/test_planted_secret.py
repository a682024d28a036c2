"""A secret is nowhere but in the keyring: not in the database, the audit, an export, a log or a crash report."""

import asyncio
import logging
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from mailtui.core.addresses import SmtpAccount
from mailtui.core.errors import BadInput
from mailtui.operations.addresses import Draft, draft_of, find_address, save_address
from mailtui.operations.company_text import parse_company_file
from mailtui.operations.context import Context
from mailtui.operations.doctor import examine
from mailtui.operations.export_company import export_company
from mailtui.operations.import_company import import_company
from mailtui.operations.test_account import test_account as try_account
from mailtui.store.window import Window
from tests.company import after_a_test, an_account

PLANTED = "pl4nted-hünter2"


def a_draft(address: str = "help@corp.example", account: SmtpAccount | None = None) -> Draft:
    return Draft(address=address, account=account or an_account(), secret=SecretStr(PLANTED))


def holds_it(octets: bytes) -> bool:
    """Also when it was written down in another way."""
    return any(form in octets for form in (PLANTED[:7].encode(), PLANTED.encode("utf-16-le"), PLANTED[8:].encode()))


def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "secret"
    path.touch(mode=0o600)
    path.write_text(PLANTED + "\n")
    return path


def import_text(path: Path, more: str = "") -> str:
    return f'[[addresses]]\naddress = "sales@corp.example"\nhost = "127.0.0.1"\nsecret_file = "{path}"\n{more}'


@pytest.fixture
def planted(context: Context, tmp_path: Path) -> Context:
    """It was typed, changed, imported, and used in a save that was refused."""
    saved = save_address(context, after_a_test(context, a_draft()))
    again = draft_of(saved).model_copy(update={"secret": SecretStr(PLANTED + "2")})
    save_address(context, after_a_test(context, again))
    import_company(context, parse_company_file(import_text(secret_file(tmp_path)), "company.toml"))
    return context


def test_no_file_of_the_company_holds_it(planted: Context) -> None:
    files = [path for path in planted.store.path.parent.rglob("*") if path.is_file()]
    assert {"mailtui.db", "mailtui.db-wal"} <= {path.name for path in files}
    assert [path.name for path in files if holds_it(path.read_bytes())] == []
    assert planted.secrets.get(find_address(planted, "sales@corp.example").secret_id).get_secret_value() == PLANTED


def test_neither_audit_nor_export_nor_examination_holds_it(planted: Context) -> None:
    shown = [
        *(row.model_dump_json() for row in planted.store.audit.rows(Window())),
        export_company(planted).model_dump_json(),
        examine(planted).model_dump_json(),
        repr(planted.store.addresses.all()),
        repr(planted.tests),
        repr(a_draft()),
        a_draft().model_dump_json(),
    ]
    assert [text for text in shown if holds_it(text.encode())] == []


def crash_report(error: BaseException) -> str:
    """As much as a report can say: every local variable of every frame, and the words of each error."""
    report = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())
    link: BaseException | None = error
    while link is not None:
        report += repr(link) + repr(link.args) + repr(vars(link))
        link = link.__cause__ or link.__context__
    return report


def imported_with(tmp_path: Path, more: str) -> Callable[[Context], object]:
    def run(context: Context) -> object:
        return import_company(context, parse_company_file(import_text(secret_file(tmp_path), more), "company.toml"))

    return run


def with_a_damaged_vault(context: Context, intention: Callable[[Context], object]) -> object:
    context.store.path.with_name("mailtui.vault").chmod(0o755)
    return intention(context)


def with_a_full_audit(context: Context, intention: Callable[[Context], object]) -> object:
    context.store._db.conn.execute(
        "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no more audit rows'); END"
    )
    return intention(context)


def new_password(context: Context) -> object:
    draft = a_draft("new@corp.example")
    return save_address(context, after_a_test(context, draft))


@pytest.mark.parametrize(
    "failing",
    [
        lambda context, _: save_address(context, a_draft("new@corp.example")),
        lambda context, _: save_address(context, after_a_test(context, a_draft("HELP@corp.example"))),
        lambda context, _: save_address(context, a_draft("not an address")),
        lambda context, _: with_a_damaged_vault(context, new_password),
        lambda context, _: with_a_full_audit(context, new_password),
        lambda context, tmp_path: imported_with(tmp_path, '[[addresses]]\naddress = "x"\nhost = "h"')(context),
        lambda context, tmp_path: with_a_damaged_vault(context, imported_with(tmp_path, 'name = "New"\nport = 26')),
        lambda context, tmp_path: with_a_full_audit(context, imported_with(tmp_path, 'name = "New"\nport = 26')),
    ],
)
def test_no_error_and_no_local_variable_on_its_way_holds_it(
    planted: Context, tmp_path: Path, failing: Callable[[Context, Path], object]
) -> None:
    with pytest.raises(Exception) as failed:
        failing(planted, tmp_path)
    frames = [frame for frame in traceback.extract_tb(failed.value.__traceback__) if "mailtui" in frame.filename]
    assert frames, "it failed before it reached the program"
    # The test's own frame knows the secret, of course.
    trace = failed.value.__traceback__
    while trace is not None and "src/mailtui" not in trace.tb_frame.f_code.co_filename:
        trace = trace.tb_next
    assert not holds_it(crash_report(failed.value.with_traceback(trace)).encode("utf-8", "replace"))


def test_a_password_that_somebody_wrote_into_the_company_file_is_refused_without_repeating_it() -> None:
    with pytest.raises(BadInput, match="password") as refusal:
        parse_company_file(f'[[addresses]]\naddress = "x@corp.example"\npassword = "{PLANTED}"', "company.toml")
    assert not holds_it("".join(traceback.format_exception(refusal.value)).split("raise BadInput")[0].encode())


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


async def test_neither_log_nor_events_of_a_test_hold_it(
    planted: Context, everything_logged: pytest.LogCaptureFixture
) -> None:
    events: list[object] = []
    async with asyncio.timeout(20):
        closed = await asyncio.start_server(lambda reader, writer: writer.close(), "127.0.0.1", 0)
        account = an_account().model_copy(update={"port": closed.sockets[0].getsockname()[1]})
        async with closed:
            result = await try_account(planted, a_draft("new@corp.example", account), events.append)
    assert not result.ok
    assert not holds_it((repr(events) + result.model_dump_json() + everything_logged.text).encode())
