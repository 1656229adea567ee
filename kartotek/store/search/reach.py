"""Which records an actor may have, as SQL: every query over records is narrowed by this."""

from psycopg import sql

from kartotek.model.object_types import ObjectType
from kartotek.model.people import Narrowing
from kartotek.store import tables


def within_reach(object_type: ObjectType, narrowing: Narrowing) -> sql.Composable:
    """The condition that a record is there and its actor may have it."""
    return sql.SQL("_archived IS NULL AND {}").format(_narrowed(object_type, narrowing))


def _narrowed(object_type: ObjectType, narrowing: Narrowing) -> sql.Composable:
    if narrowing.reach == "all":
        return sql.SQL("true")
    owner = object_type.properties.get("hubspot_owner_id")
    if narrowing.reach == "none" or owner is None or narrowing.owner is None:
        return sql.SQL("false")
    return sql.SQL("{} = {}").format(tables.text(owner), sql.Literal(str(narrowing.owner)))
