"""Line items that name a product, in a file of line items and their deals (I-76)."""

import pytest

from kartotek.domain import Database
from kartotek.imports.table import Mode
from kartotek.settings import Settings
from tests.helpers.importing import import_file, rehearse_file, sheet_of, values

DEAL = {"Deal Name": "Boat", "Pipeline": "Sales Pipeline", "Deal Stage": "Closed Won"}


@pytest.fixture
def rope(harbour: Database, home: Settings) -> str:
    """The id of a product."""
    import_file(harbour, home, sheet_of({"Name": "Rope", "Unit price": "10", "SKU": "R1"}), "products", numbers="US")
    return str(values(harbour, "products", "_id")[0][0])


def test_a_line_item_takes_over_what_its_product_says(harbour: Database, home: Settings, rope: str) -> None:
    rows = [
        {"Product ID": rope, "Quantity": "2"} | DEAL,
        {"Product ID": rope, "Quantity": "3", "Unit price": "9"} | DEAL,
    ]

    ended = import_file(harbour, home, sheet_of(*rows), "line_items", "deals", numbers="US")

    assert (ended.errors, ended.rows("line_items")) == ((), {"created": 2})
    assert values(harbour, "line_items", "name", "price", "quantity", "hs_sku") == [
        ("Rope", "10", "2", "R1"), ("Rope", "9", "3", "R1"),
    ]  # fmt: skip


def test_a_product_that_is_not_there_refuses_its_line_item(harbour: Database, home: Settings, rope: str) -> None:
    text = sheet_of({"Product ID": "4711", "Quantity": "2"} | DEAL, {"Product ID": rope, "Quantity": "2"} | DEAL)

    rehearsed = rehearse_file(harbour, home, text, "line_items", "deals", numbers="US")
    ended = import_file(harbour, home, text, "line_items", "deals", numbers="US")

    assert ended.told() == [(2, "Product ID", "INVALID_OBJECT_ID", "4711")]
    assert ended.rows("line_items") == {"failed": 1, "created": 1}
    assert (rehearsed.books, rehearsed.errors) == (ended.books, ended.errors)


def test_a_line_item_is_not_given_a_product_that_is_not_there(harbour: Database, home: Settings, rope: str) -> None:
    import_file(harbour, home, sheet_of({"Product ID": rope, "Quantity": "2"} | DEAL), "line_items", "deals")
    line = str(values(harbour, "line_items", "_id")[0][0])
    update = (("line_items", Mode.UPDATE),)
    text = sheet_of({"Record ID": line, "Product ID": "4711", "Quantity": "5"})

    rehearsed = rehearse_file(harbour, home, text, "line_items", modes=update)
    ended = import_file(harbour, home, text, "line_items", modes=update)
    kept = import_file(
        harbour, home, sheet_of({"Record ID": line, "Product ID": rope, "Quantity": "6"}), "line_items", modes=update
    )

    assert ended.told() == [(2, "Product ID", "INVALID_OBJECT_ID", "4711")]
    assert ended.rows("line_items") == {"failed": 1}
    assert (rehearsed.books, rehearsed.errors) == (ended.books, ended.errors)
    assert kept.rows("line_items") == {"updated": 1}
    assert values(harbour, "line_items", "hs_product_id", "quantity") == [(rope, "6")]
