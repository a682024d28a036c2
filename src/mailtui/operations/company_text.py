"""Reading a company file: TOML or JSON, and everything that is wrong with it told at once, with line and column."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mailtui.core.errors import BadInput
from mailtui.core.text import clean, listed
from mailtui.operations.company_file import (
    MAX_NAMED,
    AccessEntry,
    AddressEntry,
    CompanyFile,
    EmployeeEntry,
    EndpointsEntry,
    GroupEntry,
    ProjectEntry,
    ProviderEntry,
)
from mailtui.operations.file_places import end_of, is_json, places_in
from mailtui.operations.wrong_entries import MAX_SHOWN, Path, Place, Problem, WrongEntries

NAMES: Final = ("address", "login", "key", "id")
"""The fields that an entry is known by."""

SHAPES: Final[dict[tuple[str, ...], type[BaseModel]]] = {
    (): CompanyFile,
    ("employees",): EmployeeEntry,
    ("groups",): GroupEntry,
    ("projects",): ProjectEntry,
    ("providers",): ProviderEntry,
    ("providers", "endpoints"): EndpointsEntry,
    ("addresses",): AddressEntry,
    ("addresses", "access"): AccessEntry,
}
"""Which keys may stand where."""

INLINE_SECRETS: Final = ("password", "passwd", "secret", "client_secret", "token", "refresh_token", "passphrase")
"""Keys by which somebody means to write a secret down."""

LIKENESS: Final = 0.7
"""From 0 to 1, how like a known key an unknown one must be for that to be proposed."""

MAX_COMPARED: Final = 60
"""Characters of an unknown key that are looked at: comparing takes time in the square of its length."""

STANDS_IN: Final = "https://missing.example"
"""For a name, a link or whatever else is missing, while the rest is looked through."""

TOML_PLACE: Final = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
"""How tomllib ends its messages."""

BEHIND: Final = Place(1 << 62, 0)
"""Where what has no known place comes in the list of errors."""

WORDS: Final = {
    "string_type": "must be a text in quotes",
    "int_type": "must be a whole number, without quotes",
    "bool_type": "must be true or false, without quotes",
    "string_pattern_mismatch": "must be a SHA-256 fingerprint: 64 digits 0-9 and a-f",
    "too_short": "must not be empty: name what is meant, or leave the key out for all",
    "dict_type": "must be a table",
    "model_type": "must be a table",
}
"""What pydantic's kinds of errors mean in this file."""


def parse_company_file(text: str, name: str) -> CompanyFile:
    """The file's content; JSON where it begins with a brace, else TOML.

    Raises BadInput with the place of the syntax error, or WrongEntries with every entry of a wrong shape.
    """
    try:
        document: dict[str, Any] = json.loads(text, object_pairs_hook=_once) if is_json(text) else tomllib.loads(text)
    except json.JSONDecodeError as error:
        raise _syntax(name, "JSON", error.msg, Place(error.lineno, error.colno)) from error
    except tomllib.TOMLDecodeError as error:
        found = TOML_PLACE.search(str(error))
        line, column = found.groups() if found else (None, None)
        place = Place(int(line), int(column)) if line and column else end_of(text)
        raise _syntax(name, "TOML", TOML_PLACE.sub("", str(error)), place) from error
    except (ValueError, RecursionError) as error:  # A number of thousands of digits; brackets without end; `_once`.
        raise BadInput(f"{clean(name)} is neither TOML nor JSON: {clean(str(error))}") from error
    with located(text, name):
        try:
            return CompanyFile.model_validate(document)
        except ValidationError as error:
            found_errors = error.errors(include_url=False, include_input=False)
        # Raised here, since the error that was caught holds what was given, which may be a secret.
        misspelt = {(*one["loc"][:-1], _meant(one)) for one in found_errors}
        told = [one for one in found_errors if one["type"] != "missing" or one["loc"] not in misspelt]
        problems = [_problem(document, one) for one in told]
        raise WrongEntries(problems, usable=_usable(document, told))


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """TOML refuses a key that stands twice; JSON would keep the last one, and nobody would see that."""
    table = dict(pairs)
    if len(table) < len(pairs):
        twice = next(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        raise ValueError(f"the key {clean(twice, MAX_NAMED)!r} stands twice in one object: leave one")
    return table


@contextmanager
def located(text: str, name: str) -> Iterator[None]:
    """Wrong entries that are found within are told with their line and column in this text."""
    try:
        yield
    except WrongEntries as error:
        if error.located:
            raise
        places = places_in(text, error.problems[:MAX_SHOWN])
        in_order = sorted(error.problems, key=lambda problem: places.get(problem, BEHIND))  # Stable where unknown.
        with_places = WrongEntries(in_order, name, places, error.usable)
    else:
        return
    raise with_places


def entry_words(path: Path, names: dict[int, str]) -> str:
    """A path as a person reads it; `names` by how many of its parts lead to the thing so named."""
    words = ""
    for length, part in enumerate(path, start=1):
        if isinstance(part, int):
            words += f"[{part}]" + (f" ({clean(names[length], MAX_NAMED)})" if names.get(length) else "")
        else:
            words += f".{clean(part, MAX_NAMED)}" if words else clean(part, MAX_NAMED)
    return words


@lru_cache(maxsize=1_000)  # The same slip may stand in every entry, and comparing takes a while.
def nearest(word: str, known: tuple[str, ...]) -> str:
    """The known word that is most like it; empty where none is."""
    return next(iter(get_close_matches(word[:MAX_COMPARED].lower(), known, n=1, cutoff=LIKENESS)), "")


def did_you_mean(word: str, known: Collection[str]) -> str:
    """`: did you mean 'host'?`, or nothing where nothing known is like it."""
    close = nearest(word, tuple(known))
    return f": did you mean {close!r}?" if close else ""


def _syntax(name: str, language: str, words: str, place: Place) -> WrongEntries:
    problem = Problem(path=(), entry="", words=f"this is no {language}: {clean(words)}")
    return WrongEntries([problem], name, {problem: place})


def _problem(document: dict[str, Any], error: ErrorDetails) -> Problem:
    path = error["loc"]
    keys = tuple(part for part in path if isinstance(part, str))
    names: dict[int, str] = {}
    found: Any = document
    for length, part in enumerate(path, start=1):
        try:
            found = found[part]
        except (KeyError, IndexError, TypeError):
            found = None  # What is missing, or of the wrong kind, is what the error is about.
        if isinstance(found, dict) and isinstance(part, int):
            names[length] = next((found[key] for key in NAMES if isinstance(found.get(key), str)), "")
    if error["type"] == "extra_forbidden":
        words = _unknown(keys)
        return Problem(path=path, entry=entry_words(path[:-1], names), words=words, at_key=True)
    if error["type"] == "missing":
        entry, words = entry_words(path[:-1], names), f"{clean(str(path[-1]))} is missing: add it"
        return Problem(path=path[:-1], entry=entry, words=words)
    return Problem(path=path, entry=entry_words(path, names), words=_wrong(error, keys, found))


def _usable(document: dict[str, Any], errors: list[ErrorDetails]) -> CompanyFile | None:
    """The document without what is wrong, so that the rest can be looked through in the same go; None where a whole
    list, or what an entry is known by, is in doubt, and others would be told off for naming it."""
    while errors:  # Again where a required value of a wrong type was taken out: it is missing now.
        for error in errors:
            path = error["loc"]
            keys = [length for length, part in enumerate(path) if isinstance(part, str)]
            if len(keys) < 2 or (error["type"] == "missing" and path[-1] in NAMES):
                return None
            table: Any = document
            for part in path[: keys[-1]]:
                table = table[part]
            if error["type"] == "missing":
                table[path[-1]] = STANDS_IN
                continue
            key = str(path[keys[-1]])
            value = table.pop(key, None)
            if (meant := _meant(error)) and meant not in table:
                table[meant] = value
        try:
            return CompanyFile.model_validate(document)
        except ValidationError as again:
            errors = again.errors(include_url=False, include_input=False)
    return None


def _meant(error: ErrorDetails) -> str:
    """The key that an unknown one was meant to be; empty where nobody can tell."""
    keys = tuple(part for part in error["loc"] if isinstance(part, str))
    unknown = error["type"] == "extra_forbidden" and keys[-1].lower() not in INLINE_SECRETS
    return nearest(keys[-1], _known_beside(keys)) if unknown else ""


def _known_beside(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The keys that may stand where the last of these does."""
    shape = SHAPES.get(keys[:-1])
    return tuple(shape.model_fields) if shape else ()


def _unknown(keys: tuple[str, ...]) -> str:
    key = keys[-1]
    shown = f"unknown key {clean(key, MAX_NAMED)!r}"
    if key.lower() in INLINE_SECRETS:
        return _where_secrets_come_from(keys)
    known = _known_beside(keys)
    if hint := did_you_mean(key, known):
        return shown + hint
    if get_close_matches(key[:MAX_COMPARED].lower(), INLINE_SECRETS, cutoff=LIKENESS):
        return _where_secrets_come_from(keys)
    return f"{shown}: take it out; known here are {listed(known)}"


def _where_secrets_come_from(keys: tuple[str, ...]) -> str:
    sources = "client_secret_file" if keys[0] == "providers" else "secret_file, secret_env or secret_stdin"
    return f"{clean(keys[-1], MAX_NAMED)!r} would lie open in the file and is not read from it: use {sources}"


def _wrong(error: ErrorDetails, keys: tuple[str, ...], found: object) -> str:
    if error["type"] == "tuple_type":
        return f"must be a list: write [[{keys[0]}]] before each entry" if len(keys) == 1 else "must be a list"
    if error["type"] == "enum":
        expected = error.get("ctx", {}).get("expected", "")
        known = re.findall(r"'([^']*)'", expected)
        return f"must be {expected}" + (did_you_mean(found, known) if isinstance(found, str) else "")
    return WORDS.get(error["type"], clean(error["msg"]))
