"""The tables, as migrations: each is applied once, in order, and never edited after a release."""

from sqlite_utils import Database, Migrations

SCHEMA_VERSION = 1
"""Kept in the database's user_version; raised with every migration, so that a start need not look them up."""

migrations = Migrations("mailtui")

TABLES = (
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    """CREATE TABLE employees (
        login TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL, role TEXT NOT NULL,
        version INTEGER NOT NULL) STRICT""",
    "CREATE INDEX employees_by_name ON employees (name COLLATE NOCASE, login)",
    "CREATE TABLE groups (key TEXT PRIMARY KEY, name TEXT NOT NULL, version INTEGER NOT NULL) STRICT",
    "CREATE INDEX groups_by_name ON groups (name COLLATE NOCASE, key)",
    """CREATE TABLE memberships (
        login TEXT NOT NULL REFERENCES employees ON DELETE CASCADE ON UPDATE CASCADE,
        group_key TEXT NOT NULL REFERENCES groups ON DELETE CASCADE ON UPDATE CASCADE,
        PRIMARY KEY (login, group_key)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX memberships_by_group ON memberships (group_key)",
    """CREATE TABLE projects (
        key TEXT PRIMARY KEY, name TEXT NOT NULL, strict INTEGER NOT NULL, archived INTEGER NOT NULL,
        version INTEGER NOT NULL) STRICT""",
    "CREATE INDEX projects_by_name ON projects (name COLLATE NOCASE, key)",
    # `restricted` and `bound` outlive the rows that they are about: an access list whose last group was deleted lets
    # nobody in, and an address whose last project was deleted belongs nowhere. Neither opens by a deletion.
    """CREATE TABLE addresses (
        id INTEGER PRIMARY KEY, address TEXT NOT NULL, address_key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        owner TEXT REFERENCES employees ON DELETE RESTRICT ON UPDATE CASCADE, enabled INTEGER NOT NULL,
        service TEXT NOT NULL, host TEXT NOT NULL, port INTEGER NOT NULL, security TEXT NOT NULL, signin TEXT NOT NULL,
        username TEXT NOT NULL, ca_file TEXT NOT NULL, pinned_certificate TEXT NOT NULL,
        cleartext_confirmed INTEGER NOT NULL, provider TEXT NOT NULL, secret_id TEXT NOT NULL,
        restricted INTEGER NOT NULL, bound INTEGER NOT NULL, state TEXT NOT NULL,
        test_fingerprint TEXT, test_ok INTEGER, tested_at TEXT, test_step TEXT, test_reason TEXT, test_reply TEXT,
        failing_since TEXT,
        version INTEGER NOT NULL) STRICT""",
    "CREATE INDEX addresses_by_owner ON addresses (owner, address_key)",
    "CREATE INDEX addresses_by_provider ON addresses (provider, address_key) WHERE provider <> ''",
    "CREATE INDEX addresses_general ON addresses (owner, bound, restricted, enabled, state)",
    # `bound` here is the address's: a group may use thousands of addresses of other projects, and they are passed over.
    """CREATE TABLE address_employees (
        address_id INTEGER NOT NULL REFERENCES addresses ON DELETE CASCADE,
        login TEXT NOT NULL REFERENCES employees ON DELETE CASCADE ON UPDATE CASCADE, bound INTEGER NOT NULL,
        PRIMARY KEY (address_id, login)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX address_employees_by_login ON address_employees (login, bound)",
    """CREATE TABLE address_groups (
        address_id INTEGER NOT NULL REFERENCES addresses ON DELETE CASCADE,
        group_key TEXT NOT NULL REFERENCES groups ON DELETE CASCADE ON UPDATE CASCADE, bound INTEGER NOT NULL,
        PRIMARY KEY (address_id, group_key)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX address_groups_by_group ON address_groups (group_key, bound)",
    """CREATE TABLE address_projects (
        address_id INTEGER NOT NULL REFERENCES addresses ON DELETE CASCADE,
        project_key TEXT NOT NULL REFERENCES projects ON DELETE CASCADE ON UPDATE CASCADE,
        PRIMARY KEY (address_id, project_key)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX address_projects_by_project ON address_projects (project_key)",
    """CREATE TABLE providers (
        id TEXT PRIMARY KEY, issuer TEXT NOT NULL, client_id TEXT NOT NULL, client_secret_id TEXT NOT NULL,
        scopes TEXT NOT NULL, flow TEXT NOT NULL, endpoints TEXT NOT NULL, asks TEXT NOT NULL, redirect TEXT NOT NULL,
        ca_file TEXT NOT NULL, version INTEGER NOT NULL) STRICT""",
    # Written before the keyring is, so that a crash between the two leaves a trace that `doctor` can follow.
    "CREATE TABLE secrets (id TEXT PRIMARY KEY, source TEXT NOT NULL, created_at TEXT NOT NULL) STRICT",
    # A delivery names project, sender and employee by their words at the time: history outlives them.
    """CREATE TABLE deliveries (
        id INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE, project TEXT NOT NULL, sender TEXT NOT NULL,
        recipient TEXT NOT NULL, recipient_key TEXT NOT NULL, by TEXT NOT NULL, subject TEXT NOT NULL,
        state TEXT NOT NULL, attempts INTEGER NOT NULL, created_at TEXT NOT NULL, next_attempt_at TEXT,
        note TEXT NOT NULL, sent_at TEXT, lease TEXT, lease_boot TEXT, lease_from REAL, lease_until REAL) STRICT""",
    "CREATE INDEX deliveries_by_project ON deliveries (project, id)",
    "CREATE INDEX deliveries_by_employee ON deliveries (by, id)",
    "CREATE INDEX deliveries_by_state ON deliveries (state, id)",
    # What waits for a time, and what waits for its account: found a sender at a time, however much of either there is.
    "CREATE INDEX deliveries_due ON deliveries (sender, next_attempt_at, id) WHERE state IN ('queued', 'deferred')",
    "CREATE INDEX deliveries_leased ON deliveries (lease) WHERE state = 'sending'",
    "CREATE INDEX deliveries_under_way ON deliveries (recipient_key) WHERE state = 'sending'",
    "CREATE INDEX deliveries_sent ON deliveries (recipient_key, sent_at) WHERE sent_at IS NOT NULL",
    # Apart from the deliveries, so that a table of those is read without their contents, which can be purged.
    """CREATE TABLE messages (
        delivery INTEGER PRIMARY KEY REFERENCES deliveries ON DELETE CASCADE, octets BLOB NOT NULL) STRICT""",
    """CREATE TABLE attempts (
        id INTEGER PRIMARY KEY, delivery INTEGER NOT NULL REFERENCES deliveries ON DELETE CASCADE, at TEXT NOT NULL,
        ok INTEGER NOT NULL, step TEXT, code INTEGER, enhanced TEXT NOT NULL, reply TEXT NOT NULL,
        reason TEXT NOT NULL, retry TEXT) STRICT""",
    "CREATE INDEX attempts_by_delivery ON attempts (delivery, id)",
    """CREATE TABLE audit (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, by TEXT NOT NULL, action TEXT NOT NULL, object TEXT NOT NULL,
        before TEXT, after TEXT) STRICT""",
    "CREATE INDEX audit_by_object ON audit (object, id)",
)


@migrations()
def first_tables(db: Database) -> None:
    """Everything that the first release stores."""
    for statement in TABLES:
        db.execute(statement)
