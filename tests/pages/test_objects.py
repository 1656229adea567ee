"""Every object type has its pages, one's own included: an index with its button Import, a form, a record."""

import re

import pytest

from kartotek import standard
from kartotek.domain import object_types, records
from kartotek.model.properties import Property
from tests.helpers.importing import import_file, sheet_of
from tests.helpers.visitor import text_of

TYPES = [one.name for one in standard.object_types()]


@pytest.fixture
def boats(own_database, crew):
    """Boats, and one of them."""
    with own_database.transaction() as tx:
        name = Property(0, "boats", "name", "Name", "string", "text", "", required=True)
        length = Property(0, "boats", "length", "Length", "number", "number", "")
        boats = object_types.define(tx, crew.ida, "boats", "Boat", "Boats", [name, length])
        return records.create(
            tx, crew.ida, boats, {"name": "Havfruen", "length": "12.5"}, [(crew.nordlys.object_type, crew.nordlys.id)]
        )


def test_every_object_has_its_pages_with_import_on_top(ida):
    for name in TYPES:
        page, form = ida.get(f"/{name}"), ida.get(f"/{name}/new")

        assert (page.status_code, form.status_code) == (200, 200), name
        assert f'href="/imports/new?object={name}"' in page.text, name


def test_the_bar_leads_to_every_object(ida, boats):
    page = ida.get("/contacts").text

    bar = page[page.index('class="k-bar"') : page.index("</nav>")]
    assert all(re.search(rf'href="/{name}["?]', bar) for name in [*TYPES, "boats"])
    assert bar.index('href="/tickets"') < bar.index('href="/boats"') < bar.index('href="/products"')


def test_an_object_of_ones_own_has_the_same_pages(ida, crew, boats):
    index, page = ida.get("/boats"), ida.get(f"/boats/{boats.id}")

    assert "Havfruen" in text_of(index) and "12.5" in text_of(index)
    assert "Nordlys A/S" in text_of(page) and "Boat owner" in text_of(page)
    company = ida.get(f"/companies/{crew.nordlys.id}")
    assert "Havfruen" in text_of(company)


def test_an_object_of_ones_own_is_offered_to_the_wizard(ida, boats):
    upload = ida.post("/imports", form="/imports/new", files={"file": ("boats.csv", b"Boat name,Length\nTern,9\n")})
    path = upload.headers["location"].rpartition("/")[0]

    step = ida.get(f"{path}/objects?object=boats")
    sent = ida.post(f"{path}/objects", form=f"{path}/objects", objects=["boats"], next="1")

    assert "Your own objects" in text_of(step) and 'value="boats" checked' in step.text
    assert sent.headers["location"].endswith("/mapping")
    assert 'value="Length"' in ida.get(sent.headers["location"]).text


def test_what_came_in_stands_on_its_index_page_and_on_its_record(ida, crew, own_database, settings):
    rows = sheet_of({"Task title": "Call Ada", "Due date": "2026-04-03", "Contact email": "ada@nordlys.example"})

    import_file(own_database, settings, rows, "tasks", "contacts", dates="YMD")

    assert "Call Ada" in text_of(ida.get("/tasks"))
    assert "Call Ada" in text_of(ida.get(f"/contacts/{crew.ada.id}?side=activities"))
