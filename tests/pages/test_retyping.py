"""A property becomes another kind on its settings page: looked at first, then done."""

import pytest

from kartotek.domain import catalogue, properties, records, retypings
from tests.helpers.bulk import many
from tests.helpers.visitor import text_of

PAGE = "/settings/properties/contacts/size"


@pytest.fixture
def size(own_database, crew):
    with own_database.transaction() as tx:
        properties.define(tx, crew.ida, crew.ada.object_type, "size", "Boat size")
        one = catalogue.load(tx).object_type("contacts")
        for record, text in ((crew.ada, "14,5"), (crew.bo, "long")):
            records.update(tx, crew.ida, one, record.id, {"size": text})


def test_what_would_be_read_and_lost_is_shown_before_anything_is_done(ida, size, own_database):
    told = text_of(ida.get(f"{PAGE}/retyping?kind=number"))

    assert "2 records have a value" in told and "1 can be read, 1 cannot" in told
    assert "14,5" in told and "14.5" in told and "long" in told
    with own_database.transaction() as tx:
        assert catalogue.load(tx).object_type("contacts").properties["size"].kind == "text"


def test_it_is_done_in_the_format_that_was_chosen(ida, size, crew, own_database):
    page = f"{PAGE}/retyping?kind=number&numbers=DK"

    answer = ida.post(f"{PAGE}/retyping", form=page, kind="number", numbers="DK")

    assert answer.status_code == 303 and answer.headers["location"] == PAGE
    with own_database.transaction() as tx:
        one = catalogue.load(tx).object_type("contacts")
        assert records.get(tx, crew.ida, one, crew.ada.id).values["size"] == "14.5"
    assert "14.5" in text_of(ida.get(f"/contacts/{crew.ada.id}?group=all"))


def test_a_kind_that_there_is_not_is_refused(ida, size):
    answer = ida.get(f"{PAGE}/retyping?kind=horn")

    assert answer.status_code == 400 and "Choose another kind" in text_of(answer)


def test_what_comes_with_kartotek_offers_no_other_kind(ida):
    assert "/retyping" not in ida.get("/settings/properties/contacts/city").text


def test_where_many_have_a_value_it_is_followed_on_a_page_and_can_be_stopped(ida, size, crew, own_database):
    with own_database.transaction() as tx:
        many(tx, crew.ida, catalogue.load(tx).object_type("contacts"), 120, size="12")

    answer = ida.post(f"{PAGE}/retyping", form=f"{PAGE}/retyping?kind=number", kind="number")
    followed = answer.headers["location"]

    assert "It waits for its turn" in text_of(ida.get(followed))
    assert followed in ida.get(PAGE).text
    ida.post(f"{followed}/cancellation", form=followed)
    retypings.work(own_database, int(followed.rsplit("/", 1)[1]), lambda: None)
    assert "It was stopped. The property stays as it was." in text_of(ida.get(followed))


def test_when_it_is_done_the_page_says_what_came_of_it(ida, size, crew, own_database):
    with own_database.transaction() as tx:
        many(tx, crew.ida, catalogue.load(tx).object_type("contacts"), 120, size="12")
    answer = ida.post(f"{PAGE}/retyping", form=f"{PAGE}/retyping?kind=number", kind="number")
    followed = answer.headers["location"]

    retypings.work(own_database, int(followed.rsplit("/", 1)[1]), lambda: None)

    assert "Values read: 121, emptied: 1." in text_of(ida.get(followed))
