"""The SQL statements of the key store."""

CREATE_TABLES = """
PRAGMA cache_size = -{cache};
PRAGMA temp_store = FILE;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE rule (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE account (id INTEGER PRIMARY KEY, file BLOB, position INTEGER, line INTEGER, reference BLOB);
CREATE TABLE held (rule INTEGER, key BLOB, account INTEGER, attr BLOB, same BLOB, shown BLOB, listed INTEGER);
CREATE TABLE clash (rule INTEGER, key BLOB, PRIMARY KEY (rule, key)) WITHOUT ROWID;
"""
"""Strings are stored as bytes: this allows lone surrogates, and sorts the same on every system."""

INSERT_RULE = "INSERT INTO rule VALUES (?, ?)"
INSERT_ACCOUNT = "INSERT INTO account VALUES (?, ?, ?, ?, ?)"
INSERT_KEY = "INSERT INTO held VALUES (?, ?, ?, ?, ?, ?, ?)"

MARK_CLASHES = """
INSERT INTO clash SELECT rule, key FROM held GROUP BY rule, key HAVING max(listed) OR (
    min(account) <> max(account) AND (max(same) IS NULL OR min(same) <> max(same)))
"""
"""Marks the keys that may clash: with a reference list, or of several accounts that do not agree in ``same``."""

CLEAR_CLASHES = "DELETE FROM clash"

SELECT_CLASHES = """
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
"""Selects the rows of the marked keys, grouped by key, in the order of the first place of each key.

CROSS JOIN fixes the join order of SQLite: scan all keys once, and look up the few that are marked.
"""
