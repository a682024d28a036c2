"""Reading a server's reply: its codes, its words, and the first rule of recognition.toml that holds for them."""

import re
import tomllib
import unicodedata
from functools import cache, partial
from importlib.resources import files
from typing import Final

from mailtui.core.account_test import Step
from mailtui.core.frozen import Frozen

MAX_READ: Final = 4_000
"""Characters of a reply that are read: eight full lines (RFC 5321 section 4.5.3.1.5), and it bounds the work that a
hostile server can cause."""

GAP: Final = r".{0,40}?(?<![a-z0-9])"
"""What `~` stands for between two phrases of a rule: the rest of a word, and further words."""

WORDS: Final = re.compile(r"<(\d)>")
"""Up to so many words of a rule, each with the space behind it."""

SHORT: Final = re.compile(r"(?<![\w?])([a-z]{1,3})(?=[|)]|$| ?~)")
"""A word of a rule that is too short to stand for the longer words that begin with it."""

ENHANCED: Final = re.compile(r"(?<![\w.])([45])\.([0-7])\.(\d{1,3})(?![\w]|\.\d)", re.ASCII)
"""An enhanced status code, RFC 3463 section 2: class, subject, detail."""

BASIC: Final = re.compile(
    r"""(?:^[ ]*|(?:said|returned|answered|reply|response)[: ]{1,2}['"]?|[>:;'"(-][ ]?)([45]\d\d)(?=[ -]|$)"""
    r"|(?<![\w.])([45]\d\d)(?=[ -][(\[#]?[45]\.\d)",
    re.ASCII | re.MULTILINE,
)
"""A reply code, RFC 5321 section 4.2: at the beginning of a line, where one server quotes another, or before an
enhanced code. Other numbers, such as ports and limits, are none."""

BLOCKLIST: Final = re.compile(
    r"spamhaus|spamcop|sorbs|uceprotect|barracudacentral|mailspike|black-?list|block-?list|(?<![a-z])(?!uri|sur)[a-z]{0,3}bl(?![a-z0-9])",
    re.IGNORECASE,
)
"""Found in a host or a link, it says that a blocklist of IP addresses is meant; `bl` ends a label of most others."""

OPENSPF: Final = "openspf.org"
"""Where many servers send the sender of whom SPF says no."""

NAMES: Final = (
    (re.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"']{1,500}"), "alink"),
    (re.compile(r"<?[^\s<>@:;,\"'()\[\]]{1,64}@[^\s<>@:;,\"'()\[\]]{1,255}>?"), "anaddress"),
    (re.compile(r"\[?\b\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d{1,5})?\b\]?", re.ASCII), "anip"),
    (re.compile(r"(?i)(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}:?[0-9a-f:]{0,20}"), "anip"),
    (
        re.compile(r"(?<![\w.])[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63}){0,8}\.(?:[a-z]{2,24}|[A-Z]{2,24})(?![\w])"),
        "ahost",
    ),
)
"""Names in a reply and the words that stand for them: what somebody is called is not what a server says."""

WRAPPING: Final = re.compile(
    r"\b(?:remote )?host (?:\S{1,255} )?(?:said|refused to talk to me): ?(?:[245]\d\d\b)?|\(in reply to [^)]{1,40}\)",
    re.ASCII | re.IGNORECASE,
)
"""What a relaying server puts around another one's reply: whose it is, and to which command."""

PREFIX: Final = re.compile(
    r"(?m)^\s*(?:[245]\d\d(?:[ -]|$))+|\b[245]\d\d-(?=\S)|\b[245]\d\d(?= [#(]?[245]\.\d)", re.ASCII
)
"""Reply codes at the beginning of a line, or in a reply whose lines were joined."""

LIST: Final = re.compile(r"\{([a-z]+)\}")
"""A named list of choices within a phrase."""

CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Reply(Frozen):
    """A reply as the rules see it."""

    codes: tuple[int, ...]
    """Basic reply codes, the outermost first; empty where no server spoke."""
    enhanced: tuple[str, ...]
    """Enhanced status codes, the outermost first."""
    words: str
    """The text without codes and names, folded as `fold` does."""

    @property
    def is_transient(self) -> bool:
        """The server asks to be tried again; the enhanced code counts before the basic one."""
        return self._class == "4"

    @property
    def is_permanent(self) -> bool:
        return self._class == "5"

    @property
    def _class(self) -> str:
        return (self.enhanced or tuple(map(str, self.codes)) or ("",))[0][:1]


class Finding(Frozen):
    """Which reason a reply gives, and by what."""

    reason: str
    evidence: str
    """What decided, in letters and digits that came from the reply and words of ours: safe for a terminal."""


class Rule(Frozen):
    """One rule of recognition.toml, ready to be applied; a condition that is None holds always."""

    reason: str
    enhanced: re.Pattern[str] | None
    codes: frozenset[int] | None
    steps: frozenset[Step] | None
    words: re.Pattern[str] | None
    unless: re.Pattern[str] | None

    def evidence(self, reply: Reply, step: Step | None) -> str | None:
        """What in the reply makes the rule hold; None where it does not."""
        if self.unless is not None and self.unless.search(reply.words):
            return None
        found: list[str] = []
        if self.enhanced is not None:
            code = next((code for code in reply.enhanced if self.enhanced.fullmatch(code)), None)
            if code is None:
                return None
            found.append(f"enhanced code {code}")
        if self.codes is not None:
            basic = next((code for code in reply.codes if code in self.codes), None)
            if basic is None:
                return None
            found.append(f"code {basic}")
        if self.steps is not None:
            if step not in self.steps:
                return None
            found.append(f"step {step.words}")
        if self.words is not None:
            match = self.words.search(reply.words)
            if match is None:
                return None
            found.append(f"words “{match[0].strip()}”")
        return ", ".join(found)


def _plain(text: str) -> str:
    """Lower case, without accents, compatible forms made one (Unicode TR 15)."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in apart if not unicodedata.combining(c)))


def fold(text: str) -> str:
    """Plain letters and digits, and one space for all that is neither. The vowel signs of India count as letters."""
    return " ".join("".join(c if c.isalnum() or _is_sign(c) else " " for c in _plain(text)).split())


def _is_sign(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def read(text: str) -> Reply:
    """A reply of one line or several, or several replies in one, taken apart. Never raises."""
    text = text[:MAX_READ]
    codes = tuple(dict.fromkeys(int(first or second) for first, second in BASIC.findall(text)))
    enhanced = tuple(dict.fromkeys(".".join(parts) for parts in ENHANCED.findall(text)))
    text = WRAPPING.sub(" ", text)
    for pattern, stand_in in NAMES:
        text = pattern.sub(partial(_stand_in, word=stand_in), text)
    text = ENHANCED.sub(" ", PREFIX.sub(" ", text))
    text = CAMEL.sub(" ", text.replace("'", "").replace("’", ""))
    return Reply(codes=codes, enhanced=enhanced, words=fold(text)[:MAX_READ])


def _stand_in(name: re.Match[str], word: str) -> str:
    if word in ("alink", "ahost"):
        if BLOCKLIST.search(name[0]):
            return " ablocklist "
        if OPENSPF in name[0].lower():
            return " spf "
    return f" {word} "


def find(reply: Reply, step: Step | None) -> Finding | None:
    """The first rule that holds for the reply; None where none does."""
    for rule in rules():
        evidence = rule.evidence(reply, step)
        if evidence is not None:
            return Finding(reason=rule.reason, evidence=evidence)
    return None


class _Written(Frozen):
    """A rule as recognition.toml has it."""

    reason: str
    enhanced: tuple[str, ...] = ()
    codes: tuple[int, ...] = ()
    steps: tuple[Step, ...] = ()
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()


@cache
def rules() -> tuple[Rule, ...]:
    """The rules in their order, read at the first use."""
    written = tomllib.loads(files("mailtui.core").joinpath("recognition.toml").read_text("utf-8"))
    lists = {name: f"({words})" for name, words in written["lists"].items()}
    return tuple(_compile(_Written.model_validate(rule), lists) for rule in written["rule"])


def _compile(rule: _Written, lists: dict[str, str]) -> Rule:
    def any_of(phrases: tuple[str, ...]) -> re.Pattern[str] | None:
        return re.compile("|".join(_phrase_pattern(phrase, lists) for phrase in phrases)) if phrases else None

    return Rule(
        reason=rule.reason,
        enhanced=re.compile("|".join(map(_code_pattern, rule.enhanced))) if rule.enhanced else None,
        codes=frozenset(rule.codes) or None,
        steps=frozenset(rule.steps) or None,
        words=any_of(rule.words),
        unless=any_of(rule.unless),
    )


def _code_pattern(code: str) -> str:
    """`x.7.20-27` as a regular expression over enhanced codes."""
    parts = [r"\d{1,3}" if part == "x" else part for part in code.split(".")]
    if "-" in parts[2]:
        first, last = (int(bound) for bound in parts[2].split("-"))
        parts[2] = "|".join(str(detail) for detail in range(first, last + 1))
    return r"{}\.{}\.(?:{})".format(*parts)


def _phrase_pattern(phrase: str, lists: dict[str, str]) -> str:
    """A phrase of a rule as a regular expression over folded text."""
    phrase = LIST.sub(lambda found: lists[found[1]], phrase)
    pattern = SHORT.sub(r"\1$", _plain(phrase)).replace("$$", "$").replace("$", r"\b")
    pattern = re.sub(r"\((?!\?)", "(?:", pattern)
    pattern = WORDS.sub(r"(?:[^ ]{1,20} ){0,\1}", pattern.replace(" ~ ", GAP))
    first = re.search(r"\w", pattern.removeprefix("(?:"))
    return rf"(?<![a-z0-9])(?:{pattern})" if first and first[0].isascii() else f"(?:{pattern})"
