"""The external addresses, with their access lists, bindings and last tests."""

import json
from collections.abc import Collection, Sequence
from enum import Enum

from sqlite_utils import Database

from mailtui.core.addresses import AddressState, ExternalAddress, LastTest, SmtpAccount, address_key
from mailtui.core.people import AccessList, Employee
from mailtui.core.projects import Project
from mailtui.store.versions import Versions, insert
from mailtui.store.window import Listing, Row, Window
from mailtui.store.words import Words


class Owner(Enum):
    """Whose addresses are meant, where it is not one employee's."""

    COMPANY = "company"
    EMPLOYEES = "employees"
    ANY = "any"


Whose = Owner | str
"""A login, or one of the owners."""

ACCOUNT_COLUMNS = tuple(SmtpAccount.model_fields)

OWN_COLUMNS = ("id", "address", "name", "owner", "enabled", "secret_id", "version")

SELECT = """a.*,
    iif(a.restricted, (SELECT json_group_array(login) FROM address_employees x WHERE x.address_id = a.id), NULL)
        AS access_employees,
    iif(a.restricted, (SELECT json_group_array(group_key) FROM address_groups x WHERE x.address_id = a.id), NULL)
        AS access_groups,
    iif(a.bound, (SELECT json_group_array(project_key) FROM address_projects x WHERE x.address_id = a.id), NULL)
        AS project_keys"""

# What the offer rule can possibly accept, found by indexes; the rule itself decides in the core.
CANDIDATES = f"""a.enabled AND a.state = '{AddressState.READY}' AND a.id IN (
    SELECT id FROM addresses WHERE owner = :login
    UNION SELECT address_id FROM address_projects WHERE project_key = :project
    UNION SELECT id FROM addresses WHERE owner IS NULL AND bound = 0 AND restricted = 0 AND enabled = 1
        AND state = '{AddressState.READY}' AND NOT :strict
    UNION SELECT address_id FROM address_employees WHERE login = :login AND bound = 0 AND NOT :strict
    UNION SELECT x.address_id FROM memberships m JOIN address_groups x ON x.group_key = m.group_key AND x.bound = 0
        WHERE m.login = :login AND NOT :strict)"""


# Asked of a row at a time, so that a window is read in the order of the addresses.
LETS_IN = """(a.restricted = 0
    OR EXISTS (SELECT 1 FROM address_employees x WHERE x.address_id = a.id AND x.login = ?)
    OR EXISTS (SELECT 1 FROM address_groups x WHERE x.address_id = a.id
        AND x.group_key IN (SELECT value FROM json_each(?))))"""

RESTRICTED = "a.owner IS NULL AND a.restricted = 1"

NAMES_GROUP = "a.id IN (SELECT address_id FROM address_groups WHERE group_key = ?)"


class Addresses:
    """The external addresses, by address."""

    def __init__(self, db: Database, versions: Versions) -> None:
        self._db = db
        self._versions = versions
        made_with = ("address", "name", "host", "ifnull(owner, '')")
        self._words = Words(db, "addresses", made_with, {"state": "1", "test_reason": "test_reason IS NOT NULL"})
        self._listing = Listing(
            db, make=_address, table="addresses a", order="a.address_key", select=SELECT, words=self._words,
            searched=("a.address", "a.name", "a.host", "ifnull(a.owner, '')", "a.state", "ifnull(a.test_reason, '')"),
            orders={
                "address": "a.address_key",
                "server": "a.host, a.address_key",
                "tested": "a.tested_at, a.address_key",
                "state": "a.enabled DESC, a.state, a.address_key",
            },
        )  # fmt: skip

    def rows(self, window: Window, whose: Whose = Owner.ANY) -> list[ExternalAddress]:
        return self._listing.rows(window, *_whose(whose))

    def all(self) -> list[ExternalAddress]:
        return self.rows(Window())

    def count(self, matching: str = "", whose: Whose = Owner.ANY) -> int:
        if whose is Owner.ANY and not matching.split():  # Both are known sooner than all of them are counted.
            return self.count(whose=Owner.COMPANY) + self.count(whose=Owner.EMPLOYEES)
        return self._listing.count(matching, *_whose(whose))

    def keys(self, matching: str = "", whose: Whose = Owner.ANY) -> list[str]:
        """The addresses of all that match."""
        return self._listing.keys("a.address", matching, *_whose(whose))

    def place(self, address: str, window: Window, whose: Whose = Owner.ANY) -> int | None:
        """Where it stands among those; None where it does not, or it is not known yet."""
        return self._listing.place("a.address_key", address_key(address), window, *_whose(whose))

    def former_owners(self) -> dict[str, int]:
        """Logins of employees who were removed, and how many addresses each left behind; all of these are off."""
        sql = "SELECT owner, count(*) FROM addresses INDEXED BY addresses_off WHERE enabled = 0 AND owner IS NOT NULL"
        sql += " AND owner NOT IN (SELECT login FROM employees) GROUP BY owner ORDER BY owner"
        return dict(self._db.conn.execute(sql).fetchall())

    def count_failing(self, whose: Whose) -> int:
        where, parameters = _whose(whose)
        sql = f"""SELECT count(*) FROM addresses a INDEXED BY addresses_failing
            WHERE {where} AND a.state = 'failing' AND a.enabled"""
        return int(self._db.conn.execute(sql, parameters).fetchone()[0])

    def get(self, address: str) -> ExternalAddress | None:
        """Without regard to case."""
        return self._listing.first("a.address_key = ?", [address_key(address)])

    def among(self, addresses: Collection[str]) -> list[ExternalAddress]:
        """Those of the addresses that are there, without regard to case; its cost follows how many are asked for."""
        keys = json.dumps([address_key(address) for address in addresses])
        return self._listing.rows(Window(), "a.address_key IN (SELECT value FROM json_each(?))", [keys])

    def with_ids(self, ids: Sequence[int]) -> list[ExternalAddress]:
        """Those that are there; its cost follows how many are asked for."""
        return self._listing.rows(Window(), "a.id IN (SELECT value FROM json_each(?))", [json.dumps([*ids])])

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

    def usable(self, employee: Employee, window: Window) -> list[ExternalAddress]:
        """Those of the company that the employee may use, as far as access lists go (rule 4)."""
        return self._listing.rows(window, f"a.owner IS NULL AND {LETS_IN}", _let_in(employee))

    def count_usable(self, employee: Employee, matching: str = "") -> int:
        return self._listing.count(matching, f"a.owner IS NULL AND {LETS_IN}", _let_in(employee))

    def closed_to(self, employee: Employee, window: Window) -> list[ExternalAddress]:
        """Those of the company whose access list does not let the employee in."""
        return self._listing.rows(window, f"a.owner IS NULL AND NOT {LETS_IN}", _let_in(employee))

    def count_closed_to(self, employee: Employee, matching: str = "") -> int:
        return self._listing.count(matching, f"a.owner IS NULL AND NOT {LETS_IN}", _let_in(employee))

    def restricted(self, window: Window) -> list[ExternalAddress]:
        """Those of the company that have an access list."""
        return self._listing.rows(window, RESTRICTED)

    def count_restricted(self, matching: str = "") -> int:
        return self._listing.count(matching, RESTRICTED)

    def group_rows(self, group: str, window: Window) -> list[ExternalAddress]:
        """Those whose access list names the group."""
        return self._listing.rows(window, NAMES_GROUP, [group])

    def count_of_group(self, group: str, matching: str = "") -> int:
        return self._listing.count(matching, NAMES_GROUP, [group])

    def accessible_to_employee(self, login: str) -> list[ExternalAddress]:
        """Those whose access list names him; through which groups he is let in does not matter here."""
        where = "a.id IN (SELECT address_id FROM address_employees WHERE login = ?)"
        return self._listing.rows(Window(), where, [login])

    def accessible_to_group(self, group: str) -> list[ExternalAddress]:
        return self.group_rows(group, Window())

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
            stored = self._db.conn.execute("SELECT address FROM addresses WHERE id = ?", [saved.id]).fetchone()
            thing = f"address {stored[0] if stored else saved.address}"  # The audit knows it by the one it has now.
            self._words.drop(saved.id)
            self._versions.write("addresses", {"id": saved.id}, _row(saved), thing)
            for table in ("address_employees", "address_groups", "address_projects"):
                self._db.conn.execute(f"DELETE FROM {table} WHERE address_id = ?", [saved.id])
        self._words.add(saved.id)
        self._link([saved])
        return saved

    def last_id(self) -> int:
        return int(self._db.conn.execute("SELECT ifnull(max(id), 0) FROM addresses").fetchone()[0])

    def insert_new(self, addresses: Sequence[ExternalAddress], last: int, table: str) -> int:
        """Rows of new addresses with the numbers after `last`, whose words are not indexed yet; `table` makes another
        table's name of one that the rows belong in. Returns the last number."""
        new = [one.model_copy(update={"id": id, "version": 1}) for id, one in enumerate(addresses, start=last + 1)]
        insert(self._db, table.format("addresses"), [_row(one) for one in new])
        self._link(new, table)
        return last + len(new)

    def index_behind(self, last: int) -> None:
        """Index the words of every address with a number after that."""
        self._words.add_behind(last)

    def require_version(self, stored: ExternalAddress, version: int) -> None:
        """Raises Conflict, which says who was first, where the stored version is another."""
        if stored.version != version:
            raise self._versions.conflict(f"address {stored.address}")

    def record_test(self, address: ExternalAddress, test: LastTest) -> ExternalAddress:
        """Keep the test. It is no edit, and so the version stays: who has the address open is not in anybody's way."""
        tested = address.model_copy(update={"last_test": test})
        self._db.table("addresses").update(address.id, _test_columns(tested))
        return tested

    def remove(self, id: int) -> None:
        self._words.drop(id)
        self._db.table("addresses").delete(id)

    def _link(self, addresses: Sequence[ExternalAddress], table: str = "{}") -> None:
        """Store whom and what they name, none of which is stored yet."""
        employees, groups, projects = list[Row](), list[Row](), list[Row]()
        for one in addresses:
            access, which = one.access or AccessList(), {"address_id": one.id}
            bound = {**which, "bound": int(one.projects is not None)}
            employees += [{**bound, "login": login} for login in sorted(access.employees)]
            groups += [{**bound, "group_key": key} for key in sorted(access.groups)]
            projects += [{**which, "project_key": key} for key in sorted(one.projects or ())]
        insert(self._db, table.format("address_employees"), employees)
        insert(self._db, table.format("address_groups"), groups)
        insert(self._db, table.format("address_projects"), projects)


def _let_in(employee: Employee) -> list[str]:
    """What LETS_IN asks for."""
    return [employee.login, json.dumps(sorted(employee.groups))]


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
    # Validated as one: each model by itself takes half as long again.
    return ExternalAddress.model_validate({
        **{column: row[column] for column in OWN_COLUMNS},
        "account": {column: row[column] for column in ACCOUNT_COLUMNS},
        "access": {
            "employees": json.loads(row["access_employees"]), "groups": json.loads(row["access_groups"])
        } if row["restricted"] else None,
        "projects": json.loads(row["project_keys"]) if row["bound"] else None,
        "last_test": {
            "fingerprint": row["test_fingerprint"], "ok": row["test_ok"], "at": row["tested_at"],
            "step": row["test_step"], "reason": row["test_reason"], "reply": row["test_reply"],
            "failing_since": row["failing_since"],
        } if row["test_fingerprint"] is not None else None,
    })  # fmt: skip
