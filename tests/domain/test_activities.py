"""What a new activity reaches beyond the record it is logged on (records-and-associations.md 7, A-13)."""

from dataclasses import replace

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import activities, associations, history, records
from kartotek.model.people import ROLES
from kartotek.model.records import Batch, Changes, Links, Source

NOTE = {"hs_note_body": "Wants it before Christmas.", "hs_timestamp": "2026-03-01T09:00:00Z"}
# What each kind needs to be made.
TEXTS = {
    "notes": NOTE,
    "calls": {"hs_call_title": "Price"},
    "emails": {"hs_email_subject": "Offer", "hs_timestamp": "2026-03-01", "hs_email_direction": "EMAIL"},
    "meetings": {"hs_meeting_title": "Visit", "hs_timestamp": "2026-03-01"},
    "tasks": {"hs_task_subject": "Write back", "hs_timestamp": "2026-03-01"},
}
ENDS = dict.fromkeys(("first_id", "first_key", "second_id", "second_key"), pl.Int64)


def log(tx, cast, record, kind="notes", texts=None, **more):
    one = cast.known.object_type(kind)
    return records.create(tx, cast.ida, one, texts or TEXTS[kind], [(record.object_type, record.id)], **more)


def deal(tx, cast, name, *ends, stage="contractsent"):
    texts = {"dealname": name, "pipeline": "default", "dealstage": stage}
    return records.create(tx, cast.ida, cast.deal.object_type, texts, [(end.object_type, end.id) for end in ends])


def ticket(tx, cast, *ends):
    texts = {"subject": "Lamp is dark", "hs_pipeline": "0", "hs_pipeline_stage": "1"}
    return records.create(
        tx, cast.ida, cast.known.object_type("tickets"), texts, [(end.object_type, end.id) for end in ends]
    )


def reached(tx, record):
    """What the record is associated with: id to source and person."""
    rows = tx.rows(
        "SELECT first, second, source, actor FROM kartotek.associations WHERE first = %(id)s OR second = %(id)s",
        {"id": record.id},
    )
    return {row["second"] if row["first"] == record.id else row["first"]: (row["source"], row["actor"]) for row in rows}


def frame_of(tx, notes, count):
    """New notes, as a batch of them brings them."""
    moment = pl.lit(tx.now).cast(pl.Datetime("ms", "UTC"))
    frame = pl.DataFrame({"_key": range(count)}, {"_key": pl.Int64}).with_columns(
        _id=pl.lit(None, pl.Int64), hs_note_body=pl.lit("Said so."), hs_timestamp=moment
    )
    return Changes(notes, frame)


@pytest.mark.parametrize("kind", activities.KINDS)
@pytest.mark.parametrize(
    ("subject", "others"),
    [
        ("ada", {"nordlys", "deal"}),
        ("nordlys", {"deal"}),
        ("deal", {"nordlys", "ada"}),
        ("ticket", {"havnen", "bo"}),
        ("cleo", set()),
    ],
)
def test_an_activity_also_belongs_to_what_the_rules_say(tx, cast, kind, subject, others):
    named = {name: getattr(cast, name) for name in ("nordlys", "havnen", "ada", "bo", "cleo", "deal")}
    named["ticket"] = ticket(tx, cast, cast.havnen, cast.bo)

    made = log(tx, cast, named[subject], kind)

    byhand = ("USER", cast.person.id)
    assert reached(tx, made) == {
        named[subject].id: byhand,
        **{named[other].id: ("JOB", None) for other in others},
    }


def test_of_a_contacts_open_deals_the_five_newest_get_it_and_closed_ones_never(tx, cast):
    open_ones = [deal(tx, cast, f"{day:02}", cast.cleo) for day in range(1, 7)]
    won = deal(tx, cast, "30", cast.cleo, stage="closedwon")
    lost = deal(tx, cast, "31", cast.cleo, stage="closedlost")

    ends = reached(tx, log(tx, cast, cast.cleo))

    assert set(ends) == {cast.cleo.id, *(one.id for one in open_ones[1:])}
    assert won.id not in ends and lost.id not in ends


@pytest.mark.parametrize(("choice", "count"), [("none", 0), ("1", 1), ("5", 5), ("all", 7)])
def test_how_many_deals_it_reaches_can_be_chosen_per_kind(tx, cast, choice, count):
    made = [deal(tx, cast, f"{day:02}", cast.cleo) for day in range(1, 8)]
    activities.decide_rules(tx, cast.ida, {"contacts/calls/deals": choice})

    of_call = set(reached(tx, log(tx, cast, cast.cleo, "calls"))) - {cast.cleo.id}
    of_note = set(reached(tx, log(tx, cast, cast.cleo))) - {cast.cleo.id}

    assert of_call == {one.id for one in made[7 - count :]}
    assert len(of_note) == 5


def test_a_target_that_is_switched_off_is_left_out(tx, cast):
    activities.decide_rules(tx, cast.ida, {"contacts/notes/companies": "none", "deals/notes/contacts": "none"})

    assert set(reached(tx, log(tx, cast, cast.ada))) == {cast.ada.id, cast.deal.id}
    assert set(reached(tx, log(tx, cast, cast.deal))) == {cast.deal.id, cast.nordlys.id}


def test_what_the_rules_would_do_is_told_before_and_can_be_left_out(tx, cast):
    told = activities.proposed(tx, cast.ida, cast.ada, "notes")

    made = log(tx, cast, cast.ada, spared=[cast.deal.id])

    assert told == {"companies": [cast.nordlys.id], "deals": [cast.deal.id]}
    assert set(reached(tx, made)) == {cast.ada.id, cast.nordlys.id}


def test_it_happens_once(tx, cast):
    made = log(tx, cast, cast.ada)
    associations.unlink(tx, cast.ida, made.object_type, made.id, cast.deal.object_type, cast.deal.id)

    deal(tx, cast, "09", cast.ada)
    records.update(tx, cast.ida, made.object_type, made.id, {"hs_note_body": "After all."})

    assert set(reached(tx, made)) == {cast.ada.id, cast.nordlys.id}


def test_an_import_associates_only_what_its_file_says(tx, cast):
    notes = cast.known.object_type("notes")
    ends = pl.DataFrame([(None, 0, cast.ada.id, None)], ENDS, orient="row")
    batch = Batch((frame_of(tx, notes, 1),), (Links(notes, cast.ada.object_type, ends),))

    written = records.write(tx, cast.ida.acting_for(Source.IMPORT, 7), batch)

    made = records.get(tx, cast.ida, notes, written.outcomes["notes"]["_id"][0])
    assert reached(tx, made) == {cast.ada.id: ("IMPORT", cast.person.id)}


def test_a_program_and_the_rules_each_name_themselves(tx, cast):
    program = cast.ida.acting_for(Source.API, 3)

    made = records.create(tx, program, cast.known.object_type("notes"), NOTE, [(cast.ada.object_type, cast.ada.id)])

    assert {id: source for id, (source, _) in reached(tx, made).items()} == {
        cast.ada.id: "API",
        cast.nordlys.id: "JOB",
        cast.deal.id: "JOB",
    }


def test_a_batch_of_a_program_and_what_the_rules_add_to_it_are_told_apart_by_history(tx, cast):
    notes, on = cast.known.object_type("notes"), [cast.ada, cast.bo]
    ends = pl.DataFrame([(None, key, one.id, None) for key, one in enumerate(on)], ENDS, orient="row")
    program = cast.ida.acting_for(Source.API, 3)

    records.write(tx, program, Batch((frame_of(tx, notes, 2),), (Links(notes, cast.ada.object_type, ends),)))

    told = {
        one.name: [update.origin.source for update in history.links.of(tx, cast.ida, one, notes)]
        for one in (cast.ada, cast.bo, cast.nordlys, cast.havnen)
    }
    assert told == {
        "Ada Holm": [Source.API],
        "Bo Ågård": [Source.API],
        "Nordlys A/S": [Source.JOB],
        "Havnen ApS": [Source.JOB],
    }


def test_many_at_once_reach_each_their_own(tx, cast):
    notes, on = cast.known.object_type("notes"), [cast.ada, cast.bo, cast.cleo]
    ends = pl.DataFrame([(None, key, one.id, None) for key, one in enumerate(on)], ENDS, orient="row")

    batch = Batch((frame_of(tx, notes, len(on)),), (Links(notes, cast.ada.object_type, ends),))
    written = records.write(tx, cast.ida, batch)

    made = records.many(tx, cast.ida, notes, written.outcomes["notes"].sort("_key")["_id"].to_list())
    assert [set(reached(tx, one)) for one in made] == [
        {cast.ada.id, cast.nordlys.id, cast.deal.id},
        {cast.bo.id, cast.havnen.id},
        {cast.cleo.id},
    ]


def test_nothing_is_reached_that_its_maker_may_not_see(tx, cast):
    seller = replace(cast.ida, rights=replace(ROLES["member"], view={"*": "all", "deals": "own"}), person=None)

    told = activities.proposed(tx, seller, cast.ada, "notes")

    assert told == {"companies": [cast.nordlys.id]}


@pytest.mark.parametrize("wrong", [{"contacts/calls/deals": "6"}, {"calls": "all"}, {"contacts/calls/tickets": "all"}])
def test_a_choice_that_is_not_offered_is_refused(tx, cast, wrong):
    with pytest.raises(errors.Invalid, match="Choose one of those that are offered"):
        activities.decide_rules(tx, cast.ida, wrong)


def test_only_who_may_change_settings_chooses(tx, cast):
    viewer = replace(cast.ida, rights=ROLES["viewer"])

    with pytest.raises(errors.NotAllowed):
        activities.decide_rules(tx, viewer, {"contacts/calls/deals": "1"})
