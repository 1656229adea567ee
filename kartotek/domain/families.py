"""Parent and child companies: a child has one parent at most, and nobody is an ancestor of itself.

A family is labels 13 (the other is a child) and 14 (the other is the parent) on associations of two companies
(records-and-associations.md 2.7). Whoever adds such a label has held the pair of types alone (`bounds.hold`), so what
is read here stays so until the end of the transaction.
"""

import polars as pl

from kartotek.domain import Tx
from kartotek.model import sentences
from kartotek.model.catalogue import Catalogue
from kartotek.store import associations as store
from kartotek.store import records

# The types that stand at the parent's end and at the child's.
TO_CHILD, TO_PARENT = store.TO_CHILD, store.TO_PARENT
# Why a link or a label was not made: the caller's number for it, and the name of imports.md 14.
LOST = {"row": pl.Int64, "object_type": pl.String, "type": pl.String, "value": pl.String}
_EDGE = {"child": pl.Int64, "parent": pl.Int64}


def sound(tx: Tx, known: Catalogue, labels: pl.DataFrame, coming: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The new labels (as store.LABEL, and `_row`) that leave every family a tree, and the others as LOST.

    `coming`: labels that are decided and not written yet.
    """
    new = _edges(labels.with_row_index("_place")).select("_place", *_EDGE)
    if new.is_empty():
        return labels, pl.DataFrame(schema=LOST)
    soon = _edges(coming).select(*_EDGE)
    above = pl.concat([store.ancestry(tx, pl.concat([new["child"], new["parent"], soon["parent"]])), soon]).unique()
    second = _second(new, above)
    left = new.join(second, on="_place", how="anti", maintain_order="left")
    circles = _circles(pl.concat([above.with_columns(_place=pl.lit(None, pl.UInt32)), left], how="diagonal"))
    refused = _named(tx, known, pl.concat([second, circles]))
    told = labels.with_row_index("_place").join(refused, on="_place", maintain_order="left")
    kept = labels.with_row_index("_place").join(refused, on="_place", how="anti", maintain_order="left").drop("_place")
    failed = pl.lit("FAILED_TO_CREATE_ASSOCIATION")
    return kept, told.filter(pl.col("value").is_not_null()).select(
        pl.col("_row").alias("row"), pl.lit("companies").alias("object_type"), failed.alias("type"), "value"
    )


def broken(tx: Tx) -> tuple[int, int]:
    """How many companies have more than one parent, and how many circles of parents there are: none, ever."""
    edges = store.families(tx)
    twice = edges.group_by("child").len().filter(pl.col("len") > 1)
    single = edges.unique("child", keep="first", maintain_order=True).with_row_index("_place")
    return len(twice), len(_circles(single))


def _edges(labels: pl.DataFrame) -> pl.DataFrame:
    """With `child` and `parent`, of the labels that say so."""
    is_parent = pl.col("type") == TO_CHILD
    return labels.filter(pl.col("type").is_in([TO_CHILD, TO_PARENT])).with_columns(
        child=pl.when(is_parent).then("second").otherwise("first"),
        parent=pl.when(is_parent).then("first").otherwise("second"),
    )


def _second(new: pl.DataFrame, above: pl.DataFrame) -> pl.DataFrame:
    """New edges of children that have a parent: `_place`, and the child and that parent as its `way`."""
    first = pl.concat([above, new.unique("child", keep="first", maintain_order=True).select(*_EDGE)])
    had = first.unique("child", keep="first", maintain_order=True).select("child", had="parent")
    again = pl.col("child").is_in(above["child"].implode()) | ~pl.col("child").is_first_distinct()
    return new.filter(again).join(had, on="child").select("_place", way=pl.concat_list("child", "had"))


def _circles(edges: pl.DataFrame) -> pl.DataFrame:
    """Of each circle the last new edge, as `_place`, and the `way` round as ids, from its child upwards.

    Every child has one parent here, so whoever is still somewhere after as many steps as there are children goes
    round. The steps are doubled each time: seventeen joins for a hundred thousand companies.
    """
    parents = edges.select("child", "parent")
    steps, reached = 1, parents
    while steps < len(parents) and len(reached):
        reached = reached.join(reached.rename({"child": "parent", "parent": "further"}), on="parent").select(
            "child", parent="further"
        )
        steps *= 2
    going_round = edges.filter(pl.col("child").is_in(reached["parent"].implode()))
    return _last_of_each(going_round.sort("_place", descending=True, nulls_last=True))


def _last_of_each(edges: pl.DataFrame) -> pl.DataFrame:
    """Walks each circle once, from its last new edge. Circles are rare, and short."""
    up = dict(zip(edges["child"], edges["parent"], strict=True))
    seen: set[int] = set()
    found = []
    for place, start in zip(edges["_place"], edges["child"], strict=True):
        if start not in seen:
            way, at = [start], up[start]
            while at != start:
                way.append(at)
                at = up[at]
            seen.update(way)
            found.append({"_place": place, "way": [*way, start]})
    return pl.DataFrame(found, schema={"_place": pl.UInt32, "way": pl.List(pl.Int64)})


def _named(tx: Tx, known: Catalogue, ways: pl.DataFrame) -> pl.DataFrame:
    """`value`: the companies of each way by their names, from a child to its parent and on."""
    steps = ways.select("_place", pl.col("way").alias("_id")).explode("_id")
    names = records.names(tx, [(known.object_types["companies"], steps["_id"].unique().to_list())])
    called = pl.coalesce("name", pl.lit("?"))  # one that is only being made
    return (
        steps.join(names, on="_id", how="left", maintain_order="left")
        .group_by("_place", maintain_order=True)
        .agg(value=called.str.join(sentences.UPWARDS))
    )
