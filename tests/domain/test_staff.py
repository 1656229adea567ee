"""Running the place: roles given and taken, people leaving, records handed over, teams, and what the log says of it."""

import pytest

from kartotek import errors
from kartotek.domain import audit, bulk_runs, people, records, roles, staff, teams, tokens
from kartotek.model.people import ROLES, Rights
from tests import cast as casting
from tests.helpers.colleagues import PASSWORD, as_now, somebody, team_of, with_rights


def test_a_role_that_changes_holds_with_the_next_step(tx, cast):
    sol = somebody(tx, cast.ida, "Sol")
    session = people.sign_in(tx, sol.email, PASSWORD)

    staff.change_role(tx, cast.ida, sol.id, "viewer")

    person, _ = people.session(tx, session.secret)
    assert people.actor_of(person).rights == ROLES["viewer"]


def test_a_shaped_role_holds_for_everybody_who_has_it(tx, cast):
    sol = somebody(tx, cast.ida, "Sol", "seller")

    roles.change(tx, cast.ida, "seller", None, Rights({"*": "all"}, {"*": "own"}, exports=True))

    assert as_now(tx, sol).rights == Rights({"*": "all"}, {"*": "own"}, exports=True)
    roles.remove(tx, cast.ida, "seller")
    assert as_now(tx, sol).rights == ROLES["seller"]


def test_whoever_is_deactivated_is_out_and_their_records_stay_theirs(tx, cast):
    sol = somebody(tx, cast.ida, "Sol", "manager")
    contacts = cast.ada.object_type
    records.update(tx, cast.ida, contacts, cast.ada.id, {"hubspot_owner_id": str(sol.id)})
    session = people.sign_in(tx, sol.email, PASSWORD)
    link = people.invite(tx, cast.ida, sol.email)

    staff.deactivate(tx, cast.ida, sol.id)

    assert people.session(tx, session.secret) is None
    with pytest.raises(errors.NotSignedIn):
        people.claim(tx, link, email="", first_name=None, last_name=None, password=PASSWORD)
    assert records.get(tx, cast.ida, contacts, cast.ada.id).values["hubspot_owner_id"] == str(sol.id)
    assert sol.id not in [one.id for one in people.owners(tx)]


def test_a_program_ends_with_the_person_it_acts_for(tx, cast):
    sol = somebody(tx, cast.ida, "Sol", "admin")
    secret = tokens.issue(tx, as_now(tx, sol), "warehouse")
    staff.deactivate(tx, cast.ida, sol.id)

    people.invite(tx, cast.ida, sol.email)  # comes back, the token does not

    with pytest.raises(errors.NotSignedIn):
        tokens.by_secret(tx, secret)


def test_the_last_administrator_is_neither_demoted_nor_deactivated(tx, cast):
    people.invite(tx, cast.ida, "eve@kartotek.example", "admin")  # who has never come in does not count

    with pytest.raises(errors.Conflict, match="only administrator"):
        staff.change_role(tx, cast.ida, cast.person.id, "member")
    with pytest.raises(errors.Conflict, match="only administrator"):
        staff.deactivate(tx, cast.ida, cast.person.id)


def test_nobody_gives_or_takes_more_than_they_have(tx, cast):
    clerk = as_now(tx, with_rights(tx, cast.ida, "Sol", Rights({"*": "all"}, settings=True)))

    with pytest.raises(errors.NotAllowed, match="more than Sol may"):
        people.invite(tx, clerk, "eve@kartotek.example", "admin")
    with pytest.raises(errors.NotAllowed, match="more than Sol may"):
        people.invite(tx, clerk, cast.person.email)  # whose link would be the way into Ida's place
    with pytest.raises(errors.NotAllowed, match="more than Sol may"):
        staff.change_role(tx, clerk, clerk.person, "admin")
    with pytest.raises(errors.NotAllowed, match="more than Sol may"):
        staff.deactivate(tx, clerk, cast.person.id)
    with pytest.raises(errors.NotAllowed, match="more than Sol may"):
        roles.define(tx, clerk, "Everything", ROLES["admin"])


def test_records_are_handed_over_with_their_history(tx, cast):
    sol, kim = somebody(tx, cast.ida, "Sol"), somebody(tx, cast.ida, "Kim")
    for record in (cast.ada, cast.bo, cast.deal):
        records.update(tx, cast.ida, record.object_type, record.id, {"hubspot_owner_id": str(sol.id)})

    owned = {one.object_type.name: one.records for one in staff.owned(tx, cast.ida, sol.id)}
    handed = staff.reassign(tx, cast.ida, sol.id, kim.id)

    assert (owned, handed.now, handed.later) == ({"contacts": 2, "deals": 1}, 3, 0)
    assert staff.owned(tx, cast.ida, sol.id) == []
    assert tx.value("SELECT count(*) FROM kartotek.changes WHERE old ->> 'hubspot_owner_id' = %s", [str(sol.id)]) == 3


def test_many_records_are_handed_over_by_a_worker(own_database):
    with own_database.transaction() as tx:
        cast = casting.gather(tx)
        sol, kim = somebody(tx, cast.ida, "Sol"), somebody(tx, cast.ida, "Kim")
        for n in range(bulk_runs.AT_ONCE + 1):
            records.create(tx, cast.ida, cast.ada.object_type, {"firstname": f"{n}", "hubspot_owner_id": str(sol.id)})
        handed = staff.reassign(tx, cast.ida, sol.id, kim.id)
        run = bulk_runs.find(tx, cast.ida)[0]

    bulk_runs.work(own_database, run.id, lambda: None)

    with own_database.transaction() as tx:
        owned = {one.object_type.name: one.records for one in staff.owned(tx, cast.ida, kim.id)}
        assert (handed.now, handed.later, handed.runs) == (0, 101, 1)
        assert owned == {"contacts": 101} and staff.owned(tx, cast.ida, sol.id) == []


@pytest.mark.parametrize(
    ("rights", "sentence"),
    [
        (Rights({"*": "own"}, {"*": "all"}), "at least as much"),
        (Rights({"*": "all", "deals": "none"}, {"*": "own"}), "Deals"),
        (Rights({"boats": "all"}), "boats"),
        (Rights({"*": "some"}), "reach"),
    ],
)
def test_a_role_makes_sense(tx, cast, rights, sentence):
    with pytest.raises(errors.Invalid, match=sentence):
        roles.define(tx, cast.ida, "Sales", rights)


def test_a_role_is_named_once_and_goes_when_nobody_has_it(tx, cast):
    role = roles.define(tx, cast.ida, " Sælgere,  øst ", Rights({"*": "own"}))
    sol = somebody(tx, cast.ida, "Sol", role.name)

    assert (role.name, role.label) == ("saelgere_oest", "Sælgere, øst")
    with pytest.raises(errors.Invalid, match="already"):
        roles.define(tx, cast.ida, "sælgere, Øst", Rights())
    with pytest.raises(errors.Conflict, match="another one first"):
        roles.remove(tx, cast.ida, role.name)
    staff.change_role(tx, cast.ida, sol.id, "viewer")
    roles.remove(tx, cast.ida, role.name)
    assert role.name not in roles.every(tx)


def test_an_administrators_role_stays_as_it_is(tx, cast):
    with pytest.raises(errors.Invalid, match="everything"):
        roles.change(tx, cast.ida, "admin", None, Rights({"*": "own"}))


def test_teams_do_not_stand_below_themselves(tx, cast):
    north = team_of(tx, cast.ida, "North")
    harbour = team_of(tx, cast.ida, "Harbour", parent=north)

    with pytest.raises(errors.Invalid, match="below itself"):
        teams.change(tx, cast.ida, north, "North", harbour)
    with pytest.raises(errors.Invalid, match="already"):
        teams.create(tx, cast.ida, "north")


def test_a_team_that_goes_leaves_those_below_it_to_the_one_above(tx, cast):
    sol = somebody(tx, cast.ida, "Sol")
    north = team_of(tx, cast.ida, "North")
    middle = team_of(tx, cast.ida, "Middle", sol, parent=north)
    harbour = team_of(tx, cast.ida, "Harbour", parent=middle)

    teams.remove(tx, cast.ida, middle)

    assert {one.id: one.parent for one in teams.every(tx)} == {north: None, harbour: north}
    assert staff.get(tx, cast.ida, sol.id).teams == ()


def test_the_log_tells_who_did_what_to_whom(tx, cast):
    sol = somebody(tx, cast.ida, "Sol")
    staff.change_role(tx, cast.ida, sol.id, "seller")
    staff.deactivate(tx, cast.ida, sol.id)

    lines, total = audit.find(tx, cast.ida, person=sol.id, without=["invited", "opened link"])

    assert [(one.actor, one.what, one.person) for one in lines] == [
        ("Ida Lund", "deactivated", "Sol"),
        ("Ida Lund", "gave role", "Sol"),
    ]
    assert (total, lines[1].about["before"], lines[1].about["role"]) == (2, "member", "seller")


@pytest.mark.parametrize("role", ["manager", "viewer", "member"])
def test_only_who_may_change_settings_runs_the_place(tx, cast, role):
    sol = as_now(tx, somebody(tx, cast.ida, "Sol", role))

    for attempt in (
        lambda: staff.every(tx, sol),
        lambda: staff.change_role(tx, sol, sol.person, "admin"),
        lambda: staff.deactivate(tx, sol, cast.person.id),
        lambda: staff.reassign(tx, sol, cast.person.id, sol.person),
        lambda: teams.create(tx, sol, "North"),
        lambda: roles.define(tx, sol, "Everything", Rights()),
        lambda: audit.find(tx, sol),
    ):
        with pytest.raises(errors.NotAllowed):
            attempt()
