"""The pages of a merge: choose the other one, see what the two become, make them one."""

from kartotek.domain import association_types, records
from tests.helpers.associating import linked
from tests.helpers.visitor import text_of


def test_the_menu_of_a_record_leads_to_the_choice(ida, crew):
    page = ida.get(f"/contacts/{crew.ada.id}").text

    assert f'href="/contacts/{crew.ada.id}/merge/new" data-panel' in page


def test_a_search_offers_all_but_the_record_itself(ida, crew):
    page = ida.get(f"/contacts/{crew.ada.id}/merge/new?q=example").text

    assert f'href="/contacts/{crew.ada.id}/merge/new?with={crew.bo.id}"' in page
    assert f"with={crew.ada.id}" not in page


def test_the_preview_says_what_wins_and_what_comes_of_it(ida, crew):
    page = ida.get(f"/contacts/{crew.ada.id}/merge/new?with={crew.bo.id}")

    said = text_of(page)
    assert "Ada Bo Ada" in said
    assert f"Becomes part of it (record ID {crew.bo.id})" in said
    assert "A merge cannot be undone" in said
    assert f'href="/contacts/{crew.bo.id}/merge/new?with={crew.ada.id}"' in page.text


def test_what_moves_over_and_what_has_no_room_is_told_in_the_persons_language(ida, crew, own_database):
    with own_database.transaction() as tx:
        pier = records.create(tx, crew.ida, crew.havnen.object_type, {"name": "Pier"})
        quay = records.create(tx, crew.ida, crew.havnen.object_type, {"name": "Quay"})
        linked(tx, crew, crew.cleo, pier)
        linked(tx, crew, crew.cleo, quay)
        association_types.limit(tx, crew.ida, 279, 3)
    ida.post("/preferences", language="da")

    said = text_of(ida.get(f"/contacts/{crew.ada.id}/merge/new?with={crew.cleo.id}"))

    assert "Tilknytninger, der flytter med: 1 virksomhed." in said
    assert "En grænse giver ikke plads til dette, så det ophører: 1 virksomhed." in said


def test_afterwards_the_old_address_leads_to_the_survivor(ida, crew):
    done = ida.post(f"/contacts/{crew.ada.id}/merge", **{"with": str(crew.bo.id)})

    assert done.headers["location"] == f"/contacts/{crew.ada.id}"
    assert ida.get(f"/contacts/{crew.bo.id}").headers["location"] == f"/contacts/{crew.ada.id}"
    assert "Havnen ApS" in text_of(ida.get(f"/contacts/{crew.ada.id}"))


def test_what_cannot_be_merged_is_refused_with_the_reason(ida, crew, own_database):
    with own_database.transaction() as tx:
        records.archive(tx, crew.ida, crew.bo.object_type, [crew.bo.id])

    itself = ida.post(f"/contacts/{crew.ada.id}/merge", **{"with": str(crew.ada.id)})
    archived = ida.post(f"/contacts/{crew.ada.id}/merge", **{"with": str(crew.bo.id)})
    nobody = ida.post(f"/contacts/{crew.ada.id}/merge")

    assert itself.status_code == 400 and "with itself" in text_of(itself)
    assert archived.status_code == 409 and "Bo Ågård is archived" in text_of(archived)
    assert nobody.status_code == 400 and "Choose the record to merge with first" in text_of(nobody)
