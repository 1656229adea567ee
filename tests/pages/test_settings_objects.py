"""Settings for objects: one of one's own is defined, renamed, and associated with others once that is defined."""

import re

import pytest

from kartotek.domain import associations, catalogue, records
from tests.helpers.visitor import text_of

OBJECTS, NEW = "/settings/objects", "/settings/new-object"
BOATS = {
    "label": "Boat",
    "label_plural": "Boats",
    "property": ["Name", "Length", ""],
    "kind": ["text", "number", "text"],
}


@pytest.fixture
def boats(ida):
    """Boats, which have companies but no contacts."""
    ida.post(OBJECTS, form=NEW, **BOATS, associated=["companies"])
    return f"{OBJECTS}/boats"


def test_an_object_of_ones_own_is_defined_and_has_pages_like_any_other(ida, boats, own_database):
    ida.post("/boats", form="/boats/new", name="Havfruen", length="12")

    with own_database.transaction() as tx:
        one = catalogue.load(tx).object_type("boats")
    assert (one.display, one.needs, one.properties["length"].type) == (("name",), (("name",),), "number")
    assert "Havfruen" in text_of(ida.get("/boats"))
    assert "Boats Our own" in text_of(ida.get(OBJECTS))


def test_an_object_that_cannot_be_comes_back_as_it_was_sent(ida):
    answer = ida.post(OBJECTS, form=NEW, **(BOATS | {"label": "Contact"}))

    assert answer.status_code == 409
    assert 'value="Length"' in answer.text and "Choose another name" in text_of(answer)


@pytest.mark.parametrize(
    ("told", "why"),
    [({"label_plural": ""}, "a label for one and for several"), ({"label_plural": "Lists"}, "address of another page")],
)
def test_an_object_without_words_or_with_the_address_of_a_page_says_so(ida, told, why):
    answer = ida.post(OBJECTS, form=NEW, **(BOATS | told))

    assert answer.status_code in (400, 409) and why in text_of(answer)


def test_the_form_of_an_object_asks_for_all_that_was_defined(ida):
    names = ["Name", "Length", "Beam", "Built", "Insured"]
    kinds = ["text", "number", "number", "date", "boolean"]
    ida.post(OBJECTS, form=NEW, label="Boat", label_plural="Boats", property=names, kind=kinds)

    page = ida.get("/boats/new").text

    assert re.findall(r'name="(name|length|beam|built|insured|hubspot_owner_id)"', page) == [
        "name", "length", "beam", "built", "insured", "hubspot_owner_id",
    ]  # fmt: skip


def test_an_object_of_ones_own_is_renamed(ida, boats):
    ida.post(boats, form=boats, label="Ship", label_plural="Ships")
    taken = ida.post(boats, form=boats, label="Contact", label_plural="Ships")
    standard = ida.post(f"{OBJECTS}/contacts", form=boats, label="Person", label_plural="Persons")

    assert "Ships" in text_of(ida.get("/boats"))
    assert (taken.status_code, standard.status_code) == (409, 400)


def test_objects_are_associated_once_that_is_defined_and_refused_with_that_reason_before(
    ida, crew, boats, own_database
):
    with own_database.transaction() as tx:
        boat = records.create(tx, crew.ida, catalogue.load(tx).object_type("boats"), {"name": "Havfruen"})
    panel = f"/boats/{boat.id}/associations/contacts/new"
    reached = "/boats" in ida.get("/contacts").text

    refused = ida.get(panel)
    ida.post("/settings/associations/boats/contacts", form=boats)
    allowed = ida.get(panel)

    assert reached
    assert refused.status_code == 404 and "that association is not defined" in text_of(refused)
    assert allowed.status_code == 200
    with own_database.transaction() as tx:
        boats_now = catalogue.load(tx).object_type("boats")
        associations.link(tx, crew.ida, boats_now, boat.id, crew.ada.object_type, [crew.ada.id])
    assert crew.ada.name in text_of(ida.get(f"/boats/{boat.id}"))
