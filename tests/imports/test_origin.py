"""Every imported value answers where it is from: import, file, line, and the text of the cell (D8)."""

import pytest

from kartotek.domain import catalogue, history, records
from kartotek.domain.history import links, origins
from kartotek.imports import run
from kartotek.model.people import SYSTEM
from kartotek.model.records import Source
from tests.helpers.importing import import_file, sheet_of
from tests.helpers.undoing import by_hand, id_of

ROWS = [
    {
        "First Name": f" Fay  {i} ", "Email": f"Fay{i}@Harbour.Example", "Phone Number": f"22 33 44 {i:02}",
        "Job Title": "Sailor, “first”" if i % 2 else "", "Number of Employees": f"1.{i:03},50" if i % 3 == 0 else "",
        "Close": "", "Company name": f"Quay; {i % 7}", "Company Domain Name": f"HTTPS://www.quay{i % 7}.example/",
    }
    for i in range(40)
]  # fmt: skip
HEADERS = {
    "contacts": {"firstname": "First Name", "email": "Email", "phone": "Phone Number", "jobtitle": "Job Title"},
    "companies": {"name": "Company name", "domain": "Company Domain Name"},
}


@pytest.mark.parametrize("batch", [7, 50_000])
def test_every_imported_value_tells_the_text_of_its_cell(harbour, home, batch):
    rows = [{name: text for name, text in row.items() if name not in ("Number of Employees", "Close")} for row in ROWS]
    done = import_file(harbour, home, sheet_of(*rows), "contacts", "companies", batch=batch)

    with harbour.transaction() as tx:
        asked = 0
        for objects, headers in HEADERS.items():
            one = catalogue.load(tx).object_type(objects)
            for id in (row["_id"] for row in tx.rows(f"SELECT _id FROM crm.{objects}")):
                record = records.get(tx, SYSTEM, one, id)
                lines = origins.lines(tx, one, {(done.id, id)})[done.id, id]
                for prop, header in headers.items():
                    if record.values[prop] is None:
                        continue
                    told = run.cells(tx, home, done.id, objects, prop, lines)
                    assert [each.text for each in told] == [rows[line - 2][header] for line in lines]
                    assert {(each.file, each.column) for each in told} == {("leads.csv", header)}
                    asked += 1
    assert asked > 150


def test_a_value_names_import_file_and_line_of_when_it_was_made_and_of_when_it_was_changed(harbour, home):
    first = import_file(harbour, home, sheet_of({"Email": "fay@sea.example", "Job Title": "Sailor"}), "contacts")
    rows = [{"Email": "gry@sea.example", "Job Title": "Cook"}, {"Email": "fay@sea.example", "Job Title": "Captain"}]
    second = import_file(harbour, home, sheet_of(*rows), "contacts", name="more.csv")
    fay = id_of(harbour, "contacts", email="fay@sea.example")
    by_hand(harbour, "contacts", fay, jobtitle="Admiral")

    with harbour.transaction() as tx:
        record = records.get(tx, SYSTEM, catalogue.load(tx).object_type("contacts"), fay)
        told = [
            (one.new, one.origin.source, one.origin.source_id, one.origin.file, one.origin.line)
            for one in history.of(tx, SYSTEM, record, "jobtitle")
        ]

    assert told == [
        ("Admiral", Source.USER, None, None, None),
        ("Captain", Source.IMPORT, second.id, "more.csv", 3),
        ("Sailor", Source.IMPORT, first.id, "leads.csv", 2),
    ]


@pytest.mark.parametrize("batch", [7, 50_000])
def test_an_imported_association_names_its_file_and_the_row_that_both_stand_on(harbour, home, batch):
    done = import_file(harbour, home, sheet_of(*ROWS), "contacts", "companies", batch=batch)
    quay, fay = (
        id_of(harbour, "companies", domain="quay3.example"),
        id_of(harbour, "contacts", email="fay10@harbour.example"),
    )

    with harbour.transaction() as tx:
        known = catalogue.load(tx)
        contacts, companies = known.object_type("contacts"), known.object_type("companies")
        told = links.of(tx, SYSTEM, records.get(tx, SYSTEM, companies, quay), contacts)
        [mine] = links.of(tx, SYSTEM, records.get(tx, SYSTEM, contacts, fay), companies)

    origins_told = {(one.origin.source, one.origin.source_id, one.origin.file) for one in told}
    assert origins_told == {(Source.IMPORT, done.id, "leads.csv")}
    assert sorted(one.origin.line for one in told) == [i + 2 for i in range(40) if i % 7 == 3]
    assert mine.origin.line == 12


def test_of_several_files_the_one_is_named_that_the_value_stands_in(harbour, home):
    content = {
        "first.csv": sheet_of({"Email": "fay@sea.example", "Job Title": "Sailor"}),
        "second.csv": sheet_of({"Email": "gry@sea.example", "Job Title": " Cook"}),
    }
    done = import_file(harbour, home, content, "contacts", name="crew")
    gry = id_of(harbour, "contacts", email="gry@sea.example")

    with harbour.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        [entry] = history.of(tx, SYSTEM, records.get(tx, SYSTEM, contacts, gry), "jobtitle")
        lines = origins.lines(tx, contacts, {(done.id, gry)})[done.id, gry]
        [told] = run.cells(tx, home, done.id, "contacts", "jobtitle", lines)

    assert (entry.origin.file, entry.origin.line) == ("second.csv", 2)
    assert (told.file, told.line, told.text) == ("second.csv", 2, " Cook")
