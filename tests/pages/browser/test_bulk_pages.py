"""Many records at once in a browser: the bar, its panels, all that the page shows, progress, and the way back."""

from playwright.sync_api import expect

from kartotek.domain import records


def test_ticked_rows_are_edited_in_a_panel_and_it_is_undone(page, site):
    page.get_by_label("Tick Ada Holm").check()
    page.get_by_label("Tick Cleo").check()
    page.get_by_role("button", name="Edit").click()
    panel = page.get_by_role("dialog")
    expect(panel.locator(".ts-dropdown")).to_be_visible()  # it has the focus, and opens
    page.keyboard.type("City")
    panel.locator(".ts-dropdown [data-value=city]").click()
    panel.get_by_role("textbox", name="City").fill("Odense")
    panel.get_by_role("button", name="Edit 2 contacts").click()

    expect(page.get_by_text("2 contacts changed.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 contacts are as they were before.")).to_be_visible()
    assert city(site, site.crew.ada) is None


def test_all_that_the_page_shows_are_edited_by_the_worker(page, site):
    with site.database.transaction() as tx:
        for n in range(120):
            records.create(tx, site.crew.ida, site.crew.ada.object_type, {"firstname": f"Number {n}"})
    page.goto("/contacts?q=Number")

    page.get_by_label("Tick all on this page").check()
    page.get_by_label("Select all 120").check()
    expect(page.locator("[data-ticked-count]")).to_have_text("120")
    page.get_by_role("button", name="Associate").click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("link", name="Companies").click()
    panel.get_by_text("Havnen ApS").click()
    panel.get_by_role("button", name="Next").click()
    panel.get_by_role("button", name="Associate 120 contacts").click()

    page.wait_for_url("**/bulk/*")
    expect(page.get_by_text("120 of 120 contacts are done.")).to_be_visible()
    expect(page.get_by_role("heading", name="Associate with Havnen ApS")).to_be_visible()
    expect(page.locator("#ring")).to_have_count(0)


def city(site, record):
    with site.database.transaction() as tx:
        return records.get(tx, site.crew.ida, record.object_type, record.id).values["city"]
