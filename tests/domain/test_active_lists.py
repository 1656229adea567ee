"""Active lists: their filters say who is on them, and other filters ask for membership."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from kartotek import errors
from kartotek.domain import active_lists, bulk_runs, filters, lists, people, records
from kartotek.model import filter_texts
from kartotek.model.filters import Query
from kartotek.model.people import Rights
from tests.cast import gather
from tests.helpers import databases
from tests.helpers.bulk import many
from tests.helpers.colleagues import with_rights
from tests.helpers.listing import active, found, on, static

KNOWN = "email.known"
OWN = Rights({"*": "own"}, {"*": "own"}, {"*": "own"})


@pytest.fixture
def contacts(cast):
    return cast.ada.object_type


def test_an_active_list_is_right_at_once(tx, cast, contacts):
    id = active(tx, cast, "From Ribe", "city.is(Ribe)")
    nobody = on(tx, cast, id)

    records.update(tx, cast.ida, contacts, cast.bo.id, {"city": "Ribe"})
    moved_in = on(tx, cast, id)
    records.update(tx, cast.ida, contacts, cast.bo.id, {"city": "Esbjerg"})

    assert (nobody, moved_in, on(tx, cast, id)) == ([], ["Bo"], [])


def test_what_an_active_list_asks_for_is_changed(tx, cast):
    id = active(tx, cast, "Some", "firstname.is(Ada)")

    active_lists.ask(tx, cast.ida, id, filter_texts.parsed("firstname.any_of(Ada,Cleo)"))

    assert on(tx, cast, id) == ["Ada", "Cleo"]


def test_me_is_named_when_a_list_is_kept(tx, cast, contacts):
    records.update(tx, cast.ida, contacts, cast.ada.id, {"hubspot_owner_id": str(cast.person.id)})
    id = active(tx, cast, "Mine", "hubspot_owner_id.is(me) or @companies(hubspot_owner_id.is(me))")
    kim = with_rights(tx, cast.ida, "Kim", Rights({"*": "all"}))

    assert "me" not in (lists.get(tx, cast.ida, id).filters or "")
    assert on(tx, cast, id, actor=people.actor_of(kim)) == ["Ada"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "needs a condition"),
        ("citty.is(Ribe)", "Did you mean “city”"),
        ("closedate.more_than(31-02-2026)", "is not a date"),
        ("list(999)", "The list with the number 999 is deleted"),
        ("@line_items", "cannot be associated"),
    ],
)
def test_what_nobody_could_read_later_is_refused(tx, cast, text, sentence):
    with pytest.raises(errors.Invalid, match=sentence):
        active(tx, cast, "Some", text)

    assert lists.find(tx, cast.ida)[1] == 0


def test_nobody_is_put_on_an_active_list_by_hand(tx, cast):
    id = active(tx, cast, "Some", KNOWN)

    for verb in (lists.add, lists.remove):
        with pytest.raises(errors.Invalid, match="“Some” is an active list: its filters say what is on it"):
            verb(tx, cast.ida, id, [cast.ada.id])


def test_no_import_puts_records_on_an_active_list(tx, cast, contacts):
    active(tx, cast, "Some", KNOWN)

    with pytest.raises(errors.Invalid, match="“SOME” is an active list"):
        lists.require_fit(tx, cast.ida, contacts, "SOME")


def test_an_active_list_becomes_a_static_one_of_its_members(tx, cast, contacts):
    id = active(tx, cast, "From Ribe", "firstname.any_of(Ada,Bo)")

    kept = active_lists.fix(tx, cast.ida, id)
    records.update(tx, cast.ida, contacts, cast.ada.id, {"firstname": "Adele"})
    lists.remove(tx, cast.ida, id, [cast.bo.id])

    assert kept.changed == 2 and not lists.get(tx, cast.ida, id).is_active
    assert on(tx, cast, id) == ["Adele"]


def test_who_does_not_see_all_of_a_list_cannot_make_it_static_but_copies_what_they_see(tx, cast, contacts):
    id = active(tx, cast, "All", KNOWN)
    sol = people.actor_of(with_rights(tx, cast.ida, "Sol", OWN))
    records.update(tx, cast.ida, contacts, cast.bo.id, {"hubspot_owner_id": str(sol.person)})

    with pytest.raises(errors.NotAllowed, match="sees only some of what “All” asks for"):
        active_lists.fix(tx, sol, id)
    copied, _ = active_lists.static_copy(tx, sol, id, "Mine")

    assert on(tx, cast, copied) == ["Bo"]


def test_a_copy_asks_for_the_same_or_holds_the_same(tx, cast, contacts):
    id = active(tx, cast, "Ada", "firstname.is(Ada)")

    live = active_lists.copy(tx, cast.ida, id, "Ada again")
    held, _ = active_lists.static_copy(tx, cast.ida, id, "Ada today")
    records.update(tx, cast.ida, contacts, cast.ada.id, {"firstname": "Adele"})

    assert (on(tx, cast, live), on(tx, cast, held)) == ([], ["Adele"])
    assert on(tx, cast, active_lists.static_copy(tx, cast.ida, held, "Ada tomorrow")[0]) == ["Adele"]


def test_a_large_active_list_becomes_static_by_a_worker(own_database):
    with own_database.transaction() as tx:
        crew = gather(tx)
        made = many(tx, crew.ida, crew.ada.object_type, 150, city="Ribe")
        id = active(tx, crew, "From Ribe", "city.is(Ribe)")
        run = active_lists.fix(tx, crew.ida, id)
        records.update(tx, crew.ida, crew.ada.object_type, made[0], {"city": "Odense"})
    assert run.finished is None

    bulk_runs.work(own_database, run.id, lambda: None)

    with own_database.transaction() as tx:
        assert lists.get(tx, crew.ida, id).members == 150


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("list({fair})", "Ada Cleo"),
        ("no list({fair})", "Bo"),
        ("list({fair}) and list({b})", ""),
        ("list({fair}) or list({b})", "Ada Bo Cleo"),
        ("list({b})", "Bo"),
        ("no list({b})", "Ada Cleo"),
        ("no list({surname})", "Bo Cleo"),
        ("@companies(list({firms}))", "Ada"),
        ("no @companies(list({firms}))", "Bo Cleo"),
        ("@companies(no list({firms}))", "Ada Bo"),
        ("@companies(list({staffed}) and no list({firms}))", "Ada Bo"),
        ("@primary(list({firms}))", "Ada"),
        ("list({nested})", "Ada"),
        ("no list({nested})", "Bo Cleo"),
    ],
)  # fmt: skip
def test_members_of_both_kinds_of_lists_are_filtered_by(tx, cast, contacts, text, expected):
    companies = cast.nordlys.object_type
    known = {
        "fair": static(tx, cast, "Fair", cast.ada, cast.cleo),
        "b": active(tx, cast, "B", "firstname.starts_with(b)"),
        # Cleo has no last name: whether it is more than H is not known, so she is no member.
        "surname": active(tx, cast, "Surname", "lastname.is(Holm)"),
        "firms": static(tx, cast, "Firms", cast.nordlys),
        "staffed": active(tx, cast, "Staffed", "@contacts(email.known)", companies),
    }
    known["nested"] = active(tx, cast, "Nested", "list({fair}) and @companies(list({staffed}))".format(**known))

    assert found(tx, cast, contacts, text.format(**known)) == expected.split()


def test_a_condition_on_something_empty_makes_nobody_a_member(tx, cast, contacts):
    id = active(tx, cast, "Late", "lastname.more_than(Holm)")

    assert (found(tx, cast, contacts, f"list({id})"), found(tx, cast, contacts, f"no list({id})")) == (
        ["Bo"],
        ["Ada", "Cleo"],
    )


def test_lists_do_not_ask_for_each_other_in_a_circle(tx, cast):
    first = active(tx, cast, "First", KNOWN)
    second = active(tx, cast, "Second", f"list({first}) and city.unknown")
    third = active(tx, cast, "Third", f"no list({second})")

    for asked in (f"list({first})", f"list({third})", f"@contacts(no list({second}))", f"{KNOWN} or list({second})"):
        with pytest.raises(errors.Invalid, match="The list “First” asks for itself"):
            active_lists.ask(tx, cast.ida, first, filter_texts.parsed(asked))

    assert on(tx, cast, third) == [] and on(tx, cast, first) == ["Ada", "Bo", "Cleo"]


def test_lists_of_lists_do_not_grow_without_end(tx, cast):
    asked = active(tx, cast, "0", KNOWN)
    with pytest.raises(errors.Invalid, match="more than 200 conditions between them"):
        for name in range(1, 9):
            asked = active(tx, cast, str(name), " or ".join([f"list({asked})"] * 10))

    assert lists.find(tx, cast.ida)[1] == 2


def test_a_list_of_other_records_is_refused_as_a_condition(tx, cast, contacts):
    firms = static(tx, cast, "Firms", cast.nordlys)

    with pytest.raises(errors.Invalid, match="“Firms” is not a list of contacts"):
        found(tx, cast, contacts, f"list({firms})")


def test_conditions_on_lists_are_read_back_as_they_are_written():
    text = "list(7) and no list(8) or @companies.279(list(9) and city.is(Ribe)) and no @primary(no list(10))"

    assert filter_texts.spelled(filter_texts.parsed(text)) == text
    assert filter_texts.lists_in(text) == {7, 8, 9, 10}


@pytest.mark.parametrize("text", ["list", "list()", "list(x)", "list(1,2)", "no list", "list(-1)"])
def test_a_list_is_named_by_its_number(text):
    with pytest.raises(errors.Invalid, match=r"from “|A list is asked for by its number"):
        filter_texts.parsed(text)


def test_what_was_kept_is_read_the_same_again(tx, cast, contacts):
    dates = "createdate.in(this_year) and closedate.less_than(03-04-2026)"
    text = f'followercount.more_than(1234.5) and {dates} or city.is("a, b")'
    id = active(tx, cast, "Some", text)

    kept = lists.get(tx, cast.ida, id).filters

    assert filters.read(tx, cast.ida, contacts, Query(filters=filter_texts.parsed(kept))).filters == (
        filters.read(tx, cast.ida, contacts, Query(filters=filter_texts.parsed(text))).filters
    )


def test_a_list_that_asks_for_what_its_reader_may_not_see_says_so(tx, cast, contacts):
    id = active(tx, cast, "At Havnen", "@companies(name.contains(havnen))")
    sol = people.actor_of(with_rights(tx, cast.ida, "Sol", Rights({"contacts": "all"}, {"contacts": "all"})))

    seen = lists.get(tx, sol, id)

    assert seen.members is None and "may not view companies" in seen.wrong
    assert [one.members for one in lists.find(tx, sol)[0]] == [None]
    with pytest.raises(errors.NotAllowed):
        records.find(tx, sol, contacts, Query(on_list=id), ())
    with pytest.raises(errors.NotAllowed):
        found(tx, cast, contacts, f"no list({id})", sol)
    assert lists.of_record(tx, sol, contacts, cast.bo.id) == []


def test_who_asks_for_something_else_while_a_list_becomes_static_is_refused(own_database):
    with own_database.transaction() as tx:
        crew = gather(tx)
        id = active(tx, crew, "Reachable", KNOWN)

    def ask():
        with own_database.transaction() as tx:
            active_lists.ask(tx, crew.ida, id, filter_texts.parsed("firstname.is(Bo)"))

    with ThreadPoolExecutor(1) as other:
        with own_database.transaction() as tx:
            active_lists.fix(tx, crew.ida, id)
            asking = other.submit(ask)
            databases.wait_until_somebody_waits(own_database)
        with pytest.raises(errors.Invalid, match="is a static list"):
            asking.result()

    with own_database.transaction() as tx:
        assert on(tx, crew, id) == ["Ada", "Bo", "Cleo"]
