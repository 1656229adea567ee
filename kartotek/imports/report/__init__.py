"""What came of an import, in words: sentences for problems, the error report, the file to correct and send again."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

import polars as pl

from kartotek.imports.report.words import Say, reason, remedy, spoken, title, wrong
from kartotek.imports.table import EXTRA, LINE, As, Plan, came_header, cell, is_added
from kartotek.model import sentences
from kartotek.model.catalogue import Catalogue
from kartotek.model.imports import Books
from kartotek.model.object_types import ObjectType
from kartotek.model.problems import EFFECTS, Effect
from kartotek.values import NATIVE, formulas

__all__ = [
    "REFUSING",
    "Found",
    "Places",
    "Say",
    "as_json",
    "consequence",
    "error_rows",
    "errors",
    "failed_rows",
    "is_by_domain",
    "reason",
    "remedy",
    "sentence",
    "title",
    "told",
    "wrong",
]

_OUT = "_out"
_MILD = (Effect.VALUE, Effect.LINK)
# Told, as a file may hold nothing but rows that cannot be read: then no column and no object is named.
_REPORT = {
    "file": pl.String, "line": pl.Int64, "column": pl.String, "object": pl.String,
    "type": pl.String, "value": pl.String, "message": pl.String,
}  # fmt: skip
# What is wrong with a key that ties files together: it is told of the object whose key it is, not of the row's own.
_TIED = ("DUPLICATE_ASSOCIATION_ID", "NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER")
REFUSING = tuple(type for type, effect in EFFECTS.items() if effect is Effect.ROW)

Places = Callable[[int], tuple[str, int]]  # of a line, counted through all sources, its file and its line there
Found = tuple[pl.DataFrame, pl.DataFrame]  # problems, and which records of their lines did not come in


def sentence(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any], say: Say = str) -> str:
    """What is wrong and what to do, then what became of the record."""
    return f"{reason(catalogue, plan, problem, say)} {consequence(catalogue, plan, problem, say)}".strip()


def consequence(catalogue: Catalogue, plan: Plan, problem: Mapping[str, Any], say: Say = str) -> str:
    """What became of the record."""
    one = catalogue.object_types.get(problem["object_type"] or "")
    effect, out = EFFECTS.get(problem["type"], Effect.ROW), problem.get(_OUT)
    usual = sentences.CONSEQUENCES.get(effect)
    text = sentences.CONSEQUENCES_OF.get(problem["type"], usual)
    if (out and problem["type"] in _TIED) or (one is None and effect is Effect.LINK):
        return ""  # another problem of the row says what became of it, or the row is about nothing
    is_domain = problem["type"] == "INVALID_DOMAIN"
    if (is_domain and one is not None and is_by_domain(plan, one)) or (out and effect in _MILD):
        text = sentences.CONSEQUENCES[Effect.ROW]
    elif is_domain and out is False:
        text = usual
    return say(text).format(object=spoken(one, say)) if text else ""


def errors(
    catalogue: Catalogue,
    plan: Plan,
    places: Places,
    problems: pl.DataFrame,
    say: Say = str,
    refused: pl.DataFrame | None = None,
) -> list[dict[str, Any]]:
    """Each problem as the command line's JSON has it; `places` says in which file a line stands, and where there."""
    headers = {column.index: column.header for column in plan.columns}
    return [
        {
            "file": (place := places(row["line"]))[0],
            "line": place[1],
            "column": headers.get(row["place"]),
            "object": row["object_type"],
            "type": row["type"],
            "value": row["value"],
            "message": sentence(catalogue, plan, row, say),
        }
        for row in told(catalogue, plan, problems, refused)
    ]


def as_json(
    name: str, state: str, id: int | None, seconds: float, books: Books, found: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """The one document that `kartotek import --json` prints."""
    shown = {"name": name, "state": state, "seconds": round(seconds, 2), **asdict(books), "errors": list(found)}
    return shown if id is None else {"id": id, **shown}


def error_rows(
    catalogue: Catalogue, plan: Plan, places: Places, parts: Iterator[Found], say: Say = str
) -> Iterator[list[str]]:
    """The error report, a header first; safe to open in a spreadsheet."""
    yield [say(header) for header in sentences.REPORT]
    labels = {name: one.label for name, one in catalogue.object_types.items()}
    for problems, refused in parts:
        rows = errors(catalogue, plan, places, problems, say, refused)
        told = pl.DataFrame(rows, schema=_REPORT)
        told = told.with_columns(pl.col("object").replace(labels))
        yield from map(list, told.select(_guarded(pl.all().cast(pl.String))).rows())


def failed_rows(
    catalogue: Catalogue, plan: Plan, batches: Iterator[pl.DataFrame], every: Found, say: Say = str,
    came: Mapping[str, pl.DataFrame] | None = None,
) -> Iterator[list[str]]:  # fmt: skip
    """The rows that failed or lost a value: their own columns as they were, and why, to correct and send again.

    `came`: per object type's name `line` and `record` of what came in all the same (as `unkeyed`).
    What a spreadsheet program would run is guarded, and read back as it was (readers/guards).
    """
    problems, refused = every
    columns = [column for column in plan.columns if not is_added(column.header)]
    ids = came or {}
    names = [cell(column.index) for column in columns]
    headers = pl.DataFrame({"header": [column.header for column in columns]}, schema={"header": pl.String})
    yield [*headers.select(_guarded(pl.col("header")))["header"], *map(came_header, ids), say(sentences.WHY)]
    own = [_guarded(pl.col(name).str.strip_chars_start(NATIVE)) for name in names]
    extra = pl.col(EXTRA).list.eval(_guarded(pl.element().str.strip_chars_start(NATIVE)))
    for batch in batches:
        found = problems.join(batch.select(line=LINE), on="line", how="semi", maintain_order="left")
        why: dict[int, list[str]] = {}
        for problem in told(catalogue, plan, found, refused):
            why.setdefault(problem["line"], []).append(sentence(catalogue, plan, problem, say))
        failed = batch.join(found, left_on=LINE, right_on="line", how="semi", maintain_order="left")
        failed = failed.select(LINE, extra, *own)
        for name, records in ids.items():
            own_ids = records.select("line", pl.col("record").cast(pl.String).fill_null("").alias(came_header(name)))
            failed = failed.join(own_ids, left_on=LINE, right_on="line", how="left", maintain_order="left")
        for line, beyond, *own_cells in failed.with_columns(pl.col(map(came_header, ids)).fill_null("")).rows():
            yield [*own_cells, " ".join(dict.fromkeys(why[line])), *(beyond or ())]


def unkeyed(
    catalogue: Catalogue, plan: Plan, batches: Iterator[pl.DataFrame], came: Mapping[str, pl.DataFrame]
) -> dict[str, pl.DataFrame]:
    """Of the records that came in (`line`, `record`, per object type's name) those whose rows have no key, so that
    nothing would find them again; no object without any."""
    keys = {name: _keys(catalogue, plan, name) for name in came}
    told = [pl.DataFrame(schema={"line": pl.Int64, **dict.fromkeys(came, pl.Boolean)})]
    for batch in batches:
        has = (pl.any_horizontal(False, *map(_is_filled, columns)).alias(name) for name, columns in keys.items())
        told.append(batch.select(pl.col(LINE).alias("line"), *has).filter(~pl.all_horizontal(*came)))
    lines = pl.concat(told)
    found = {
        name: records.join(lines.filter(~pl.col(name)), on="line", how="semi", maintain_order="left")
        for name, records in came.items()
    }
    return {name: records for name, records in found.items() if len(records)}


def _keys(catalogue: Catalogue, plan: Plan, name: str) -> list[str]:
    """The cells that say who a row's record is."""
    unique = {prop.name for prop in catalogue.object_types[name].properties.values() if prop.unique}
    return [
        cell(column.index)
        for column in plan.columns
        if column.object_type == name
        and (column.imported_as is As.RECORD_ID or (column.imported_as is As.PROPERTY and column.property in unique))
    ]


def _is_filled(name: str) -> pl.Expr:
    return pl.col(name).str.strip_chars_start(NATIVE).str.strip_chars().fill_null("") != ""


def _guarded(text: pl.Expr) -> pl.Expr:
    return formulas.guarded(text.fill_null(""))


def told(
    catalogue: Catalogue, plan: Plan, problems: pl.DataFrame, refused: pl.DataFrame | None = None
) -> list[dict[str, Any]]:
    """With OUT: whether the record did not come in, so that nothing was imported without a value; null where a domain
    leaves that open. `refused`: `line` and `object_type` of all that did not come in, as far as it is known."""
    by_domain = [name for name, one in catalogue.object_types.items() if is_by_domain(plan, one)]
    lone = (pl.col("type") == "INVALID_DOMAIN") & pl.col("object_type").is_in(by_domain)
    tied, refusing = pl.col("type").is_in(_TIED), pl.col("type").is_in(REFUSING) | lone
    out = pl.when(tied).then(refusing.any().over("line")).otherwise(refusing.any().over("line", "object_type"))
    if refused is None:
        open = ~out & (pl.col("type") == "INVALID_DOMAIN")
        return problems.with_columns(pl.when(~open).then(out).alias(_OUT)).to_dicts()
    found = problems.with_columns(out.alias(_OUT))
    marked = refused.select("line", "object_type", _also=pl.lit(True))
    found = found.join(marked, on=["line", "object_type"], how="left", maintain_order="left")
    also = pl.col("_also").fill_null(False) | (tied & pl.col("line").is_in(refused["line"].implode()))
    found = found.with_columns(pl.col(_OUT) | also).drop("_also")
    return found.to_dicts()


def is_by_domain(plan: Plan, one: ObjectType) -> bool:
    """Whether nothing but a domain says who a row is: then a malformed one keeps it out (imports.md 14)."""
    mapped = [one.properties[name] for name in plan.properties(one.name) if name in one.properties]
    return plan.record_id_of(one.name) is None and all(prop.kind == "domain" for prop in mapped if prop.unique)
