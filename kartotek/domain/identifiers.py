"""Addresses, domains and unique values: which record holds them, and who may take them.

Emails and custom unique values belong to one record, whoever writes at the same time; the database's own index is
the last word. Domains may stand on several companies (programs make such), so they are only checked where a person
types one (docs/architecture.md).
"""

import polars as pl

from kartotek.domain import Tx, rules
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store import bulk
from kartotek.store import identifiers as store

LONGEST = 1_000
# Records with several addresses that are read at once, to be compared with a file.
_MOST = 250_000

# Properties that hold further values of another one: an additional email identifies a contact as its first one does.
FURTHER = {"hs_additional_emails": "email", "hs_additional_domains": "domain"}

IDENTIFIER = {
    "_key": pl.Int64,
    "_id": pl.Int64,
    "name": pl.String,
    "property": pl.Int64,
    "value": pl.String,
    "exclusive": pl.Boolean,
}

_NONE = pl.DataFrame(schema=IDENTIFIER)


def none() -> pl.DataFrame:
    return _NONE.clear()


def identifying(object_type: ObjectType) -> tuple[Property, ...]:
    """The properties whose values stand in the table of identifiers, further ones included."""
    return tuple(
        prop
        for prop in object_type.properties.values()
        if prop.unique or (FURTHER.get(prop.name) in object_type.properties)
    )


def home(object_type: ObjectType, prop: Property) -> Property:
    """The property under which its values are kept."""
    return object_type.properties[FURTHER.get(prop.name, prop.name)]


def matching(tx: Tx, object_type: ObjectType, prop: Property, values: pl.Series) -> pl.DataFrame:
    """Who holds these values (canonical texts): `value`, `record`."""
    return store.find(tx, home(object_type, prop), values.drop_nulls().unique())


def are_held(tx: Tx, object_type: ObjectType, prop: Property) -> bool:
    """Whether any record holds a value of this property at all."""
    return store.any_of(tx, home(object_type, prop))


def beside_others(tx: Tx, object_type: ObjectType, prop: Property) -> pl.Series | None:
    """The values of this property that belong to records with several of them; None when those are too many."""
    found = [pl.Series(dtype=pl.String)]
    for further, main in FURTHER.items():
        if main == prop.name and further in object_type.properties:
            rows = store.with_further(tx, object_type, prop, object_type.properties[further], _MOST)
            if len(rows) == _MOST:
                return None
            found += [rows["main"], rows["further"].str.split(";").explode()]
    return pl.concat(found).drop_nulls()


def wanted(object_type: ObjectType, frame: pl.DataFrame) -> pl.DataFrame:
    """The identifiers that these rows (`_key`, `_id`, typed or canonical properties) hold or would hold."""
    found = [none()]
    if frame.is_empty():
        return found[0]
    for prop in identifying(object_type):
        if prop.name not in frame.columns:
            continue
        value = pl.col(prop.name)
        if frame.schema[prop.name] == pl.String and prop.kind in ("emails", "domains"):
            value = value.str.split(";")
        rows = frame.select_seq("_key", "_id", value=value).drop_nulls("value")
        if isinstance(rows.schema["value"], pl.List):
            rows = rows.explode("value").drop_nulls("value")
        found.append(
            rows.select_seq(
                "_key",
                "_id",
                pl.lit(prop.name).alias("name"),
                pl.lit(home(object_type, prop).id, pl.Int64).alias("property"),
                pl.col("value").cast(pl.String),
                pl.lit(prop.exclusive).alias("exclusive"),
            )
        )
    return pl.concat(found)


def as_problems(object_type: ObjectType, clashes: pl.DataFrame) -> pl.DataFrame:
    return clashes.select_seq(
        pl.lit(object_type.name).alias("object_type"), "_key", property="name", type="type", value="value"
    ).select_seq(*rules.PROBLEM)


def pack(claims: pl.DataFrame) -> bulk.Parcel:
    """Each claim once, in the order of the index: sorted keys go in twice as fast, and nobody waits in a circle.

    What is someone else's in the meantime makes the transaction fail on the key.
    """
    if claims.is_empty():
        return store.parcel(claims)
    if claims["name"].is_in(list(FURTHER)).any():  # only a list beside a single value names one twice
        claims = claims.unique(["property", "value", "_id"])
    booked = claims.select_seq("property", "value", "exclusive", record="_id")
    # By one column, and by the thread that asks: a third of what both columns take.
    each = booked.sort("property", maintain_order=True).partition_by("property", maintain_order=True)
    return store.parcel(pl.concat([part.sort("value", multithreaded=False) for part in each]))


def release(tx: Tx, claims: pl.DataFrame) -> None:
    if not claims.is_empty():
        store.free(tx, claims["_id"].to_list(), claims["property"].to_list(), claims["value"].to_list())


keep_alone = store.keep_alone
