"""Guesses what each column means, from its header and, where nobody knows the header, from its values.

A wrong guess is worse than none: it writes somebody's data to the wrong place. So a property is given to one column
only, a read-only one to none, and values speak only for e-mail addresses, which look like nothing else.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from kartotek.imports import table
from kartotek.imports.mapping import headers, spelling, tongues
from kartotek.model.object_types import ObjectType
from kartotek.values import NATIVE

# What stands above a column that says something of associations, folded.
_TOLD = {
    table.As.LABEL: (
        "Association label", "Association labels", "Relation label", "Tilknytningslabel", "Tilknytningslabels",
        "Tilknytningsetiket", "Tilknytningsetiketter", "Tilknytningsmærkat", "Tilknytningsmærkater",
        "Zuordnungslabel", "Zuordnungslabels", "Zuordnungsbezeichnung",
        "Etiqueta de asociación", "Etiquetas de asociación", "Étiquette d'association", "Étiquettes d'association",
        "Libellé d'association", "Libellés d'association", "Etichetta di associazione", "Etichette di associazione",
        "Etichetta associazione", "Associatielabel", "Associatielabels", "Etykieta powiązania", "Etykiety powiązania",
        "Rótulo de associação", "Rótulos de associação", "Etiqueta de associação", "Etiquetas de associação",
        "Associationsetikett", "Associationsetiketter", "Kopplingsetikett", "Kopplingsetiketter",
        "Tilknytningsetikett", "Assosiasjonsetikett", "Assosiasjonsetiketter", "Yhteyden tunniste",
        "Yhteyden tunnisteet", "関連付けラベル", "関連付けのラベル", "关联标签", "關聯標籤",
    ),
    table.As.STARTS: ("Association start", "Association start date", "Tilknytning fra", "Tilknytningens start"),
    table.As.PRIMARY: (
        "Primary company (yes/no)", "Primær virksomhed (ja/nej)", "Association primary", "Is primary company",
        "Er primær virksomhed",
    ),
    table.As.ENDS: ("Association end", "Association end date", "Tilknytning til", "Tilknytningens slut"),
}  # fmt: skip
_TOLD_BY = {spelling.fold(word): told for told, words in _TOLD.items() for word in words}
_ADDRESS = r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;.]+$"


def guess(
    sheet_columns: Sequence[str],
    catalogue: Mapping[str, ObjectType],
    objects: Sequence[str],
    samples: pl.DataFrame | None = None,
    language: str | None = None,
) -> tuple[table.ColumnPlan, ...]:
    """One plan per column, in their order. `samples` are the first values, in columns c0, c1, ..."""
    return guess_rest({}, sheet_columns, catalogue, objects, samples, language)


def guess_rest(
    settled: Mapping[int, table.ColumnPlan],
    sheet_columns: Sequence[str],
    catalogue: Mapping[str, ObjectType],
    objects: Sequence[str],
    samples: pl.DataFrame | None = None,
    language: str | None = None,
) -> tuple[table.ColumnPlan, ...]:
    """Guesses for the columns that are not settled, none of them to a property that a settled one has."""
    spoken = language or tongues.language_of(sheet_columns, catalogue, objects)
    settled = {**_told(sheet_columns, catalogue, objects), **settled}
    index = headers.Index(catalogue, objects, spoken)
    known = {i: index.find(header) for i, header in enumerate(sheet_columns) if i not in settled}
    taken = {_place(plan) for plan in settled.values()}
    told = {i: _beside(match, known.values(), taken) for i, match in known.items() if match}
    usable = {i: match for i, match in told.items() if _usable(match, i, samples)}
    won = _won(usable, taken)
    unknown = [i for i, match in known.items() if match is None and not index.names_object(sheet_columns[i])]
    addresses = None if samples is None else _addresses(unknown, objects, won, taken, samples)
    return tuple(
        settled.get(i) or _plan(i, header, won.get(i) or (addresses or {}).get(i))
        for i, header in enumerate(sheet_columns)
    )


def _told(
    columns: Sequence[str], catalogue: Mapping[str, ObjectType], objects: Sequence[str]
) -> dict[int, table.ColumnPlan]:
    """The columns that say something of associations. Of more than two objects nobody can tell whose (I-87)."""
    if len(objects) != 2:
        return {}
    has_primary = "companies" in objects and any(catalogue[name].has_primary_company for name in objects)
    return {
        i: table.ColumnPlan(i, header, told, objects[0], other=objects[1])
        for i, header in enumerate(columns)
        if (told := _TOLD_BY.get(spelling.fold(header))) is not None and (has_primary or told is not table.As.PRIMARY)
    }


Place = tuple[table.As, str | None, str | None]


def _beside(match: headers.Match, known: Iterable[headers.Match | None], taken: Collection[Place]) -> headers.Match:
    """A name of which only the columns beside it tell whether it is whole."""
    if not match.is_name:
        return match
    said = {one.property for one in known if one and not one.is_name and one.object_type == match.object_type}
    return headers.beside_names(match, said | {str(name) for _, owner, name in taken if owner == match.object_type})


def _usable(match: headers.Match, index: int, samples: pl.DataFrame | None) -> bool:
    if match.imported_as is not table.As.RECORD_ID:
        return match.writable
    # "Contact ID" is what other systems call their own keys, too: those with letters in them are not ours.
    # "Record ID" is ours, and if its values are wrong then every row must say so.
    return match.certain or _any_number(samples, table.cell(index))


def _any_number(samples: pl.DataFrame | None, column: str) -> bool:
    if samples is None or column not in samples.columns:
        return True
    values = samples[column].cast(pl.String).str.strip_chars().str.strip_chars_start(NATIVE)
    values = values.filter(values.str.len_chars() > 0)
    return values.is_empty() or bool(values.str.contains(r"^\d+$").any())


def _won(matches: Mapping[int, headers.Match], taken: Collection[Place]) -> dict[int, headers.Match]:
    """The best match for each place; of equals the left one."""
    won: dict[Place, int] = {}
    for i in sorted(matches, key=lambda i: (matches[i].rank, matches[i].place, i)):
        won.setdefault((matches[i].imported_as, matches[i].object_type, _property(matches[i])), i)
    return {i: matches[i] for place, i in won.items() if place not in taken}


def _addresses(
    unknown: Sequence[int],
    objects: Sequence[str],
    won: Mapping[int, headers.Match],
    taken: Collection[Place],
    samples: pl.DataFrame,
) -> dict[int, headers.Match]:
    """The leftmost column with an unknown header in which all values are e-mail addresses."""
    place = (table.As.PROPERTY, "contacts", "email")
    has_one = place in taken or any((m.object_type, m.property) == place[1:] for m in won.values())
    if has_one or "contacts" not in objects:
        return {}
    cells = [table.cell(i) for i in unknown if table.cell(i) in samples.columns]
    if not cells:
        return {}
    text = pl.col(cells).cast(pl.String).str.strip_chars()
    filled = text.filter(text.str.len_chars() > 0)
    found = samples.select((filled.len() > 0) & filled.str.contains(_ADDRESS).all()).row(0, named=True)
    first = next((i for i in unknown if found.get(table.cell(i))), None)
    return {} if first is None else {first: headers.Match("contacts", "email", headers.Rank.VALUES)}


def _plan(index: int, header: str, match: headers.Match | None) -> table.ColumnPlan:
    if match is None:
        return table.ColumnPlan(index, header)
    return table.ColumnPlan(index, header, match.imported_as, match.object_type, _property(match))


def _property(match: headers.Match) -> str | None:
    return match.property if match.imported_as is table.As.PROPERTY else None


def _place(plan: table.ColumnPlan) -> Place:
    return (plan.imported_as, plan.object_type, plan.property)
