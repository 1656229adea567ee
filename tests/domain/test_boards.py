"""The board: what lies in each stage, and moving a record from one to another."""

from decimal import Decimal

import pytest

from kartotek import errors
from kartotek.domain import boards, history, pipelines, records
from kartotek.model.filters import Filter, Query
from kartotek.model.people import Rights
from kartotek.model.records import Source
from tests.helpers.colleagues import as_now, with_rights


def deal(tx, cast, name, stage, amount=None, currency=None, **more):
    texts = {"dealname": name, "pipeline": "default", "dealstage": stage, "amount": amount}
    return records.create(tx, cast.ida, cast.deal.object_type, {**texts, "deal_currency_code": currency, **more})


def board(tx, cast, actor=None, query=None, most=20):
    """Per stage: how many, their sums, the names on the cards."""
    pipeline = cast.known.pipelines["deals"][0]
    lanes = boards.of(tx, actor or cast.ida, cast.deal.object_type, pipeline, query or Query(), (), most)
    return {
        lane.stage.id: (
            lane.count,
            [(one.amount, one.currency) for one in lane.sums],
            [one.name for one in lane.records],
        )
        for lane in lanes
        if lane.count
    }


def test_each_stage_tells_how_many_and_adds_up_each_currency(tx, cast):
    deal(tx, cast, "Kran", "contractsent", "100", "DKK")
    deal(tx, cast, "Bøje", "contractsent", "50.25", "DKK")
    deal(tx, cast, "Sejl", "contractsent", "7", "EUR")

    found = board(tx, cast)

    assert found == {
        "appointmentscheduled": (1, [(Decimal("1250.50"), None)], ["Fyrtårn"]),
        "contractsent": (3, [(Decimal("150.25"), "DKK"), (Decimal("7"), "EUR")], ["Sejl", "Bøje", "Kran"]),
    }


def test_only_the_first_of_a_stage_are_shown_in_the_order_asked_for(tx, cast):
    for name, amount in (("Kran", "3"), ("Bøje", "1"), ("Sejl", "2")):
        deal(tx, cast, name, "contractsent", amount)

    found = board(tx, cast, query=Query(sort="amount"), most=2)

    assert found["contractsent"][0] == 3 and found["contractsent"][2] == ["Bøje", "Sejl"]


def test_a_board_is_narrowed_as_its_page_is(tx, cast):
    deal(tx, cast, "Kran", "contractsent", "100")

    filtered = board(tx, cast, query=Query(filters=((Filter("amount", "GT", ("500",)),),)))
    searched = board(tx, cast, query=Query(search="kra"))
    associated = board(tx, cast, query=Query(associated_with=cast.ada.id))

    assert list(filtered) == list(associated) == ["appointmentscheduled"] and list(searched) == ["contractsent"]


def test_who_sees_only_their_own_is_shown_and_told_only_of_these(tx, cast):
    kim = as_now(tx, with_rights(tx, cast.ida, "Kim", Rights({"*": "own"}, {"*": "own"})))
    deal(tx, cast, "Kran", "contractsent", "100", hubspot_owner_id=str(kim.person))

    assert board(tx, cast, kim) == {"contractsent": (1, [(Decimal("100"), None)], ["Kran"])}


def test_a_move_is_a_change_of_the_stage_that_history_tells(tx, cast):
    done = boards.move(tx, cast.ida, cast.deal.object_type, cast.deal.id, "contractsent")

    assert (done.before, done.stage.label) == ("appointmentscheduled", "Contract Sent")
    assert done.record.values["dealstage"] == "contractsent"
    last = history.of(tx, cast.ida, done.record, "dealstage")[0]
    assert (last.old, last.new, last.origin.source) == ("appointmentscheduled", "contractsent", Source.USER)


def test_a_stage_of_another_pipeline_takes_the_record_into_that_pipeline(tx, cast):
    renewals = pipelines.create(tx, cast.ida, cast.deal.object_type, "Renewals")

    done = boards.move(tx, cast.ida, cast.deal.object_type, cast.deal.id, renewals.stages[2].id)

    assert done.record.values["pipeline"] == renewals.id and done.record.values["dealstage"] == renewals.stages[2].id


def test_what_cannot_be_moved_says_why_and_stays(tx, cast):
    deals, contacts = cast.deal.object_type, cast.ada.object_type
    kim = as_now(tx, with_rights(tx, cast.ida, "Kim", Rights({"*": "all"}, {"*": "own"})))

    with pytest.raises(errors.Conflict, match="not there any more"):
        boards.move(tx, cast.ida, deals, cast.deal.id, "gone")
    with pytest.raises(errors.NotAllowed, match="Kim may edit only their own deals"):
        boards.move(tx, kim, deals, cast.deal.id, "contractsent")
    with pytest.raises(errors.Invalid, match="have no stages"):
        boards.move(tx, cast.ida, contacts, cast.ada.id, "contractsent")
    records.archive(tx, cast.ida, deals, [cast.deal.id])
    with pytest.raises(errors.Conflict, match="Fyrtårn is archived"):
        boards.move(tx, cast.ida, deals, cast.deal.id, "contractsent")
    assert records.get(tx, cast.ida, deals, cast.deal.id).values["dealstage"] == "appointmentscheduled"
