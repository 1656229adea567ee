"""What the association by domain keeps of an import, and of its runs over all contacts."""

from collections.abc import Mapping

import polars as pl

from kartotek.store import bulk
from kartotek.store.database import Tx


def note(tx: Tx, import_id: int, position: int, contacts: pl.Series) -> None:
    tx.call("domains.note", {"import": import_id, "position": position, "contacts": bulk.array(contacts)})


def due(tx: Tx, import_id: int) -> tuple[int, pl.Series] | None:
    """The batch of an import whose contacts are next: where it begins, and these."""
    rows = tx.query("domains.due", {"import": import_id})
    return (rows[0]["position"], pl.Series("_id", rows[0]["waiting"], pl.Int64)) if rows else None


def had(
    tx: Tx, import_id: int, position: int, companies: pl.Series, contacts: pl.Series, left: pl.Series
) -> None:  # fmt: skip
    done = {name: bulk.array(ids) for name, ids in (("companies", companies), ("contacts", contacts), ("left", left))}
    tx.call("domains.had", {"import": import_id, "position": position, **done})


def of_import(tx: Tx, import_id: int) -> Mapping[str, int]:
    """`companies` made and `contacts` associated."""
    return {name: int(count) for name, count in tx.query("domains.of_import", {"import": import_id})[0].items()}
