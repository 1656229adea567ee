"""From when until when two records are associated: said by hand, kept in history, carried where associations go."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from kartotek import errors
from kartotek.domain import association_dates, associations, doctor, merging, records, restoring
from kartotek.domain.history import links, past
from kartotek.model.people import ROLES, Rights
from tests.helpers.colleagues import as_now, with_rights

FIRST, LAST, LATER = date(2019, 2, 1), date(2023, 12, 31), date(2090, 1, 1)


def of(tx, one, other):
    return association_dates.of(tx, one.object_type, one.id, other.object_type, other.id)


def say(tx, cast, one, other, starts=None, ends=None):
    return association_dates.say(tx, cast.ida, one.object_type, one.id, other.object_type, other.id, starts, ends)


def told(tx, cast, one, other):
    found = links.between(tx, cast.ida, one, other.object_type, other.id)
    return [(each.what, each.starts_on, each.ends_on) for each in found if each.what.startswith("dates")]


@pytest.mark.parametrize(("starts", "ends"), [(FIRST, LAST), (FIRST, None), (None, LATER)])
def test_days_are_said_from_either_end_and_seen_from_both(tx, cast, starts, ends):
    changed = say(tx, cast, cast.havnen, cast.bo, starts, ends)

    assert changed and of(tx, cast.bo, cast.havnen) == of(tx, cast.havnen, cast.bo) == (starts, ends)
    [card] = associations.of(tx, cast.ida, cast.bo, cast.havnen.object_type)
    assert (card.starts_on, card.ends_on) == (starts, ends)


def test_the_same_again_changes_nothing_and_is_no_history(tx, cast):
    say(tx, cast, cast.bo, cast.havnen, FIRST, LAST)

    changed = say(tx, cast, cast.bo, cast.havnen, FIRST, LAST)

    assert not changed and told(tx, cast, cast.bo, cast.havnen) == [("dates set", FIRST, LAST)]


def test_who_may_not_see_the_other_record_neither_says_days_nor_learns_that_it_is_there(tx, cast):
    rights = Rights({"contacts": "all", "companies": "own"}, {"contacts": "all"})
    vera = as_now(tx, with_rights(tx, cast.ida, "Vera", rights))

    for company in (cast.havnen, cast.nordlys):
        with pytest.raises(errors.NotFound, match="There is no company"):
            association_dates.say(
                tx, vera, cast.bo.object_type, cast.bo.id, company.object_type, company.id, FIRST, None
            )

    assert of(tx, cast.bo, cast.havnen) == (None, None)


def test_what_was_said_before_is_history(tx, cast):
    say(tx, cast, cast.bo, cast.havnen, FIRST)
    say(tx, cast, cast.bo, cast.havnen, FIRST, LAST)
    say(tx, cast, cast.bo, cast.havnen)

    assert of(tx, cast.bo, cast.havnen) == (None, None)
    assert sorted(told(tx, cast, cast.havnen, cast.bo), key=str) == sorted(
        [(what, FIRST, last) for what in ("dates set", "dates removed") for last in (None, LAST)], key=str
    )


def test_days_end_with_the_association(tx, cast):
    say(tx, cast, cast.bo, cast.havnen, FIRST, LAST)

    associations.unlink(tx, cast.ida, cast.bo.object_type, cast.bo.id, cast.havnen.object_type, cast.havnen.id)

    assert told(tx, cast, cast.bo, cast.havnen) == [("dates removed", FIRST, LAST), ("dates set", FIRST, LAST)]
    assert of(tx, cast.bo, cast.havnen) == (None, None)


def test_a_record_that_comes_back_has_its_days_again(tx, cast):
    say(tx, cast, cast.bo, cast.havnen, FIRST, LAST)
    records.archive(tx, cast.ida, cast.bo.object_type, [cast.bo.id])

    restoring.restore(tx, cast.ida, cast.bo.object_type, [cast.bo.id])

    assert of(tx, cast.bo, cast.havnen) == (FIRST, LAST)


def test_days_move_to_the_record_that_another_becomes_part_of(tx, cast):
    say(tx, cast, cast.bo, cast.havnen, FIRST, LAST)

    merging.merge(tx, cast.ida, cast.cleo.object_type, cast.cleo.id, cast.bo.id)

    assert of(tx, cast.cleo, cast.havnen) == (FIRST, LAST)


def test_as_it_was_on_a_day_tells_what_was_said_then(tx, cast):
    say(tx, cast, cast.bo, cast.havnen, FIRST, LAST)

    then = past.as_of(tx, cast.ida, cast.bo.object_type, cast.bo.id, datetime(2999, 1, 1, tzinfo=UTC))

    [link] = [one for one in then.links if one.other == cast.havnen.id]
    assert (link.starts_on, link.ends_on) == (FIRST, LAST)


def test_what_cannot_be_is_refused_in_a_sentence(tx, cast):
    with pytest.raises(errors.Invalid, match="before the first one"):
        say(tx, cast, cast.bo, cast.havnen, LAST, FIRST)
    with pytest.raises(errors.Conflict, match="not associated any more"):
        say(tx, cast, cast.bo, cast.nordlys, FIRST)


def test_who_may_not_edit_the_record_says_nothing_of_it(tx, cast):
    viewer = replace(cast.ida, rights=ROLES["viewer"])

    with pytest.raises(errors.NotAllowed):
        association_dates.say(
            tx, viewer, cast.bo.object_type, cast.bo.id, cast.havnen.object_type, cast.havnen.id, FIRST, None
        )


def test_the_doctor_finds_days_of_associations_that_are_not_there(tx, cast):
    tx.run("INSERT INTO kartotek.association_dates (first, second, starts_on, source) VALUES (1, 2, now(), 'USER')")

    assert any(not one.well and "days" in one.sentence.lower() for one in doctor.of_records(tx))
