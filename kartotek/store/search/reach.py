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
    if narrowing.reach == "none":
        return sql.SQL("false")
    if owner is None:
        return sql.SQL("true" if narrowing.unassigned else "false")
    of_some = sql.SQL("{} = ANY({}::bigint[])").format(tables.value(owner), sql.Literal(list(narrowing.owners)))
    return sql.SQL("({} OR {} IS NULL)").format(of_some, tables.value(owner)) if narrowing.unassigned else of_some
