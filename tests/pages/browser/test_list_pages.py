"""Lists in a browser: an active one made, changed with its count before one's eyes, and put back."""

from playwright.sync_api import Page, expect

from tests.pages.browser.conftest import Site


def test_an_active_list_is_made_changed_and_put_back(page: Page, site: Site) -> None:
    page.goto("/lists")
    page.get_by_role("link", name="Create a list").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("From Nordlys")

    dialog.get_by_label("Active").check()
    expect(dialog.get_by_label("Name")).to_have_value("From Nordlys")
    dialog.get_by_label("Of what").select_option("@companies")
    dialog.get_by_role("textbox", name="Property").first.click()
    page.keyboard.type("company name", delay=20)
    dialog.locator(".ts-dropdown").get_by_role("option", name="Company name", exact=True).click()
    dialog.get_by_label("Value", exact=True).fill("nordlys")
    dialog.get_by_label("Value", exact=True).blur()
    expect(dialog.locator("#filter-sentence")).to_contain_text("1 contact now.")
    dialog.get_by_role("button", name="Create list").last.click()

    page.wait_for_url("**/contacts?list=*")
    expect(page.locator("h1")).to_contain_text("From Nordlys")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("main").get_by_text("Actions", exact=True).click()
    page.get_by_role("link", name="Edit its filters").click()
    dialog.get_by_label("Value", exact=True).fill("havnen")
    dialog.get_by_label("Value", exact=True).blur()
    expect(dialog.locator("#filter-sentence")).to_contain_text("2 contacts now.")
    dialog.get_by_role("button", name="Save").last.click()
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("tbody tr")).to_have_count(1)
