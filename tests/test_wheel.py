"""The wheel works outside the clone: it holds the styles, the tables of services and reasons, and the manual pages."""

import json
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LOOKS_AROUND = """
import json, mailtui
from mailtui.core.reasons import reasons
from mailtui.core.services import services
from mailtui.tui.app import MailtuiApp
from mailtui.tui.styles import style
print(json.dumps({
    "from": mailtui.__file__,
    "styles": [str(style(name)) for name in ("base", "settings", "form")],
    "services": len(services()),
    "reasons": len(reasons()),
}))
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of a new environment that has mailtui from its wheel and everything else from this one."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    (wheel,) = place.glob("mailtui-*.whl")
    environment = place / "environment"
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    target = subprocess.check_output(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True
    )
    # A path file is read without the path files that it leads to, so this clone's own editable install stays out.
    Path(target.strip(), "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True, text=True)
    return environment / "bin"


def test_the_installed_command_says_its_version(installed: Path, tmp_path: Path) -> None:
    said = subprocess.check_output([installed / "mailtui", "--version"], text=True, cwd=tmp_path)
    assert said.startswith("mailtui 0.")


def test_the_wheel_holds_styles_services_and_reasons(installed: Path, tmp_path: Path) -> None:
    seen = json.loads(subprocess.check_output([installed / "python", "-c", LOOKS_AROUND], text=True, cwd=tmp_path))
    inside = str(installed.parent)
    assert seen["from"].startswith(inside)
    assert all(style.startswith(inside) and Path(style).is_file() for style in seen["styles"])
    assert seen["services"] >= 25
    assert seen["reasons"] == 34


def test_the_installed_command_works_on_a_database_outside_the_clone(installed: Path, tmp_path: Path) -> None:
    database = tmp_path / "company" / "mailtui.db"
    listed = [str(installed / "mailtui"), "--db", str(database), "address", "list", "--json"]
    assert json.loads(subprocess.check_output(listed, text=True, cwd=tmp_path)) == []
    assert database.stat().st_mode & 0o777 == 0o600
    assert database.parent.stat().st_mode & 0o777 == 0o700


def test_the_wheel_brings_manual_pages_and_completions(installed: Path) -> None:
    share, brought = ROOT / "share", installed.parent / "share"
    kept = {path.relative_to(share) for path in share.rglob("*") if path.is_file()}
    assert len(kept) > 50
    assert all((brought / path).read_bytes() == (share / path).read_bytes() for path in kept)
