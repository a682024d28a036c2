"""A file for a spreadsheet holds what it says and nothing that is carried out (issue 6, section 3)."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.csv_lines import FORMULA, csv_line
from mailtui.core.text import clean


@given(st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_every_cell_comes_back_and_none_begins_as_a_formula(cells: list[str]) -> None:
    line = csv_line(cells)
    [read] = list(csv.reader(io.StringIO(line)))
    assert line.endswith("\n") and line.count("\n") == 1
    for cell, found in zip(cells, read, strict=True):
        assert not found.startswith(FORMULA)
        assert found.removeprefix("'") == clean(cell).removeprefix("'")


def test_a_formula_is_written_as_a_text() -> None:
    assert csv_line(["=1+1", "@SUM(A1)", "-2", "plain", 'a "b", c']) == '\'=1+1,\'@SUM(A1),\'-2,plain,"a ""b"", c"\n'
