"""The board in a browser: cards carried by mouse and by keys, and back where they were when they may not go."""

import pytest
from playwright.sync_api import Locator, Page, expect

from kartotek.domain import boards, pipelines
from tests.pages.browser.conftest import Site


@pytest.fixture
def board(page: Page, site: Site) -> Page:
    with site.database.transaction() as tx:
        boards.move(tx, site.crew.ida, site.crew.deal.object_type, site.crew.deal.id, "appointmentscheduled")
    page.goto("/deals?show=board")
    return page


def lane(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def card(page: Page) -> Locator:
    return page.locator("[data-slip]", has_text="Fyrtårn")


def test_a_card_is_dragged_to_another_stage_and_taken_back(board: Page) -> None:
    card(board).drag_to(lane(board, "Contract Sent"))

    expect(lane(board, "Contract Sent")).to_contain_text("Fyrtårn")
    expect(board.locator("#toasts")).to_contain_text("Fyrtårn is now in “Contract Sent”.")
    expect(lane(board, "Contract Sent").locator("header")).to_contain_text("1,250.5")
    expect(lane(board, "Appointment Scheduled").locator("header")).not_to_contain_text("1,250.5")
    board.get_by_role("button", name="Undo").click()
    expect(lane(board, "Appointment Scheduled")).to_contain_text("Fyrtårn")


def test_a_card_is_carried_by_keys_and_keeps_the_focus(board: Page) -> None:
    card(board).get_by_role("link", name="Fyrtårn").first.focus()

    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowLeft", "Escape"):
        board.keyboard.press(key)
    expect(lane(board, "Appointment Scheduled")).to_contain_text("Fyrtårn")
    for key in ("Space", "ArrowRight", "Space"):
        board.keyboard.press(key)

    expect(board.locator("#toasts")).to_contain_text("Fyrtårn is now in “Qualified To Buy”.")
    expect(card(board).locator("a").first).to_be_focused()
    board.reload()
    expect(lane(board, "Qualified To Buy")).to_contain_text("Fyrtårn")


def test_a_card_that_may_not_go_there_comes_back_with_a_sentence(board: Page, site: Site) -> None:
    with site.database.transaction() as tx:
        deals = site.crew.deal.object_type
        now = pipelines.get(tx, deals, "default")
        kept = [one for one in now.stages if one.id != "contractsent"]
        pipelines.change(tx, site.crew.ida, deals, "default", now.label, kept)

    card(board).drag_to(lane(board, "Contract Sent"))

    expect(board.locator("#toasts")).to_contain_text("This stage is not there any more.")
    expect(lane(board, "Appointment Scheduled")).to_contain_text("Fyrtårn")


def test_on_a_phone_a_card_is_moved_by_a_choice(board: Page) -> None:
    board.set_viewport_size({"width": 390, "height": 844})

    board.get_by_role("link", name="Move Fyrtårn").click()
    board.get_by_label("Presentation Scheduled").check()
    board.get_by_role("button", name="Move").click()

    expect(lane(board, "Presentation Scheduled")).to_contain_text("Fyrtårn")
