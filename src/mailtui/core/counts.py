"""Numbers that are not known to the end."""


class AtLeast(int):
    """So many were found so far, and there may be more. It stays one in a sum."""

    rests: bool
    """Nobody looks further until more is wanted."""

    def __new__(cls, number: int, *, rests: bool = False) -> "AtLeast":
        made = super().__new__(cls, number)
        made.rests = rests
        return made

    def __add__(self, other: int) -> "AtLeast":
        rests = self.rests and (other.rests if isinstance(other, AtLeast) else True)
        return AtLeast(int(self) + int(other), rests=rests)

    __radd__ = __add__
