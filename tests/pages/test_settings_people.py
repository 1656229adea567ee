"""Settings for people: inviting, roles, teams, taking leave, handing over, tokens, the log."""

import html
import re

import pytest

from kartotek.domain import records, roles, staff, teams
from kartotek.model.people import Rights
from tests.helpers.colleagues import PASSWORD, somebody
from tests.helpers.visitor import Visitor, text_of


def test_somebody_is_invited_comes_in_and_may_what_the_role_allows(ida, program):
    page = ida.post("/settings/people", form="/settings/people/new", email="sol@kartotek.example", role="viewer")
    path = re.search(r"/welcome/[\w-]+", html.unescape(page.text))[0]
    assert 'id="link"' in page.text and 'data-copies="link"' in page.text
    program.cookies.clear()
    sol = Visitor(program)

    sol.post(path, form=path, first_name="Sol", last_name="", password=PASSWORD)

    assert sol.get("/contacts").status_code == 200
    assert sol.get("/contacts/new").status_code == 403


def test_a_role_and_teams_are_changed_on_the_persons_page(ida, own_database, crew):
    with own_database.transaction() as tx:
        sol = somebody(tx, crew.ida, "Sol")
        north = teams.create(tx, crew.ida, "North")

    ida.post(f"/settings/people/{sol.id}", form=f"/settings/people/{sol.id}", role="seller", team=str(north))

    page = text_of(ida.get("/settings/people"))
    assert "Sol sol@kartotek.example Seller North" in page


def test_somebody_leaves_and_their_records_are_handed_over(ida, own_database, crew):
    with own_database.transaction() as tx:
        sol = somebody(tx, crew.ida, "Sol")
        records.update(tx, crew.ida, crew.ada.object_type, crew.ada.id, {"hubspot_owner_id": str(sol.id)})
    page = f"/settings/people/{sol.id}"

    asked = text_of(ida.get(f"{page}/deactivation/new"))
    ida.post(f"{page}/deactivation", form=f"{page}/deactivation/new")
    still = text_of(ida.get(f"/contacts/{crew.ada.id}"))
    ida.post(f"{page}/handover", form=page, to=str(crew.person.id))

    assert "1 contact" in asked
    assert "Contact owner Sol" in still  # who has left is still read by name
    assert "Nothing belongs to them" in text_of(ida.get(page))


def test_the_last_administrator_is_told_why_they_stay(ida, crew):
    page = f"/settings/people/{crew.person.id}"

    answer = ida.post(page, form=page, role="viewer")

    assert answer.status_code == 409
    assert "only administrator" in text_of(answer)


def test_a_role_of_ones_own_is_made_from_the_table_of_rights(ida, own_database):
    ida.post("/settings/roles", form="/settings/roles/new", label="Temps", **{"view:*": "own", "edit:deals": "own"})

    with own_database.transaction() as tx:
        assert roles.get(tx, "temps").rights == Rights({"*": "own"}, {"deals": "own"})
    assert "Temps 0 Their own None with exceptions None" in text_of(ida.get("/settings/roles"))


def test_a_role_that_makes_no_sense_comes_back_as_it_was_sent(ida):
    answer = ida.post("/settings/roles", form="/settings/roles/new", label="Odd", **{"view:*": "own", "edit:*": "all"})

    assert answer.status_code == 400
    assert "at least as much" in text_of(answer)
    assert 'value="Odd"' in answer.text


def test_a_standard_role_is_shaped_and_becomes_again_what_it_was(ida, own_database):
    page = "/settings/roles/seller"
    ida.post(page, form=page, label="Outside sales", exports="1", **{"view:*": "all"})
    shaped = text_of(ida.get("/settings/roles"))

    ida.post(f"{page}/removal", form=page)

    assert "Outside sales" in shaped
    assert "Seller" in text_of(ida.get("/settings/roles"))


def test_teams_stand_below_each_other(ida, own_database):
    ida.post("/settings/teams", form="/settings/teams/new", name="North")
    with own_database.transaction() as tx:
        north = teams.every(tx)[0].id
    ida.post("/settings/teams", form="/settings/teams/new", name="Harbour", parent=str(north))

    circle = ida.post(f"/settings/teams/{north}", form=f"/settings/teams/{north}", name="North", parent=str(north))

    assert circle.status_code == 400
    assert "North" in text_of(ida.get("/settings/teams")) and "Harbour" in text_of(ida.get("/settings/teams"))


def test_a_token_is_shown_once_and_revoked(ida):
    made = ida.post("/settings/tokens", form="/settings/tokens", name="warehouse", scope="crm.objects.contacts.read")
    secret = re.search(r"kt-[\w-]+", made.text)[0]
    number = re.search(r"/settings/tokens/(\d+)/revocation", made.text)[1]

    ida.post(f"/settings/tokens/{number}/revocation", form="/settings/tokens")

    page = ida.get("/settings/tokens")
    assert secret not in page.text
    assert "warehouse Revoked Ida Lund · crm.objects.contacts.read" in text_of(page)


def test_the_log_says_who_did_what(ida, own_database, crew):
    with own_database.transaction() as tx:
        sol = somebody(tx, crew.ida, "Sol")
        staff.change_role(tx, crew.ida, sol.id, "seller")

    page = text_of(ida.get(f"/settings/audit?person={sol.id}"))

    assert "Ida Lund changed Sol from Member to Seller" in page
    assert "signed in" not in page
    assert "signed in" in text_of(ida.get("/settings/audit?all=1"))


@pytest.mark.parametrize(
    "page", ["people", "people/new", "teams", "teams/new", "roles", "roles/seller", "tokens", "audit"]
)
def test_who_may_not_change_settings_sees_none_of_it(stranger, own_database, crew, page):
    with own_database.transaction() as tx:
        somebody(tx, crew.ida, "Sol")
    stranger.sign_in("sol@kartotek.example", PASSWORD)

    assert stranger.get(f"/settings/{page}").status_code == 403
    assert "/settings/people" not in stranger.get("/settings").text


def test_a_changed_role_and_a_closed_door_hold_with_the_next_click(stranger, own_database, crew):
    with own_database.transaction() as tx:
        sol = somebody(tx, crew.ida, "Sol")
    stranger.sign_in("sol@kartotek.example", PASSWORD)

    before = stranger.get("/contacts/new").status_code
    with own_database.transaction() as tx:
        staff.change_role(tx, crew.ida, sol.id, "viewer")
    changed = stranger.get("/contacts/new").status_code
    with own_database.transaction() as tx:
        staff.deactivate(tx, crew.ida, sol.id)
    closed = stranger.get("/contacts")

    assert (before, changed, closed.status_code) == (200, 403, 303)


def test_who_is_here_already_is_not_invited_into_another_role(ida, own_database, crew):
    answer = ida.post("/settings/people", form="/settings/people/new", email=" IDA@kartotek.example", role="viewer")

    assert answer.status_code == 409
    assert "Ida Lund is here already" in text_of(answer)
    with own_database.transaction() as tx:
        assert staff.get(tx, crew.ida, crew.ida.person).person.role == "admin"


def test_a_name_has_a_length_at_most(ida, program):
    page = ida.post("/settings/people", form="/settings/people/new", email="sol@kartotek.example", role="viewer")
    path = re.search(r"/welcome/[\w-]+", html.unescape(page.text))[0]
    token = ida.post("/settings/tokens", form="/settings/tokens", name="x" * 101)
    program.cookies.clear()

    person = Visitor(program).post(path, form=path, first_name="x" * 101, last_name="", password=PASSWORD)

    assert (token.status_code, person.status_code) == (400, 400)
    assert "at most 100 characters" in text_of(token) and "at most 100 characters" in text_of(person)


def test_a_number_longer_than_any_is_no_error_of_ours(ida, crew):
    person, digits = f"/settings/people/{crew.ida.person}", "9" * 5000

    role = ida.post(person, form=person, role="admin", main=digits)
    heir = ida.post(f"{person}/handover", form=person, to=digits)
    stage = ida.post("/settings/pipelines/deals/default", label="x", stage="", name="x", state="50", place=digits)

    assert (role.status_code, heir.status_code, stage.status_code) == (303, 400, 409)


def test_the_log_tells_of_labels_and_limits(ida):
    both = "/settings/associations/contacts/companies"
    ida.post(f"{both}/labels", label="Client", paired="1", inverse="Advisor")
    ida.post(f"{both}/limits", **{"most-279": "9"})

    page = text_of(ida.get("/settings/audit"))

    assert "created the label Client between contacts and companies" in page
    assert "changed how many companies one of the contacts may have" in page
