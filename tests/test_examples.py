"""The sample files can be imported, and the one that shows every key does show every key."""

import tomllib
from pathlib import Path

import pytest

from mailtui.operations.company_file import KINDS
from mailtui.operations.company_text import SHAPES, parse_company_file
from mailtui.operations.context import Context
from mailtui.operations.import_company import import_company

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.name)
def test_a_sample_file_can_be_imported(context: Context, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELP_SECRET", "a password")
    company = parse_company_file(path.read_text(encoding="utf-8"), path.name)
    added = import_company(context, company).added
    assert added.model_dump() == {kind: len(getattr(company, kind)) for kind in KINDS}


@pytest.mark.parametrize("table", SHAPES, ids=".".join)
def test_every_key_is_shown(table: tuple[str, ...]) -> None:
    entry = tomllib.loads((EXAMPLES / "every-key.toml").read_text(encoding="utf-8"))
    for key in table:
        entry = entry[key][0] if isinstance(entry[key], list) else entry[key]
    assert set(entry) == set(SHAPES[table].model_fields)
