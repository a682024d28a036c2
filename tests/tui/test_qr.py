"""Links as QR codes: what is drawn is the code, and it has room at 80x24."""

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Size

from mailtui.core.addresses import SignIn
from mailtui.core.services import services
from mailtui.operations.context import Context
from mailtui.store import Store
from mailtui.tui.marks import prints_unicode
from mailtui.tui.screens.link import ShowLink
from mailtui.tui.widgets.qr import CELLS, INK, PAPER, QUIET, QrCode, fitting_quiet, modules, size_of
from tests.tui.frame import shown
from tests.tui.pages import ANA, Compare, as_employee, looks_as_before, on_page

LINKS = sorted({entry.guide(signin).link for entry in services() for signin in SignIn} - {""})

links = st.text(st.characters(codec="ascii", categories=["L", "N", "P"]), min_size=1, max_size=120)


@pytest.fixture
def ana(company: Store) -> Context:
    return as_employee(company, ANA)


def drawn(code: QrCode, height: int) -> list[list[bool]]:
    """The modules that the cells show, row by row."""
    halves = {cell: pair for pair, cell in CELLS.items()}
    rows: list[list[bool]] = []
    for y in range(height):
        cells = [halves[cell] for cell in code.render_line(y).text]
        rows += [[upper for upper, _ in cells], [lower for _, lower in cells]]
    return rows


@given(text=links, quiet=st.integers(1, QUIET))
def test_what_is_drawn_is_the_code_with_its_quiet_zone(text: str, quiet: int) -> None:
    size = size_of(text, quiet)
    wanted = [[bool(module) for module in row] for row in segno.make_qr(text, error="l").matrix_iter(border=quiet)]
    assert drawn(QrCode(text, quiet), size.height)[: len(wanted)] == wanted


def test_the_code_is_dark_on_light_whatever_the_theme_is() -> None:
    (segment,) = QrCode("https://mail.example").render_line(3)
    style = segment.style
    assert style is not None and style.color is not None and style.bgcolor is not None
    assert (style.color.name, style.bgcolor.name) == (INK, PAPER)


@pytest.mark.parametrize("link", LINKS)
def test_the_link_of_every_service_has_room_at_80x24(link: str) -> None:
    lines = -(-len(link) // 80)
    assert fitting_quiet(link, Size(80, 23 - lines)) is not None


def test_a_terminal_of_ascii_draws_by_colour_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")
    prints_unicode.cache_clear()
    code = modules("https://mail.example")
    (first, *_) = QrCode("https://mail.example", 1).render_line(1)
    assert first.text == "  "
    assert size_of("https://mail.example", 1) == Size(2 * (len(code) + 2), len(code) + 2)


async def test_a_link_too_long_for_the_terminal_says_what_room_it_wants(ana: Context) -> None:
    async with on_page(ana, lambda: ShowLink("https://mail.example/" + "x" * 400)) as pilot:
        assert "Its code needs a terminal of" in shown(pilot)
        await pilot.press("c")
        assert pilot.app.clipboard.endswith("x" * 400)


def test_a_link_for_a_phone_looks_as_before(snap_compare: Compare, ana: Context) -> None:
    link = "https://myaccount.google.com/apppasswords"
    assert looks_as_before(snap_compare, ana, lambda: ShowLink(link), seen=link)
