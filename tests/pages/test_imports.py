"""The wizard without scripts, and files that cannot be imported."""

import errno
import os
import re
import shutil
from dataclasses import replace

import pytest
from litestar.testing import TestClient

from kartotek import app
from kartotek.domain import imports, people
from tests import cast
from tests.helpers.visitor import Visitor, text_of
from tests.helpers.wizard import LEADS, draft_of, go_on, upload


def test_a_started_import_keeps_its_plan_and_leaves_the_wizard(ida, own_database, crew):
    path = draft_of(ida)
    go_on(ida, path)

    ida.post(f"{path}/details", form=f"{path}/details", name="Fair in Herning", consent="1", start="1")

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


def test_every_object_and_activity_is_offered_with_what_it_takes(ida):
    path = upload(ida, LEADS).headers["location"].rpartition("/")[0]

    page = ida.get(f"{path}/objects?object=calls")

    offered = re.findall(r'name="objects" value="(\w+)" (checked)?', page.text)
    assert [name for name, _ in offered] == [
        "contacts", "companies", "deals", "tickets", "products", "line_items",
        "calls", "emails", "meetings", "notes", "tasks",
    ]  # fmt: skip
    assert [name for name, ticked in offered if ticked] == ["calls"]
    said = text_of(page)
    assert "New ones need Product ID or Name, Quantity and Unit price." in said
    assert "The same row names what they belong to: contact, company, deal or ticket." in said


def test_notes_without_what_they_belong_to_are_refused_before_they_are_mapped(ida):
    path = upload(ida, b"Note body;Note date\nHello;2026-04-03\n").headers["location"].rpartition("/")[0]

    alone = ida.post(f"{path}/objects", form=f"{path}/objects", objects=["notes"], next="1")
    only_updated = ida.post(
        f"{path}/objects", form=f"{path}/objects", objects=["notes"], next="1", **{"mode-notes": "update"}
    )

    assert alone.status_code == 400 and "New notes belong to contacts, companies, deals or tickets" in text_of(alone)
    assert only_updated.headers["location"].endswith("/mapping")


def test_who_may_not_import_finds_no_button_and_no_way_in(program, own_database, crew):
    with own_database.transaction() as tx:
        secret = people.invite(tx, crew.ida, "vera@kartotek.example", "viewer")
        people.claim(
            tx, secret, email="vera@kartotek.example", first_name="Vera", last_name="Vig", password=cast.PASSWORD
        )
    vera = Visitor(program)
    vera.sign_in("vera@kartotek.example", cast.PASSWORD)

    page, form, sent = (
        vera.get("/contacts"),
        vera.get("/imports/new"),
        vera.post("/imports", files={"file": ("a.csv", LEADS)}),
    )

    assert "/imports/new" not in page.text
    assert (form.status_code, sent.status_code) == (403, 403)
    assert "Vera Vig may not import files" in text_of(sent)
    assert 'href="/imports"' not in page.text


def test_a_full_disk_is_told_and_keeps_nothing_of_the_file(ida, settings, monkeypatch):
    def fill(source, target):
        target.write_bytes(b"First na")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfile", fill)
        answer = upload(ida, LEADS)

    assert answer.status_code == 503
    assert "The disk of the server is full. Make room" in text_of(answer)
    assert list((settings.home / "files").glob("*")) == []
    assert upload(ida, LEADS).is_redirect


def test_what_one_may_not_expect_of_a_file_stands_on_its_card(ida):
    rows = ("First Name,Note\n" + "Åse,æble\nÅge,æøå\n" * 9).encode() + "Bjørn,blå\n".encode("cp1252")

    upload = ida.post("/imports", form="/imports/new", files={"file": ("two.csv", rows)})
    english = text_of(ida.get(upload.headers["location"]))
    ida.post("/preferences", language="da", back="/")
    danish = text_of(ida.get(upload.headers["location"]))

    assert "Not UTF-8 like the rest, and read as Windows-1252: line 20." in english
    assert "Ikke UTF-8 som resten og læst som Windows-1252: linje 20." in danish
