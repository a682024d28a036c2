"""Every error of a company file has its line and column, and says what to do; all of them are told at once (issue 6,
section 2)."""

import json

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from mailtui.core.errors import BadInput
from mailtui.operations.company_text import parse_company_file
from mailtui.operations.file_places import places_in
from mailtui.operations.wrong_entries import Path, Problem, WrongEntries

SHAPED = {
    "a key that is unknown": ('[[addresses]]\naddress = "a@b.c"\n  hots = 1', "3:3", "did you mean 'host'?"),
    "a list that is unknown": ('[[adresses]]\naddress = "a@b.c"', "1:3", "did you mean 'addresses'?"),
    "a key like none": ('[[groups]]\nkey = "a"\nname = "A"\nzzz = 1', "4:1", "known here are key and name"),
    "a quoted key": ('[[groups]]\nkey = "a"\nname = "A"\n"na\\u006de " = 1', "4:1", "did you mean 'name'?"),
    "a missing key": ('[[groups]]\nkey = "b"\nname = "B"\n\n[[groups]] # here\nkey = "a"', "5:1", "name is missing"),
    "a text for a number": ('[[addresses]]\naddress = "a@b.c"\nport = "25"', "3:8", "whole number"),
    "a number for yes or no": ('[[projects]]\nkey = "a"\nname = "A"\nstrict = 1', "4:10", "true or false"),
    "a word that is none of the choices": (
        '[[addresses]]\naddress = "a@b.c"\nsecurity = "start-tls"', "3:12", "did you mean 'starttls'?",
    ),
    "a value in an inline table": (
        '[[addresses]]\naddress = "a@b.c"\naccess = { groups = ["șș", 4], employees = [] }', "3:28", "text in quotes",
    ),
    "a key in a table below an entry": (
        '[[addresses]]\naddress = "a@b.c"\n[addresses.access]\ngroups = []\nemplyees = []', "5:1", "'employees'?",
    ),
    "a dotted key": ('[[addresses]]\naddress = "a@b.c"\naccess.gruops = ["a"]', "3:1", "did you mean 'groups'?"),
    "a table for a list": ('[addresses]\naddress = "a@b.c"', "1:1", "write [[addresses]] before each entry"),
    "an inline list of entries": ('groups = [ {key="a", name="A"},\n {key="b", name=3} ]', "2:17", "text in quotes"),
    "no project": ('[[addresses]]\naddress = "a@b.c"\nprojects = []', "3:12", "must not be empty"),
    "the syntax of TOML": ("[[groups]]\nkey = \n", "2:7", "this is no TOML"),
    "a text without an end": ('[[groups]]\nkey = """a', "2:11", "this is no TOML"),
    "the syntax of JSON": ('{"groups": [\n  {"key" "a"}]}', "2:10", "this is no JSON"),
    "a key of JSON": ('{"groups": [{"key": "a", "name": "A"},\n  {"key": "b",\n   "nam": 1}]}', "3:4", "'name'?"),
    "a value of JSON": ('{"addresses": [{"address": "a@b.c",\n "access": {"groups": ["a", 3]}}]}', "2:29", "text"),
}  # fmt: skip


BESIDE_EACH_OTHER = ("a key that is unknown", "a key like none", "a text for a number", "a missing key", "no project")


def refusal(text: str) -> WrongEntries:
    with pytest.raises(WrongEntries) as refused:
        parse_company_file(text, "company.toml")
    return refused.value


@pytest.mark.parametrize("what", SHAPED)
def test_an_error_has_its_line_and_column_and_says_what_to_do(what: str) -> None:
    text, place, words = SHAPED[what]
    first = refusal(text).lines[0]
    assert first.startswith(f"company.toml:{place}: ")
    assert words in first


@pytest.mark.parametrize("key", ["password", "secret", "Password", "passwort", "client_secret", "token"])
@pytest.mark.parametrize("kind", ["addresses", "providers"])
def test_an_inline_secret_is_refused_with_where_to_put_it_and_not_repeated(key: str, kind: str) -> None:
    known_by = 'address = "a@b.c"\nhost = "h"' if kind == "addresses" else 'id = "a"\nclient_id = "b"'
    error = str(refusal(f'[[{kind}]]\n{known_by}\n{key} = "hunter2"'))
    assert "secret_file" in error
    assert "hunter2" not in error


def test_a_key_that_stands_twice_in_json_is_refused_as_it_is_in_toml() -> None:
    with pytest.raises(BadInput, match="'name' stands twice"):
        parse_company_file('{"groups": [{"key": "a", "name": "A", "name": "B"}]}', "company.json")


def test_everything_that_is_wrong_comes_in_the_order_of_the_file() -> None:
    text = "\n".join(text for name, (text, _, _) in SHAPED.items() if name in BESIDE_EACH_OTHER)
    places = [tuple(map(int, line.split(":")[1:3])) for line in refusal(text).lines]
    assert len(places) == len(BESIDE_EACH_OTHER)
    assert places == sorted(places)


@given(st.text() | st.text().map(lambda text: "[[addresses]]\n" + text) | st.text().map(lambda text: '{"a": ' + text))
def test_any_text_is_read_or_refused_in_lines_that_are_safe_for_a_terminal(text: str) -> None:
    try:
        parse_company_file(text, "company.toml")
    except BadInput as error:
        assert str(error).replace("\n", "").isprintable()


KEYS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=4)
VALUES = st.recursive(
    st.integers(0, 9) | st.booleans() | st.text('aș"\\\n😀', max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(KEYS, VALUES, min_size=1, max_size=4)


def paths(value: object, path: Path = ()) -> list[Path]:
    """Of every value in a document."""
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    return [path, *(found for key, one in inner for found in paths(one, (*path, key)))]


@given(DOCUMENTS, st.data())
def test_the_place_of_any_value_of_any_document_is_where_it_stands(
    document: dict[str, object], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from([path for path in paths(document) if path]))
    problem = Problem(path=path, entry="", words="")
    value: object = document
    for part in path:
        value = value[part]  # type: ignore[index]  # paths() made it of this document
    for indent in (None, 2):
        text = json.dumps(document, indent=indent)
        place = places_in(text, [problem])[problem]
        found, _ = json.JSONDecoder().raw_decode("\n".join(text.split("\n")[place.line - 1 :])[place.column - 1 :])
        assert found == value


@given(DOCUMENTS, st.data())
def test_the_place_of_any_key_of_any_toml_document_is_on_the_line_that_names_it(
    document: dict[str, object], data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from([path for path in paths(document) if path and isinstance(path[-1], str)]))
    problem = Problem(path=path, entry="", words="", at_key=True)
    text = tomli_w.dumps(document)
    place = places_in(text, [problem])[problem]
    rest = text.split("\n")[place.line - 1][place.column - 1 :]
    key = str(path[-1])
    written = tomli_w.dumps({key: 0}).rpartition(" = ")[0]
    assert written in rest
