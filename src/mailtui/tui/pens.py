"""Pens: how a cell of the terminal is coloured, and the shortest sequence that changes one pen for another."""

from functools import lru_cache
from typing import Final, NamedTuple

OFF: Final = {"1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29"}
"""What takes an attribute away (ECMA-48, 8.3.117); others of its kind are taken away by it too."""

COLOURS: Final = {"38": "39", "48": "49"}
"""Begin a colour of several parameters; and what brings the usual one back."""

ON_BLANKS: Final = frozenset({"4", "7", "9"})
"""Attributes that one sees on a blank: underline, reverse, strike."""


class Pen(NamedTuple):
    """Attributes and colours, as parameters of SGR; an empty colour is the terminal's own."""

    attributes: frozenset[str] = frozenset()
    ink: str = ""
    paper: str = ""

    @property
    def parameters(self) -> str:
        """All of them, for a terminal that has the plain pen."""
        return ";".join(part for part in (*sorted(self.attributes), self.ink, self.paper) if part)


PLAIN: Final = Pen()


@lru_cache(maxsize=4096)
def pen(parameters: str) -> Pen | None:
    """The pen of the parameters of one SGR that follows a reset; None where they hold something unknown."""
    attributes: set[str] = set()
    ink = paper = ""
    left = parameters.split(";")
    while left:
        first = left.pop(0)
        if first in OFF:
            attributes.add(first)
        elif first in COLOURS and left:
            count = {"5": 2, "2": 4}.get(left[0], 0)
            if not count or len(left) < count:
                return None
            colour = ";".join([first, *left[:count]])
            left = left[count:]
            ink, paper = (colour, paper) if first == "38" else (ink, colour)
        elif first in INKS:
            ink = first if first != "39" else ""
        elif first in PAPERS:
            paper = first if first != "49" else ""
        elif first not in {"", "0"} or attributes or ink or paper:
            return None
    return Pen(frozenset(attributes), ink, paper)


INKS: Final = frozenset(str(code) for code in (*range(30, 38), 39, *range(90, 98)))
PAPERS: Final = frozenset(str(code) for code in (*range(40, 48), 49, *range(100, 108)))


@lru_cache(maxsize=4096)
def blank(of: Pen) -> Pen:
    """As much of a pen as one sees on a blank."""
    return of if of.attributes & ON_BLANKS else Pen(paper=of.paper)


def for_blanks(now: Pen, of: Pen) -> Pen:
    """The pen nearest to the present one that draws blanks, or erases, as another one does."""
    return of if of.attributes & ON_BLANKS else Pen(now.attributes - ON_BLANKS, now.ink, of.paper)


@lru_cache(maxsize=4096)
def change(before: Pen, after: Pen) -> str:
    """The shortest sequence from one pen to another; empty between equal ones."""
    if before == after:
        return ""
    anew = after.parameters
    if before == PLAIN:
        return f"\x1b[{anew}m"
    gone = {OFF[attribute] for attribute in before.attributes - after.attributes}
    again = {one for one in after.attributes if one not in before.attributes or OFF[one] in gone}
    parts = [*sorted(gone), *sorted(again)]
    if before.ink != after.ink:
        parts.append(after.ink or COLOURS["38"])
    if before.paper != after.paper:
        parts.append(after.paper or COLOURS["48"])
    from_nothing = f"\x1b[0;{anew}m" if anew else "\x1b[m"
    return min(f"\x1b[{';'.join(parts)}m", from_nothing, key=len)
