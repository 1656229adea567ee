"""Indexes that large tables are sorted by, one for a property that people sort by, made when they first do.

An index on every property would make each import pay for orders that nobody asks for (docs/decisions/index-pages.md),
so each costs only where it is used. Of too many, the one that was not used for the longest time goes. They are built
beside readers and writers, so outside any transaction; one that was not finished is begun again.
"""

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store import tables
from kartotek.store.database import Database, Tx
from kartotek.store.search import keys

# Below this many records a sort takes less than a look at the index would save.
LARGE = 20_000
MOST = 8  # of one object type


def is_sorted(tx: Tx, prop: Property) -> bool:
    """Whether there is an index for it, finished or on its way, or none can help."""
    return (
        tables.fact(prop) == "_id"
        or prop.name in tables.DERIVED
        or bool(tx.query("sorting.there", {"name": keys.index(prop)}))
    )


def build(database: Database, object_type: ObjectType, prop: Property) -> None:
    """Makes the index; when it is there already, nothing."""
    with psycopg.connect(database.conninfo, autocommit=True, row_factory=dict_row) as connection:
        tx = Tx(connection)
        for row in tx.query("sorting.unfinished", {"name": keys.index(prop)}):
            _drop(tx, row["name"])
        tx.run(
            sql.SQL("CREATE INDEX CONCURRENTLY IF NOT EXISTS {} ON {} (({}), _id DESC) WHERE _archived IS NULL").format(
                sql.Identifier(keys.index(prop)), tables.table(object_type), keys.order(prop)
            )
        )
        others = tx.query("sorting.others", {"table": object_type.name, "name": keys.index(prop)})
        for row in others[MOST - 1 :]:
            _drop(tx, row["name"])


def forget(tx: Tx, prop: Property) -> None:
    """Its index goes, in this transaction: it was made for values that the property will not hold any more."""
    tx.run(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier("crm", keys.index(prop))))


def _drop(tx: Tx, name: str) -> None:
    tx.run(sql.SQL("DROP INDEX CONCURRENTLY IF EXISTS {}").format(sql.Identifier("crm", name)))
