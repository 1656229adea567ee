"""Line items that name a product by its id take over what they do not say themselves (imports.md 9.13, I-76)."""

from collections.abc import Sequence

import polars as pl

from kartotek.domain import Tx, rules
from kartotek.domain.comparing import OLD
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
    alive = _alive(tx, products, asked["_product"], taken)
    strangers = _strangers(actor, one, asked, alive)
    alive = alive.select(_product="_id", **{f"_its_{name}": name for name in taken})
    joined = asked.join(alive, on="_product", how="left", maintain_order="left")
    own = [pl.coalesce(name, f"_its_{name}") if name in new.columns else pl.col(f"_its_{name}") for name in taken]
    filled = joined.with_columns(value.alias(name) for name, value in zip(taken, own, strict=True))
    return filled.select(*new.columns, *(name for name in taken if name not in new.columns)), strangers


def strangers(tx: Tx, actor: Actor, known: Catalogue, one: ObjectType, old: pl.DataFrame) -> pl.DataFrame:
    """Problems of line items (as comparing.compare gives them) that would now name a product that is none."""
    if one.name != _LINES or _ID not in old.columns:
        return rules.none()
    named = old.filter(pl.col(_ID).ne_missing(pl.col(OLD + _ID)))
    asked = named.with_columns(_product=pl.col(_ID).cast(pl.Int64, strict=False))
    return _strangers(actor, one, asked, _alive(tx, known.object_types[_PRODUCTS], asked["_product"], ()))


def _alive(tx: Tx, products: ObjectType, ids: pl.Series, names: Sequence[str]) -> pl.DataFrame:
    there = store.peek(tx, products, ids.drop_nulls().unique(), [products.properties[name] for name in names])
    return there.filter(~pl.col("_archived"))


def _strangers(actor: Actor, one: ObjectType, asked: pl.DataFrame, alive: pl.DataFrame) -> pl.DataFrame:
    if actor.source is not Source.IMPORT:
        return rules.none()
    is_known = pl.col(_ID).is_null() | pl.col("_product").is_in(alive["_id"].implode()).fill_null(False)
    return rules.problems(one, asked.filter(~is_known), _ID, "INVALID_OBJECT_ID", pl.col(_ID))
