"""Surveys: what the file of a draft was found to hold, worked out by a worker and kept beside the draft."""

from collections.abc import Mapping
from typing import Any

from kartotek.domain import Tx, jobs


def ask(tx: Tx, id: int) -> None:
    """Has a worker look at whatever is not known yet of this import's file."""
    jobs.enqueue(tx, "survey", {"id": id})


def get(tx: Tx, id: int) -> tuple[dict[str, Any], int]:
    """What has been found, {} before anything has; and how many rows have been looked at."""
    row = tx.query("surveys.get", {"id": id})[0]
    return row["survey"] or {}, row["surveyed"] or 0


def keep(tx: Tx, id: int, found: Mapping[str, Any]) -> None:
    tx.call("surveys.keep", {"id": id, "survey": dict(found)})


def advance(tx: Tx, id: int, rows: int) -> None:
    """Tells those who watch how many rows have been looked at."""
    tx.call("surveys.advance", {"id": id, "rows": rows})
