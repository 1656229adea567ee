"""Samples, templates, and what a file has to look like."""

import io

import polars as pl
import pytest

from kartotek.imports import run
from tests.helpers.visitor import text_of
from tests.helpers.wizard import fields_of, upload


@pytest.mark.parametrize("kind", ["template", "sample"])
def test_a_downloaded_file_goes_through_the_wizard_by_itself(ida, kind):
    file = ida.get(f"/imports/samples?objects=contacts&objects=companies&kind={kind}")

    path = upload(ida, file.content).headers["location"].rpartition("/")[0]
    ida.post(f"{path}/objects", form=f"{path}/objects", objects=["contacts", "companies"], next="1")

    fields = fields_of(ida.get(f"{path}/mapping").text)
    assert {fields[name] for name in fields if name.startswith("as-")} == {"contacts", "companies"}
    assert f"contacts-companies {kind}.csv" in file.headers["content-disposition"]


def test_a_template_speaks_the_persons_language(ida):
    ida.post("/preferences", language="da", back="/contacts")

    text = ida.get("/imports/samples?objects=contacts&kind=template").content.decode("utf-8-sig")

    assert text.startswith("Fornavn;Efternavn;")
    assert len(text.splitlines()) == 2


def test_a_workbook_is_one(ida):
    file = ida.get("/imports/samples?objects=deals&kind=sample&format=xlsx")

    frame = pl.read_excel(io.BytesIO(file.content), engine="calamine")
    assert frame.columns[0] == "Deal Name"
    assert len(frame) == 5


def test_nothing_ticked_asks_what_the_file_is_to_be_about(ida):
    answer = ida.get("/imports/samples?kind=template")

    assert answer.status_code == 400
    assert "Say what the file is to be about" in text_of(answer)


def test_what_a_file_has_to_look_like_is_told_with_the_limits_of_this_place(ida, settings):
    page = text_of(ida.get("/imports/requirements"))

    assert "Size of a file 512 MB" in page and "Columns 1,000" in page and "Characters in a cell 65,536" in page
    assert "Deals New ones need Deal Name, Pipeline and Deal Stage. Existing ones are found by Record ID." in page
    assert {one.limit.value: one.most for one in run.limits(settings)}["bytes"] == settings.file_limit


def test_settings_lead_to_the_imports(ida):
    settings, page = ida.get("/settings"), ida.get("/settings/import-export")

    assert 'href="/settings/import-export"' in settings.text
    assert 'href="/imports"' in page.text and "Go to import" in text_of(page)
    assert 'href="/imports/requirements"' in page.text


def test_the_imports_page_begins_with_a_file_from_the_computer(ida):
    imports, new = ida.get("/imports"), text_of(ida.get("/imports/new"))

    assert 'href="/imports/new"' in imports.text and "Start an import" in text_of(imports)
    assert new.index("File from computer") < new.index("Next")
    assert "Samples and templates" in new and "What a file has to look like" in new
