"""The pairs of records that the rows of a batch associate, with the labels that they say, and what came of them."""

from collections.abc import Mapping, Sequence

import polars as pl

from kartotek.domain import Tx, catalogue, participants
from kartotek.imports.table import ROW, Plan, label_name, link_name
from kartotek.imports.write.booking import Progress
from kartotek.imports.write.resolving import Resolved
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Links, Outcome, Written

_ENDS = ("first_id", "first_key", "second_id", "second_key")


def links(
    plan: Plan,
    first: ObjectType,
    second: ObjectType,
    values: pl.DataFrame,
    resolved: Mapping[str, Resolved],
    progress: Progress,
) -> Links:
    """Between these two objects. `resolved`: by their names."""

    def ended(pairs: pl.DataFrame, *also: pl.Expr) -> pl.DataFrame:
        frame = pairs.select_seq(ROW, *also, _g_first=pl.col(first.name), _g_second=pl.col(second.name))
        for end, one in (("first", first), ("second", second)):
            frame = resolved[one.name].ends(end, frame, progress.of(one.name))
        return frame.filter(~pl.col("first_out") & ~pl.col("second_out"))

    pairs = values.select_seq(ROW, first.name, second.name, is_new=link_name(first.name, second.name))
    usable = ended(pairs.filter("is_new"))
    # A record's first row names what it belongs to: so it does not matter where a batch ends.
    heads = [pl.col(ROW) == pl.col(f"_g_{end}") for end, one in (("first", first), ("second", second)) if one.homes]
    named = usable.select_seq(*_ENDS, pl.col(ROW).alias(Links.ROW), *(one.alias(Links.HOLDS) for one in heads[:1]))
    columns = [pl.col(label_name(c.index)) for c in plan.labels(first.name, second.name)]
    if not columns:
        return Links(first, second, named)
    # Every row may add a label, not only the one that names the two records first.
    types = pl.concat_list(one.fill_null([]) for one in columns).alias("type")
    told = ended(values.drop_nulls([first.name, second.name]), types).explode("type").drop_nulls("type")
    labels = told.select_seq(*_ENDS, pl.col("type").cast(pl.Int64), pl.col(ROW).alias(Links.ROW))
    return Links(first, second, named, labels)


def with_participants(tx: Tx, resolved: Mapping[str, Resolved]) -> list[Links]:
    """Contacts by the addresses that emails and meetings name; where contacts come in, too, the rows name them."""
    frames = {name: one.changes.frame for name, one in resolved.items()}
    if "contacts" in frames:
        return []
    known = catalogue.load(tx)
    types = [one.changes.object_type for one in resolved.values()]
    named = [one for one in types if set(one.participants) & set(frames[one.name].columns)]
    return [participants.links(tx, known, one, frames[one.name]) for one in named]


def counts(written: Written, links: Sequence[Links]) -> dict[str, int]:
    """Pairs by outcome. A record that was not written is told by its own row, not by its links."""
    found: dict[str, int] = dict(written.links.group_by("outcome").len().rows()) if len(written.links) else {}
    if not found.pop("failed", 0):
        return found
    wanted = 0
    for one in links:
        frame = one.frame
        for end, kind in (("first", one.first), ("second", one.second)):
            done = written.outcomes.get(kind.name)
            if done is not None:
                failed = done.filter(pl.col("outcome") == Outcome.FAILED.value)
                frame = frame.join(failed, left_on=f"{end}_key", right_on="_key", how="anti")
        wanted += len(frame)
    missed = wanted - sum(found.values())
    return found | {"failed": missed} if missed > 0 else found
