"""The files of an export: of one moment, whole or refused, and their links importable."""

import csv
import io
import json
from datetime import date
from zipfile import ZipFile

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import active_lists, association_dates, catalogue, lists, primaries, records
from kartotek.exports.table import Format, Said, Style
from kartotek.exports.writers import spreadsheet
from kartotek.model import filter_texts
from kartotek.model.people import SYSTEM
from tests.cast import gather
from tests.helpers.exporting import exported, file_name, parts_of
from tests.helpers.importing import import_file, rehearse_file
from tests.helpers.pictures import of_records
from tests.helpers.undoing import dump


@pytest.fixture
def crew(own_database):
    with own_database.transaction() as tx:
        return gather(tx)


def rows_of(file):
    return list(csv.reader(io.StringIO(file.decode("utf-8-sig"))))


def test_what_others_change_after_it_began_is_not_in_the_file(own_database, crew):
    contacts = crew.ada.object_type
    parts = parts_of(own_database, "contacts", "firstname")
    begun = next(parts)

    with own_database.transaction() as tx:
        records.update(tx, SYSTEM, contacts, crew.ada.id, {"firstname": "Adele"})
        records.create(tx, SYSTEM, contacts, {"firstname": "Dora"})
        records.archive(tx, SYSTEM, contacts, [crew.bo.id])
    file = begun + b"".join(parts)

    assert [row[1] for row in rows_of(file)] == ["First Name", "Cleo", "Bo", "Ada"]


def test_the_members_of_a_list_of_either_kind_are_exported(own_database, crew):
    contacts = crew.ada.object_type
    with own_database.transaction() as tx:
        lists.add(tx, crew.ida, lists.create(tx, crew.ida, contacts, "Fair"), [crew.ada.id, crew.cleo.id])
        active_lists.create(tx, crew.ida, contacts, "Firms", filter_texts.parsed("@companies"))

    fair = exported(own_database, "contacts", "firstname", list="fair")
    firms = exported(own_database, "contacts", "firstname", list="Firms", filters=("firstname=Bo",))

    assert [row[1] for row in rows_of(fair)[1:]] == ["Cleo", "Ada"]
    assert [row[1] for row in rows_of(firms)[1:]] == ["Bo"]


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("format", [Format.CSV, Format.XLSX])
def test_a_row_for_each_association_is_imported_without_a_change(own_database, crew, settings, format, language):
    style = Style(format, language=language)
    file = exported(own_database, "contacts", style=style, each="companies")
    with own_database.transaction() as tx:
        before = of_records(tx)

    rehearsed = rehearse_file(own_database, settings, file, "contacts", "companies", name=f"export.{format}")
    real = import_file(own_database, settings, file, "contacts", "companies", name=f"export.{format}")

    for done in (rehearsed, real):
        assert done.rows("contacts") == {"unchanged": 4}
        assert done.rows("companies") == {"unchanged": 3, "skipped": 1}
        assert done.books.associations["unchanged"] == 3
        assert done.books.associations["created"] == 0
        assert done.told() == []
    with own_database.transaction() as tx:
        assert of_records(tx) == before


@pytest.mark.parametrize(
    "style", [Style(), Style(Format.XLSX), Style(Format.JSONL, headers=Said.NAMES), Style(language="da")]
)
def test_the_days_of_an_association_come_back_by_themselves(own_database, crew, settings, style):
    ends = (crew.ada.object_type, crew.ada.id, crew.nordlys.object_type, crew.nordlys.id)
    with own_database.transaction() as tx:
        association_dates.say(tx, crew.ida, *ends, date(2024, 2, 29), date(2027, 1, 31))
    said = dump(own_database)["dates"]
    file = exported(own_database, "contacts", style=style, each="companies")
    with own_database.transaction() as tx:
        association_dates.say(tx, crew.ida, *ends, None, None)

    done = import_file(own_database, settings, file, "contacts", "companies", name=f"export.{style.format}")
    again = import_file(own_database, settings, file, "contacts", "companies", name=f"export.{style.format}")

    assert len(said) == 1 and dump(own_database)["dates"] == said
    assert done.told() == again.told() == []
    assert done.books.associations["created"] == again.books.associations["created"] == 0


@pytest.mark.parametrize(
    "style", [Style(), Style(Format.XLSX, language="da"), Style(Format.JSONL, headers=Said.NAMES, options=Said.NAMES)]
)
def test_labels_and_primary_companies_come_back_by_themselves(own_database, crew, settings, style):
    billed(own_database, crew)
    before = dump(own_database)
    file = exported(own_database, "contacts", style=style, each="companies")
    with own_database.transaction() as tx:
        primaries.choose(tx, crew.ida, crew.ada.object_type, crew.ada.id, crew.havnen.id)
        tx.run("DELETE FROM kartotek.association_labels")

    done = import_file(own_database, settings, file, "contacts", "companies", name=f"export.{style.format}")

    assert done.told() == [] and dump(own_database) == before


def test_a_danish_export_speaks_danish_of_its_labels_too(own_database, crew):
    billed(own_database, crew)

    each = exported(own_database, "contacts", style=Style(language="da"), each="companies")
    links = exported(own_database, "contacts", style=Style(language="da"), links=True)

    header, *rows = rows_of(each)
    assert header[-1] == "Primær virksomhed (ja/nej)"
    assert {(row[-4], row[-1]) for row in rows} >= {("Fakturering", "Nej"), ("", "Ja")}
    assert "Billing" not in links.decode() and "Fakturering" in links.decode()


def billed(own_database, crew):
    with own_database.transaction() as tx:
        tx.run(
            "INSERT INTO kartotek.association_labels (first, second, type, source) VALUES (%s, %s, 931, 'USER')",
            [crew.ada.id, crew.havnen.id],
        )


def test_columns_of_links_change_nothing_either(own_database, crew, settings):
    file = exported(own_database, "contacts", links=True)

    rehearsed = rehearse_file(own_database, settings, file, "contacts")

    header, *rows = rows_of(file)
    assert header[0] == "Record ID – Contacts"
    ada = dict(zip(header, rows[-1], strict=True))
    assert ada["Record ID – Companies"] == f"{crew.nordlys.id};{crew.havnen.id}"
    assert ada["Primary company (Record ID)"] == str(crew.nordlys.id)
    assert ada["Record ID – Deals"] == str(crew.deal.id)
    assert (rehearsed.rows("contacts"), rehearsed.told()) == ({"unchanged": 3}, [])


def test_json_lines_hold_numbers_lists_and_labels_as_such(own_database, crew):
    with own_database.transaction() as tx:
        tx.run(
            "INSERT INTO kartotek.association_labels (first, second, type, source) VALUES (%s, %s, 931, 'USER')",
            [crew.ada.id, crew.havnen.id],
        )
        contacts = catalogue.load(tx).object_type("contacts")
        records.update(tx, SYSTEM, contacts, crew.ada.id, {"hs_additional_emails": "a@old.example;b@old.example"})

    file = exported(own_database, "contacts", style=Style(Format.JSONL, Said.NAMES, Said.NAMES), links=True)
    deals = exported(own_database, "deals", style=Style(Format.JSONL, Said.NAMES, Said.NAMES))

    ada = json.loads(file.splitlines()[-1])
    assert ada["hs_additional_emails"] == ["a@old.example", "b@old.example"]
    assert ada["companies.hs_object_id"] == [crew.nordlys.id, crew.havnen.id]
    assert ada["association_labels_companies"] == [[], ["Billing"]]
    assert b'"amount":1250.5,' in deals


def test_json_lines_with_links_and_labels_change_nothing_either(own_database, crew, settings):
    billed(own_database, crew)
    file = exported(own_database, "contacts", style=Style(Format.JSONL, Said.NAMES, Said.NAMES), links=True)

    rehearsed = rehearse_file(own_database, settings, file, "contacts", name="export.jsonl")

    assert (rehearsed.rows("contacts"), rehearsed.told()) == ({"unchanged": 3}, [])


DOMAINS = ("domain", "hs_additional_domains")


@pytest.mark.parametrize("style", [Style(), Style(Format.XLSX), Style(Format.JSONL, Said.NAMES, Said.NAMES)], ids=str)
def test_a_domain_is_written_in_its_own_letters_and_changes_nothing(own_database, crew, settings, style):
    companies = crew.nordlys.object_type
    kept = {
        "domain": "xn--mbler-vua.dk",
        "hs_additional_domains": "kj.example;xn--kj-lka.example;xn--99zzzzzzzzz.example",
    }
    with own_database.transaction() as tx:
        records.update(tx, SYSTEM, companies, crew.nordlys.id, kept)

    file = exported(own_database, "companies", *DOMAINS, style=style)
    done = import_file(own_database, settings, file, "companies", name=file_name(style.format))

    [domain, further] = said_of(file, style, crew.nordlys.id)
    assert (domain, further) == ("møbler.dk", "kj.example;køj.example;xn--99zzzzzzzzz.example")
    assert done.rows("companies") == {"unchanged": 2} and done.errors == ()
    with own_database.transaction() as tx:
        assert records.get(tx, SYSTEM, companies, crew.nordlys.id).values.items() >= kept.items()


def said_of(file, style, id):
    """What an export of companies says of one of them, behind its record id."""
    if style.format is Format.JSONL:
        rows = [json.loads(line) for line in file.splitlines()]
        [row] = [row for row in rows if row["hs_object_id"] == id]
        return [row["domain"], ";".join(row["hs_additional_domains"])]
    if style.format is Format.XLSX:
        rows = pl.read_excel(io.BytesIO(file), infer_schema_length=0).rows()
    else:
        rows = rows_of(file)[1:]
    [row] = [row for row in rows if row[0] == str(id)]
    return list(row[1:])


def test_a_number_that_programs_would_round_is_a_text_in_json_lines(own_database, crew):
    with own_database.transaction() as tx:
        records.update(tx, SYSTEM, crew.deal.object_type, crew.deal.id, {"amount": "12345678901234567.25"})

    deals = exported(own_database, "deals", "amount", style=Style(Format.JSONL, Said.NAMES, Said.NAMES))

    assert json.loads(deals)["amount"] == "12345678901234567.25"


def test_what_a_workbook_cannot_hold_is_refused_and_not_cut_off(own_database, crew):
    with own_database.transaction() as tx:
        records.update(tx, SYSTEM, crew.ada.object_type, crew.ada.id, {"message": "x" * 32_768})

    with pytest.raises(errors.Invalid, match=r"“Message” of record \d+ is longer than the 32,767 characters"):
        exported(own_database, "contacts", "message", style=Style(Format.XLSX))
    with pytest.raises(errors.Invalid, match=r"1,048,576 rows or more.*Choose CSV"):
        spreadsheet.refuse_too_many(1_048_576)


def test_a_text_stays_one_when_somebody_edits_its_cell(own_database, crew):
    file = exported(own_database, "contacts", "firstname", style=Style(Format.XLSX))

    assert b'quotePrefix="1"' in unzipped(file, "xl/styles.xml")


def unzipped(file, name):
    return ZipFile(io.BytesIO(file)).read(name)
