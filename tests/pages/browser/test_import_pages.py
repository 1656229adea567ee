"""The import wizard in a browser, from the dropped file to the rows to correct."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from kartotek.domain import catalogue
from tests.pages.browser.conftest import Site

ROWS = """Fornavn;Efternavn;E-mail;Firma;Lukkedato;Omsætning;Noter om kunden
Astrid;Bang;astrid@fjordvind.example;Fjordvind I/S;03-04-2026;1.234,50;ringer selv
Viggo;Skov;viggo at home;Fjordvind I/S;31-12-2026;2.000;
Ellen;Dahl;ellen@bakkehus.example;Bakkehus A/S;31-02-2026;75,25;vigtig
"""


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    file = tmp_path / "leads.csv"
    file.write_text(ROWS, encoding="cp1252")
    return file


def test_a_spreadsheet_becomes_contacts_with_their_companies(page: Page, leads: Path) -> None:
    upload(page, leads, "contacts", "companies")
    map_column(page, "Omsætning", "companies", "Annual Revenue")
    page.get_by_label("Don’t import data in unmapped columns").check()
    expect(page.locator(".k-map-row", has_text="Noter om kunden")).to_contain_text("Left out")
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/details")
    expect(page.locator(".k-read-as:visible")).to_contain_text("→ 1,234.5")
    page.get_by_label("these contacts expect to hear from us").check()
    page.get_by_role("button", name="Import now without rehearsal").click()

    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=30_000)
    books = page.locator(".k-books tbody tr")
    expect(books.nth(0)).to_contain_text(re.compile(r"Contacts\s*2\s*0\s*0\s*0\s*1\s*0\s*3"))
    page.goto("/contacts?q=astrid")
    expect(page.locator("tbody tr")).to_contain_text("Fjordvind I/S")


def test_the_rows_that_failed_come_back_as_a_file(page: Page, leads: Path) -> None:
    upload(page, leads, "contacts")
    page.get_by_label("Don’t import data in unmapped columns").check()
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/details")
    page.get_by_label("these contacts expect to hear from us").check()
    page.get_by_role("button", name="Import now without rehearsal").click()
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=30_000)

    with page.expect_download() as waiting:
        page.get_by_role("link", name="Rows to correct and send again").click()

    rows = list(csv.reader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"))))
    assert rows[0][:3] == ["Fornavn", "Efternavn", "E-mail"]
    assert rows[1][2] == "viggo at home"
    assert "not an email address" in rows[1][-1]


def test_errors_are_counted_over_all_rows_and_explained(page: Page, leads: Path) -> None:
    upload(page, leads, "contacts")

    page.get_by_role("link", name="1 error").first.click()

    panel = page.get_by_role("dialog")
    expect(panel).to_contain_text("“viggo at home” is not an email address")
    expect(panel.locator(".k-mini tbody tr")).to_contain_text("viggo at home")


def test_properties_are_searched_by_keys_with_what_they_hold(page: Page, leads: Path) -> None:
    upload(page, leads, "contacts")
    row = page.locator(".k-map-row", has_text="Noter om kunden")

    row.locator("input[data-property]").click()
    page.keyboard.type("lifecycle")
    expect(page.locator(".ts-dropdown .option.active small")).to_contain_text("Subscriber, Lead")
    page.keyboard.press("Enter")

    expect(row.locator("[data-property]")).to_have_value("Lifecycle Stage")
    expect(row.get_by_role("link", name="2 errors")).to_be_visible()


def test_a_property_is_made_without_leaving_the_page(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "shoes.csv"
    file.write_text("E-mail;Skonummer\nastrid@fjordvind.example;39\n")
    upload(page, file, "contacts")
    row = page.locator(".k-map-row", has_text="Skonummer")

    row.get_by_role("link", name="Create a property").click()
    page.get_by_role("dialog").get_by_role("button", name="Create and map").click()

    expect(row.locator("[data-property]")).to_have_value("Skonummer")
    expect(row.get_by_label("No errors")).to_be_visible()


STATES = "E-mail;Lead status\nkim@x.example;Lukewarm\nlis@x.example;Icy\nmia at home;New\n"


def test_enter_in_a_value_saves_it_and_adds_no_option(page: Page, site: Site, tmp_path: Path) -> None:
    (tmp_path / "states.csv").write_text(STATES)
    upload(page, tmp_path / "states.csv", "contacts")
    row = page.locator(".k-map-row", has_text="Lead status")
    row.get_by_role("link", name="2 errors").click()

    page.get_by_role("dialog").get_by_label("Instead of “Lukewarm”").fill("Open")
    page.keyboard.press("Enter")

    expect(row.get_by_role("link", name="1 error")).to_be_visible()
    with site.database.transaction() as tx:
        options = catalogue.load(tx).object_type("contacts").properties["hs_lead_status"].options
    assert {"Lukewarm", "Icy"}.isdisjoint(option.label for option in options)


def test_the_keyboard_stays_in_the_row_that_a_panel_has_mended(page: Page, tmp_path: Path) -> None:
    (tmp_path / "states.csv").write_text(STATES)
    upload(page, tmp_path / "states.csv", "contacts")
    row = page.locator(".k-map-row", has_text="E-mail")
    row.get_by_role("link", name="1 error").press("Enter")

    page.get_by_role("dialog").get_by_label("Leave out “mia at home”").press("Space")
    page.get_by_role("dialog").get_by_role("button", name="Save").press("Enter")

    expect(row.locator(":focus")).to_be_visible()


def test_on_a_phone_the_way_back_from_a_column_leads_to_its_row(page: Page, tmp_path: Path) -> None:
    (tmp_path / "states.csv").write_text(STATES)
    page.set_viewport_size({"width": 390, "height": 500})
    upload(page, tmp_path / "states.csv", "contacts")
    page.locator(".k-map-row", has_text="Lead status").get_by_role("link", name="2 errors").click()

    page.get_by_label("Leave out “Icy”").check()
    page.get_by_role("button", name="Save", exact=True).last.click()

    page.wait_for_url("**/mapping#column-1")
    expect(page.locator(".k-map-row", has_text="Lead status").locator("th")).to_be_in_viewport()


def test_a_column_that_is_not_mapped_has_to_be_left_out_knowingly(page: Page, leads: Path) -> None:
    upload(page, leads, "contacts")

    page.get_by_role("button", name="Next").click()

    expect(page.get_by_role("alert")).to_contain_text("“Noter om kunden”")
    expect(page).to_have_url(re.compile("/mapping$"))


def test_the_keyboard_stays_on_an_object_that_is_ticked(page: Page, leads: Path, tmp_path: Path) -> None:
    firms = tmp_path / "firms.csv"
    firms.write_text("Company name\nFjordvind I/S\n")
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", [leads, firms])
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/objects")

    for name in ("contacts", "companies"):
        page.locator(f"[name=objects][value={name}]").focus()
        page.keyboard.press("Space")
        expect(page.locator(f"[name=key-0] option[value={name}]")).to_be_attached()

        expect(page.locator(f"[name=objects][value={name}]")).to_be_focused()


def test_each_step_begins_at_its_heading(page: Page, leads: Path) -> None:
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", leads)
    expect(page.get_by_role("heading", name="What are the rows about?")).to_be_focused()
    page.check("input[value=contacts]")
    page.get_by_role("button", name="Next").press("Enter")
    expect(page.get_by_role("heading", name="Map the columns of your file")).to_be_focused()
    page.get_by_label("Don’t import data in unmapped columns").check()
    expect(page.locator(".k-map-row", has_text="Noter om kunden")).to_contain_text("Left out")
    page.get_by_role("button", name="Next").press("Enter")
    expect(page.get_by_role("heading", name="The last details")).to_be_focused()
    page.get_by_label("these contacts expect to hear from us").check()
    page.get_by_role("button", name="Rehearse").press("Enter")

    expect(page.get_by_role("heading", name="What the import will do")).to_be_focused(timeout=30_000)
    page.get_by_role("button", name="Import 2 rows").press("Enter")
    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=30_000)
    expect(page.get_by_role("heading", name="leads.csv", exact=True)).to_be_focused()


def test_a_step_before_is_gone_back_to_from_the_rehearsal(page: Page, leads: Path) -> None:
    upload(page, leads, "contacts")
    page.get_by_label("Don’t import data in unmapped columns").check()
    expect(page.locator(".k-map-row", has_text="Noter om kunden")).to_contain_text("Left out")
    page.get_by_role("button", name="Next").press("Enter")
    page.get_by_label("these contacts expect to hear from us").check()
    page.get_by_role("button", name="Rehearse").press("Enter")
    expect(page.get_by_role("heading", name="What the import will do")).to_be_focused(timeout=30_000)
    page.get_by_role("link", name="Map columns").press("Enter")
    expect(page.get_by_role("heading", name="Map the columns of your file")).to_be_focused()


def test_a_step_that_lacks_something_begins_at_what_it_lacks(page: Page, leads: Path) -> None:
    upload(page, leads, "contacts")

    page.get_by_role("button", name="Next").press("Enter")

    expect(page.get_by_role("alert")).to_be_focused()


CHAIN = {
    "kunder.csv": "Kundenr;Virksomhedsnavn;By\n1001;Havnens Møbler;Odense\n1002;Bakkens Lamper;Aarhus\n",
    "opgaver.csv": "Opgavetitel;Kundenr;Til\nRing om bordet;1001;K2\nSend rykker;1002;K1\n",
    "kontakter.csv": "Nummer;Fornavn;E-mail\nK1;Ada;ada@havnens.example\nK2;Bo;bo@havnens.example\n",
}


def test_files_are_joined_by_columns_of_other_names_and_the_records_belong_together(page: Page, tmp_path: Path) -> None:
    for name, text in CHAIN.items():
        (tmp_path / name).write_text(text)
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", [tmp_path / name for name in CHAIN])
    page.wait_for_url("**/objects")
    for name in ("contacts", "companies", "tasks"):
        page.locator(f"[name=objects][value={name}]").check()
        expect(page.locator(f"[name=key-0] option[value={name}]")).to_be_attached()
    expect(page.locator("[name=column-0-1] option:checked")).to_have_text("Kundenr")
    page.locator("[name=key-0]").select_option("companies")

    page.get_by_role("button", name="Join another").press("Enter")
    expect(page.locator("#join-1")).to_be_visible()
    expect(page.get_by_role("button", name="Join another")).to_be_focused()
    page.locator("[name=column-1-0]").select_option(label="Til")
    page.locator("[name=column-1-1]").select_option(label="Nummer")
    expect(page.locator("#join-1 [data-told]")).to_have_text(["K2 · K1", "K1 · K2"])
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("alert")).to_contain_text("Say which object “Til” is the unique key for")
    page.locator("[name=key-1]").select_option("contacts")
    for _ in CHAIN:
        here = page.url
        page.get_by_role("button", name="Next").click()
        page.wait_for_url(lambda url, here=here: url != here)
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/details")
    page.get_by_label("these contacts expect to hear from us").check()
    page.get_by_role("button", name="Import now without rehearsal").click()

    expect(page.get_by_text("Done", exact=True)).to_be_visible(timeout=30_000)
    page.goto("/tasks?q=Ring om bordet")
    page.get_by_role("link", name="Ring om bordet", exact=True).click()
    expect(page.locator("main")).to_contain_text("Havnens Møbler")
    expect(page.locator("main")).to_contain_text("bo@havnens.example")


def test_choosing_a_column_takes_the_one_of_the_same_name_in_the_other_file(page: Page, tmp_path: Path) -> None:
    (tmp_path / "firms.csv").write_text("No,Town,Company name\n7,Ribe,Acme\n")
    (tmp_path / "people.csv").write_text("Email,Town,No\nada@acme.example,Ribe,7\n")
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", [tmp_path / "firms.csv", tmp_path / "people.csv"])
    page.wait_for_url("**/objects")

    page.locator("[name=column-0-0]").select_option(label="No")

    expect(page.locator("[name=column-0-1] option:checked")).to_have_text("No")
    expect(page.locator("#join-0 [data-told]")).to_have_text(["7", "7"])


def test_a_file_that_is_dropped_is_taken(page: Page, leads: Path) -> None:
    page.goto("/imports/new")
    dropped = page.evaluate_handle(
        """text => { const data = new DataTransfer();
                     data.items.add(new File([text], "dropped.csv", { type: "text/csv" })); return data; }""",
        "Email\nadam@dropped.example\n",
    )

    page.dispatch_event("[data-drop]", "drop", {"dataTransfer": dropped})

    page.wait_for_url(re.compile(r"/imports/\d+/objects"))
    expect(page.locator(".k-file")).to_contain_text("dropped.csv")


def test_a_pdf_is_refused_in_a_sentence(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< >>\nendobj\n")
    page.goto("/imports/new")

    page.set_input_files("input[type=file]", file)

    expect(page.get_by_role("alert")).to_contain_text("PDF")
    expect(page).to_have_url(re.compile("/imports/new$"))


def upload(page: Page, file: Path, *objects: str) -> None:
    page.goto("/imports/new")
    page.set_input_files("input[type=file]", file)
    page.wait_for_url(re.compile(r"/imports/\d+/objects"))
    for name in objects:
        page.check(f"input[value={name}]")
    page.get_by_role("button", name="Next").click()
    page.wait_for_url("**/mapping")


def map_column(page: Page, header: str, objects: str, label: str) -> None:
    row = page.locator(".k-map-row", has_text=header)
    row.locator("[data-as]").select_option(objects)
    page.keyboard.type(label)
    page.locator(".ts-dropdown .option", has_text=label).first.click()
    expect(page.locator(".k-map-row", has_text=header).locator("[data-property]")).to_have_value(label)
