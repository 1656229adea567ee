"""Line items that name a product by its id take over what they do not say themselves (imports.md 9.13, I-76)."""

import polars as pl

from kartotek.domain import Tx, rules
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Source
from kartotek.store import records as store

_LINES, _PRODUCTS, _ID = "line_items", "products", "hs_product_id"
_TAKEN = (
    "name", "price", "description", "hs_sku", "hs_cost_of_goods_sold", "recurringbillingfrequency",
    "hs_recurring_billing_period", "tax",
)  # fmt: skip


def filled(
    tx: Tx, actor: Actor, known: Catalogue, one: ObjectType, new: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """New line items with their product's name, price and so on; and the problems of those whose product is none."""
    if one.name != _LINES or _ID not in new.columns or new[_ID].null_count() == len(new):
        return new, rules.none()
    products = known.object_types[_PRODUCTS]
    taken = [name for name in _TAKEN if name in one.properties and name in products.properties]
    asked = new.with_columns(_product=pl.col(_ID).cast(pl.Int64, strict=False))
    there = store.peek(tx, products, asked["_product"].drop_nulls().unique(), [products.properties[n] for n in taken])
    alive = there.filter(~pl.col("_archived")).select(_product="_id", **{f"_its_{name}": name for name in taken})
    known_ones = pl.col(_ID).is_null() | pl.col("_product").is_in(alive["_product"].implode()).fill_null(False)
    strangers = rules.none()
    if actor.source is Source.IMPORT:
        strangers = rules.problems(one, asked.filter(~known_ones), _ID, "INVALID_OBJECT_ID", pl.col(_ID))
    joined = asked.join(alive, on="_product", how="left", maintain_order="left")
    own = [pl.coalesce(name, f"_its_{name}") if name in new.columns else pl.col(f"_its_{name}") for name in taken]
    filled = joined.with_columns(value.alias(name) for name, value in zip(taken, own, strict=True))
    return filled.select(*new.columns, *(name for name in taken if name not in new.columns)), strangers
