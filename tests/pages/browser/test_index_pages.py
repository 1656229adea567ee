"""Index pages in a browser: columns, counts, filters, views and previews, by mouse and by keys."""

import re

from playwright.sync_api import Page, expect

from tests.pages.browser.conftest import Site


def test_columns_of_associations_are_chosen_counted_listed_and_followed(page: Page, site: Site) -> None:
    page.goto("/contacts")
    page.get_by_role("link", name="Edit columns").click()
    dialog = page.get_by_role("dialog")

    dialog.get_by_label("Find a column").fill("compan")
    dialog.get_by_role("checkbox", name="Contact → Companies").check()
    dialog.get_by_label("Move Contact → Companies up").click()
    dialog.get_by_role("button", name="Apply").click()
    row = page.locator("tbody tr", has_text="Ada Holm")
    row.get_by_role("link", name="2 companies").click()
    popup = page.locator(".k-popup")

    expect(popup).to_contain_text("Ada Holm: 2 companies")
    expect(popup.get_by_role("link", name="Nordlys")).to_be_visible()
    popup.get_by_role("link", name="View associated companies").click()
    page.wait_for_url(f"**/companies?with={site.crew.ada.id}")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.go_back()
    page.locator("tbody tr", has_text="Ada Holm").get_by_role("link", name="2 companies").click()
    page.locator(".k-popup").get_by_role("link", name="Havnen").click()
    page.wait_for_url(f"**/companies/{site.crew.havnen.id}")


def test_a_column_is_dragged_to_its_place(page: Page) -> None:
    page.goto("/companies")
    page.get_by_role("link", name="Edit columns").click()
    items = page.get_by_role("dialog").locator("[data-placed]")
    first = items.first.get_attribute("data-placed")

    items.first.drag_to(items.nth(2))
    page.get_by_role("button", name="Apply").click()

    expect(page.locator("th[data-column]").nth(3)).to_have_attribute("data-column", str(first))


def test_a_filter_is_built_by_keys_and_stands_in_the_address(page: Page) -> None:
    page.goto("/contacts")

    page.keyboard.press("f")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".ts-wrapper.focus, .dropdown-active")).to_be_visible()
    page.keyboard.type("first name")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Comparison")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("cle")
    page.keyboard.press("Tab")
    expect(dialog.locator("#filter-sentence")).to_have_text("Contacts where First Name contains “cle”.")
    dialog.get_by_role("button", name="Apply").last.click()

    page.wait_for_url(re.compile(r"where=firstname\.contains\(cle\)"))
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("Remove: First Name contains “cle”").click()
    expect(page.locator("tbody tr")).to_have_count(3)


def test_what_a_page_shows_is_saved_as_a_tab(page: Page) -> None:
    page.goto("/contacts?where=lastname.unknown")

    page.get_by_role("link", name="Save as a new view").last.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Without a last name")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()

    expect(page.get_by_role("navigation", name="Views").get_by_text("Without a last name")).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(1)


def test_the_space_bar_previews_a_row_and_gives_the_keys_back(page: Page) -> None:
    page.goto("/contacts?sort=firstname")

    page.keyboard.press("j")
    page.keyboard.press(" ")
    expect(page.get_by_role("dialog").get_by_role("heading", name="Ada Holm")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press(" ")

    expect(page.get_by_role("dialog").get_by_role("heading", name="Bo Ågård")).to_be_visible()


def test_a_width_that_was_dragged_is_kept(page: Page) -> None:
    page.goto("/deals")
    edge = page.locator("th[data-column=amount] [data-edge]")
    box = edge.bounding_box()
    assert box

    page.mouse.move(box["x"] + 3, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 123, box["y"] + 5, steps=4)
    with page.expect_response("**/deals/widths"):
        page.mouse.up()
    wide = page.locator("th[data-column=amount]").bounding_box()
    page.reload()

    assert page.locator("th[data-column=amount]").bounding_box() == wide


def test_on_a_phone_every_object_the_lists_and_the_settings_are_behind_more(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/contacts")
    more = page.get_by_role("navigation", name="Objects").get_by_text("More", exact=True).locator("visible=true")

    more.click()
    page.get_by_role("link", name="Lists").click()
    page.wait_for_url("**/lists")
    more.click()
    page.get_by_role("link", name="Tasks").click()

    page.wait_for_url("**/tasks?show=due")
    more.click()
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Settings")).to_be_hidden()


def test_rows_and_menus_are_walked_by_arrows_and_focus_comes_back_to_where_it_was(page: Page) -> None:
    page.goto("/contacts?sort=firstname")
    rows = page.locator("tbody tr")

    page.keyboard.press("j")
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_have_class(re.compile("k-here"))
    page.keyboard.press("Space")
    expect(page.get_by_role("dialog")).to_contain_text("Bo")
    page.keyboard.press("Escape")

    expect(rows.nth(1).get_by_role("link", name="Bo Ågård", exact=False).first).to_be_focused()
    actions = page.get_by_role("main").get_by_text("Actions", exact=True)
    actions.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Bulk changes")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("link", name="Restore contacts")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Bulk changes")).to_be_hidden()
