"""The wizard with several files and sheets: what each holds, what ties them together, and a mapping page for each."""

import re

import pytest

from kartotek.imports import run
from tests.helpers import wizard
from tests.helpers.importing import ended, sheet_of
from tests.helpers.visitor import Visitor, text_of
from tests.helpers.wizard import by
from tests.imports.test_associated_rows import STAFF
from tests.imports.test_many_tables import SHEETS, workbook
from tests.imports.test_several_files import COMPANIES, CONTACTS, NUMBERED

TWO = [("file", ("companies.csv", COMPANIES.encode())), ("file", ("contacts.csv", CONTACTS.encode()))]


def two_files(ida: Visitor, files: list[tuple[str, tuple[str, bytes]]] = TWO) -> str:
    """The address of a draft of both."""
    return ida.post("/imports", form="/imports/new", files=files).headers["location"].rpartition("/")[0]


def said(ida: Visitor, path: str, **more: object):
    page = f"{path}/objects"
    return ida.post(page, form=page, objects=["contacts", "companies"], **more)


def joined(ida: Visitor, files: list[tuple[str, tuple[str, bytes]]] = TWO) -> str:
    """The address of a draft of both that is mapped."""
    path = two_files(ida, files)
    said(ida, path, **by(0, (0, 0), (1, 2), key="companies"), next="1")
    for page in (f"{path}/mapping?source=0", f"{path}/mapping?source=1"):
        ida.post(page, form=page, **(wizard.fields_of(ida.get(page).text) | {"skip": "1", "next": "1"}))
    return path


def test_several_files_are_chosen_and_shown(ida):
    path = two_files(ida)

    said(ida, path)

    page = ida.get(f"{path}/objects").text
    assert "companies.csv" in page and "contacts.csv" in page and "Common column headers found in your files" in page
    assert 'name="holds-0" value="companies" checked' in page and 'name="holds-1" value="contacts" checked' in page
    assert page.count('<optgroup label="Common column headers found in your files"><option value="') == 2
    assert "selected>Company name</option>" in page


def test_the_common_column_ties_two_files_together(ida):
    path = two_files(ida)

    said(ida, path, **by(0, (0, 0), (1, 2), key="companies"), next="1")

    page = ida.get(f"{path}/mapping?source=1").text
    assert "Map the columns of contacts.csv" in page
    assert 'value="key:companies" selected' in page


def test_a_common_column_without_an_object_is_asked_for(ida):
    path = two_files(ida)

    answer = said(ida, path, **by(0, (0, 0), (1, 2)), next="1")

    assert "Say which object “Company name” is the unique key for, or remove the join." in answer.text


def test_each_file_has_its_mapping_page_and_all_are_seen_before_going_on(ida):
    path = two_files(ida)
    said(ida, path, **by(0, (0, 0), (1, 2), key="companies"), next="1")

    first = wizard.send(ida, path, skip="1", next="1")
    page = f"{path}/mapping?source=1"
    second = ida.post(page, form=page, **(wizard.fields_of(ida.get(page).text) | {"skip": "1", "next": "1"}))

    assert first.headers["location"] == page and second.headers["location"] == f"{path}/details"


def test_a_common_column_that_goes_to_no_property_is_not_asked_for(ida, started):
    files = [("file", (name, text.encode())) for name, text in NUMBERED.items()]
    path = ida.post("/imports", form="/imports/new", files=files).headers["location"].rpartition("/")[0]
    said(ida, path, **by(0, (0, 0), (1, 1), key="companies"), next="1")

    wizard.send(ida, path, **{"as-0": "nothing"})
    shown = ida.get(f"{path}/mapping").text
    first = wizard.send(ida, path, next="1")
    page = f"{path}/mapping?source=1"
    second = ida.post(page, form=page, **(wizard.fields_of(ida.get(page).text) | {"next": "1"}))

    assert "Joins files" in shown
    assert (first.headers["location"], second.headers["location"]) == (page, f"{path}/details")
    assert started(path).books.associations["created"] == 2


def test_both_files_become_one_import(ida, started):
    path = joined(ida)

    done = started(path)

    assert done.books.objects["contacts"]["created"] == 4 and done.books.associations["created"] == 3
    assert [(e["file"], e["line"]) for e in done.errors] == [("contacts.csv", 5)]
    page = ida.get(f"{path}/problems").text
    assert "contacts.csv" in page and "NO_OBJECT" not in page


def test_the_rows_to_correct_are_named_by_their_files(ida, started):
    files = [("file", ("companies.csv", (COMPANIES + "Alone\n").encode())), TWO[1]]
    path = joined(ida, files)
    done = started(path)

    pages = [ida.get(f"{path}{more}").text for more in ("", "/problems")]
    files = [ida.get(f"{path}/failed-rows.csv?source={number}") for number in range(2)]
    beyond = ida.get(f"{path}/failed-rows.csv?source=9")

    for source, name in enumerate((r"companies\.csv", r"contacts\.csv")):
        assert all(re.search(rf"source={source}\" download>.*?{name}</a>", page) for page in pages)
    assert ["companies - rows to correct.csv" in files[0].headers["content-disposition"],
            "contacts - rows to correct.csv" in files[1].headers["content-disposition"]] == [True, True]  # fmt: skip
    assert done.errors and len(files[1].text.splitlines()) == 2 and beyond.status_code == 404
    assert "no such file or sheet" in text_of(beyond)


def test_only_the_files_that_have_rows_to_correct_are_offered(ida, started):
    path = joined(ida)
    done = started(path)

    pages = [ida.get(f"{path}{more}").text for more in ("", "/problems")]

    assert {error["file"] for error in done.errors} == {"contacts.csv"}
    assert [re.findall(r'failed-rows\.csv([^"]*)" download', page) for page in pages] == [["?source=1"]] * 2


def test_the_sheets_of_a_workbook_are_taken_together_and_one_may_be_left_out(ida, tmp_path):
    book = workbook(tmp_path, {name: SHEETS[name] for name in ("Companies", "Contacts", "Links")})
    path = wizard.upload(ida, book, "all.xlsx").headers["location"].rpartition("/")[0]
    said(ida, path)

    said(ida, path, told="1", **{"holds-0": "companies", "holds-1": ["contacts", "companies"]}, next="1")

    assert "all.xlsx · Contacts" in ida.get(f"{path}/mapping?source=1").text
    assert "all.xlsx · Companies" in ida.get(f"{path}/mapping?source=2").text


def test_a_column_names_other_records_of_its_own_object(ida):
    path = wizard.upload(ida, sheet_of(*STAFF).encode()).headers["location"].rpartition("/")[0]
    page = f"{path}/objects"
    ida.post(page, form=page, objects=["contacts"], within="1", next="1")

    wizard.send(ida, path, **{"as-2": "with:contacts", "property-2": "Email"})

    shown = ida.get(f"{path}/mapping").text
    assert 'value="with:contacts" selected' in shown
    assert 'name="property-2" value="Email" list="unique-contacts"' in shown


def test_an_associated_record_is_known_by_its_record_id_in_the_persons_language(ida):
    path = wizard.upload(ida, sheet_of(*STAFF).encode()).headers["location"].rpartition("/")[0]
    page = f"{path}/objects"
    ida.post(page, form=page, objects=["contacts"], within="1", next="1")
    ida.post("/preferences", form=page, language="da")

    wizard.send(ida, path, **{"as-2": "with:contacts", "property-2": "Kortets id"})

    shown = ida.get(f"{path}/mapping").text
    assert 'name="property-2" value="Kortets id" list="unique-contacts"' in shown


@pytest.fixture
def started(ida, own_database, settings):
    """Imports a draft to its end."""

    def go(path: str):
        ida.post(f"{path}/details", form=f"{path}/details", name="Both", consent="1", start="1")
        number = int(path.rpartition("/")[2])
        run.work(own_database, settings, number)
        return ended(own_database, number)

    return go
