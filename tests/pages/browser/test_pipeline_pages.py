"""Pipelines in a browser: put in order by keys and by mouse."""

from playwright.sync_api import Page, expect

from kartotek.domain import pipelines
from tests.pages.browser.conftest import Site


def test_pipelines_are_put_in_order_by_arrows_and_by_dragging(page: Page, site: Site) -> None:
    with site.database.transaction() as tx:
        for name in ("Renewals", "Repairs"):
            pipelines.create(tx, site.crew.ida, site.crew.deal.object_type, name)
    page.goto("/settings/pipelines")
    lines = page.locator("[data-order] li")

    page.get_by_label("Move Repairs up").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Move Repairs up")).to_be_focused()
    lines.nth(0).drag_to(lines.nth(2), target_position={"x": 60, "y": 26})
    page.get_by_role("button", name="Save the order").click()

    expect(page.locator("#toasts")).to_contain_text("The order is kept.")
    expect(lines).to_have_text(["Repairs 7 stages", "Renewals 7 stages", "Sales Pipeline 7 stages"])
