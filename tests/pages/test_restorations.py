"""Restore records: the page, and the toast that takes an archival back."""

from kartotek.domain import records
from tests.helpers.visitor import text_of


def archive(ida, crew, *some):
    return ida.post("/contacts/archivals", ids=[str(one.id) for one in some])


def test_the_index_page_leads_there(ida, crew):
    assert 'href="/contacts/restorations/new"' in ida.get("/contacts").text


def test_it_names_who_archived_what_and_until_when_it_can_come_back(ida, crew):
    archive(ida, crew, crew.bo)

    said = text_of(ida.get("/contacts/restorations/new"))

    assert f"Bo Ågård {crew.bo.id}" in said
    assert "Object deletion · Ida Lund" in said


def test_what_is_ticked_comes_back_with_its_associations(ida, crew, own_database):
    archive(ida, crew, crew.bo, crew.cleo)

    done = ida.post("/contacts/restorations", ids=[str(crew.bo.id), str(crew.cleo.id)])

    assert done.headers["location"] == "/contacts"
    assert "2 contacts restored, with one association." in text_of(ida.get("/contacts"))
    assert "Havnen ApS" in text_of(ida.get(f"/contacts/{crew.bo.id}"))


def test_archiving_one_offers_to_take_it_back(ida, crew):
    archive(ida, crew, crew.bo)

    page = ida.get("/contacts").text
    assert 'action="/contacts/restorations"' in page and f'name="ids" value="{crew.bo.id}"' in page

    back = ida.post("/contacts/restorations", ids=str(crew.bo.id))
    assert back.headers["location"] == f"/contacts/{crew.bo.id}"


def test_archiving_several_offers_to_take_all_of_them_back(ida, crew):
    archive(ida, crew, crew.bo, crew.cleo)

    assert 'action="/bulk/1/undo"' in ida.get("/contacts").text


def test_an_address_in_the_way_is_named_and_the_ticks_stay(ida, crew, own_database):
    archive(ida, crew, crew.bo)
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.ada.object_type, crew.ada.id, {"email": "bo@havnen.example"})

    refused = ida.post("/contacts/restorations", ids=str(crew.bo.id))

    assert refused.status_code == 409
    assert "bo@havnen.example belongs to Ada Holm now" in text_of(refused)
    assert f'value="{crew.bo.id}" data-tick checked' in refused.text


def test_nothing_ticked_says_so(ida, crew):
    refused = ida.post("/contacts/restorations")

    assert refused.status_code == 400 and "Tick the contacts to restore first" in text_of(refused)


def test_an_archived_record_says_so_and_offers_to_come_back(ida, crew):
    archive(ida, crew, crew.bo)

    page = ida.get(f"/contacts/{crew.bo.id}")

    assert "Archived" in text_of(page) and f'name="ids" value="{crew.bo.id}"' in page.text


def test_an_archived_record_offers_no_change_but_to_come_back(ida, crew):
    archive(ida, crew, crew.bo)

    page = ida.get(f"/contacts/{crew.bo.id}?tab=activities").text

    assert "/properties/" not in page and f"/contacts/{crew.bo.id}/notes" not in page
    assert "/associations/companies/new" not in page and 'action="/contacts/restorations"' in page
