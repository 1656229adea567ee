"""The page of association history, and the panel of one association (ui.md)."""

from kartotek.domain import associations, records
from tests.helpers.visitor import text_of


def test_the_menu_of_a_record_leads_there(ida, crew):
    page = ida.get(f"/contacts/{crew.bo.id}").text

    assert f'href="/contacts/{crew.bo.id}/associations/history"' in page


def test_it_offers_objects_and_activities(ida, crew):
    page = ida.get(f"/deals/{crew.deal.id}/associations/history").text

    for objects in ("contacts", "companies", "tickets", "calls", "emails", "meetings", "notes", "tasks"):
        assert f'<option value="{objects}"' in page


def test_it_opens_with_an_object_that_has_some(ida, crew):
    page = ida.get(f"/contacts/{crew.bo.id}/associations/history")

    assert "Havnen ApS" in text_of(page) and '<option value="companies" selected' in page.text


def test_a_row_tells_name_number_update_moment_and_source(ida, crew):
    page = ida.get(f"/contacts/{crew.bo.id}/associations/history?object=companies")

    assert f"Havnen ApS {crew.havnen.id} Created" in text_of(page)
    assert "User · Ida Lund" in text_of(page)
    assert f'href="/companies/{crew.havnen.id}" data-copies' in page.text
    assert f'href="/contacts/{crew.bo.id}/associations/companies/{crew.havnen.id}/history" data-panel' in page.text


def test_what_was_removed_stands_above_what_was_made(ida, crew):
    ida.post(f"/contacts/{crew.bo.id}/associations/companies/{crew.havnen.id}/removal")

    said = text_of(ida.get(f"/contacts/{crew.bo.id}/associations/history?object=companies"))

    assert 0 < said.index("Removed") < said.index(" Created ")


def test_the_panel_tells_all_of_one_association_newest_first(ida, crew):
    ida.post(f"/contacts/{crew.ada.id}/associations/companies/{crew.havnen.id}/primary", replace=str(crew.nordlys.id))

    said = text_of(ida.get(f"/contacts/{crew.ada.id}/associations/companies/{crew.nordlys.id}/history"))

    assert "Ada Holm and Nordlys A/S" in said
    assert said.index("Removed as primary") < said.index("Set as primary") < said.rindex("Created")


def test_a_list_longer_than_a_page_goes_on(ida, crew, own_database):
    with own_database.transaction() as tx:
        notes = crew.known.object_type("notes")
        made = [
            records.create(tx, crew.ida, notes, {"hs_note_body": f"Note {n}", "hs_timestamp": "2026-03-01"}).id
            for n in range(60)
        ]
        associations.link(tx, crew.ida, crew.bo.object_type, crew.bo.id, notes, made)

    first = ida.get(f"/contacts/{crew.bo.id}/associations/history?object=notes").text
    later = first.split('data-key="]"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = text_of(ida.get(later))

    assert "Note 59" in first and "Note 10<" in first and "Note 9<" not in first
    assert "Note 9 " in second and "Note 0 " in second and "Note 10 " not in second


def test_an_address_that_somebody_changed_begins_at_the_newest(ida, crew):
    home = f"/contacts/{crew.bo.id}/associations/history?object=companies"

    for wrong in ("x", "1-2", "99999999999999999-1-1", "1-1-99999999999999999999"):
        assert "Havnen ApS" in text_of(ida.get(f"{home}&after={wrong}"))


def test_nothing_yet_says_what_will_stand_there(ida, crew):
    said = text_of(ida.get(f"/contacts/{crew.cleo.id}/associations/history?object=deals"))

    assert "Cleo has never been associated with any" in said


def test_two_that_never_met_say_so(ida, crew):
    said = text_of(ida.get(f"/contacts/{crew.cleo.id}/associations/companies/{crew.havnen.id}/history"))

    assert "never been associated" in said


def test_a_user_without_a_name_is_told_by_number(ida, crew, own_database):
    with own_database.transaction() as tx:
        tx.run("UPDATE kartotek.associations SET actor = 987654 WHERE first = %s", [crew.bo.id])

    said = text_of(ida.get(f"/contacts/{crew.bo.id}/associations/history?object=companies"))

    assert "User · 987654" in said


def test_what_was_of_a_record_that_was_merged_says_so(ida, crew):
    ida.post(
        f"/contacts/{crew.ada.id}/merge",
        form=f"/contacts/{crew.ada.id}/merge/new?with={crew.bo.id}",
        **{"with": str(crew.bo.id)},
    )

    table = text_of(ida.get(f"/contacts/{crew.ada.id}/associations/history?object=companies"))
    panel = text_of(ida.get(f"/contacts/{crew.ada.id}/associations/companies/{crew.havnen.id}/history"))

    assert f"Removed of record {crew.bo.id} (merged)" in table
    assert f"Of record {crew.bo.id}, which was merged into this one." in panel
