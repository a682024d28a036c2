"""The pictures of this repository change only when the screens do."""

from pathlib import Path

from tests.pictures import PICTURES, draw, unchanging, words


async def test_a_second_run_draws_the_same_picture(tmp_path: Path) -> None:
    picture = next(picture for picture in PICTURES if picture.name == "form-certificate")
    drawn = []
    for _ in range(2):
        await draw(picture, tmp_path)
        drawn.append((tmp_path / "form-certificate.svg").read_text(encoding="utf-8"))
    assert drawn[0] == drawn[1]


def test_what_differs_from_run_to_run_keeps_its_width() -> None:
    said = "port 34567 in \xa0\xa07\xa0ms, fingerprint 0a1b\xa02c3d"
    drawn = f'<text class="terminal-1-r1" x="0" y="20" textLength="1" clip-path="url(#terminal-1-line-0)">{said}</text>'
    assert words(unchanging(drawn, [34567])) == "port 42525 in  12 ms, fingerprint 5555 5555"
