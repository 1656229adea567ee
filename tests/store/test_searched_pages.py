"""Pages of what the search box finds: of many records, with one word and several, the newest are read first."""

from dataclasses import replace

import pytest

from kartotek.domain import records
from kartotek.model.filters import Query
from kartotek.model.people import Narrowing
from kartotek.store import search
from kartotek.store.search import finding
from tests.helpers.frames import frame_of, write

ALL = Narrowing("all")
MANY = 120


@pytest.fixture
def contacts(tx, cast, monkeypatch):
    """Annas, every other a Lindqvist and every tenth from Odense; more of each than are counted one by one."""
    monkeypatch.setattr(search.words, "COUNTED", 10)
    records.find(tx, cast.ida, cast.ada.object_type, Query(search="nobody"), [])
    people = frame_of(
        [None] * MANY,
        firstname=["Anna"] * MANY,
        lastname=["Lindqvist" if n % 2 else "Lund" for n in range(MANY)],
        email=[f"anna.{n}@{'odense' if n % 10 == 0 else 'home'}.example" for n in range(MANY)],
    )
    write(tx, cast, cast.ada.object_type, people)
    search.words.directory.note_known(tx, cast.ada.object_type)
    return cast.ada.object_type


def whole(tx, contacts, text, **more):
    return [row["_id"] for row in tx.rows(search.all_that_fit(tx, contacts, Query(search=text, **more), ALL))]


@pytest.mark.parametrize(("text", "about"), [("anna", 120), ("lind", 60), ("anna lindq", 60), ("odense lund anna", 12)])
def test_of_many_that_have_the_words_each_page_is_found(tx, contacts, text, about):
    every = whole(tx, contacts, text)
    query = Query(search=text, limit=5)

    for offset in (0, 5, about - 5):
        page = search.find(tx, contacts, replace(query, offset=offset), ALL)
        assert (page.ids, page.total, page.exact) == (every[offset : offset + 5], about, False)
    assert search.find(tx, contacts, replace(query, from_end=True), ALL).ids == every[-5:]


def test_the_newest_that_say_their_words_no_more_leave_room_for_others(tx, cast, contacts):
    last = whole(tx, contacts, "anna")[:30]
    for id in last[1:]:
        records.update(tx, cast.ida, contacts, id, {"firstname": "Berta", "email": ""})

    page = search.find(tx, contacts, Query(search="anna", limit=20), ALL)

    assert page.ids == whole(tx, contacts, "anna")[:20]
    assert page.ids[0] == last[0] and not set(page.ids[1:]) & set(last)


@pytest.mark.parametrize("sort", ["email", "lastname"])
def test_what_is_found_is_sorted_by_any_property(tx, contacts, sort):
    every = whole(tx, contacts, "anna lindqvist", sort=sort)

    assert search.find(tx, contacts, Query(search="anna lindqvist", sort=sort, limit=7), ALL).ids == every[:7]


def test_of_a_word_that_many_more_have_the_few_others_are_asked(tx, cast, contacts, monkeypatch):
    monkeypatch.setattr(finding, "_STRETCH", 1)
    bo = records.create(tx, cast.ida, contacts, {"firstname": "Anna", "lastname": "Zetterholm"})
    records.create(tx, cast.ida, contacts, {"firstname": "Bo", "lastname": "Zetterholm"})

    found = finding.having(tx, contacts, ["zetter", "anna"], finding.Bounds(1_000, 1_000), 0)

    assert found is not None and (found.many, found.all_read) == (2, False)
    assert search.find(tx, contacts, Query(search="zetter anna"), ALL) == search.Found([bo.id], 1, True)


def test_who_has_a_frequent_word_is_read_where_the_newest_do_not_have_it(tx, cast, contacts, monkeypatch):
    monkeypatch.setattr(search.words, "_ONE_WORD", finding.Bounds(words=20, candidates=20))
    monkeypatch.setattr(search.words, "_WALKED", 10)
    every = whole(tx, contacts, "anna")
    write(tx, cast, contacts, frame_of([None] * 20, firstname=["Berta"] * 20))

    read = search.words.sought(tx, contacts, "anna", 5)

    assert read.newest is not None
    assert search.find(tx, contacts, Query(search="anna", limit=5), ALL).ids == every[:5]
