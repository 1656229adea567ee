"""The schema as it stands, for reading: writes schema.sql from what a migrated database says of itself.

python -m kartotek.store.describe        after a new migration; a test keeps the two equal
"""

import sys
import tempfile
from pathlib import Path

from kartotek import standard
from kartotek.settings import Settings
from kartotek.store import embedded, migrate, tables
from kartotek.store.database import Database, Tx

FILE = Path(__file__).parent / "schema.sql"

_HEADING = """\
-- All migrations together, for reading: written by `python -m kartotek.store.describe`, never by hand.
-- The reasons stand in the migrations; the tables of the queue (schema queue) are procrastinate's own.
"""
_RECORDS = """\
-- For each object type one table of records, made from the catalogue (store/tables.py): these columns, then one for
-- each of its properties that is not kept in _extra.
CREATE TABLE crm.<object type> (
{columns}
);
"""


def schema(tx: Tx) -> str:
    """Everything in schema kartotek, and what the tables of schema crm have in common."""
    tx.run("SET LOCAL search_path = pg_catalog")  # so that every name comes with its schema, whoever asks
    parts = [_HEADING, _statements(tx, "enums"), _statements(tx, "sequences"), _statements(tx, "functions")]
    for row in tx.query("describe.tables"):
        parts.append(f"CREATE TABLE {row['name']} (\n" + ",\n".join(f"    {line}" for line in row["lines"]) + "\n);\n")
    parts.append(_statements(tx, "indexes"))
    columns = [f"    {row['name']} {row['type']}" for row in tx.query("describe.record_columns")]
    parts.append(_RECORDS.format(columns=",\n".join(columns)))
    return "\n".join(parts)


def main() -> int:
    """On a server of its own, so that nothing but the migrations has ever happened there."""
    with tempfile.TemporaryDirectory() as home:
        Path(home).chmod(0o711)  # the server may run as another user
        with embedded.running(Settings.from_environment({"KARTOTEK_HOME": f"{home}/kartotek"})) as server:
            database = Database(server.conninfo).open()
            with database.transaction() as tx:
                migrate.migrate(tx)
                tables.create(tx, standard.object_types()[0])
                FILE.write_text(schema(tx), encoding="utf-8")
            database.close()
    return 0


def _statements(tx: Tx, kind: str) -> str:
    return "".join(f"{row['statement']}\n" for row in tx.query(f"describe.{kind}"))


if __name__ == "__main__":
    sys.exit(main())
