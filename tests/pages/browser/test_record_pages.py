"""Records in a browser: the table, the panels, edit in place, all of it by keys."""

import re

from playwright.sync_api import Page, expect

from kartotek.domain import records
from tests.pages.browser.conftest import PATIENCE, Site, sign_in

AT = "2026-03-01T09:30:00Z"


def test_a_row_opens_by_a_click_anywhere(page: Page, site: Site) -> None:
    page.goto("/contacts")

    page.locator("tr", has_text="Bo Ågård").locator("td").nth(5).click()

    page.wait_for_url(f"**/contacts/{site.crew.bo.id}")
    expect(page).to_have_title(re.compile("Bo Ågård"))


def test_search_narrows_the_table_as_one_types_and_stands_in_the_address(page: Page) -> None:
    page.goto("/contacts")

    page.get_by_label("Search contacts").fill("cleo")

    expect(page.locator("tbody tr")).to_have_count(1)
    page.wait_for_url("**/contacts?q=cleo")


def test_the_keys_lead_through_the_table(page: Page, site: Site) -> None:
    page.goto("/contacts")

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    ticked = page.locator("tbody tr").nth(1).locator("[data-tick]")
    expect(ticked).to_be_checked()
    expect(page.locator("[data-ticked]")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("o")

    page.wait_for_url("**/companies")


def test_a_property_is_edited_in_place_by_keys_alone(page: Page, site: Site) -> None:
    page.goto(f"/contacts/{site.crew.cleo.id}")

    page.locator("#p-jobtitle a[data-edit]").focus()
    page.keyboard.press("Enter")
    page.locator("#edit-jobtitle").fill("Captain")
    page.keyboard.press("Enter")

    expect(page.locator("#p-jobtitle a[data-edit]")).to_have_text("Captain")
    expect(page.locator("#p-jobtitle a[data-edit]")).to_be_focused()


def test_escape_puts_a_property_back(page: Page, site: Site) -> None:
    page.goto(f"/contacts/{site.crew.bo.id}")

    page.locator("#p-firstname a[data-edit]").click()
    expect(page.locator("#edit-firstname")).to_be_focused()
    page.locator("#edit-firstname").fill("Somebody else")
    page.keyboard.press("Escape")

    expect(page.locator("#p-firstname a[data-edit]")).to_have_text("Bo")


def test_a_wrong_value_is_explained_beside_its_field(page: Page, site: Site) -> None:
    page.goto(f"/contacts/{site.crew.bo.id}")

    page.locator("#p-email a[data-edit]").click()
    page.locator("#edit-email").evaluate("field => { field.type = 'text'; field.value = 'bo at home' }")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#edit-email-wrong")).to_contain_text("“bo at home” is not an email address")
    expect(page.locator("#edit-email")).to_have_value("bo at home")


def test_a_record_is_created_in_a_panel_over_the_table(page: Page) -> None:
    page.goto("/contacts")

    page.keyboard.press("c")
    panel = page.get_by_role("dialog")
    panel.get_by_label("First Name").fill("Dagny")
    panel.get_by_role("button", name="Create contact").click()

    page.wait_for_url(re.compile(r"/contacts/\d+$"))
    expect(page.get_by_role("heading", name="Dagny", exact=True)).to_be_visible()


def test_a_form_that_cannot_be_kept_comes_back_in_its_panel(page: Page) -> None:
    page.goto("/contacts")

    page.keyboard.press("c")
    page.get_by_role("dialog").get_by_role("button", name="Create contact").click()

    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("At least one of")


def test_escape_closes_a_panel_and_the_focus_returns(page: Page) -> None:
    page.goto("/contacts")

    page.get_by_role("link", name="Edit columns").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Edit columns")).to_be_focused()


def test_columns_are_chosen_and_kept(page: Page) -> None:
    page.goto("/deals")

    page.get_by_role("link", name="Edit columns").click()
    page.get_by_role("dialog").get_by_label("Deal → Companies").check()
    page.get_by_role("dialog").get_by_role("button", name="Apply").click()

    expect(page.locator("th", has_text="Companies")).to_be_visible()
    page.goto("/deals")
    expect(page.locator("th", has_text="Companies")).to_be_visible()


def test_replacing_the_primary_company_takes_a_tick(page: Page, site: Site) -> None:
    page.goto(f"/contacts/{site.crew.ada.id}")
    card = page.locator("#side-companies .k-companion", has_text="Havnen ApS")

    card.hover()
    card.get_by_label(re.compile("^More about")).click()
    card.get_by_role("link", name="Set as primary").click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("Replace Nordlys A/S as Ada Holm’s current primary").check()
    panel.get_by_role("button", name="Replace primary company").click()

    primary = page.locator("#side-companies .k-companion", has=page.locator(".k-tag"))
    expect(primary).to_have_count(1)
    expect(primary).to_contain_text("Havnen ApS")


def test_a_note_appears_in_the_timeline(page: Page, site: Site) -> None:
    page.goto(f"/deals/{site.crew.deal.id}")

    page.locator("#l-hs_note_body").fill("They want it before Christmas.")
    page.get_by_role("button", name="Log note").click()

    expect(page.locator(".k-entry")).to_contain_text("They want it before Christmas.")
    expect(page.get_by_role("button", name="Log note")).to_be_focused()


def test_the_timeline_is_searched_as_one_types(page: Page, site: Site) -> None:
    with site.database.transaction() as tx:
        for kind, texts in (("calls", {"hs_call_title": "Rope"}), ("notes", {"hs_note_body": "Anchors"})):
            home = [(site.crew.ada.object_type, site.crew.ada.id)]
            records.create(tx, site.crew.ida, site.crew.known.object_type(kind), {**texts, "hs_timestamp": AT}, home)
    page.goto(f"/contacts/{site.crew.ada.id}")

    page.get_by_label("Search activities").press_sequentially("rop")

    expect(page.locator("#timeline")).not_to_contain_text("Anchors")
    expect(page.locator("#timeline")).to_contain_text("Rope")
    expect(page).to_have_url(re.compile("find=rop"))
    expect(page.get_by_label("Search activities")).to_be_focused()


def test_on_a_phone_the_columns_of_a_record_are_tabs(page: Page, site: Site) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/contacts/{site.crew.ada.id}")

    expect(page.locator("#sides")).to_be_hidden()
    page.get_by_role("link", name="Associations").click()

    expect(page.locator("#sides")).to_be_visible()
    expect(page.locator("#about")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_everything_works_without_scripts(page: Page, site: Site) -> None:
    plain = page.context.browser.new_context(java_script_enabled=False, base_url=site.address)
    plain.add_cookies(page.context.cookies())
    tab = plain.new_page()
    tab.goto(f"/contacts/{site.crew.cleo.id}")

    tab.locator("#p-city a[data-edit]").click()
    tab.locator("#edit-city").fill("Ribe")
    tab.get_by_role("button", name="Save").click()

    expect(tab.locator("#p-city a[data-edit]")).to_have_text("Ribe")
    plain.close()


def test_an_activity_is_pinned_and_associated_with_another_record_from_the_timeline(page: Page, site: Site) -> None:
    page.goto(f"/contacts/{site.crew.ada.id}?log=calls&side=activities")
    page.get_by_label("Call title").fill("Asked for a price")
    page.get_by_role("button", name="Log call").click()
    entry = page.locator(".k-entry", has_text="Asked for a price")

    entry.hover()
    entry.get_by_role("button", name="Pinned: Asked for a price").click()
    expect(page.locator(".k-pinned")).to_contain_text("Asked for a price")
    entry.get_by_role("link", name="Associated with 3 records").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Search records to associate").fill("cleo")
    dialog.get_by_role("checkbox", name="Cleo").check()
    expect(dialog).to_contain_text("4 selected")
    dialog.get_by_role("button", name="Save").click()

    expect(page.locator("#toasts")).to_contain_text("belongs to 4 records now")
    expect(entry.get_by_role("link", name="Associated with 4 records")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(entry.get_by_role("link", name="Associated with 3 records")).to_be_visible()
    entry.hover()
    entry.get_by_role("button", name="Pinned: Asked for a price").click()
    expect(page.locator(".k-pinned")).to_have_count(0)


def test_a_browser_in_denmark_reads_and_writes_danish_hours(page: Page, site: Site) -> None:
    denmark = page.context.browser.new_context(
        base_url=site.address, locale="en-GB", timezone_id="Europe/Copenhagen", viewport={"width": 1440, "height": 900}
    )
    tab = denmark.new_page()
    tab.set_default_timeout(PATIENCE)
    sign_in(tab)
    tab.goto(f"/contacts/{site.crew.cleo.id}?log=calls&side=activities")

    tab.locator("#l-hs_call_title").fill("Called in July")
    tab.locator("#l-hs_timestamp").fill("2026-07-01T10:44")
    tab.get_by_role("button", name="Log call").click()

    expect(tab.locator(".k-entry", has_text="Called in July")).to_contain_text("1 Jul 2026, 10:44")
    page.goto(f"/contacts/{site.crew.cleo.id}?side=activities")
    expect(page.locator(".k-entry", has_text="Called in July")).to_contain_text("1 Jul 2026, 08:44")
    denmark.close()
