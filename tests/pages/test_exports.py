"""Export from an index page: the same records, sorted the same way, as a file."""

import csv
import io
import json
from dataclasses import replace
from urllib.parse import unquote

from kartotek.domain import import_books, people, pipelines, records
from kartotek.imports import run
from tests import cast
from tests.helpers.visitor import Visitor, text_of
from tests.helpers.wizard import draft_of, send


def rows_of(answer):
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_an_index_page_leads_to_a_file_of_what_it_shows(ida, crew):
    page = ida.get("/contacts?q=havnen.example&columns=email,city")
    form = ida.get("/contacts/exports/new?q=havnen.example&columns=email,city")

    file = ida.post("/contacts/exports?q=havnen.example&columns=email,city", format="csv", columns="shown")

    assert "/contacts/exports/new?q=havnen.example&amp;columns=email,city" in page.text
    assert "Export 1 contact" in text_of(form)
    assert rows_of(file) == [
        ["Record ID", "First Name", "Last Name", "Email", "City"],
        [str(crew.bo.id), "Bo", "Ågård", "bo@havnen.example", ""],
    ]
    assert "Contacts" in file.headers["content-disposition"]


def test_a_file_is_sorted_as_the_page_is(ida, crew):
    file = ida.post("/contacts/exports?sort=-firstname", format="csv", columns="core")

    header, *rows = rows_of(file)
    assert [row[header.index("First Name")] for row in rows] == ["Cleo", "Bo", "Ada"]


def test_ticked_records_are_exported_alone_and_in_their_order(ida, crew):
    address = f"/contacts/exports?ids={crew.cleo.id}&ids={crew.ada.id}&ids=999999"

    file = ida.post(address, format="jsonl", columns="all", words="names", links="1")

    cleo, ada = map(json.loads, file.text.splitlines())
    assert (cleo["firstname"], ada["firstname"]) == ("Cleo", "Ada")
    assert ada["companies.hs_object_id"] == [crew.nordlys.id, crew.havnen.id]
    assert ada["primary_company"] == crew.nordlys.id
    assert ada["deals.hs_object_id"] == [crew.deal.id]


def test_an_export_speaks_the_language_of_its_person(ida, crew):
    ida.post("/preferences", language="da")

    file = ida.post("/companies/exports", format="csv", columns="shown")

    assert rows_of(file)[0][:2] == ["Kortets id – Virksomheder", "Virksomhedsnavn"]
    assert "Virksomheder" in unquote(file.headers["content-disposition"])


def test_a_workbook_is_a_workbook(ida, crew):
    file = ida.post("/deals/exports", format="xlsx", columns="shown")

    assert file.status_code == 200
    assert file.content.startswith(b"PK")


def test_a_form_without_a_format_is_shown_again(ida, crew):
    answer = ida.post("/contacts/exports?q=Ada")

    assert answer.status_code == 400
    assert "Choose the format of the file." in text_of(answer)
    assert 'action="/contacts/exports?q=Ada"' in answer.text


def test_who_may_not_export_is_neither_offered_it_nor_served(program, crew, own_database):
    with own_database.transaction() as tx:
        secret = people.invite(tx, crew.ida, "vera@kartotek.example", "viewer")
        people.claim(
            tx, secret, email="vera@kartotek.example", first_name="Vera", last_name="Vang", password=cast.PASSWORD
        )
    vera = Visitor(program)
    vera.sign_in("vera@kartotek.example", cast.PASSWORD)

    page = vera.get("/contacts")
    answers = [vera.get("/contacts/exports/new"), vera.post("/contacts/exports", format="csv", columns="all")]

    assert "Export" not in text_of(page)
    assert [answer.status_code for answer in answers] == [403, 403]


def test_a_danish_file_says_options_as_the_pages_do_and_the_import_turns_them_back(
    ida, crew, own_database, settings, looked_at
):
    with own_database.transaction() as tx:
        texts = {"dealtype": "existingbusiness", "hs_priority": "high", "deal_currency_code": "DKK"}
        records.update(tx, crew.ida, crew.deal.object_type, crew.deal.id, texts)
    ida.post("/preferences", language="da")
    file = ida.post("/deals/exports", format="csv", columns="core")

    path = draft_of(ida, file.content, ("deals",))
    send(ida, path, skip="1", next="1")
    looked_at(path)
    ida.post(f"{path}/details", form=f"{path}/details", start="1")
    run.work(own_database, settings, int(path.rpartition("/")[2]))

    header, row = rows_of(file)
    said = dict(zip(header, row, strict=True))
    assert {"Salgspipeline", "Aftalt møde", "Eksisterende forretning", "Høj", "Dansk krone"} <= set(said.values())
    with own_database.transaction() as tx:
        assert import_books.of(tx, int(path.rpartition("/")[2]), 1).objects["deals"]["unchanged"] == 1


def test_what_people_have_renamed_is_called_so_in_danish_too(ida, crew, own_database):
    with own_database.transaction() as tx:
        kept = pipelines.get(tx, crew.deal.object_type, "default")
        stages = [replace(one, label="First talk") if one.id == "appointmentscheduled" else one for one in kept.stages]
        pipelines.change(tx, crew.ida, crew.deal.object_type, "default", "Sales Pipeline", stages)
    ida.post("/preferences", language="da")

    file = ida.post("/deals/exports", format="csv", columns="core")
    page = text_of(ida.get("/deals"))

    assert "First talk" in file.text and "First talk" in page
    assert "Aftalt møde" not in file.text and "Aftalt møde" not in page
