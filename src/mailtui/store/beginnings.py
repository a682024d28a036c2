"""Names that begin with what was typed so far, for a shell that completes them: one step of an index each."""

from collections.abc import Sequence
from typing import Final

from sqlite_utils import Database

MOST: Final = 100
"""Names that are worth showing at once."""

LAST: Final = "\U0010ffff"
"""Behind every character that a name may hold."""


class Beginnings:
    """Looks names up by their beginning."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def addresses(self, typed: str, *, owner: str | None = None) -> list[str]:
        """Without regard to case; with an `owner` those of the company and his own."""
        where, own = ("1", []) if owner is None else ("(owner IS NULL OR owner = ?)", [owner])
        return self._names("addresses", "address", "address_key", typed.casefold(), where, own)

    def logins(self, typed: str) -> list[str]:
        return self._names("employees", "login", "login", typed)

    def groups(self, typed: str) -> list[str]:
        return self._names("groups", "key", "key", typed)

    def projects(self, typed: str) -> list[str]:
        return self._names("projects", "key", "key", typed)

    def providers(self, typed: str) -> list[str]:
        return self._names("providers", "id", "id", typed)

    def _names(
        self, table: str, shown: str, key: str, typed: str, where: str = "1", parameters: Sequence[str] = ()
    ) -> list[str]:
        """The first of them, and where there are more the last one, too: a shell types what all of them have in
        common, and that has to be true of those that are left out."""
        sql = f"SELECT {shown} FROM {table} WHERE {key} >= ? AND {key} < ? AND {where} ORDER BY {key}"
        given = [typed, typed + LAST, *parameters]
        found = [name for (name,) in self._db.conn.execute(f"{sql} LIMIT {MOST}", given)]
        if len(found) == MOST:
            found += [name for (name,) in self._db.conn.execute(f"{sql} DESC LIMIT 1", given) if name not in found]
        return found
