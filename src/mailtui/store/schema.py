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
    "CREATE INDEX employees_by_role ON employees (role, name COLLATE NOCASE, login)",
    "CREATE INDEX employees_by_email ON employees (email, login)",
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
    "CREATE INDEX projects_by_state ON projects (archived, name COLLATE NOCASE, key)",
    # `restricted` and `bound` outlive the rows that they are about: an access list whose last group was deleted lets
    # nobody in, and an address whose last project was deleted belongs nowhere. Neither opens by a deletion. `owner`
    # outlives the employee in the same way: his addresses stay, switched off, and become nobody else's.
    """CREATE TABLE addresses (
        id INTEGER PRIMARY KEY, address TEXT NOT NULL, address_key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        owner TEXT, enabled INTEGER NOT NULL,
        service TEXT NOT NULL, host TEXT NOT NULL, port INTEGER NOT NULL, security TEXT NOT NULL, signin TEXT NOT NULL,
        username TEXT NOT NULL, ca_file TEXT NOT NULL, pinned_certificate TEXT NOT NULL,
        cleartext_confirmed INTEGER NOT NULL, provider TEXT NOT NULL, secret_id TEXT NOT NULL,
        restricted INTEGER NOT NULL, bound INTEGER NOT NULL, state TEXT NOT NULL,
        test_fingerprint TEXT, test_ok INTEGER, tested_at TEXT, test_step TEXT, test_reason TEXT, test_reply TEXT,
        failing_since TEXT,
        version INTEGER NOT NULL) STRICT""",
    "CREATE INDEX addresses_by_owner ON addresses (owner, address_key)",
    "CREATE INDEX addresses_by_server ON addresses (owner, host, address_key)",
    "CREATE INDEX addresses_by_test ON addresses (owner, tested_at, address_key)",
    "CREATE INDEX addresses_by_state ON addresses (owner, enabled DESC, state, address_key)",
    "CREATE INDEX addresses_with_list ON addresses (address_key) WHERE owner IS NULL AND restricted = 1",
    # What employees who were removed left behind is among these few.
    "CREATE INDEX addresses_off ON addresses (owner) WHERE enabled = 0 AND owner IS NOT NULL",
    "CREATE INDEX addresses_by_provider ON addresses (provider, address_key) WHERE provider <> ''",
    "CREATE INDEX addresses_general ON addresses (owner, bound, restricted, enabled, state)",
    "CREATE INDEX addresses_failing ON addresses (owner) WHERE state = 'failing' AND enabled",
    "CREATE INDEX addresses_of_state ON addresses (state)",
    "CREATE INDEX addresses_by_reason ON addresses (test_reason) WHERE test_reason IS NOT NULL",
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
        note TEXT NOT NULL, sent_at TEXT, lease TEXT, lease_boot TEXT, lease_from REAL, lease_until REAL,
        reason TEXT NOT NULL DEFAULT '') STRICT""",
    "CREATE INDEX deliveries_by_project ON deliveries (project, id)",
    "CREATE INDEX deliveries_by_employee ON deliveries (by, id)",
    "CREATE INDEX deliveries_by_state ON deliveries (state, id)",
    # `reason` is that of the last attempt. What was sent, by far the most, is not in these two.
    "CREATE INDEX deliveries_by_reason ON deliveries (reason, id) WHERE reason <> ''",
    "CREATE INDEX deliveries_failed ON deliveries (created_at) WHERE state = 'failed'",
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
    "CREATE INDEX attempts_refused ON attempts (at, reason) WHERE reason <> ''",
    """CREATE TABLE audit (
        id INTEGER PRIMARY KEY, at TEXT NOT NULL, by TEXT NOT NULL, login TEXT NOT NULL, employee TEXT NOT NULL,
        uid INTEGER, action TEXT NOT NULL, object TEXT NOT NULL, before TEXT, after TEXT, hash TEXT NOT NULL) STRICT""",
    "CREATE INDEX audit_by_object ON audit (object, id)",
    # For filters: only which rows a part of a word is in, since the row itself is read anyhow.
    *(
        statement
        for table in ("addresses", "deliveries", "audit")
        for statement in (
            f"CREATE VIRTUAL TABLE {table}_words USING fts5(words, content='', columnsize=0, detail=none,"
            " tokenize='trigram case_sensitive 1')",
            f"CREATE VIRTUAL TABLE {table}_parts USING fts5vocab({table}_words, row)",
        )
    ),
)


@migrations()
def first_tables(db: Database) -> None:
    """Everything that the first release stores."""
    for statement in TABLES:
        db.execute(statement)
