"""The books of an import balance for its cells: each of them came to one thing, and they are the rows times columns."""

from typing import Any

import pytest

from kartotek.domain import Database
from kartotek.imports.table import Mode
from kartotek.settings import Settings
from tests.helpers.importing import balanced, import_file, rehearse_file, sheet_of

ADA = {"Email": "ada@x.example", "First Name": "Ada", "City": "Odense"}


def cells(ended: Any) -> dict[str, int]:
    return {name: count for name, count in ended.books.cells.items() if count}


@pytest.mark.parametrize("batch", [1, 50_000])
@pytest.mark.parametrize(
    ("rows", "options", "expected"),
    [
        ([ADA], {}, {"unchanged": 3}),
        ([ADA | {"City": "Ribe"}], {}, {"unchanged": 2, "updated": 1}),
        ([ADA | {"City": "Ribe"}], {"keep": ("City",)}, {"unchanged": 3}),
        ([ADA | {"City": ""}], {}, {"unchanged": 2, "empty": 1}),
        ([ADA | {"City": ""}], {"clear": ("City",)}, {"unchanged": 2, "updated": 1}),
        ([ADA | {"Email": "bo@x.example"}], {}, {"created": 3}),
        ([ADA | {"Email": "bo@x.example"}] * 2, {}, {"created": 3, "unchanged": 3}),
        ([ADA | {"Email": "bo@x.example"}], {"modes": (("", Mode.UPDATE),)}, {"skipped": 3}),
        ([ADA | {"Email": "bo at home"}], {}, {"failed": 3}),
        ([ADA | {"Shoe size": "44"}], {}, {"unchanged": 3, "skipped": 1}),
        ([ADA | {"Lifecycle Stage": "king"}], {}, {"unchanged": 3, "failed": 1}),
        ([ADA | {"City": "Ribe"}, ADA | {"City": ""}], {}, {"unchanged": 4, "updated": 1, "empty": 1}),
        ([ADA | {"City": ""}, ADA | {"City": "Ribe"}], {}, {"unchanged": 5, "empty": 1}),
    ],
)
def test_every_cell_comes_to_one_thing(
    harbour: Database, home: Settings, rows: Any, options: dict[str, Any], expected: dict[str, int], batch: int
) -> None:
    import_file(harbour, home, sheet_of(ADA), "contacts")
    text = sheet_of(*rows)

    rehearsed = rehearse_file(harbour, home, text, "contacts", batch=batch, **options)
    ended = import_file(harbour, home, text, "contacts", batch=batch, **options)

    assert cells(rehearsed) == cells(ended) == expected
    assert balanced(ended.books, columns=len(rows[0]))


def test_cells_of_several_objects_go_each_with_its_own_record(harbour: Database, home: Settings) -> None:
    row = ADA | {"Company name": "Harbour", "Company Domain Name": "harbour.example", "Shoe size": "44"}
    bad = row | {"Email": "nowhere", "Company name": ""}

    ended = import_file(harbour, home, sheet_of(row, bad), "contacts", "companies")

    assert cells(ended) == {"created": 5, "unchanged": 1, "failed": 3, "empty": 1, "skipped": 2}
    assert balanced(ended.books, columns=6)
