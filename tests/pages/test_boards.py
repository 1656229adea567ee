"""The board of an index page, as it is shown and used without scripts."""

import json
import re
from urllib.parse import unquote

import pytest

from kartotek.domain import object_types, pipelines, records
from kartotek.model.properties import Property
from tests.helpers.visitor import text_of

BOARD = "/deals?show=board"


@pytest.fixture
def deals(crew, own_database):
    """Twenty-five more in one stage, and one that is won."""
    with own_database.transaction() as tx:
        for name, stage in (*((f"Kran {n}", "contractsent") for n in range(25)), ("Bøje", "closedwon")):
            texts = {
                "dealname": name,
                "pipeline": "default",
                "dealstage": stage,
                "amount": "10",
                "closedate": "2026-05-01",
            }
            records.create(tx, crew.ida, crew.deal.object_type, texts)


def lanes(answer):
    """Per stage: what is said at its head, and the names on its cards."""
    found = {}
    for id, inside in re.findall(r'data-lane="(\w+)"(.*?)</section>', answer.text, flags=re.DOTALL):
        head = re.sub(r"<[^>]+>|\s+", " ", inside.partition("<header")[2].partition("</header>")[0])
        found[id] = (" ".join(head.partition(">")[2].split()), re.findall(r'class="k-slip-name"[^>]*>([^<]+)<', inside))
    return found


def test_the_board_shows_each_stage_with_its_count_its_sum_and_its_first_cards(ida, deals):
    page = ida.get(BOARD)
    found = lanes(page)

    assert list(found) == [
        "appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "decisionmakerboughtin", "contractsent",
        "closedwon", "closedlost",
    ]  # fmt: skip
    assert found["contractsent"][0] == "Contract Sent 25 250" and len(found["contractsent"][1]) == 20
    assert found["appointmentscheduled"] == ("Appointment Scheduled 1 1,250.50", ["Fyrtårn"])
    assert "Nordlys A/S" in text_of(page) and "Close Date 1 May 2026" in text_of(page)
    assert found["closedlost"] == ("Closed Lost 0", [])


def test_a_card_says_what_its_amount_is_counted_in(ida, crew, own_database):
    with own_database.transaction() as tx:
        records.update(tx, crew.ida, crew.deal.object_type, crew.deal.id, {"deal_currency_code": "EUR"})

    page = text_of(ida.get(BOARD))

    assert "1,250.50 EUR Fyrtårn" in page and "Amount 1,250.50 EUR" in page


def test_more_cards_are_an_address_away(ida, deals):
    more = re.search(r'href="([^"]+)" hx-get', ida.get(BOARD).text)[1].replace("&amp;", "&")

    assert len(lanes(ida.get(more))["contractsent"][1]) == 25


def test_filters_search_and_tabs_stay_with_the_board(ida, crew, deals):
    filtered = ida.get(f"{BOARD}&where=amount.more_than(500)")
    searched = ida.get(f"{BOARD}&q=bøje")
    made = ida.post("/deals/views?show=board&where=amount.more_than(500)", name="Large", everyone="0")
    page = ida.get(made.headers["location"])

    assert [id for id, (_, cards) in lanes(filtered).items() if cards] == ["appointmentscheduled"]
    assert [id for id, (_, cards) in lanes(searched).items() if cards] == ["closedwon"]
    assert [id for id, (_, cards) in lanes(page).items() if cards] == ["appointmentscheduled"]
    assert 'href="/deals?view=my&amp;show=board"' in page.text and "Amount is more than 500" in text_of(page)
    assert 'href="/deals?where=amount.more_than(500)"' in filtered.text


def test_a_card_is_moved_by_a_plain_form_and_taken_back_from_the_toast(ida, crew):
    path = f"/deals/{crew.deal.id}/moves?show=board"
    asked = ida.get(path)
    done = ida.post(path, form=path, stage="contractsent")
    said, back = json.loads(unquote(done.cookies["kartotek_said"]).strip('"'))
    moved = lanes(ida.get(done.headers["location"]))
    ida.post(back[0], form=path, **back[2])

    assert 'value="appointmentscheduled" required checked' in asked.text and "Contract Sent" in text_of(asked)
    assert (said, done.headers["location"]) == ("Fyrtårn is now in “Contract Sent”.", BOARD)
    assert moved["contractsent"][1] == ["Fyrtårn"]
    assert lanes(ida.get(BOARD))["appointmentscheduled"][1] == ["Fyrtårn"]


def test_a_stage_that_is_gone_is_refused_with_a_sentence(ida, crew):
    path = f"/deals/{crew.deal.id}/moves?show=board"
    answer = ida.post(path, form=path, stage="gone")

    assert answer.status_code == 409 and "This stage is not there any more." in text_of(answer)


def test_each_pipeline_has_a_board(ida, crew, own_database):
    with own_database.transaction() as tx:
        made = pipelines.create(tx, crew.ida, crew.deal.object_type, "Renewals")

    page = ida.get(f"{BOARD}&pipeline={made.id}")
    unknown = ida.get(f"{BOARD}&pipeline=gone")

    assert list(lanes(page)) == [stage.id for stage in made.stages] and f'value="{made.id}" selected' in page.text
    assert unknown.status_code == 400 and "There is no pipeline of deals called “gone”." in text_of(unknown)


def test_tickets_have_a_board_and_what_has_no_stages_has_none(ida, crew, own_database):
    with own_database.transaction() as tx:
        label = Property(0, "boats", "name", "Name", "string", "text", "boats", required=True, tier="custom")
        object_types.define(tx, crew.ida, "boats", "Boat", "Boats", [label])

    assert list(lanes(ida.get("/tickets?show=board"))) == ["1", "2", "3", "4"]
    assert "show=board" in ida.get("/tickets").text
    for path in ("/contacts", "/boats"):
        assert "data-board" not in ida.get(f"{path}?show=board").text
        assert ">Board<" not in ida.get(path).text
    assert ida.get(f"/contacts/{crew.ada.id}/moves").status_code == 404


def test_the_board_speaks_danish(ida, crew):
    ida.post("/preferences", language="da", back="/contacts")

    page = text_of(ida.get(BOARD))

    assert "Tavle" in page and "Aftalt møde" in page and "1.250,5" in page
