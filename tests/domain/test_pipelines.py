"""Pipelines and their stages: made, changed, removed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from kartotek import errors
from kartotek.domain import catalogue, pipelines, records
from kartotek.model.people import ROLES, Actor
from kartotek.model.pipelines import Stage


@pytest.fixture
def deals(tx, cast):
    return catalogue.load(tx).object_type("deals")


def test_a_pipeline_of_ones_own_takes_deals(tx, cast, deals):
    made = pipelines.create(tx, cast.ida, deals, "Renewals")

    deal = records.create(
        tx, cast.ida, deals, {"dealname": "Harbour 2027", "pipeline": "Renewals", "dealstage": made.stages[0].id}
    )

    assert len(made.stages) == len(pipelines.get(tx, deals, "default").stages)
    assert (deal.values["pipeline"], deal.values["dealstage"]) == (made.id, made.stages[0].id)


def test_stages_are_renamed_arranged_added_and_removed(tx, cast, deals):
    made = pipelines.create(tx, cast.ida, deals, "Renewals")
    first, second = made.stages[:2]

    pipelines.change(
        tx, cast.ida, deals, made.id, "Extensions",
        [second, replace(first, label="Asked"), Stage("", "Signed", 0, Decimal("1"))],
    )  # fmt: skip

    kept = pipelines.get(tx, deals, made.id)
    assert kept.label == "Extensions"
    assert [one.label for one in kept.stages] == [second.label, "Asked", "Signed"]
    assert kept.stages[1].id == first.id and first.label in kept.stages[1].labels


def test_a_stage_or_pipeline_in_use_says_how_many_records_keep_it(tx, cast, deals):
    now = pipelines.get(tx, deals, "default")
    made = pipelines.create(tx, cast.ida, deals, "Renewals")
    stage = records.get(tx, cast.ida, deals, cast.deal.id).values["dealstage"]
    rest = [one for one in now.stages if one.id != stage]

    with pytest.raises(errors.Conflict, match=r"1 deal is in “.*”, archived ones included"):
        pipelines.change(tx, cast.ida, deals, "default", now.label, rest)
    with pytest.raises(errors.Conflict, match="1 deal is in “Sales Pipeline”"):
        pipelines.remove(tx, cast.ida, deals, "default")
    pipelines.remove(tx, cast.ida, deals, made.id)

    assert [one.id for one in catalogue.load(tx).pipelines["deals"]] == ["default"]


def test_the_only_pipeline_stays(tx, cast, deals):
    with pytest.raises(errors.Conflict, match="only pipeline"):
        pipelines.remove(tx, cast.ida, deals, "default")


@pytest.mark.parametrize(
    ("label", "stages", "sentence"),
    [
        ("", [Stage("", "A", 0, Decimal(0))], "Give each pipeline a name"),
        ("sales pipeline", [Stage("", "A", 0, Decimal(0))], "Choose another name"),
        ("X", [], "at least one stage"),
        ("X", [Stage("", "A", 0, Decimal(0)), Stage("", "a", 0, Decimal(1))], "Choose another name"),
        ("X", [Stage("", "A", 0, Decimal("0.25"))], "probability"),
        ("X", [Stage("", "A", 0)], "probability"),
        ("X", [Stage("gone", "A", 0, Decimal(0))], "Load the page again"),
    ],
)
def test_what_no_pipeline_can_be_is_refused(tx, cast, deals, label, stages, sentence):
    made = pipelines.create(tx, cast.ida, deals, "Renewals")

    with pytest.raises(errors.KartotekError, match=sentence):
        pipelines.change(tx, cast.ida, deals, made.id, label, stages)

    assert pipelines.get(tx, deals, made.id) == made


def test_only_administrators_change_pipelines(tx, cast, deals):
    manager = Actor(cast.person.id, "Mo", ROLES["manager"])
    calls = [
        lambda: pipelines.create(tx, manager, deals, "X"),
        lambda: pipelines.change(tx, manager, deals, "default", "X", []),
        lambda: pipelines.remove(tx, manager, deals, "default"),
    ]

    for call in calls:
        with pytest.raises(errors.NotAllowed):
            call()

    assert len(catalogue.load(tx).pipelines["deals"]) == 1


def test_pipelines_are_put_in_order_and_one_that_was_made_meanwhile_is_not_forgotten(tx, cast):
    deals = cast.deal.object_type
    made = pipelines.create(tx, cast.ida, deals, "Renewals")

    pipelines.arrange(tx, cast.ida, deals, [made.id, "default"])

    assert [one.id for one in catalogue.load(tx).pipelines["deals"]] == [made.id, "default"]
    with pytest.raises(errors.Conflict, match="Load the page again"):
        pipelines.arrange(tx, cast.ida, deals, ["default"])
