"""Who took part in an email or a meeting, by the addresses that it names: the contacts that have them (D18)."""

import polars as pl

from kartotek.domain import Tx, identifiers
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.records import Links

_ADDRESS = r"[^\s<>()\[\]:;,\"']+@[^\s<>()\[\]:;,\"']+\.[^\s<>()\[\]:;,\"'.]+"
_CONTACTS, _EMAIL = "contacts", "email"


def links(tx: Tx, known: Catalogue, one: ObjectType, frame: pl.DataFrame) -> Links:
    """Each row (`_key`, and texts of `one.participants`) with the contacts that its addresses belong to."""
    contacts = known.object_types[_CONTACTS]
    named = [name for name in one.participants if name in frame.columns]
    rows = pl.concat(
        [
            pl.DataFrame(schema={"_key": pl.Int64, "value": pl.String}),
            *(
                frame.select("_key", value=pl.col(name).str.to_lowercase().str.extract_all(_ADDRESS))
                .explode("value")
                .drop_nulls("value")
                for name in named
            ),
        ]
    )
    held = identifiers.matching(tx, contacts, contacts.properties[_EMAIL], rows["value"])
    pairs = rows.join(held, on="value", maintain_order="left").unique(["_key", "record"], maintain_order=True)
    nobody = pl.lit(None, pl.Int64)
    ends = pairs.select(first_id=nobody, first_key="_key", second_id="record", second_key=nobody, **{Links.ROW: "_key"})
    return Links(one, contacts, ends)
