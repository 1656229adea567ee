"""Settings for pipelines: made, their stages arranged, removed while nothing is in them."""

import html
import re

from kartotek.domain import catalogue
from tests.helpers.visitor import text_of

PIPELINES = "/settings/pipelines"


def test_a_pipeline_is_made_and_its_stages_are_arranged_without_scripts(ida, own_database):
    ida.post(f"{PIPELINES}/tickets", form=PIPELINES, label="Repairs")
    page = f"{PIPELINES}/tickets/repairs"
    with own_database.transaction() as tx:
        stages = catalogue.load(tx).pipelines["tickets"][-1].stages

    ida.post(
        page, form=page, label="Repairs", stage=[*(one.id for one in stages), ""],
        name=[*(one.label for one in stages), "Sent back"], state=[*("open" for _ in stages), "closed"],
        place=["4", "3", "2", "1", "5"], gone=[stages[1].id],
    )  # fmt: skip

    with own_database.transaction() as tx:
        kept = catalogue.load(tx).pipelines["tickets"][-1].stages
    assert [(one.label, one.closed) for one in kept] == [
        ("Closed", False), ("Waiting on us", False), ("New", False), ("Sent back", True),
    ]  # fmt: skip


def test_a_pipeline_in_use_is_kept_and_says_why(ida):
    page = f"{PIPELINES}/deals/default"
    ida.post(f"{PIPELINES}/deals", form=PIPELINES, label="Renewals")

    answer = ida.post(f"{page}/removal", form=page)

    assert answer.status_code == 409
    assert "1 deal is in “Sales Pipeline”" in text_of(answer)


def test_a_pipeline_that_nobody_uses_is_removed(ida):
    ida.post(f"{PIPELINES}/deals", form=PIPELINES, label="Renewals")
    again = ida.post(f"{PIPELINES}/deals", form=PIPELINES, label="renewals")

    ida.post(f"{PIPELINES}/deals/renewals/removal", form=f"{PIPELINES}/deals/renewals")

    assert again.status_code == 409
    assert "Renewals" not in text_of(ida.get(PIPELINES))


def test_pipelines_are_put_in_order_by_their_numbers_without_scripts(ida, crew):
    made = ida.post("/settings/pipelines/deals", form="/settings/pipelines", label="Renewals").headers["location"]
    id = made.rpartition("/")[2]

    ida.post("/settings/pipelines/deals/order", form="/settings/pipelines", pipeline=["default", id], place=["2", "1"])
    page = text_of(ida.get("/settings/pipelines"))
    refused = ida.post("/settings/pipelines/deals/order", form="/settings/pipelines", pipeline=["default"])

    assert page.index("Renewals") < page.index("Sales Pipeline")
    assert refused.status_code == 409 and "Load the page again" in text_of(refused)


def test_a_dane_renames_what_is_called_in_danish_and_the_rest_stays_as_it_was(ida, own_database):
    ida.post("/preferences", language="da")
    page = f"{PIPELINES}/deals/default"
    with own_database.transaction() as tx:
        stages = catalogue.load(tx).pipelines["deals"][0].stages
    form = ida.get(page).text
    shown = re.findall(r'name="name"[^>]* value="([^"]*)"|value="([^"]*)"[^>]* name="name"', form)
    names = [html.unescape(a or b) for a, b in shown if a or b]

    ida.post(
        page, form=page, label="Salgspipeline", stage=[one.id for one in stages], name=["Første møde", *names[1:]],
        state=[str(int((one.probability or 0) * 100)) for one in stages],
    )  # fmt: skip

    assert names[0] == "Aftalt møde"
    with own_database.transaction() as tx:
        kept = catalogue.load(tx).pipelines["deals"][0]
    assert [kept.label, *(one.label for one in kept.stages)] == [
        "Sales Pipeline", "Første møde", *(one.label for one in stages[1:])
    ]  # fmt: skip
    assert "Første møde" in ida.get("/deals?show=board").text


def test_a_stage_that_somebody_else_added_meanwhile_stays_and_is_told_of(ida, own_database):
    page = f"{PIPELINES}/tickets/0"
    with own_database.transaction() as tx:
        before = catalogue.load(tx).pipelines["tickets"][0].stages
    seen = {"stage": [one.id for one in before], "name": [one.label for one in before], "state": ["open"] * len(before)}
    ida.post(page, form=page, label="Support", stage=[*seen["stage"], ""], name=[*seen["name"], "In the yard"],
             state=[*seen["state"], "open"])  # fmt: skip

    answer = ida.post(page, form=page, label="Support", **seen)

    with own_database.transaction() as tx:
        assert "In the yard" in [one.label for one in catalogue.load(tx).pipelines["tickets"][0].stages]
    assert answer.status_code == 409 and "Somebody has added the stage “In the yard”" in text_of(answer)


def test_what_was_filled_in_stays_in_a_form_that_is_refused(ida, own_database):
    page = f"{PIPELINES}/deals/default"
    with own_database.transaction() as tx:
        stages = catalogue.load(tx).pipelines["deals"][0].stages

    answer = ida.post(
        page, form=page, label="Sales", stage=[*(one.id for one in stages), ""],
        name=[*("Same name" for _ in stages), "Asleep"], state=["50"] * (len(stages) + 1), gone=[stages[1].id],
    )  # fmt: skip

    assert answer.status_code == 409 and answer.text.count('value="Same name"') == len(stages)
    assert 'value="Asleep"' in answer.text and f'value="{stages[1].id}" checked' in answer.text


def test_a_new_stage_is_not_a_lost_one_unless_somebody_says_so(ida):
    offered = ida.get(f"{PIPELINES}/deals/default").text.rpartition('data-placed=""')[2]

    assert '<option value="10" selected>' in offered and '<option value="0" >' in offered


def test_danish_letters_are_spelled_out_in_internal_names(ida):
    made = ida.post(f"{PIPELINES}/deals", form=PIPELINES, label="Bådsalg")

    assert made.headers["location"] == f"{PIPELINES}/deals/baadsalg"
