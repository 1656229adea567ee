"""Which records are looked at for what somebody types: few, however many have its words."""

import pytest

from kartotek.domain import records, search
from kartotek.store.search.finding import Bounds, candidates
from tests.helpers.frames import frame_of, write


@pytest.fixture
def annas(tx, cast):
    """Forty contacts of one name."""
    search.find(tx, cast.ida, "nobody", each=1)
    contacts = cast.ada.object_type
    people = frame_of([None] * 40, firstname=["Anna"] * 40, lastname=["Lindqvist"] * 40)
    return contacts, write(tx, cast, contacts, people).outcomes["contacts"]["_id"].to_list()


def test_of_two_words_that_many_have_one_is_read_and_only_as_far_as_candidates_are_wanted(tx, annas):
    contacts, _ = annas

    found = candidates(tx, [contacts], ["anna", "lindqvist"], Bounds(words=20, candidates=3))

    assert len(found[contacts.number].ids) == 3
    assert not found[contacts.number].complete


def test_where_they_are_to_be_read_together_one_does_not_stand_for_both(tx, annas):
    contacts, ids = annas

    alone = candidates(tx, [contacts], ["anna", "lindqvist"], Bounds(words=20, candidates=3, alone=False))
    together = candidates(tx, [contacts], ["anna", "lindqvist"], Bounds(words=200, candidates=50, alone=False))

    assert alone == {}
    assert sorted(together[contacts.number].ids) == ids
    assert together[contacts.number].complete


def test_a_rare_word_beside_a_frequent_one_is_read_whole(tx, cast, annas):
    contacts, _ = annas
    bo = records.create(tx, cast.ida, contacts, {"firstname": "Anna", "lastname": "Zetterholm"})

    found = candidates(tx, [contacts], ["anna", "zetter"], Bounds(words=20, candidates=3, alone=False))

    assert found[contacts.number].ids == [bo.id]


def test_where_few_have_the_rarer_word_they_are_asked_and_the_other_one_is_not_read(tx, cast, annas):
    contacts, _ = annas
    write(tx, cast, contacts, frame_of([None] * 700, firstname=["Anna"] * 700))
    bo = records.create(tx, cast.ida, contacts, {"firstname": "Bo", "lastname": "Zetterholm"})

    found = candidates(tx, [contacts], ["anna", "zetter"], Bounds(words=4_000, candidates=250))

    assert found[contacts.number].ids == [bo.id]
    assert found[contacts.number].complete
    assert search.find(tx, cast.ida, "anna zetter", each=5) == []
