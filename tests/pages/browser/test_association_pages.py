"""Associations in a browser, wide and on a phone: the panel's steps, the menus of the cards, labels by words and x."""

import re

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from kartotek.domain import associations
from tests.helpers import associating
from tests.pages.browser.conftest import Site

PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(scope="module", autouse=True)
def words(site: Site) -> None:
    with site.database.transaction() as tx:
        associating.advisor(tx, site.crew)
        associating.manager(tx, site.crew)


def test_companies_are_associated_with_primary_and_labels_step_by_step(page: Page, site: Site) -> None:
    page.goto(f"/contacts/{site.crew.cleo.id}")
    card = page.locator("#side-companies")

    card.get_by_role("link", name="Add company").click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("Search companies").fill("havn")
    expect(panel.locator(".k-offer")).to_have_count(1)
    panel.get_by_role("checkbox", name="Havnen").check()
    panel.get_by_label("Search companies").fill("nord")
    panel.get_by_role("checkbox", name="Nordlys").check()
    expect(panel.get_by_text("2 selected")).to_be_visible()
    panel.get_by_role("button", name="Next").click()
    panel.get_by_role("radio", name="Havnen").check()
    panel.get_by_role("button", name="Next").click()
    panel.get_by_text("Add association label").first.click()
    panel.locator(".ts-control").first.click()
    panel.locator(".ts-dropdown [data-selectable]", has_text="Advises").locator("visible=true").click()
    panel.get_by_role("heading").click()
    panel.get_by_role("button", name="Save").click()

    expect(card.locator(".k-companion").nth(0)).to_contain_text("Havnen ApS")
    expect(card.locator(".k-companion").nth(0)).to_contain_text("Primary")
    expect(card).to_contain_text("Nordlys A/S")
    expect(card.get_by_text("Advises")).to_have_count(1)


def test_a_label_goes_by_its_x_and_comes_by_the_dropdown(page: Page, site: Site) -> None:
    with site.database.transaction() as tx:
        associating.linked(tx, site.crew, site.crew.bo, site.crew.havnen, [associating.BILLING])
    page.goto(f"/contacts/{site.crew.bo.id}")
    card = page.locator("#side-companies")

    card.get_by_label("More about Havnen ApS").focus()
    page.keyboard.press("Enter")
    card.get_by_role("link", name="Edit association labels").press("Enter")
    panel = page.get_by_role("dialog")
    panel.locator(".ts-control .remove").click()
    panel.locator(".ts-control input").press_sequentially("Adv")
    panel.locator(".ts-dropdown [data-selectable]", has_text="Advises").click()
    panel.get_by_role("heading").click()
    panel.get_by_role("button", name="Update").click()

    expect(card.get_by_text("Advises")).to_be_visible()
    expect(card.get_by_text("Billing")).to_have_count(0)


def test_create_and_add_another_stays_in_the_panel(page: Page, site: Site) -> None:
    page.goto(f"/deals/{site.crew.deal.id}")

    page.locator("#side-contacts").get_by_role("link", name="Add contact").click()
    panel = page.get_by_role("dialog")
    panel.get_by_role("link", name="Create new").click()
    panel.get_by_label("First Name").fill("Dagny")
    panel.get_by_role("button", name="Create and add another").click()
    expect(page.get_by_text("Dagny is created.")).to_be_visible()
    expect(panel.get_by_label("First Name")).to_have_value("")
    panel.get_by_label("First Name").fill("Embla")
    panel.get_by_role("button", name="Create contact").click()

    expect(page.locator("#side-contacts")).to_contain_text("Embla")
    expect(page.locator("#side-contacts")).to_contain_text("Dagny")


def test_cards_change_places_by_keys_and_by_dragging(page: Page, site: Site) -> None:
    page.goto(f"/companies/{site.crew.havnen.id}")
    order = page.locator(".k-side")

    page.get_by_role("link", name="Arrange the cards").click()
    panel = page.get_by_role("dialog")
    panel.get_by_label("Move Deals up").focus()
    page.keyboard.press("Enter")
    panel.get_by_text("Tickets").drag_to(panel.get_by_text("Contacts"), target_position={"x": 5, "y": 2})
    panel.get_by_role("checkbox", name="Companies").uncheck()
    panel.get_by_role("button", name="Apply").click()

    expect(order).to_have_count(3)
    expect(order.nth(0)).to_contain_text("Tickets")
    expect(order.nth(1)).to_contain_text("Contacts")
    expect(order.nth(2)).to_contain_text("Deals")


def test_on_a_phone_the_panel_is_a_page_and_the_menu_opens_by_touch(page: Page, site: Site) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"/contacts/{site.crew.ada.id}?side=associations")

    page.locator("#side-contacts").get_by_role("link", name="Add contact").click()
    page.wait_for_url("**/associations/contacts/new")
    page.get_by_role("checkbox", name="Bo Ågård").check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url(re.compile("step=labels"))
    page.get_by_text("Add association label").click()
    page.locator(".ts-control").click()
    page.locator(".ts-dropdown [data-selectable]", has_text="Manager").click()
    page.get_by_role("heading", level=1).click()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(f"**/contacts/{site.crew.ada.id}?side=associations")
    card = page.locator("#side-contacts")
    expect(card).to_contain_text("Manager")
    card.get_by_label("More about Bo Ågård").click()
    card.get_by_role("link", name="Remove association").click()
    page.get_by_role("button", name="Remove association").click()

    expect(page.locator("#side-contacts")).not_to_contain_text("Bo Ågård")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_after_a_change_the_keyboard_is_where_it_was(page: Page, site: Site) -> None:
    with site.database.transaction() as tx:
        associating.linked(tx, site.crew, site.crew.bo, site.crew.nordlys, [])
    page.goto(f"/contacts/{site.crew.bo.id}")
    card = page.locator("#side-companies")

    card.get_by_label("More about Nordlys A/S").focus()
    page.keyboard.press("Enter")
    card.get_by_role("link", name="Set as primary").press("Enter")
    panel = page.get_by_role("dialog")
    panel.get_by_label("Replace Havnen ApS as Bo Ågård’s current primary").check()
    panel.get_by_role("button", name="Replace primary company").press("Enter")

    expect(page.get_by_text("Nordlys A/S is the primary company")).to_be_visible()
    expect(card.get_by_label("More about Nordlys A/S")).to_be_focused()

    page.keyboard.press("Enter")
    card.get_by_role("link", name="Remove association").press("Enter")
    panel.get_by_role("combobox").select_option(label="Havnen ApS")
    panel.get_by_role("button", name="Remove association").press("Enter")

    expect(card).not_to_contain_text("Nordlys A/S")
    expect(card.get_by_role("link", name="Add company")).to_be_focused()


def test_a_panel_that_was_overtaken_shows_how_things_are_when_it_closes(page: Page, site: Site) -> None:
    with site.database.transaction() as tx:
        associating.linked(tx, site.crew, site.crew.cleo, site.crew.nordlys, [])
    page.goto(f"/contacts/{site.crew.cleo.id}")
    card = page.locator("#side-companies")

    card.get_by_label("More about Nordlys A/S").focus()
    page.keyboard.press("Enter")
    card.get_by_role("link", name="Remove association").press("Enter")
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("button", name="Remove association")).to_be_visible()
    with site.database.transaction() as tx:
        cleo, nordlys = site.crew.cleo, site.crew.nordlys
        associations.unlink(tx, site.crew.ida, cleo.object_type, cleo.id, nordlys.object_type, nordlys.id)
    panel.get_by_role("button", name="Remove association").press("Enter")
    expect(panel.get_by_text("not associated any more")).to_be_visible()
    page.keyboard.press("Escape")

    expect(card).not_to_contain_text("Nordlys A/S")
