"""What records are sorted and compared by, and how a word is looked for."""

from psycopg import sql

from kartotek.model.properties import Property
from kartotek.store import tables

# An index takes keys of at most 2,700 bytes; what follows so many characters puts nothing in order.
_LONGEST = 200
_TEXTS = ("text", "text[]")


def order(prop: Property) -> sql.Composable:
    """What it is sorted by; short enough for an index, whatever somebody writes into a text."""
    kind = tables.sql_type(prop)
    return sql.SQL("left({}, {})").format(key(prop), sql.Literal(_LONGEST)) if kind in _TEXTS else key(prop)


def key(prop: Property) -> sql.Composable:
    """What it is compared by: texts as people sort them, whatever the server's locale."""
    return sortable(tables.value(prop), tables.sql_type(prop))


def index(prop: Property) -> str:
    """The name of the index that pages sorted by it are read along, where there is one (store/sorting.py)."""
    return f"sorted_{prop.id}"


def sortable(value: sql.Composable, kind: str) -> sql.Composable:
    if kind == "text[]":
        value = sql.SQL("array_to_string({}, ';')").format(value)
    return sql.SQL("kartotek.sort_key({})").format(value) if kind in _TEXTS else value


def plain(word: str) -> str:
    """Nothing in it is a pattern."""
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def lower(word: str) -> sql.Composable:
    return sql.SQL("lower({} COLLATE pg_c_utf8)").format(sql.Literal(word))
