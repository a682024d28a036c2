"""Which secrets ought to be in the keyring: their ids only, written before the keyring is (decision 3)."""

from datetime import datetime

from sqlite_utils import Database

USED = "SELECT secret_id FROM addresses UNION SELECT client_secret_id FROM providers"
"""The ids of the secrets that something signs in with."""


class SecretIds:
    """The ids of all secrets that were ever put into the keyring and not yet taken out."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, id: str, at: datetime, source: str = "") -> None:
        """`source` tells where an import read the secret, so that the same file is not read in twice."""
        self._db.table("secrets").insert({"id": id, "source": source, "created_at": at.isoformat()})

    def source(self, id: str) -> str:
        row = self._db.conn.execute("SELECT source FROM secrets WHERE id = ?", [id]).fetchone()
        return str(row[0]) if row else ""

    def sources(self) -> dict[str, str]:
        """Where each was read, by its id."""
        return {row["id"]: row["source"] for row in self._db.query("SELECT id, source FROM secrets")}

    def remove(self, id: str) -> None:
        self._db.table("secrets").delete_where("id = ?", [id])

    def all(self) -> frozenset[str]:
        return frozenset(row["id"] for row in self._db.query("SELECT id FROM secrets"))

    def unused(self, before: datetime | None = None) -> frozenset[str]:
        """Ids that no address and no provider uses: left over where a save was broken off. `before`: only those that
        were written by then."""
        sql = f"SELECT id FROM secrets WHERE id NOT IN ({USED}) AND (:before IS NULL OR created_at <= :before)"
        return frozenset(row["id"] for row in self._db.query(sql, {"before": before and before.isoformat()}))

    def in_use(self) -> dict[str, str]:
        """Secret id to the address that signs in with it."""
        sql = "SELECT secret_id, address FROM addresses WHERE secret_id <> '' ORDER BY address_key"
        return {row["secret_id"]: row["address"] for row in self._db.query(sql)}
