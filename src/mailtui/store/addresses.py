"""The external addresses, with their access lists, bindings and last tests."""

import json
from collections.abc import Sequence
from enum import Enum

from sqlite_utils import Database

from mailtui.core.addresses import AddressState, ExternalAddress, LastTest, SmtpAccount, address_key
from mailtui.core.people import AccessList, Employee
from mailtui.core.projects import Project
from mailtui.store.versions import Versions
from mailtui.store.window import Listing, Row, Window


class Owner(Enum):
    """Whose addresses are meant, where it is not one employee's."""

    COMPANY = "company"
    EMPLOYEES = "employees"
    ANY = "any"


Whose = Owner | str
"""A login, or one of the owners."""

ACCOUNT_COLUMNS = tuple(SmtpAccount.model_fields)

SELECT = """a.*,
    (SELECT json_group_array(login) FROM address_employees x WHERE x.address_id = a.id) AS access_employees,
    (SELECT json_group_array(group_key) FROM address_groups x WHERE x.address_id = a.id) AS access_groups,
    (SELECT json_group_array(project_key) FROM address_projects x WHERE x.address_id = a.id) AS project_keys"""

# What the offer rule can possibly accept, found by indexes; the rule itself decides in the core.
CANDIDATES = f"""a.enabled AND a.state = '{AddressState.READY}' AND a.id IN (
    SELECT id FROM addresses WHERE owner = :login
    UNION SELECT address_id FROM address_projects WHERE project_key = :project
    UNION SELECT id FROM addresses WHERE owner IS NULL AND bound = 0 AND restricted = 0 AND enabled = 1
        AND state = '{AddressState.READY}' AND NOT :strict
    UNION SELECT address_id FROM address_employees WHERE login = :login AND bound = 0 AND NOT :strict
    UNION SELECT x.address_id FROM memberships m JOIN address_groups x ON x.group_key = m.group_key AND x.bound = 0
        WHERE m.login = :login AND NOT :strict)"""


class Addresses:
    """The external addresses, by address."""

    def __init__(self, db: Database, versions: Versions) -> None:
        self._db = db
        self._versions = versions
        self._listing = Listing(
            db, make=_address, table="addresses a", order="a.address_key", select=SELECT,
            searched=("a.address", "a.name", "a.host", "ifnull(a.owner, '')", "a.state", "ifnull(a.test_reason, '')"),
        )  # fmt: skip

    def rows(self, window: Window, whose: Whose = Owner.ANY) -> list[ExternalAddress]:
        return self._listing.rows(window, *_whose(whose))

    def all(self) -> list[ExternalAddress]:
        return self.rows(Window())

    def count(self, matching: str = "", whose: Whose = Owner.ANY) -> int:
        return self._listing.count(matching, *_whose(whose))

    def count_failing(self, whose: Whose) -> int:
        where, parameters = _whose(whose)
        return self._listing.count("", f"{where} AND a.state = '{AddressState.FAILING}' AND a.enabled", parameters)

    def get(self, address: str) -> ExternalAddress | None:
        """Without regard to case."""
        return self._listing.first("a.address_key = ?", [address_key(address)])

    def by_id(self, id: int) -> ExternalAddress | None:
        return self._listing.first("a.id = ?", [id])

    def candidates(self, employee: Employee, project: Project) -> list[ExternalAddress]:
        """At least every address that may be offered to the employee in the project; its cost follows what is
        offered, not what exists."""
        sql = f"SELECT {SELECT} FROM addresses a WHERE {CANDIDATES} ORDER BY a.address_key"
        found = self._db.query(sql, {"login": employee.login, "project": project.key, "strict": project.strict})
        return [_address(row) for row in found]

    def bound_to(self, project: str) -> list[ExternalAddress]:
        where = "a.id IN (SELECT address_id FROM address_projects WHERE project_key = ?)"
        return self._listing.rows(Window(), where, [project])

    def accessible_to_employee(self, login: str) -> list[ExternalAddress]:
        """Those whose access list names him; through which groups he is let in does not matter here."""
        where = "a.id IN (SELECT address_id FROM address_employees WHERE login = ?)"
        return self._listing.rows(Window(), where, [login])

    def accessible_to_group(self, group: str) -> list[ExternalAddress]:
        where = "a.id IN (SELECT address_id FROM address_groups WHERE group_key = ?)"
        return self._listing.rows(Window(), where, [group])

    def save(self, address: ExternalAddress) -> ExternalAddress:
        """Add it at version 0, else change that version of the row with its id.

        Raises Conflict where that is no longer the stored version, BadInput where the address exists already.
        """
        saved = address.model_copy(update={"version": address.version + 1})
        if saved.version == 1:
            row = {**_row(saved), "id": None}
            self._versions.write("addresses", {}, row, f"address {saved.address}")
            id = int(self._db.conn.execute("SELECT last_insert_rowid()").fetchone()[0])
            saved = saved.model_copy(update={"id": id})
        else:
            stored = self.by_id(saved.id)  # The audit knows it by the address that it has now.
            thing = f"address {(stored or saved).address}"
            self._versions.write("addresses", {"id": saved.id}, _row(saved), thing)
        access = saved.access or AccessList()
        bound = {"bound": int(saved.projects is not None)}
        self._replace("address_employees", saved.id, [{"login": login, **bound} for login in sorted(access.employees)])
        self._replace("address_groups", saved.id, [{"group_key": key, **bound} for key in sorted(access.groups)])
        self._replace("address_projects", saved.id, [{"project_key": key} for key in sorted(saved.projects or ())])
        return saved

    def record_test(self, address: ExternalAddress, test: LastTest) -> ExternalAddress:
        """Keep the test. It is no edit, and so the version stays: who has the address open is not in anybody's way."""
        tested = address.model_copy(update={"last_test": test})
        self._db.table("addresses").update(address.id, _test_columns(tested))
        return tested

    def remove(self, id: int) -> None:
        self._db.table("addresses").delete(id)

    def _replace(self, table: str, id: int, rows: Sequence[Row]) -> None:
        self._db.table(table).delete_where("address_id = ?", [id])
        self._db.table(table).insert_all({"address_id": id, **row} for row in rows)


def _whose(whose: Whose) -> tuple[str, list[str]]:
    match whose:
        case Owner.ANY:
            return "1", []
        case Owner.COMPANY:
            return "a.owner IS NULL", []
        case Owner.EMPLOYEES:
            return "a.owner IS NOT NULL", []
        case login:
            return "a.owner = ?", [str(login)]


def _row(address: ExternalAddress) -> Row:
    account = address.account.model_dump(mode="json")
    return {
        "id": address.id,
        "address": address.address,
        "address_key": address_key(address.address),
        "name": address.name,
        "owner": address.owner,
        "enabled": int(address.enabled),
        **account,
        "cleartext_confirmed": int(account["cleartext_confirmed"]),
        "secret_id": address.secret_id,
        "restricted": int(address.access is not None),
        "bound": int(address.projects is not None),
        **_test_columns(address),
        "version": address.version,
    }


def _test_columns(address: ExternalAddress) -> Row:
    test = address.last_test
    return {
        "state": address.state.value,
        "test_fingerprint": test and test.fingerprint,
        "test_ok": test and int(test.ok),
        "tested_at": test and test.at.isoformat(),
        "test_step": test and test.step,
        "test_reason": test and test.reason,
        "test_reply": test and test.reply,
        "failing_since": test and test.failing_since and test.failing_since.isoformat(),
    }


def _address(row: Row) -> ExternalAddress:
    access = AccessList(employees=json.loads(row["access_employees"]), groups=json.loads(row["access_groups"]))
    test = None
    if row["test_fingerprint"] is not None:
        test = LastTest(
            fingerprint=row["test_fingerprint"],
            ok=row["test_ok"],
            at=row["tested_at"],
            step=row["test_step"],
            reason=row["test_reason"],
            reply=row["test_reply"],
            failing_since=row["failing_since"],
        )
    return ExternalAddress(
        id=row["id"],
        address=row["address"],
        name=row["name"],
        owner=row["owner"],
        enabled=row["enabled"],
        account=SmtpAccount(**{column: row[column] for column in ACCOUNT_COLUMNS}),
        access=access if row["restricted"] else None,
        projects=frozenset(json.loads(row["project_keys"])) if row["bound"] else None,
        secret_id=row["secret_id"],
        last_test=test,
        version=row["version"],
    )
