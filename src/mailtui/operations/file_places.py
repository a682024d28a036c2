"""Where the entries of a TOML or JSON document stand in its text; looked for only where there is an error to show."""

import json
import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from mailtui.operations.wrong_entries import Path, Place, Problem

if TYPE_CHECKING:
    from tree_sitter import Node

BLANK: Final = re.compile(r"[ \t\n\r]*")
"""RFC 8259 section 2."""

Spot = tuple[Path, bool]
"""A path, and whether its key is meant rather than its value."""


def places_in(text: str, problems: Iterable[Problem]) -> dict[Problem, Place]:
    """The place of each problem in a text that could be parsed: of what it is about or, where that was left out, of
    what it is missing in."""
    problems = list(problems)
    wanted = {problem.path[:length] for problem in problems for length in range(len(problem.path) + 1)}
    spots = _JsonSpots(text, wanted).spots if is_json(text) else _TomlSpots(text, wanted).spots
    found = {}
    for problem in problems:
        path, at_key = problem.path, problem.at_key
        while path and (path, at_key) not in spots:
            path, at_key = path[:-1], False
        if path:
            found[problem] = spots[path, at_key]
    return found


def is_json(text: str) -> bool:
    """JSON where it begins with a brace, which no TOML document does."""
    return text.lstrip()[:1] == "{"


def end_of(text: str) -> Place:
    """The place behind the last character."""
    lines = text.rstrip().split("\n")
    return Place(len(lines), len(lines[-1]) + 1)


class _TomlSpots:
    """Walks a syntax tree, and into nothing that nobody asks for."""

    def __init__(self, text: str, wanted: set[Path]) -> None:
        import tree_sitter_toml  # 20 ms to import, and several seconds for a big file: only errors need it.
        from tree_sitter import Language, Parser

        octets = text.encode()
        self._lines = octets.split(b"\n")
        self._wanted = wanted
        self._numbers: Counter[Path] = Counter()
        self.spots: dict[Spot, Place] = {}
        for node in Parser(Language(tree_sitter_toml.language())).parse(octets).root_node.named_children:
            match node.type:
                case "pair":
                    self._pair(node, ())
                case "table" | "table_array_element":
                    self._table(node)

    def _table(self, node: "Node") -> None:
        header, *pairs = [child for child in node.named_children if child.type != "comment"]
        path: Path = ()
        *before, last = _keys(header)
        for key in before:  # What stands below an array of tables belongs to its last one.
            path = (*path, key)
            self._note(path, True, header)
            path = (*path, self._numbers[path] - 1) if path in self._numbers else path
        path = (*path, last)
        self._note(path, True, header)
        if node.type == "table_array_element":
            self._note(path, False, node)
            self._numbers[path] += 1
            path = (*path, self._numbers[path] - 1)
        if path in self._wanted:
            self._note(path, False, node)
            for pair in pairs:
                self._pair(pair, path)

    def _pair(self, node: "Node", table: Path) -> None:
        if node.type != "pair":  # A part that the grammar does not know.
            return
        key, value, *_ = node.named_children
        path = (*table, *_keys(key))
        self._note(path, True, key)
        self._value(value, path)

    def _value(self, node: "Node", path: Path) -> None:
        if path not in self._wanted:
            return
        self._note(path, False, node)
        inner = [child for child in node.named_children if child.type != "comment"]
        if node.type == "inline_table":
            for pair in inner:
                self._pair(pair, path)
        elif node.type == "array":
            for number, value in enumerate(inner):
                self._value(value, (*path, number))

    def _note(self, path: Path, at_key: bool, node: "Node") -> None:
        if path in self._wanted:
            row, column = node.start_point
            before = self._lines[row][:column].decode("utf-8", errors="replace")
            self.spots.setdefault((path, at_key), Place(row + 1, len(before) + 1))


def _keys(node: "Node") -> list[str]:
    """A key, or a dotted one, as the parser reads it."""
    return _parts(tomllib.loads(f"{(node.text or b'').decode()} = 0"))


def _parts(document: object) -> list[str]:
    if not isinstance(document, dict):
        return []
    [(key, inner)] = document.items()
    return [key, *_parts(inner)]


class _JsonSpots:
    """Walks a valid document by its punctuation; json's own scanner reads keys, and passes what nobody asks for."""

    def __init__(self, text: str, wanted: set[Path]) -> None:
        self._text = text
        self._wanted = wanted
        self._scan = json.JSONDecoder().raw_decode
        self.spots: dict[Spot, Place] = {}
        self._value(self._behind_blank(0), ())

    def _value(self, start: int, path: Path) -> int:
        """Where the value that begins at `start` ends."""
        if path not in self._wanted:
            return self._scan(self._text, start)[1]
        self._note(path, False, start)
        match self._text[start]:
            case "{":
                return self._members(start + 1, path)
            case "[":
                return self._elements(start + 1, path)
        return self._scan(self._text, start)[1]

    def _members(self, start: int, path: Path) -> int:
        at = self._behind_blank(start)
        while self._text[at] != "}":
            key, end = self._scan(self._text, at)
            self._note((*path, key), True, at)
            colon = self._behind_blank(end)
            at = self._next(self._value(self._behind_blank(colon + 1), (*path, key)))
        return at + 1

    def _elements(self, start: int, path: Path) -> int:
        at, number = self._behind_blank(start), 0
        while self._text[at] != "]":
            at, number = self._next(self._value(at, (*path, number))), number + 1
        return at + 1

    def _next(self, end: int) -> int:
        """Behind the comma, or at the end of the list."""
        at = self._behind_blank(end)
        return self._behind_blank(at + 1) if self._text[at] == "," else at

    def _behind_blank(self, at: int) -> int:
        found = BLANK.match(self._text, at)
        return found.end() if found else at

    def _note(self, path: Path, at_key: bool, at: int) -> None:
        if path in self._wanted:
            line = self._text.count("\n", 0, at) + 1
            self.spots[path, at_key] = Place(line, at - self._text.rfind("\n", 0, at))
