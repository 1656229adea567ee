"""Lists: who is on them, what names them, and who may see, shape, delete and restore them."""

import pytest

from kartotek import errors
from kartotek.domain import active_lists, list_uses, lists, people, records, views
from kartotek.model import filter_texts
from kartotek.model.people import Rights
from kartotek.model.views import View
from tests.helpers.colleagues import with_rights
from tests.helpers.listing import active, found, on, static

KNOWN = "email.known"
OWN = Rights({"*": "own"}, {"*": "own"}, {"*": "own"})


@pytest.fixture
def contacts(cast):
    return cast.ada.object_type


def test_a_record_knows_the_lists_it_is_on(tx, cast, contacts):
    static(tx, cast, "Fair", cast.ada, cast.bo)
    static(tx, cast, "Others", cast.cleo)
    active(tx, cast, "Nordlys", "@companies(name.starts_with(Nordlys))")
    active(tx, cast, "Late", "lastname.more_than(Holm)")

    assert [one.name for one in lists.of_record(tx, cast.ida, contacts, cast.ada.id)] == ["Fair", "Nordlys"]
    assert [one.name for one in lists.of_record(tx, cast.ida, contacts, cast.bo.id)] == ["Fair", "Late"]
    assert [one.name for one in lists.of_record(tx, cast.ida, contacts, cast.cleo.id)] == ["Others"]


def test_what_names_a_list_is_told(tx, cast, contacts):
    id = static(tx, cast, "Fair", cast.ada)
    active(tx, cast, "More", f"list({id})")
    wanted = View(0, "contacts", "Guests", None, everyone=True, filters=f"no list({id})")
    views.create(tx, cast.ida, contacts, wanted)
    views.create(tx, cast.ida, contacts, View(0, "contacts", "Other", None, everyone=True, filters=f"list({id}1)"))

    uses = list_uses.of(tx, cast.ida, id)

    assert [name for _, name in uses.lists] == ["More"]
    assert [(name, whose) for _, name, _, whose in uses.views] == [("Guests", None)]


def test_a_deleted_list_comes_back_with_its_members(tx, cast, contacts):
    id = static(tx, cast, "Fair", cast.ada)
    lists.delete(tx, cast.ida, id)
    gone = [one.name for one in lists.archived(tx, cast.ida)]
    with pytest.raises(errors.Invalid, match="is deleted"):
        found(tx, cast, contacts, f"list({id})")

    lists.restore(tx, cast.ida, id)

    assert gone == ["Fair"] and on(tx, cast, id) == ["Ada"] and lists.archived(tx, cast.ida) == []


def test_a_deleted_list_does_not_come_back_beside_one_of_its_name(tx, cast):
    id = static(tx, cast, "Fair", cast.ada)
    lists.delete(tx, cast.ida, id)
    static(tx, cast, "fair", cast.bo)

    with pytest.raises(errors.Conflict, match="There is another list called “Fair” by now"):
        lists.restore(tx, cast.ida, id)


def test_after_ninety_days_a_deleted_list_goes_for_good(tx, cast):
    id = static(tx, cast, "Fair", cast.ada)
    lists.delete(tx, cast.ida, id)
    tx.run("UPDATE kartotek.lists SET archived = archived - interval '90 days' WHERE id = %s", [id])

    lists.purge(tx)

    assert (
        tx.value("SELECT count(*) FROM kartotek.lists") == tx.value("SELECT count(*) FROM kartotek.list_members") == 0
    )
    with pytest.raises(errors.NotFound):
        lists.restore(tx, cast.ida, id)


def test_a_list_shows_and_counts_what_its_reader_may_see(tx, cast, contacts):
    everybody = active(tx, cast, "All", KNOWN)
    staffed = active(tx, cast, "At Havnen", "@companies(name.contains(havnen))")
    picked = static(tx, cast, "Fair", cast.ada, cast.bo)
    sol = people.actor_of(with_rights(tx, cast.ida, "Sol", OWN))
    records.update(tx, cast.ida, contacts, cast.bo.id, {"hubspot_owner_id": str(sol.person)})

    # Bo's company is not Sol's to see, so asking for it finds nothing.
    assert [on(tx, cast, id, sol) for id in (everybody, staffed, picked)] == [["Bo"], [], ["Bo"]]
    assert [one.name for one in lists.of_record(tx, sol, contacts, cast.bo.id)] == ["Fair", "All"]
    with pytest.raises(errors.NotFound):
        lists.of_record(tx, sol, contacts, cast.ada.id)


def test_lists_of_what_one_may_not_see_are_not_there(tx, cast):
    firms = static(tx, cast, "Firms", cast.nordlys)
    sol = people.actor_of(with_rights(tx, cast.ida, "Sol", Rights({"contacts": "all"}, {"contacts": "all"})))

    assert lists.find(tx, sol)[1] == 0 and lists.names(tx, sol, [firms]) == {}
    for deed in (lists.get, lists.delete, list_uses.of):
        with pytest.raises(errors.NotAllowed):
            deed(tx, sol, firms)


def test_who_may_not_edit_an_object_does_not_shape_its_lists(tx, cast):
    id = active(tx, cast, "All", KNOWN)
    gone = static(tx, cast, "Gone", cast.ada)
    lists.delete(tx, cast.ida, gone)
    vera = people.actor_of(with_rights(tx, cast.ida, "Vera", Rights({"*": "all"})))
    asked = filter_texts.parsed(KNOWN)

    for deed in (
        lambda: active_lists.create(tx, vera, cast.ada.object_type, "Mine", asked),
        lambda: active_lists.ask(tx, vera, id, asked),
        lambda: active_lists.fix(tx, vera, id),
        lambda: active_lists.copy(tx, vera, id, "Mine"),
        lambda: active_lists.static_copy(tx, vera, id, "Mine"),
        lambda: lists.restore(tx, vera, gone),
    ):
        with pytest.raises(errors.NotAllowed, match="may not edit contacts"):
            deed()
    assert on(tx, cast, id, vera) == ["Ada", "Bo", "Cleo"]
