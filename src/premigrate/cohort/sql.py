"""What the store of a gathering is told, in its own language."""

TABLES = """
PRAGMA cache_size = -{cache};
PRAGMA temp_store = FILE;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE rule (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE account (id INTEGER PRIMARY KEY, file BLOB, position INTEGER, line INTEGER, reference BLOB);
CREATE TABLE held (rule INTEGER, key BLOB, account INTEGER, attr BLOB, same BLOB, shown BLOB, listed INTEGER);
CREATE TABLE clash (rule INTEGER, key BLOB, PRIMARY KEY (rule, key)) WITHOUT ROWID;
"""
"""Texts are stored as bytes, so that none is refused and all are in one order on every system."""

INSERT_RULE = "INSERT INTO rule VALUES (?, ?)"
INSERT_ACCOUNT = "INSERT INTO account VALUES (?, ?, ?, ?, ?)"
INSERT_KEY = "INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?)"

MARK = """
INSERT INTO clash SELECT rule, key FROM held GROUP BY rule, key HAVING max(listed) OR (
    min(account) <> max(account) AND (max(same) IS NULL OR min(same) <> max(same)))
"""
"""Marks the keys that may clash: those that several accounts have, told differently where it matters."""

FORGET = "DELETE FROM clash"

FIND = """
SELECT min(number) OVER (PARTITION BY rule, key) AS first, name, key, shown, listed, same,
    file, position, line, reference, attr
FROM (
    SELECT row_number() OVER (ORDER BY file, position, line, name, attr, key) AS number,
        rule, name, held.key, shown, listed, same, file, position, line, reference, attr
    FROM held CROSS JOIN clash USING (rule, key) CROSS JOIN account ON account.id = held.account
        CROSS JOIN rule ON rule.id = held.rule
)
ORDER BY first, number
"""
"""Fetches all rows of the marked keys, together, in the order of the first place of each.

CROSS JOIN is how SQLite is told the order of its loops: through all keys once, looking up the few that are marked.
"""
