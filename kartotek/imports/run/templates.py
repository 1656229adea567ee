"""A template or a sample in one of the languages that headers are read in."""

from collections.abc import Sequence

import polars as pl

from kartotek.imports import mapping, templates
from kartotek.model.catalogue import Catalogue


def template(known: Catalogue, objects: Sequence[str], rows: int, language: str) -> pl.DataFrame:
    """As templates.make; a header that our own mapping would not find again in that language is as `known` has it."""
    own = templates.make(templates.in_language(known, language), objects, rows)
    plain = templates.make(known, objects, rows)
    wanted = [
        (name, prop.name) for name in dict.fromkeys(objects) for prop in templates.properties(known.object_type(name))
    ]
    found = mapping.guess(own.columns, known.object_types, tuple(dict.fromkeys(objects)), language=language)
    lost = {
        column.header: header
        for column, asked, header in zip(found, wanted, plain.columns, strict=True)
        if (column.object_type, column.property) != asked
    }
    return own.rename(lost)
