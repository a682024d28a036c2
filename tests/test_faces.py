"""What is written together is decided in the operations: a face opens no transaction, and writes nothing by itself."""

import re
from pathlib import Path

import pytest

import mailtui

SOURCE = Path(mailtui.__file__).parent

WRITES = re.compile(r"store\.transaction\(|store\.additions\(|store\.[a-z_]+\.(save|remove|record|add|purge)\w*\(")


@pytest.mark.parametrize("face", ["cli", "tui"])
def test_a_face_writes_through_operations_alone(face: str) -> None:
    files = sorted((SOURCE / face).rglob("*.py"))
    assert files
    assert [str(file.relative_to(SOURCE)) for file in files if WRITES.search(file.read_text("utf-8"))] == []
