"""Association types as people change them: words, limits, and labels that go from all associations at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg import sql

from kartotek.model.associations import AssociationType
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import tables
from kartotek.store.database import Tx

_UNLABEL = """
WITH gone AS (
    DELETE FROM kartotek.association_labels WHERE {which}
    RETURNING first, second, type, began, actor, source, source_id
), kept AS (
    INSERT INTO kartotek.association_history
           (first, second, first_type, second_type, what, type, began, began_actor, began_source, began_source_id,
            first_name, second_name, ended_actor, ended_source, ended_source_id)
    SELECT g.first, g.second, a.first_type, a.second_type, 'label', g.type, g.began, g.actor, g.source, g.source_id,
           {first}, {second}, %(actor)s::integer, %(source)s::kartotek.source, %(source_id)s::bigint
      FROM gone AS g JOIN kartotek.associations AS a ON a.first = g.first AND a.second = g.second
    RETURNING 1
)
SELECT (SELECT count(*) FROM (SELECT DISTINCT first, second FROM gone) AS pairs) AS done, first, second
  FROM gone ORDER BY first DESC, second DESC LIMIT 1"""
_ALL = sql.SQL("type = ANY(%(types)s)")
# By their places in the table: to look each of them up by its key takes longer than to take it off.
_SOME = sql.SQL("""ctid = ANY(ARRAY(
        SELECT ctid FROM kartotek.association_labels
         WHERE type = ANY(%(types)s) AND (first, second) > (%(first)s::bigint, %(second)s::bigint)
         ORDER BY first, second LIMIT %(size)s))""")


def rename(tx: Tx, labels: Mapping[int, str]) -> None:
    tx.call("association_types.rename", {"ids": list(labels), "labels": list(labels.values())})


def archive(tx: Tx, ids: Sequence[int]) -> None:
    tx.call("association_types.archive", {"ids": list(ids)})


def set_most(tx: Tx, id: int, most: int | None) -> None:
    tx.call("association_types.set_most", {"id": id, "most": most})


def all_labels(tx: Tx) -> dict[int, str]:
    return {row["id"]: row["label"] for row in tx.query("association_types.all_labels")}


def carried(tx: Tx, types: Sequence[int]) -> int:
    return int(tx.query("association_types.carried", {"ids": list(types)})[0]["n"])


def longest(tx: Tx, known: Catalogue, one: AssociationType) -> int:
    """The most that a record of its `from_type` has by this type."""
    ends = {end: known.object_types[name].number for end, name in (("one", one.from_type), ("other", one.to_type))}
    asked = {**ends, "type": one.id, "turned": known.turned(one.id)}
    name = "longest_pairs" if one.kind == "unlabeled" else "longest_labels"
    return tx.query(f"association_types.{name}", asked)[0]["n"] or 0


def unlabel_all(tx: Tx, actor: Actor, types: Sequence[int], ends: Sequence[ObjectType]) -> int:
    """Ends these labels on all associations between the two objects, and keeps how long they lasted; how many
    associations they were."""
    row = _unlabel(tx, actor, _ALL, ends, {"types": list(types)})
    return int(row["done"]) if row else 0


def unlabel_some(
    tx: Tx, actor: Actor, types: Sequence[int], ends: Sequence[ObjectType], after: tuple[int, int], size: int
) -> dict[str, int] | None:
    """The same on the next associations behind this pair: how many (`done`), and the last of them; None if there are
    none."""
    asked = {"types": list(types), "first": after[0], "second": after[1], "size": size}
    return _unlabel(tx, actor, _SOME, ends, asked)


def _unlabel(
    tx: Tx, actor: Actor, which: sql.SQL, ends: Sequence[ObjectType], asked: dict[str, Any]
) -> dict[str, Any] | None:
    statement = sql.SQL(_UNLABEL).format(which=which, first=_name("first", ends), second=_name("second", ends))
    booked = {"actor": actor.person, "source": actor.source.value, "source_id": actor.source_id}
    return tx.row(statement, {**asked, **booked})


def _name(end: str, types: Sequence[ObjectType]) -> sql.Composable:
    """What the record at this end is called, of whichever of the types it is: ids are unique across them."""
    found = [
        sql.SQL("(SELECT {} FROM {} WHERE _id = g.{})").format(
            tables.display_name(one), tables.table(one), sql.Identifier(end)
        )
        for one in {one.name: one for one in types}.values()
    ]
    return sql.SQL("coalesce({})").format(sql.SQL(", ").join(found))
