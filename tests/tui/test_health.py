"""Health: what is found, how it is put right, and the one thing that the page repairs itself."""

from pydantic import SecretStr

from mailtui.operations.addresses import put_secret
from mailtui.operations.doctor import A_SAVE_LASTS
from mailtui.store import Store
from mailtui.tui.screens.health import Health
from tests.company import NOW
from tests.tui.frame import lines, shown
from tests.tui.pages import ANA, BOB, as_employee, on_page, until


async def test_a_finding_comes_first_with_its_fix(company: Store) -> None:
    async with on_page(as_employee(company, ANA), Health) as pilot:
        await until(pilot, lambda: "1 of" in lines(pilot)[1])
        assert "✗ passwords" in lines(pilot)[3]
        assert "→ mailtui address edit" in shown(pilot)
        assert "Repair" not in lines(pilot)[-1]


async def test_an_unused_secret_is_taken_out_after_a_question(company: Store) -> None:
    ana = as_employee(company, ANA)
    unused = put_secret(ana, SecretStr("nobody signs in with it"))
    ana.clock = lambda: NOW + A_SAVE_LASTS
    async with on_page(ana, Health) as pilot:
        await until(pilot, lambda: "R Repair" in lines(pilot)[-1])
        await pilot.press("R", "escape")
        assert ana.secrets.has(unused)
        await pilot.press("R", "r")
        await until(pilot, lambda: "Took 1 out of the keyring" in shown(pilot))
        await until(pilot, lambda: "R Repair" not in lines(pilot)[-1])
    assert not ana.secrets.has(unused)
    assert company.secret_ids.unused() == frozenset()


async def test_a_member_is_told_that_he_may_not(company: Store) -> None:
    async with on_page(as_employee(company, BOB), Health) as pilot:
        await until(pilot, lambda: "only an admin may examine the installation" in shown(pilot))
        assert "Look" not in shown(pilot)
