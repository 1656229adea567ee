"""Search over all objects, as a page and as the palette's list."""

from kartotek.domain import records
from tests.helpers.visitor import text_of

PALETTE = {"hx-request": "true"}


def test_the_page_of_results_stands_without_scripts(ida, crew):
    page = text_of(ida.get("/search?q=AGARD"))

    assert "Results for “AGARD”" in page and "Bo Ågård" in page and "Ada Holm" not in page


def test_the_palette_lists_hits_by_object_and_the_way_to_all(ida, crew):
    answer = ida.get("/search?q=nord&here=companies", **PALETTE)

    assert "<html" not in answer.text
    assert "Nordlys A/S" in text_of(answer) and "Search all companies for “nord”" in text_of(answer)
    assert f'href="/companies/{crew.nordlys.id}"' in answer.text


def test_what_was_open_lately_is_named_in_that_order_and_never_when_it_is_gone(ida, crew, own_database):
    with own_database.transaction() as tx:
        records.archive(tx, crew.ida, crew.cleo.object_type, [crew.cleo.id])
    visited = f"companies/{crew.nordlys.id},contacts/{crew.cleo.id},contacts/{crew.bo.id},nothing/7,contacts/99999999"

    page = text_of(ida.get(f"/search?q=&recent={visited}", **PALETTE))

    assert page.index("Nordlys A/S") < page.index("Bo Ågård")
    assert "Cleo" not in page


def test_a_search_for_nothing_says_what_is_looked_at(ida):
    assert "What are you looking for?" in text_of(ida.get("/search"))
    assert "Nothing found for “xyzzy”" in text_of(ida.get("/search?q=xyzzy", **PALETTE))
