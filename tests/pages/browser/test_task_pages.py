"""Tasks in a browser: ticked off where they stand."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from kartotek.domain import records
from tests.pages.browser.conftest import Site


def test_a_task_is_ticked_off_in_its_place_and_taken_back(page: Page, site: Site) -> None:
    with site.database.transaction() as tx:
        due = (tx.now - timedelta(days=2)).isoformat()
        texts = {"hs_task_subject": "Call Ada", "hs_timestamp": due, "hubspot_owner_id": str(site.crew.person.id)}
        records.create(tx, site.crew.ida, site.crew.known.object_type("tasks"), texts)

    page.get_by_role("navigation", name="Objects").get_by_role("link", name="Tasks").click()
    page.get_by_role("button", name="Done: Call Ada").click()

    expect(page.get_by_role("region", name="Done 1")).to_contain_text("Call Ada")
    expect(page.locator("#toasts")).to_contain_text("“Call Ada” is done.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("region", name="Overdue 1")).to_contain_text("Call Ada")
