"""The history of a record's associations (records-and-associations.md 9)."""

from dataclasses import replace

import pytest

from kartotek import errors
from kartotek.domain import associations, primaries, records
from kartotek.domain.history import links
from kartotek.model.people import Actor, Rights
from kartotek.model.records import Source


def told(tx, cast, record, objects, **how):
    return links.of(tx, cast.ida, record, cast.known.object_type(objects), **how)


def between(tx, cast, record, other):
    return links.between(tx, cast.ida, record, other.object_type, other.id)


def linked(tx, actor, one, *others):
    associations.link(tx, actor, one.object_type, one.id, others[0].object_type, [each.id for each in others])


def unlinked(tx, actor, one, other, **how):
    associations.unlink(tx, actor, one.object_type, one.id, other.object_type, other.id, **how)


def test_what_a_record_is_associated_with_tells_since_when_and_by_whom(tx, cast):
    [one] = told(tx, cast, cast.bo, "companies")

    assert (one.what, one.other, one.name) == ("created", cast.havnen.id, "Havnen ApS")
    assert (one.origin.source, one.origin.actor, one.origin.person) == (Source.USER, "Ida Lund", cast.person.id)
    assert one.at >= tx.now


def test_both_ends_tell_the_same(tx, cast):
    [mine] = told(tx, cast, cast.bo, "companies")

    theirs = {one.other: one for one in told(tx, cast, cast.havnen, "contacts")}

    assert theirs.keys() == {cast.ada.id, cast.bo.id}
    assert (theirs[cast.bo.id].at, theirs[cast.bo.id].origin) == (mine.at, mine.origin)


def test_what_was_removed_since_is_listed_too_newest_first(tx, cast):
    unlinked(tx, cast.ida, cast.bo, cast.havnen)
    linked(tx, cast.ida, cast.bo, cast.nordlys)

    updates = told(tx, cast, cast.bo, "companies")

    assert [(one.what, one.name) for one in updates] == [
        ("created", "Nordlys A/S"), ("removed", "Havnen ApS"), ("created", "Havnen ApS"),
    ]  # fmt: skip


def test_activities_have_their_history_too(tx, cast):
    note = records.create(
        tx, cast.ida, cast.known.object_type("notes"),
        {"hs_note_body": "Called back", "hs_timestamp": "2026-03-01"}, [(cast.bo.object_type, cast.bo.id)],
    )  # fmt: skip

    [one] = told(tx, cast, cast.bo, "notes")

    assert (one.other, one.name) == (note.id, "Called back")


@pytest.mark.parametrize("objects", ["contacts", "companies", "deals", "tickets"])
def test_every_object_has_it(tx, cast, objects):
    of = {"contacts": cast.cleo, "companies": cast.nordlys, "deals": cast.deal}
    ticket = {"subject": "Leak", "hs_pipeline": "0", "hs_pipeline_stage": "1"}
    record = of.get(objects) or records.create(tx, cast.ida, cast.known.object_type(objects), ticket)
    task = records.create(
        tx, cast.ida, cast.known.object_type("tasks"), {"hs_task_subject": "Write", "hs_timestamp": "2026-03-01"}
    )

    linked(tx, cast.ida, task, record)

    assert [one.other for one in told(tx, cast, record, "tasks")] == [task.id]


@pytest.mark.parametrize(
    "source", [Source.USER, Source.IMPORT, Source.API, Source.DOMAIN, Source.JOB, Source.MIGRATION, Source.UNKNOWN]
)
def test_the_source_of_an_update_is_that_of_who_made_it(tx, cast, source):
    actor = cast.ida.acting_for(source, None)

    linked(tx, actor, cast.cleo, cast.nordlys)
    unlinked(tx, actor, cast.cleo, cast.nordlys)

    assert [one.origin.source for one in told(tx, cast, cast.cleo, "companies")] == [source, source]


def test_a_deleted_record_keeps_its_name_and_says_why_it_went(tx, cast):
    records.archive(tx, cast.ida, cast.havnen.object_type, [cast.havnen.id])

    updates = told(tx, cast, cast.bo, "companies")

    assert [(one.what, one.origin.source) for one in updates] == [
        ("removed", Source.DELETION), ("created", Source.USER),
    ]  # fmt: skip
    assert {one.name for one in updates} == {"Havnen ApS"}


def test_pages_follow_each_other_without_a_gap_and_equal_moments_by_id(tx, cast):
    notes = cast.known.object_type("notes")
    made = [
        records.create(tx, cast.ida, notes, {"hs_note_body": f"{n}", "hs_timestamp": "2026-03-01"}) for n in "1234567"
    ]
    linked(tx, cast.ida, cast.bo, *made)
    unlinked(tx, cast.ida, cast.bo, made[3])

    whole = told(tx, cast, cast.bo, "notes")
    parts, after = [], None
    while part := told(tx, cast, cast.bo, "notes", after=after, limit=3):
        parts += part
        after = part[-1].place

    assert parts == whole
    assert [(one.what, one.other) for one in whole] == [
        ("removed", made[3].id), *(("created", one.id) for one in reversed(made)),
    ]  # fmt: skip


@pytest.mark.parametrize("end", ["first", "second"])
def test_what_was_made_long_ago_and_removed_lately_stands_at_both_places_on_the_pages(tx, cast, end):
    tx.run(
        """
        INSERT INTO kartotek.association_history
               (first, second, first_type, second_type, what, began, ended, ended_source)
        SELECT CASE %(end)s WHEN 'first' THEN %(id)s ELSE 900000 + n END,
               CASE %(end)s WHEN 'first' THEN 900000 + n ELSE %(id)s END, 1, 1, 'association',
               CASE WHEN n %% 9 > 0 THEN timestamptz '2025-01-01' + n * 37 %% 41 * interval '1 hour' END,
               timestamptz '2025-01-01' + (41 + n * 17 %% 61) * interval '1 hour', 'USER'
          FROM generate_series(1, 40) AS n
        """,
        {"end": end, "id": cast.ada.id},
    )

    parts, after = [], None
    while part := told(tx, cast, cast.ada, "contacts", after=after, limit=3):
        parts += [one.place for one in part]
        after = part[-1].place

    assert parts == sorted(parts, reverse=True)
    assert len(set(parts)) == len(parts) == 40 + 36


def test_who_may_not_view_an_object_sees_its_number_and_no_name(tx, cast):
    blind = replace(cast.ida, rights=Rights({"contacts": "all"}))

    [one] = links.of(tx, blind, cast.bo, cast.havnen.object_type)

    assert (one.other, one.name, one.exists) == (cast.havnen.id, None, False)


def test_who_may_view_only_their_own_sees_the_number_of_others(tx, cast):
    own = replace(cast.ida, rights=Rights({"contacts": "all", "companies": "own"}))

    [one] = links.of(tx, own, cast.bo, cast.havnen.object_type)

    assert one.name is None


def test_who_may_not_view_the_record_gets_nothing(tx, cast):
    blind = Actor(cast.ida.person, "Ida Lund", Rights({"companies": "all"}))

    with pytest.raises(errors.NotAllowed):
        links.of(tx, blind, cast.bo, cast.havnen.object_type)
    with pytest.raises(errors.NotAllowed):
        links.between(tx, blind, cast.bo, cast.havnen.object_type, cast.havnen.id)


def test_one_association_tells_all_that_happened_to_it(tx, cast):
    primaries.choose(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.havnen.id)
    unlinked(tx, cast.ida, cast.ada, cast.nordlys)

    gone, stands = between(tx, cast, cast.ada, cast.nordlys), between(tx, cast, cast.ada, cast.havnen)

    assert [one.what for one in gone] == ["removed", "primary removed", "primary set", "created"]
    assert [one.what for one in stands] == ["primary set", "created"]
    assert gone == [replace(one, at=one.at) for one in sorted(gone, key=lambda one: one.at, reverse=True)]


def test_one_association_tells_the_same_from_the_companys_end(tx, cast):
    primaries.choose(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.havnen.id)

    assert [one.what for one in between(tx, cast, cast.havnen, cast.ada)] == ["primary set", "created"]


def test_a_mark_tells_since_when_it_is_there_and_not_since_when_the_company_is(tx, cast):
    primaries.choose(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.havnen.id)
    primaries.choose(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.nordlys.id)

    marks = [one.at for one in reversed(between(tx, cast, cast.ada, cast.nordlys)) if one.what.startswith("primary")]

    assert len(marks) == 3
    assert marks == sorted(set(marks))


def test_a_mark_that_is_passed_on_begins_then(tx, cast):
    records.archive(tx, cast.ida, cast.nordlys.object_type, [cast.nordlys.id])

    newest = between(tx, cast, cast.ada, cast.havnen)[0]

    assert (newest.what, newest.origin.source) == ("primary set", Source.DELETION)


def test_a_user_whose_name_is_not_known_keeps_their_number(tx, cast):
    stranger = replace(cast.ida, person=987_654)

    linked(tx, stranger, cast.cleo, cast.nordlys)

    [one] = told(tx, cast, cast.cleo, "companies")
    assert (one.origin.source, one.origin.actor, one.origin.person) == (Source.USER, None, 987_654)
