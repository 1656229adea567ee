"""What a property of people's own would be as another kind: a text as a number, a list of options as a text.

Every value that there is, is read as the new kind would read it, and people see how many can be and what would be lost.
Then retypings.py does it. What a record said before stays in its history, lost values among them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from kartotek import errors
from kartotek.domain import Tx, access, catalogue, definitions, properties
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.properties import Option, Property
from kartotek.store import retypings as store
from kartotek.values import TYPES, Reading, alphabet, cells, countries, date, limits, number

SHOWN = 12
DATES = date.ORDERS
NUMBERS = tuple(countries.OF_MARK.values())
_SEPARATED = ("choices", "free_choices")
_CHOSEN = ("choice", "choices")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the property is to hold, a key of properties.KINDS, and how its present texts are written, where asked;
    or that it holds what it does, and no value twice."""

    kind: str
    dates: str | None = None
    numbers: str | None = None
    unique: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """`property` as it would be. The counts are of records; `kept` and `lost` show the most frequent values."""

    property: Property
    wish: Wish  # with the formats that the values themselves say
    records: int
    changed: int
    losing: int
    lost_values: int
    kept: tuple[tuple[str, str, int], ...]
    lost: tuple[tuple[str, int], ...]


def kinds(actor: Actor, prop: Property) -> tuple[str, ...]:
    """What it may become."""
    if not definitions.may_change(actor, prop) or prop.kind not in properties.KINDS:
        return ()
    unique = ("text", "number", "phone") if prop.unique else tuple(properties.KINDS)
    return tuple(kind for kind in unique if kind != prop.kind)


def preview(tx: Tx, actor: Actor, prop: Property, wish: Wish) -> Preview:
    one, now = own(tx, actor, prop, wish)
    return _told(*decide(tx, one, now, wish))


# ---------------------------------------------------------------- for the one who does it


def own(tx: Tx, actor: Actor, prop: Property, wish: Wish) -> tuple[ObjectType, Property]:
    """As they are now; refused to whoever may not do this, and of what cannot become it."""
    access.require_properties(actor)
    known = catalogue.load(tx)
    one = known.object_type(prop.object_type)
    now = known.property(one, prop.name)
    if actor.rights.reach("edit", one.name) != "all" or not access.sees_all(actor, [one.name]):
        raise errors.NotAllowed(
            f"{actor.name} may not see and edit every one of the {one.label_plural.lower()}, whose values this changes."
        )
    if now.tier != "custom":
        raise errors.Invalid(f"{now.label} comes with Kartotek, so it goes on to hold what it holds.")
    if wish.kind not in kinds(actor, now):
        raise errors.Invalid(f"{now.label} cannot become this. Choose another kind.")
    return one, now


def decide(tx: Tx, one: ObjectType, prop: Property, wish: Wish) -> tuple[Property, Wish, pl.DataFrame]:
    """What the property would be, how its texts are read, and every value with what it becomes (`become`)."""
    told = store.values(tx, one, prop)
    type, field_type = properties.KINDS[wish.kind]
    wanted = replace(prop, type=type, field_type=field_type, options=(), limits=limits.NONE)
    if wish.kind in _CHOSEN:
        wanted = replace(wanted, options=prop.options or _options(wanted, _spelled(prop, told)))
        if not wanted.options:
            raise errors.Invalid(f"{prop.label} has no values that options could be made from. Choose another kind.")
    if limits.fit(wanted.kind) == limits.fit(prop.kind):
        wanted = replace(wanted, limits=prop.limits)
    settled = _settled(wish, wanted, _spelled(prop, told))
    return wanted, settled, become(tx, one, prop, wanted, settled, told)


def become(tx: Tx, one: ObjectType, prop: Property, wanted: Property, wish: Wish, told: pl.DataFrame) -> pl.DataFrame:
    """`told`, which has a `value` in each row, with what it becomes as `new`: null where it is lost."""
    how = Reading(dates=wish.dates, numbers=wish.numbers)
    reading = properties.reading(tx, catalogue.load(tx), one, wanted, how)
    kind = TYPES[wanted.kind]
    read = _spelled(prop, told).with_columns(new=kind.text(kind.read(pl.col("said"), reading)))
    return read.drop("said")


def widened(prop: Property, wanted: Property, told: pl.DataFrame) -> Property:
    """With options for the words of `told` that there are none for yet, where options are made from values."""
    if wanted.kind not in _CHOSEN or prop.options:
        return wanted
    new = _options(wanted, _spelled(prop, told.with_columns(records=pl.lit(1, pl.Int64))))
    known = set(cells.fold_texts(option.value for option in wanted.options))
    folded = cells.fold_texts(option.value for option in new)
    more = tuple(option for option, word in zip(new, folded, strict=True) if word not in known)
    if len(wanted.options) + len(more) > definitions.MOST_OPTIONS:
        raise _too_many(wanted, len(wanted.options) + len(more))
    return replace(wanted, options=(*wanted.options, *more)) if more else wanted


def _spelled(prop: Property, told: pl.DataFrame) -> pl.DataFrame:
    return told.with_columns(said=_said(prop, pl.col("value")))


def _said(prop: Property, value: pl.Expr) -> pl.Expr:
    """What people read where a value stands: options by their labels."""
    labels = {option.value: option.label for option in prop.options}
    if prop.kind == "boolean":
        labels = {"true": "Yes", "false": "No"} | {k: v for k, v in labels.items() if k in ("true", "false")}
    if not labels:
        return value
    if prop.kind not in _SEPARATED:
        return value.replace(labels)
    return value.str.split(";").list.eval(pl.element().replace(labels)).list.join(";")


def _options(prop: Property, told: pl.DataFrame) -> tuple[Option, ...]:
    """Of each word its most frequent spelling; the most frequent word comes first, but numbers by their size."""
    said = pl.col("said").str.split(";") if prop.kind in _SEPARATED else pl.concat_list("said")
    words = told.select("records", word=said).explode("word").with_columns(word=cells.clean(pl.col("word")))
    words = words.drop_nulls("word").filter(~pl.col("word").str.contains(";", literal=True))
    words = words.filter(pl.col("word").str.len_chars() <= definitions.LONGEST_OPTION)
    spelled = words.group_by("word").agg(pl.col("records").sum()).with_columns(folded=cells.fold(pl.col("word")))
    first = _most_frequent(spelled, "word").unique("folded", keep="first", maintain_order=True)
    if len(first) > definitions.MOST_OPTIONS:
        raise _too_many(prop, len(first))
    return tuple(Option(word, word) for word in alphabet.by_size(first["word"]))


def _most_frequent(told: pl.DataFrame, said: str) -> pl.DataFrame:
    """First; of those that are equally so, smaller numbers before larger ones."""
    by = [pl.col("records"), *alphabet.order(pl.col(said))]
    return told.sort(by, descending=[True, False, False], nulls_last=True)


def _too_many(prop: Property, count: int) -> errors.Invalid:
    return errors.Invalid(
        f"{prop.label} has {count:,} different values, and a property at most {definitions.MOST_OPTIONS:,} "
        "options. Choose another kind."
    )


def _settled(wish: Wish, wanted: Property, told: pl.DataFrame) -> Wish:
    """The formats that the values say, where nobody said them and they agree on one."""
    if wanted.kind == "number" and wish.numbers is None:
        mark = number.settle(_votes(told.select(number.votes(pl.col("said")))))
        return replace(wish, numbers=countries.OF_MARK[mark if mark in countries.OF_MARK else "."])
    if wanted.kind in ("date", "moment") and wish.dates is None:
        order = date.settle(_votes(told.select(date.votes(pl.col("said")))))
        return replace(wish, dates=order if order in date.ORDERS else "DMY")
    return wish


def _votes(frame: pl.DataFrame) -> Mapping[str, int]:
    return {name: count or 0 for name, count in frame.to_dicts()[0].items()}


def _told(wanted: Property, wish: Wish, read: pl.DataFrame) -> Preview:
    ordered = _most_frequent(read, "value")
    lost = ordered.filter(pl.col("new").is_null())
    kept = ordered.filter(pl.col("new").is_not_null())
    changed = kept.filter(pl.col("new") != pl.col("value"))
    shown = pl.concat([changed, kept.filter(pl.col("new") == pl.col("value"))]).head(SHOWN)
    return Preview(
        wanted, wish, int(read["records"].sum()), int(changed["records"].sum()), int(lost["records"].sum()), len(lost),
        tuple(shown.select("value", "new", "records").rows()),
        tuple(lost.head(SHOWN).select("value", "records").rows()),
    )  # fmt: skip
