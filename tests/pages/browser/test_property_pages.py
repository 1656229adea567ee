"""Properties in a real browser: rules that are kept to, and a property that becomes another kind."""

from playwright.sync_api import expect

from kartotek.domain import catalogue, properties, records


def test_a_rule_is_set_and_told_by_the_field_and_the_property_becomes_a_number(page, site):
    with site.database.transaction() as tx:
        one = catalogue.load(tx).object_type("contacts")
        properties.define(tx, site.crew.ida, one, "size", "Boat size")
        records.update(
            tx, site.crew.ida, catalogue.load(tx).object_type("contacts"), site.crew.ada.id, {"size": "long"}
        )

    page.goto("/settings/properties/contacts/size")
    page.get_by_label("Form").fill("[0-9]+(,[0-9]+)?")
    page.get_by_label("A value that fits").fill("14,5")
    page.get_by_role("button", name="Save the rules").click()
    page.get_by_text("1 value breaks the rules").wait_for()
    page.goto(f"/contacts/{site.crew.bo.id}/properties/size")
    page.locator("#edit-size").fill("huge")
    page.keyboard.press("Enter")
    page.get_by_text("It looks like 14,5").wait_for()
    page.locator("#edit-size").fill("14,5")
    page.keyboard.press("Enter")
    # The example in the refusal reads 14,5 too: only the closed field says that the value is saved.
    page.locator("#edit-size").wait_for(state="detached")

    page.goto("/settings/properties/contacts/size")
    page.get_by_label("What it holds").select_option("number")
    page.get_by_role("button", name="Look at the values").click()
    page.get_by_text("1 can be read, 1 cannot").wait_for()
    page.get_by_role("button", name="Change it and empty 1 value").click()
    page.get_by_text("Boat size is changed").wait_for()

    page.goto(f"/contacts/{site.crew.bo.id}")
    expect(page.get_by_text("14.5").first).to_be_visible()
