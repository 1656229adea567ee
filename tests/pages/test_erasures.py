"""The page on which a record is deleted permanently: what goes in numbers, and its name typed."""

from kartotek.domain import records
from tests.helpers import importing
from tests.helpers.visitor import text_of

ROWS = "Email,First name\nbo@havnen.example,Bo\nada@nordlys.example,Ada\n"


def test_the_menu_of_a_record_leads_to_it(ida, crew):
    page = ida.get(f"/contacts/{crew.bo.id}").text

    assert f'href="/contacts/{crew.bo.id}/erasure/new" data-panel' in page


def test_the_panel_tells_in_numbers_what_goes(ida, crew, own_database, settings):
    importing.import_file(own_database, settings, ROWS, "contacts", actor=crew.ida)

    said = text_of(ida.get(f"/contacts/{crew.bo.id}/erasure/new"))

    assert "Associations: 1" in said and "made blank in imported files: 1 (files: 1)" in said
    assert "goes on the block list" in said and "Type “Bo Ågård” to confirm" in said


def test_the_wrong_name_deletes_nothing_and_the_right_one_does(ida, crew, own_database):
    panel = f"/contacts/{crew.bo.id}/erasure/new"

    wrong = ida.post(f"/contacts/{crew.bo.id}/erasure", form=panel, typed="Ada Holm")
    right = ida.post(f"/contacts/{crew.bo.id}/erasure", form=panel, typed="Bo Ågård")

    assert "Nothing was deleted" in text_of(wrong)
    assert right.headers["location"] == "/contacts"
    assert ida.get(f"/contacts/{crew.bo.id}").status_code == 404
    with own_database.transaction() as tx:
        assert records.many(tx, crew.ida, crew.bo.object_type, [crew.bo.id]) == []


def test_a_form_cannot_bring_the_address_again(ida, crew):
    ida.post(f"/contacts/{crew.bo.id}/erasure", form=f"/contacts/{crew.bo.id}/erasure/new", typed="Bo Ågård")

    answer = ida.post("/contacts", form="/contacts/new", email="bo@havnen.example", firstname="Bo")

    assert answer.status_code == 400
    assert "was deleted permanently for privacy" in text_of(answer)
