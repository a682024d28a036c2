"""The OAuth providers that addresses sign in at."""

import json

from sqlite_utils import Database

from mailtui.core.providers import Provider
from mailtui.store.versions import Versions
from mailtui.store.window import Listing, Row, Window

LISTS = ("scopes", "endpoints", "asks")
"""Columns that hold JSON."""


class Providers:
    """The providers, by id."""

    def __init__(self, db: Database, versions: Versions) -> None:
        self._db = db
        self._versions = versions
        self._listing = Listing(
            db, make=_provider, table="providers p", order="p.id", select="p.*", searched=("p.id", "p.issuer")
        )

    def all(self) -> list[Provider]:
        return self._listing.rows(Window())

    def rows(self, window: Window) -> list[Provider]:
        return self._listing.rows(window)

    def count(self, matching: str = "") -> int:
        return self._listing.count(matching)

    def get(self, id: str) -> Provider | None:
        return self._listing.first("p.id = ?", [id])

    def save(self, provider: Provider) -> Provider:
        """Add it at version 0, else change that version. Raises Conflict where it is no longer the stored one."""
        saved = provider.model_copy(update={"version": provider.version + 1})
        row = saved.model_dump(mode="json")
        row |= {column: json.dumps(row[column]) for column in LISTS}
        self._versions.write("providers", {"id": provider.id}, row, f"provider {provider.id}")
        return saved

    def remove(self, id: str) -> None:
        self._db.table("providers").delete(id)

    def used_by(self, id: str) -> list[str]:
        """The addresses that sign in there."""
        # The index leaves out the many addresses that have none.
        where = "provider = ? AND provider <> '' AND signin = 'oauth'"
        sql = f"SELECT address FROM addresses WHERE {where} ORDER BY address_key"
        return [str(row["address"]) for row in self._db.query(sql, [id])]


def _provider(row: Row) -> Provider:
    return Provider.model_validate({**row, **{column: json.loads(row[column]) for column in LISTS}})
