"""Many records at once on the pages: ticked ones, or all that an index page shows; what came of it, and back."""

import re

from kartotek.domain import bulk_runs, lists, records
from kartotek.model.bulk_runs import Associate, Chosen, Edit, How
from kartotek.model.people import Rights
from tests.helpers.colleagues import PASSWORD, with_rights
from tests.helpers.visitor import text_of

CITY = {"bulk-property": "city", "bulk-how": "set", "city": "Odense"}


def ids(*found):
    return "&".join(f"ids={one.id}" for one in found)


def cities(database, crew):
    with database.transaction() as tx:
        found = records.many(tx, crew.ida, crew.ada.object_type, [crew.ada.id, crew.bo.id, crew.cleo.id], ["city"])
    return [one.values["city"] for one in found]


def test_the_bar_offers_what_can_be_done_to_ticked_rows(ida):
    page = ida.get("/contacts").text

    for action in ("edits", "links", "memberships", "exports", "archivals"):
        assert f"/contacts/{action}/new" in page
    assert 'name="all"' not in page  # they are all on the page


def test_more_than_a_page_shows_can_be_selected(ida, crew, own_database):
    with own_database.transaction() as tx:
        for n in range(50):
            records.create(tx, crew.ida, crew.ada.object_type, {"firstname": f"Number {n}"})

    page = ida.get("/contacts?q=number")

    assert "Select all 53" in text_of(ida.get("/contacts"))
    assert 'name="all"' not in page.text


def test_ticked_contacts_are_edited_and_it_is_undone_from_the_toast(ida, crew, own_database):
    panel = ida.get(f"/contacts/edits/new?{ids(crew.ada, crew.bo)}&bulk-property=city")
    done = ida.post(f"/contacts/edits?{ids(crew.ada, crew.bo)}", **CITY)
    page = ida.get(done.headers["location"])
    undo = re.search(r'action="(/bulk/\d+/undo)"', page.text)[1]
    changed = cities(own_database, crew)
    ida.post(undo)

    assert "Edit 2 contacts" in text_of(panel) and "Ada Holm" in text_of(panel) and 'name="city"' in panel.text
    assert done.headers["location"] == "/contacts" and "2 contacts changed." in text_of(page)
    assert changed == ["Odense", "Odense", None]
    assert cities(own_database, crew) == [None, None, None]


def test_all_that_the_page_shows_are_meant_where_that_is_ticked(ida, crew, own_database):
    state = "where=lastname.known&all=1"

    panel = text_of(ida.get(f"/contacts/edits/new?{state}&{ids(crew.cleo)}"))
    done = ida.post(f"/contacts/edits?{state}", **CITY)

    assert "Edit 2 contacts" in panel and "Cleo" not in panel
    assert done.headers["location"] == "/contacts?where=lastname.known"
    assert cities(own_database, crew) == ["Odense", "Odense", None]


def test_without_scripts_the_field_comes_with_the_next_page(ida, crew):
    answer = ida.post(f"/contacts/edits?{ids(crew.ada)}", **{"bulk-property": "lifecyclestage"})

    assert answer.status_code == 200 and 'name="lifecyclestage"' in answer.text and "Empty it" in text_of(answer)


def test_what_cannot_be_done_is_said_on_the_form(ida, crew, own_database):
    nothing = ida.post(f"/contacts/edits?{ids(crew.ada)}")
    empty = ida.post(f"/contacts/edits?{ids(crew.ada)}", **{**CITY, "city": " "})

    assert nothing.status_code == 400 and "Choose a property." in text_of(nothing)
    assert empty.status_code == 400 and "Say what City shall be" in text_of(empty)
    assert cities(own_database, crew) == [None, None, None]


def test_contacts_are_associated_step_by_step_and_the_primary_company_is_told_of(ida, crew):
    both = ids(crew.ada, crew.cleo)
    objects = text_of(ida.get(f"/contacts/links/new?{both}"))
    found = text_of(ida.get(f"/contacts/links/new?{both}&other=companies&find=havn"))
    how = text_of(ida.get(f"/contacts/links/new?{both}&other=companies&others={crew.havnen.id}&step=how"))

    done = ida.post(f"/contacts/links?{both}&other=companies", others=str(crew.havnen.id), primary=str(crew.havnen.id))
    told = text_of(ida.get(done.headers["location"]))

    assert "Associate 2 contacts" in objects and "Companies" in objects and "Deals" in objects
    assert "Havnen ApS" in found and "Nordlys" not in found
    assert "Replace the present primary company" in how and "Association labels" in how
    assert "Associate with Havnen ApS" in told and "On 1 of them another company stays primary" in told


def test_nobody_to_associate_with_is_refused(ida, crew):
    answer = ida.post(f"/contacts/links?{ids(crew.ada)}&other=companies")

    assert answer.status_code == 400 and "Choose the companies to associate with" in text_of(answer)


def test_several_are_archived_and_brought_back(ida, crew):
    done = ida.post(f"/contacts/archivals?{ids(crew.bo, crew.cleo)}")
    page = ida.get(done.headers["location"])
    gone = text_of(page)
    back = ida.post(re.search(r'action="(/bulk/\d+/undo)"', page.text)[1])

    assert "2 contacts archived." in gone and "Cleo" not in gone
    assert "2 contacts are as they were before." in (said := text_of(ida.get(back.headers["location"])))
    assert "Cleo" in said and "Bo Ågård" in said


def test_all_of_a_list_are_taken_off_it(ida, crew, own_database):
    with own_database.transaction() as tx:
        spring = lists.create(tx, crew.ida, crew.ada.object_type, "Spring")
        lists.add(tx, crew.ida, spring, [crew.ada.id, crew.bo.id])

    ida.post(f"/lists/{spring}/removals?list={spring}&all=1")

    with own_database.transaction() as tx:
        assert lists.get(tx, crew.ida, spring).members == 0


def test_a_long_run_is_followed_and_stopped(ida, crew, own_database):
    with own_database.transaction() as tx:
        for n in range(bulk_runs.AT_ONCE):
            records.create(tx, crew.ida, crew.ada.object_type, {"firstname": f"Number {n}"})

    asked = ida.post("/contacts/edits?all=1", **CITY)
    where = asked.headers["location"]
    before = text_of(ida.get(where))
    ring = ida.get("/contacts").text
    ida.post(f"{where}/cancellation")
    bulk_runs.work(own_database, int(where.rpartition("/")[2]), lambda: None)

    assert "City becomes “Odense”" in before and "0 of 103 contacts are done." in before and "Stop" in before
    assert f'href="{where}"' in ring
    assert "It was stopped there." in text_of(ida.get(where))
    assert "City becomes “Odense” Contacts 0 103 Ida Lund" in text_of(ida.get("/bulk"))


def test_the_names_of_bulk_changes_cover_no_other_column(ida, crew):
    ida.post(f"/contacts/edits?{ids(crew.ada)}", **CITY)

    page = ida.get("/bulk").text

    # Without a tick before it, the column that stays in sight begins at the edge.
    assert "data-tick" not in page and page.count('class="k-first k-flat"') == 2


def test_history_leads_to_the_run(ida, crew):
    ida.post(f"/contacts/edits?{ids(crew.ada, crew.bo)}", **CITY)

    page = ida.get(f"/contacts/{crew.ada.id}/history")

    assert "User · Ida Lund · bulk change 1" in text_of(page) and 'href="/bulk/1"' in page.text


def test_what_was_associated_with_records_that_one_may_not_see_is_told_without_their_names(
    stranger, crew, own_database
):  # fmt: skip
    with own_database.transaction() as tx:
        task = Associate("companies", (crew.nordlys.id, crew.havnen.id))
        bulk_runs.ask(tx, crew.ida, crew.ada.object_type, task, Chosen(ids=(crew.cleo.id,)))
        with_rights(tx, crew.ida, "Vera", Rights({"contacts": "all"}, settings=True))
    stranger.sign_in("vera@kartotek.example", PASSWORD)

    page = text_of(stranger.get("/bulk"))

    assert "Associate with 2 companies" in page and "Nordlys" not in page


def test_history_leads_to_ones_own_bulk_change(ida, crew):
    ida.post(f"/contacts/edits?{ids(crew.ada)}", **CITY)

    page = ida.get(f"/contacts/{crew.ada.id}/history").text

    assert "bulk change 1" in page and 'href="/bulk/1"' in page


def test_history_leads_nobody_to_a_bulk_change_that_they_may_not_look_at(stranger, crew, own_database):
    with own_database.transaction() as tx:
        bulk_runs.ask(tx, crew.ida, crew.ada.object_type, Edit("city", How.SET, "Ribe"), Chosen(ids=(crew.ada.id,)))
        with_rights(tx, crew.ida, "Vera", Rights({"contacts": "all"}))
    stranger.sign_in("vera@kartotek.example", PASSWORD)

    page = stranger.get(f"/contacts/{crew.ada.id}/history").text

    assert "bulk change 1" in page and "/bulk/1" not in page
