"""Adding and removing associations on a record's page (records-and-associations.md 16)."""

from kartotek.domain import catalogue, records
from tests.helpers.visitor import text_of


def primary_of(own_database, crew, record):
    with own_database.transaction() as tx:
        return records.get(tx, crew.ida, catalogue.load(tx).object_type(record.object_type.name), record.id).primary


def test_what_is_associated_already_is_shown_ticked_and_greyed(ida, crew):
    panel = ida.get(f"/contacts/{crew.bo.id}/associations/companies/new").text

    assert f'value="{crew.nordlys.id}"' in panel
    assert f'value="{crew.havnen.id}"' not in panel and "checked disabled" in panel


def test_a_search_without_a_hit_says_so_beside_what_is_ticked(ida, crew):
    path = f"/contacts/{crew.bo.id}/associations/companies/new?ids={crew.nordlys.id}"

    nothing, something = ida.get(f"{path}&q=shipyard"), ida.get(f"{path}&q=nord")

    assert "No companies for “shipyard”." in text_of(nothing) and "Nordlys A/S" in text_of(nothing)
    assert "No companies for" not in text_of(something)


def test_companies_ask_for_the_primary_one_before_anything_is_stored(ida, crew, own_database):
    step = ida.get(f"/contacts/{crew.bo.id}/associations/companies/new?step=primary&ids={crew.nordlys.id}")

    assert "Set as Bo Ågård’s primary company" in text_of(step)
    assert "Replace Havnen ApS as Bo Ågård’s current primary" in text_of(step)
    assert "Nordlys A/S" not in ida.get(f"/contacts/{crew.bo.id}").text


def test_without_the_tick_the_primary_company_stays(ida, crew, own_database):
    path = f"/contacts/{crew.bo.id}/associations/companies"

    refused = ida.post(path, ids=str(crew.nordlys.id), primary=str(crew.nordlys.id))

    assert refused.status_code == 409
    assert "Havnen ApS is the primary company now" in text_of(refused)
    assert primary_of(own_database, crew, crew.bo) == crew.havnen.id
    assert "Nordlys A/S" not in ida.get(f"/contacts/{crew.bo.id}").text


def test_with_the_tick_it_is_replaced_and_stays_associated(ida, crew, own_database):
    path = f"/contacts/{crew.bo.id}/associations/companies"

    ida.post(path, ids=str(crew.nordlys.id), primary=str(crew.nordlys.id), replace=str(crew.havnen.id))

    page = ida.get(f"/contacts/{crew.bo.id}").text
    assert primary_of(own_database, crew, crew.bo) == crew.nordlys.id
    assert "Havnen ApS" in page and "Nordlys A/S" in page


def test_several_can_be_associated_together(ida, crew):
    path = f"/deals/{crew.deal.id}/associations/contacts"

    ida.post(path, ids=[str(crew.bo.id), str(crew.cleo.id)])

    page = text_of(ida.get(f"/deals/{crew.deal.id}"))
    assert "Bo Ågård" in page and "Cleo" in page
    assert "Fyrtårn" in text_of(ida.get(f"/contacts/{crew.cleo.id}"))


def test_the_only_company_of_a_contact_stays_primary(ida, crew, own_database):
    path = f"/contacts/{crew.bo.id}/associations/companies/{crew.havnen.id}/primary/removal"

    page, refused = ida.get(path), ida.post(path)

    assert "is the only company of Bo Ågård, so it stays primary" in text_of(page)
    assert refused.status_code == 400
    assert primary_of(own_database, crew, crew.bo) == crew.havnen.id


def test_a_deal_may_do_without_a_primary_company(ida, crew, own_database):
    ida.post(f"/deals/{crew.deal.id}/associations/companies/{crew.nordlys.id}/primary/removal")

    assert primary_of(own_database, crew, crew.deal) is None
    assert "Nordlys A/S" in ida.get(f"/deals/{crew.deal.id}").text


def test_removing_the_primary_company_asks_for_the_next(ida, crew, own_database):
    path = f"/contacts/{crew.ada.id}/associations/companies/{crew.nordlys.id}/removal"

    page, refused = ida.get(path), ida.post(path)
    done = ida.post(path, new_primary=str(crew.havnen.id))

    assert "is no longer associated" in text_of(ida.get(done.headers["location"]))
    assert "Choose the new one" in text_of(page)
    assert refused.status_code == 400
    assert primary_of(own_database, crew, crew.ada) == crew.havnen.id
    assert "Nordlys A/S" not in text_of(ida.get(f"/contacts/{crew.ada.id}?tab=overview"))


def test_what_cannot_be_associated_says_so(ida, crew):
    answer = ida.get(f"/contacts/{crew.ada.id}/associations/products/new")

    assert answer.status_code == 404
    assert "Contacts and Products cannot be associated" in text_of(answer)


def test_who_removes_what_somebody_else_has_just_removed_is_told_where_they_are(ida, crew):
    path = f"/contacts/{crew.bo.id}/associations/companies/{crew.havnen.id}/removal"
    ida.post(path)

    answer = ida.post(path)

    assert answer.status_code == 409 and "These two records are not associated any more." in text_of(answer)
    assert "Remove the association?" in text_of(answer)
