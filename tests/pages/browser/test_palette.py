"""The search box on top, by keys alone: what was open last, hits while one types, and the way to all of them."""

from playwright.sync_api import Page, expect

from tests.pages.browser.conftest import Site


def test_a_record_is_found_and_opened_by_keys_alone(page: Page, site: Site) -> None:
    page.goto("/companies")

    page.keyboard.press("Control+k")
    page.keyboard.type("agard b")
    expect(page.get_by_role("option", name="Bo Ågård")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/contacts/{site.crew.bo.id}")


def test_before_anything_is_typed_the_records_opened_lately_are_listed(page: Page, site: Site) -> None:
    page.goto(f"/contacts/{site.crew.cleo.id}")
    page.goto(f"/companies/{site.crew.nordlys.id}")
    page.goto("/contacts")

    page.keyboard.press("/")

    options = page.locator("#palette").get_by_role("option")
    expect(options).to_have_count(2)
    expect(options.first).to_contain_text("Nordlys A/S")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")


def test_the_foot_leads_to_all_that_fit_and_escape_closes_the_list(page: Page) -> None:
    page.goto("/companies")
    page.keyboard.press("/")
    page.keyboard.type("nord")
    foot = page.get_by_role("option", name="Search all companies for “nord”")
    expect(foot).to_be_visible()

    page.keyboard.press("Escape")
    expect(foot).to_be_hidden()
    page.keyboard.type("l")
    page.get_by_role("option", name="Search all companies for “nordl”").click()

    page.wait_for_url("**/companies?q=nordl")


def test_a_phone_shows_the_list_over_its_whole_width(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/contacts")

    page.get_by_label("Search everything").fill("ada")

    palette = page.locator("#palette")
    expect(palette).to_be_visible()
    box = palette.bounding_box()
    assert box and box["x"] == 0 and box["width"] == page.viewport_size["width"]
