"""The wizard without scripts, and files that cannot be imported."""

import re
from dataclasses import replace

import pytest
from litestar.testing import TestClient

from kartotek import app
from kartotek.domain import imports
from tests import cast
from tests.helpers.visitor import Visitor, text_of

LEADS = b"First name;Email;Amount of it;Remarks\nAstrid;astrid@x.example;1;\nViggo;viggo at home;2;hello\n"


def upload(visitor, content, name="leads.csv"):
    return visitor.post("/imports", form="/imports/new", files={"file": (name, content)})


def draft_of(visitor, content=LEADS, objects=("contacts",)):
    path = upload(visitor, content).headers["location"].rpartition("/")[0]
    visitor.post(f"{path}/objects", form=f"{path}/objects", objects=list(objects), next="1")
    return path


def go_on(visitor, path):
    """Next on the mapping page, as it is shown, without the columns that are not mapped."""
    page = f"{path}/mapping"
    return visitor.post(page, form=page, skip="1", next="1", **fields_of(visitor.get(page).text))


def fields_of(page):
    """What a browser would send of the mapping page."""
    chosen = {}
    for name, options in re.findall(r'<select[^>]* name="(as-\d+)".*?>(.*?)</select>', page, re.DOTALL):
        selected = re.search(r'value="([^"]*)" selected', options)
        chosen[name] = selected[1] if selected else ""
    return chosen | dict(re.findall(r'name="(property-\d+)" value="([^"]*)"', page))


def test_headers_map_themselves_and_bad_cells_are_counted(ida):
    path = draft_of(ida)

    page = ida.get(f"{path}/mapping")

    assert fields_of(page.text)["property-1"] == "Email"
    assert "1 error" in text_of(page) and "2 unmapped columns" in text_of(page)


def test_the_errors_of_a_column_show_each_value(ida):
    path = draft_of(ida)

    panel = text_of(ida.get(f"{path}/columns/1"))

    assert "viggo at home" in panel and "INVALID_EMAIL" in panel


def test_two_columns_for_one_property_are_refused(ida):
    path = draft_of(ida)
    fields = fields_of(ida.get(f"{path}/mapping").text) | {"as-2": "contacts", "property-2": "Email"}

    answer = ida.post(f"{path}/mapping", form=f"{path}/mapping", skip="1", next="1", **fields)

    assert answer.status_code == 400
    assert "both mapped to Email" in text_of(answer)


def test_what_is_needed_and_not_mapped_is_said(ida):
    path = draft_of(ida, b"Town;Remarks\nRibe;hello\n")

    answer = go_on(ida, path)

    assert answer.status_code == 400
    assert "First Name" in text_of(answer).split("Map the columns")[1][:400]


def test_a_started_import_keeps_its_plan_and_leaves_the_wizard(ida, own_database, crew):
    path = draft_of(ida)
    go_on(ida, path)

    ida.post(f"{path}/details", form=f"{path}/details", name="Fair in Herning", start="1")

    with own_database.transaction() as tx:
        job = imports.get(tx, crew.ida, int(path.rpartition("/")[2]))
    assert (job.name, job.state.value) == ("Fair in Herning", "STARTED")
    assert ida.get(f"{path}/mapping").headers["location"] == path
    assert "You can leave this page" in text_of(ida.get(path))


def test_nothing_ticked_asks_what_the_rows_are_about(ida):
    path = upload(ida, LEADS).headers["location"]

    answer = ida.post(path, form=path, next="1")

    assert answer.status_code == 400
    assert "Tick what the rows are about" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("header.csv", b"First name;Email\n"),
        ("leads.csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("wide.csv", ";".join(f"c{i}" for i in range(1200)).encode() + b"\n"),
        ("broken.xlsx", b"PK\x03\x04 this is not a workbook"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(ida, name, content):
    answer = upload(ida, content, name)

    assert answer.status_code == 400
    assert 'role="alert"' in answer.text and "Traceback" not in answer.text
    assert len(re.search(r"data-wrong\s*>([^<]+)", answer.text)[1]) > 20


def test_a_file_over_the_limit_says_how_large_it_may_be(settings, own_database, crew):
    with TestClient(
        app.create(replace(settings, file_limit=1000), own_database), raise_server_exceptions=False
    ) as client:
        client.follow_redirects = False
        ida = Visitor(client)
        ida.sign_in("ida@kartotek.example", cast.PASSWORD)

        small, large = (
            upload(ida, b"Email\n" + b"a@b.example\n" * 200),
            upload(ida, b"Email\n" + b"a@b.example\n" * 200_000),
        )

    assert (small.status_code, large.status_code) == (400, 413)
    assert "KARTOTEK_FILE_LIMIT" in text_of(small) and "KARTOTEK_FILE_LIMIT" in text_of(large)


def test_without_imports_the_page_says_how_to_begin(ida):
    assert "No imports yet" in text_of(ida.get("/imports"))
