"""From when until when two records are associated, as people say: days beside the association, which do nothing to it.

When Kartotek kept an association is another matter, and its history. An association whose last day has passed stays
until somebody removes it (docs/decisions/association-dates.md).
"""

from datetime import date

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, catalogue, linking, records
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import association_dates as store
from kartotek.store import associations

Dates = tuple[date | None, date | None]


def of(tx: Tx, one: ObjectType, id: int, other: ObjectType, other_id: int) -> Dates:
    """The first and the last day, where they are said."""
    found = store.among(tx, linking.pair(one, id, other, other_id))
    return (found["starts_on"][0], found["ends_on"][0]) if len(found) else (None, None)


def say(
    tx: Tx,
    actor: Actor,
    one: ObjectType,
    id: int,
    other: ObjectType,
    other_id: int,
    starts: date | None,
    ends: date | None,
) -> bool:
    """Sets both days, or none; whether anything has changed."""
    records.require_reach(tx, actor, "edit", one, [id])
    records.require_reach(tx, actor, "view", other, [other_id])
    if starts is not None and ends is not None and ends < starts:
        raise errors.Invalid("The last day comes before the first one. Correct one of the two.")
    known, pair = catalogue.load(tx), linking.pair(one, id, other, other_id)
    held = linking.lock_ends(tx, known, pair)
    if associations.among(tx, pair).is_empty():
        raise errors.Conflict("These two records are not associated any more.")
    said = linking.called(pair, held).with_columns(starts_on=pl.lit(starts, pl.Date), ends_on=pl.lit(ends, pl.Date))
    return store.say(tx, actor, said) > 0
