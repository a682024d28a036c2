"""The projects."""

import json
from collections.abc import Collection

from sqlite_utils import Database

from mailtui.core.frozen import Frozen
from mailtui.core.projects import Project
from mailtui.store.versions import Versions
from mailtui.store.window import Listing, Row, Window


class ProjectRow(Frozen):
    """A project as a table shows it."""

    project: Project
    addresses: int
    """How many addresses are bound to it."""


class Projects:
    """The projects, active ones first, then by name."""

    def __init__(self, db: Database, versions: Versions) -> None:
        self._db = db
        self._versions = versions
        self._listing = Listing(
            db, make=_project_row, table="projects p", order="p.archived, p.name COLLATE NOCASE, p.key",
            select="p.*, (SELECT count(*) FROM address_projects b WHERE b.project_key = p.key) AS addresses",
            searched=("p.key", "p.name"),
            orders={
                "state": "p.archived, p.name COLLATE NOCASE, p.key",
                "name": "p.name COLLATE NOCASE, p.key",
                "key": "p.key",
            },
        )  # fmt: skip

    def rows(self, window: Window) -> list[ProjectRow]:
        return self._listing.rows(window)

    def all(self) -> list[Project]:
        return [row.project for row in self.rows(Window())]

    def count(self, matching: str = "") -> int:
        return self._listing.count(matching)

    def place(self, project: str, window: Window) -> int | None:
        """Where it stands; None where it does not, or that is not known yet."""
        return self._listing.place("p.key", project, window)

    def keys(self, matching: str = "") -> list[str]:
        """The keys of all that match."""
        return self._listing.keys("p.key", matching)

    def some_active(self, keys: Collection[str]) -> bool:
        """Whether one of these is not archived."""
        sql = "SELECT 1 FROM json_each(?) k JOIN projects p ON p.key = k.value AND NOT p.archived LIMIT 1"
        return self._db.conn.execute(sql, [json.dumps(list(keys))]).fetchone() is not None

    def strict_count(self) -> int:
        return self._listing.count(where="p.strict AND NOT p.archived")

    def get(self, key: str) -> Project | None:
        row = self._listing.first("p.key = ?", [key])
        return row.project if row else None

    def save(self, project: Project) -> Project:
        """Add it at version 0, else change that version. Raises Conflict where it is no longer the stored one."""
        saved = project.model_copy(update={"version": project.version + 1})
        row = {**saved.model_dump(), "strict": int(saved.strict), "archived": int(saved.archived)}
        self._versions.write("projects", {"key": project.key}, row, f"project {project.key}")
        return saved

    def remove(self, key: str) -> None:
        """Addresses that were bound to it lose the binding, and stay bound: without another project they belong
        nowhere."""
        self._db.table("projects").delete(key)


def _project_row(row: Row) -> ProjectRow:
    addresses = row.pop("addresses")
    return ProjectRow(project=Project(**row), addresses=addresses)
