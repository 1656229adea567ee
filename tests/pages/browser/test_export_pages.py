"""Export in a browser: the panel over an index page ends in a download, and the page stays where it was."""

from pathlib import Path

from playwright.sync_api import Page, expect


def test_what_the_page_shows_is_downloaded_from_the_panel(page: Page) -> None:
    page.goto("/contacts")
    page.get_by_label("Search contacts").fill("cleo")
    expect(page.locator("tbody tr")).to_have_count(1)

    page.get_by_role("link", name="Export").click()
    expect(page.get_by_role("heading", name="Export 1 contact")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Export").click()

    assert "cleo@elsewhere.example" in Path(download.value.path()).read_text()
    assert download.value.suggested_filename.startswith("Contacts ")
    expect(page).to_have_url("/contacts?q=cleo")


def test_ticked_records_are_downloaded_alone(page: Page) -> None:
    page.goto("/contacts")

    page.locator("tr", has_text="Bo Ågård").locator("[data-tick]").check()
    page.locator("[data-ticked]").get_by_role("button", name="Export").click()
    page.get_by_label("JSON Lines: for programs").check()
    with page.expect_download() as download:
        page.get_by_role("dialog").get_by_role("button", name="Export").click()

    assert Path(download.value.path()).read_text().count("\n") == 1
