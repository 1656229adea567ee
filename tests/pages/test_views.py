"""Saved views of index pages: kept, changed, shared or private, and which opens first."""

import re

from kartotek.domain import people, records
from tests import cast
from tests.helpers.visitor import Visitor, text_of
from tests.pages.test_index import names


def test_the_standard_views_tell_whose_records_they_are(ida, crew, own_database):
    with own_database.transaction() as tx:
        owner = {"hubspot_owner_id": str(crew.person.id)}
        records.update(tx, crew.ida, crew.ada.object_type, crew.bo.id, owner)

    assert "All contacts" in text_of(ida.get("/contacts")) and len(names(ida.get("/contacts?view=all"))) == 3
    assert names(ida.get("/contacts?view=my")) == ["Bo Ågård"]
    assert sorted(names(ida.get("/contacts?view=unassigned"))) == ["Ada Holm", "Cleo"]


def test_a_view_keeps_filters_sort_and_columns_and_is_changed_copied_and_deleted(ida, crew):
    asked = "where=lastname.known&sort=-firstname&columns=city,@deals"
    made = ida.post(f"/contacts/views?{asked}", name="With a name", everyone="0")
    address = made.headers["location"]
    shown = ida.get(address)
    view = address.rpartition("=")[2]
    changed = ida.get(f"{address}&where=any")
    ida.post(f"/contacts/views/{view}/state?view={view}&where=firstname.is(ada)")
    ida.post(f"/contacts/views/{view}", name="Only Ada", everyone="0")
    copied = ida.post(f"/contacts/views/{view}/copy").headers["location"]
    ida.post(f"/contacts/views/{view}/deletion")

    assert names(shown) == ["Bo Ågård", "Ada Holm"]
    assert re.findall(r'data-column="([^"]+)"', shown.text) == ["city", "@deals"]
    assert len(names(changed)) == 3 and "Save changes" in text_of(changed)
    assert names(ida.get(copied)) == ["Ada Holm"] and "Copy of Only Ada" in text_of(ida.get(copied))
    assert ida.get(address).status_code == 404


def test_a_private_view_is_seen_by_nobody_else(ida, stranger, crew, own_database, settings, program):
    private = ida.post("/contacts/views?where=lastname.known", name="Mine alone", everyone="0").headers["location"]
    shared = ida.post("/contacts/views?where=lastname.known", name="For all", everyone="1").headers["location"]
    with own_database.transaction() as tx:
        secret = people.invite(tx, crew.ida, "vera@kartotek.example", "viewer")
    ida.post("/sign-out")
    vera = Visitor(program)
    link = f"/welcome/{secret}"
    vera.post(link, form=link, first_name="Vera", email="vera@kartotek.example", password=cast.PASSWORD)

    page = text_of(vera.get("/contacts"))
    refused = vera.post(f"/contacts/views/{shared.rpartition('=')[2]}/deletion")

    assert "For all" in page and "Mine alone" not in page
    assert vera.get(private).status_code == 404 and len(names(vera.get(shared))) == 2
    assert refused.status_code == 403 and "is somebody else" in text_of(refused)


def test_the_tab_that_a_person_wants_first_opens_first(ida, crew):
    ida.post("/contacts/views/first?view=unassigned")

    bare = ida.get("/contacts").text

    assert 'href="/contacts?view=unassigned" aria-current="page"' in bare
    assert 'href="/contacts?view=all" aria-current="page"' in ida.get(f"/contacts?with={crew.havnen.id}").text
    assert 'href="/contacts?view=all" aria-current="page"' in ida.get("/contacts?view=all").text


def test_a_view_needs_a_name(ida, crew):
    again = ida.post("/contacts/views?where=lastname.known", name="  ", everyone="0")

    assert again.status_code == 400 and "Give the view a name" in text_of(again)
