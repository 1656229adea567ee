"""Which records somebody's rights reach: own, a team's, unassigned ones; found, counted, changed, associated."""

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import associations, lists, primaries, reach, records, teams
from kartotek.model.filters import Filter, Query
from kartotek.model.people import Rights
from kartotek.model.records import Batch, Changes, Links
from tests.helpers.colleagues import as_now, somebody, team_of, with_rights

OWN, TEAM = Rights({"*": "own"}, {"*": "own"}, {"*": "own"}), Rights({"*": "team"}, {"*": "team"}, {"*": "own"})


def test_a_team_sees_what_its_people_own_and_what_teams_below_own(tx, cast):
    sol, kim = with_rights(tx, cast.ida, "Sol", TEAM), somebody(tx, cast.ida, "Kim")
    north = team_of(tx, cast.ida, "North", sol)
    team_of(tx, cast.ida, "Harbour", kim, parent=north)
    owned(tx, cast, ada=sol, bo=kim)

    assert names(tx, as_now(tx, sol), cast) == ["Bo Ågård", "Ada Holm"]
    assert names(tx, as_now(tx, somebody(tx, cast.ida, "Per", "seller")), cast) == ["Cleo"]


def test_a_second_team_is_seen_but_ones_own_records_are_those_of_the_main_team(tx, cast):
    sol, kim = with_rights(tx, cast.ida, "Sol", TEAM), with_rights(tx, cast.ida, "Kim", TEAM)
    north, south = team_of(tx, cast.ida, "North"), team_of(tx, cast.ida, "South")
    teams.place(tx, cast.ida, sol.id, [north, south], north)
    teams.place(tx, cast.ida, kim.id, [south], south)
    owned(tx, cast, ada=sol, bo=kim)

    assert names(tx, as_now(tx, sol), cast) == ["Bo Ågård", "Ada Holm"]
    assert names(tx, as_now(tx, kim), cast) == ["Bo Ågård"]


def test_unassigned_records_are_seen_where_the_role_says_so(tx, cast):
    sol = with_rights(tx, cast.ida, "Sol", Rights({"*": "own+unassigned"}))
    owned(tx, cast, ada=sol, bo=somebody(tx, cast.ida, "Kim"))

    assert names(tx, as_now(tx, sol), cast) == ["Cleo", "Ada Holm"]


def test_a_records_team_follows_its_owner(tx, cast):
    sol, contacts = somebody(tx, cast.ida, "Sol"), cast.ada.object_type
    north = team_of(tx, cast.ida, "North", sol)
    owned(tx, cast, ada=sol)
    of_team = Query(filters=((Filter("hubspot_team_id", "EQ", (str(north),)),),))

    found = records.find(tx, cast.ida, contacts, of_team, ["hubspot_team_id"]).records
    teams.place(tx, cast.ida, sol.id, [], None)

    assert [(one.id, one.values["hubspot_team_id"]) for one in found] == [(cast.ada.id, str(north))]
    assert records.get(tx, cast.ida, contacts, cast.ada.id).values["hubspot_team_id"] is None
    assert records.find(tx, cast.ida, contacts, of_team, []).total == 0


def test_nobody_writes_the_team_of_a_record(tx, cast):
    with pytest.raises(errors.Invalid):
        records.update(tx, cast.ida, cast.ada.object_type, cast.ada.id, {"hubspot_team_id": "1"})


def test_cards_and_columns_count_only_what_may_be_seen(tx, cast):
    sol = with_rights(tx, cast.ida, "Sol", OWN)
    companies = cast.nordlys.object_type
    owned(tx, cast, ada=sol, nordlys=sol)
    actor = as_now(tx, sol)
    ada = records.get(tx, actor, cast.ada.object_type, cast.ada.id)

    cards = {one.object_type.name: one for one in associations.cards(tx, actor, ada)}
    columns = associations.counts(tx, actor, ada.object_type, [ada.id], companies)

    assert (cards["companies"].total, [a.record.id for a in cards["companies"].associations]) == (1, [cast.nordlys.id])
    assert (cards["deals"].total, columns[ada.id][0], columns[ada.id][1].id) == (0, 1, cast.nordlys.id)


def test_lists_count_only_what_may_be_seen(tx, cast):
    sol, contacts = with_rights(tx, cast.ida, "Sol", OWN), cast.ada.object_type
    owned(tx, cast, ada=sol)
    list_ = lists.create(tx, cast.ida, contacts, "Spring")
    lists.add(tx, cast.ida, list_, [cast.ada.id, cast.bo.id])
    actor = as_now(tx, sol)

    gone = lists.remove(tx, actor, list_, [cast.bo.id])

    assert (lists.get(tx, actor, list_).members, gone, lists.get(tx, cast.ida, list_).members) == (1, 0, 2)


def test_what_a_hidden_record_is_associated_with_is_not_told(tx, cast):
    sol = with_rights(tx, cast.ida, "Sol", Rights({"*": "all", "companies": "own"}))
    owned(tx, cast, havnen=sol)
    contacts = cast.ada.object_type

    found = [
        records.find(tx, as_now(tx, sol), contacts, Query(associated_with=one.id), ()).total
        for one in (cast.havnen, cast.nordlys, cast.deal)
    ]

    assert found == [2, 0, 1]


def test_who_sees_only_their_own_keeps_what_they_make(tx, cast):
    sol = as_now(tx, with_rights(tx, cast.ida, "Sol", OWN))

    made = records.create(tx, sol, cast.ada.object_type, {"firstname": "Dora"})

    assert records.get(tx, sol, cast.ada.object_type, made.id).values["hubspot_owner_id"] == str(sol.person)


def test_a_record_can_be_given_away(tx, cast):
    sol, kim = with_rights(tx, cast.ida, "Sol", OWN), somebody(tx, cast.ida, "Kim")
    owned(tx, cast, ada=sol)

    given = records.update(
        tx, as_now(tx, sol), cast.ada.object_type, cast.ada.id, {"hubspot_owner_id": "kim@kartotek.example"}
    )

    assert given.values["hubspot_owner_id"] == str(kim.id)
    assert reach.seen(tx, as_now(tx, sol), cast.ada.object_type, [cast.ada.id]) == set()


def test_associating_takes_the_record_at_hand_and_the_sight_of_the_other(tx, cast):
    sol = with_rights(tx, cast.ida, "Sol", OWN)
    contacts, deals = cast.ada.object_type, cast.deal.object_type
    owned(tx, cast, bo=sol)
    actor = as_now(tx, sol)

    with pytest.raises(errors.NotFound, match="There is no deal"):
        associations.link(tx, actor, contacts, cast.bo.id, deals, [cast.deal.id])
    with pytest.raises(errors.NotFound, match="There is no contact"):
        associations.link(tx, actor, contacts, cast.cleo.id, contacts, [cast.bo.id])
    owned(tx, cast, deal=sol)
    assert associations.link(tx, as_now(tx, sol), contacts, cast.bo.id, deals, [cast.deal.id]) == 1


def test_a_primary_company_that_may_not_be_seen_is_not_named_either(tx, cast):
    sol = with_rights(tx, cast.ida, "Sol", OWN)
    owned(tx, cast, ada=sol)
    companies = cast.nordlys.object_type
    mine = records.create(tx, as_now(tx, sol), companies, {"name": "Lunden"})

    with pytest.raises(errors.Conflict, match="Another company is the primary company now"):
        associations.link(tx, as_now(tx, sol), cast.ada.object_type, cast.ada.id, companies, [mine.id], primary=mine.id)


def test_who_sees_none_of_the_other_companies_removes_the_primary_one_without_choosing(tx, cast):
    sol = with_rights(tx, cast.ida, "Sol", OWN)
    owned(tx, cast, ada=sol)
    contacts, companies = cast.ada.object_type, cast.nordlys.object_type
    hidden = records.get(tx, cast.ida, contacts, cast.ada.id).primary
    actor = as_now(tx, sol)
    mine = records.create(tx, actor, companies, {"name": "Lunden"})
    associations.link(tx, actor, contacts, cast.ada.id, companies, [mine.id])
    primaries.choose(tx, cast.ida, contacts, cast.ada.id, mine.id)

    with pytest.raises(errors.Invalid, match="among the other associated ones"):
        associations.unlink(tx, actor, contacts, cast.ada.id, companies, mine.id, hidden)
    with pytest.raises(errors.Invalid, match="among the other associated ones"):
        primaries.remove(tx, actor, contacts, cast.ada.id, hidden)
    associations.unlink(tx, actor, contacts, cast.ada.id, companies, mine.id)

    assert records.get(tx, cast.ida, contacts, cast.ada.id).primary == hidden is not None


def test_no_batch_gets_past_the_rights_of_its_records(tx, cast):
    sol = as_now(tx, with_rights(tx, cast.ida, "Sol", Rights({"*": "all"}, {"*": "own"})))
    contacts, deals = cast.ada.object_type, cast.deal.object_type
    change = pl.DataFrame({"_key": [1], "_id": [cast.ada.id], "firstname": ["Adda"]})
    pair = pl.DataFrame({"first_id": [cast.cleo.id], "second_id": [cast.deal.id]}).with_columns(
        first_key=pl.lit(None, pl.Int64), second_key=pl.lit(None, pl.Int64)
    )

    with pytest.raises(errors.NotAllowed, match="their own contacts"):
        records.write(tx, sol, Batch((Changes(contacts, change),)))
    with pytest.raises(errors.NotAllowed, match="neither"):
        records.write(tx, sol, Batch(links=(Links(contacts, deals, pair),)))


def test_many_are_deleted_at_once_only_by_who_may(tx, cast):
    sol = with_rights(tx, cast.ida, "Sol", OWN)
    owned(tx, cast, ada=sol, bo=sol)

    with pytest.raises(errors.NotAllowed, match="one at a time"):
        records.archive(tx, as_now(tx, sol), cast.ada.object_type, [cast.ada.id, cast.bo.id])

    assert records.archive(tx, as_now(tx, sol), cast.ada.object_type, [cast.ada.id]) == 1


def owned(tx, cast, **owners):
    """Gives records of the cast to people."""
    for name, person in owners.items():
        record = getattr(cast, name)
        records.update(tx, cast.ida, record.object_type, record.id, {"hubspot_owner_id": str(person.id)})


def names(tx, actor, cast):
    return [one.name for one in records.find(tx, actor, cast.ada.object_type, Query(), []).records]
