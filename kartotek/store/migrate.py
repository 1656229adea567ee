"""Applies migrations/ in order, each once, under one lock: several processes may start at the same time."""

from pathlib import Path

from kartotek.store.database import Tx

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x6B617274  # "kart": the advisory lock that lets one process migrate at a time


def migrate(tx: Tx) -> list[str]:
    """Brings the schema up to date; gives the names of the migrations applied."""
    tx.run("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    tx.run("CREATE SCHEMA IF NOT EXISTS kartotek")
    tx.run(
        "CREATE TABLE IF NOT EXISTS kartotek.migrations "
        "(name text PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())"
    )
    done = {row["name"] for row in tx.rows("SELECT name FROM kartotek.migrations")}
    pending = [file for file in files() if file.stem not in done]
    for file in pending:
        tx.run(file.read_text(encoding="utf-8"))
        tx.run("INSERT INTO kartotek.migrations (name) VALUES (%s)", [file.stem])
    return [file.stem for file in pending]


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.sql"))
