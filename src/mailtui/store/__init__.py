"""What the company keeps, in one SQLite file; sqlite-utils is met nowhere else."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from mailtui.core.audit import Head
from mailtui.store import database
from mailtui.store.access import Access
from mailtui.store.additions import Additions, additions
from mailtui.store.addresses import Addresses
from mailtui.store.audit import Audit
from mailtui.store.beginnings import Beginnings
from mailtui.store.deliveries import Deliveries
from mailtui.store.meta import Meta
from mailtui.store.outbox import Outbox
from mailtui.store.people import Employees, Groups
from mailtui.store.projects import Projects
from mailtui.store.providers import Providers
from mailtui.store.secret_ids import SecretIds
from mailtui.store.versions import Versions


class Store:
    """An open database: a repository a noun, and transactions over all of them."""

    def __init__(self, path: Path) -> None:
        """Raises what `open_database` raises."""
        self._db = database.open_database(path)
        self.path = Path(os.path.realpath(path))
        """Where the file is, whichever link led to it: the vault lies beside it."""
        self.audit = Audit(self._db)
        versions = Versions(self._db, self.audit)
        self.meta = Meta(self._db)
        self.employees = Employees(self._db, versions)
        self.groups = Groups(self._db, versions)
        self.projects = Projects(self._db, versions)
        self.addresses = Addresses(self._db, versions)
        self.providers = Providers(self._db, versions)
        self.secret_ids = SecretIds(self._db)
        self.deliveries = Deliveries(self._db)
        self.outbox = Outbox(self._db)
        self.beginnings = Beginnings(self._db)
        self.access = Access(self._db, self.addresses, self.employees)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything within is written, or nothing; see `database.transaction`."""
        with database.transaction(self._db):
            yield

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Everything within is read as of one moment; see `database.reading`."""
        with database.reading(self._db):
            yield

    @contextlib.contextmanager
    def additions(self, behind: Head) -> Iterator[Additions]:
        """New addresses and audit rows, made ready outside any transaction; see `Additions`."""
        with additions(self._db, self.addresses, self.audit, behind) as made_ready:
            yield made_ready

    def close(self) -> None:
        self._db.close()
