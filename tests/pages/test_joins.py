"""The joins of several files in the wizard: any column of one with any of another, in chains, and what cannot be."""

from typing import Any

import pytest

from kartotek.domain import Database
from tests.helpers import wizard
from tests.helpers.importing import sheet_of
from tests.helpers.visitor import Visitor, text_of
from tests.helpers.wizard import by, joins_of
from tests.imports.test_many_tables import workbook

CUSTOMERS = [["Kundenr", "Virksomhedsnavn", "By"], ["1001", "Nordlys A/S", "Odense"], ["1002", "Bakkehus", "Aarhus"]]
ORDERS = [
    ["Ordre-id", "Kunde", "Aftalenavn", "Pipeline", "Aftalefase"],
    ["A-1", "1002", "Skriveborde", "Sales Pipeline", "Closed won"],
    ["A-2", "1001", "Lamper", "Sales Pipeline", "Contract sent"],
]
LINES = [
    ["Ordre", "Navn", "Antal", "Enhedspris"],
    ["A-2", "Lampe", "10", "80"],
    ["A-1", "Bordplade", "2", "400"],
    ["A-1", "Ben", "8", "50"],
]
CHAIN = {"kunder.csv": CUSTOMERS, "ordrer.csv": ORDERS, "ordrelinjer.csv": LINES}
SOLD = ["companies", "deals", "line_items"]
BOTH = by(0, (0, 0), (1, 1), key="companies") | by(1, (1, 0), (2, 0), key="deals")


def draft_of(ida: Visitor, tables: dict[str, list[list[str]]], objects: list[str]) -> str:
    """The address of a draft of these files, with the objects ticked."""
    files = [("file", (name, sheet_of(*rows).encode())) for name, rows in tables.items()]
    path = ida.post("/imports", form="/imports/new", files=files).headers["location"].rpartition("/")[0]
    send(ida, path, objects)
    return path


def send(ida: Visitor, path: str, objects: list[str], **fields: Any):
    page = f"{path}/objects"
    return ida.post(page, form=page, objects=objects, **fields)


def mapped(ida: Visitor, path: str) -> str:
    """Goes through all mapping pages as they are; where that leads."""
    at = f"{path}/mapping"
    while "/mapping" in at:
        fields = wizard.fields_of(ida.get(at).text) | {"skip": "1", "next": "1"}
        at = ida.post(at, form=at, **fields).headers["location"]
    return at


def pairs(database: Database) -> set[frozenset[str]]:
    with database.transaction() as tx:
        rows = tx.rows(
            "WITH named AS (SELECT _id, name FROM crm.companies UNION ALL SELECT _id, dealname FROM crm.deals "
            "  UNION ALL SELECT _id, name FROM crm.line_items UNION ALL SELECT _id, subject FROM crm.tickets "
            "  UNION ALL SELECT _id, email FROM crm.contacts UNION ALL SELECT _id, hs_task_subject FROM crm.tasks) "
            "SELECT a.name AS one, b.name AS other FROM kartotek.associations AS l "
            "  JOIN named AS a ON a._id = l.first JOIN named AS b ON b._id = l.second"
        )
    return {frozenset(row.values()) for row in rows}


SOLD_TO = {
    frozenset(pair)
    for pair in (
        ("Skriveborde", "Bakkehus"), ("Lamper", "Nordlys A/S"),
        ("Lampe", "Lamper"), ("Bordplade", "Skriveborde"), ("Ben", "Skriveborde"),
    )
}  # fmt: skip


# ---------------------------------------------------------------- what is joined


def test_files_are_joined_in_a_chain_by_columns_of_other_names(ida, started):
    path = draft_of(ida, CHAIN, SOLD)
    before = pairs(started.database)

    send(ida, path, SOLD, **BOTH, next="1")
    shown = ida.get(f"{path}/mapping?source=1").text
    went = mapped(ida, path)
    done = started(path)

    assert "Joins files" in shown and 'value="key:companies" selected' in shown
    assert went == f"{path}/details"
    assert done.errors == () and pairs(started.database) - before == SOLD_TO


def test_the_sheets_of_a_workbook_are_joined_by_columns_of_other_names(ida, started, tmp_path):
    sheets = {"Linjer": LINES, "Ordrer": ORDERS, "Kunder": CUSTOMERS}
    path = wizard.upload(ida, workbook(tmp_path, sheets), "alt.xlsx").headers["location"].rpartition("/")[0]
    send(ida, path, SOLD)
    before = pairs(started.database)

    send(ida, path, SOLD, **by(0, (2, 0), (1, 1), key="companies"), **by(1, (1, 0), (0, 0), key="deals"), next="1")
    mapped(ida, path)
    done = started(path)

    assert done.errors == () and pairs(started.database) - before == SOLD_TO


def test_tickets_belong_to_contacts_by_an_address_under_another_header(ida, started):
    people = [["First name", "Email"], ["Cy", "cy@x.example"], ["Di", "di@x.example"]]
    tickets = [
        ["Ticket name", "Pipeline", "Ticket status", "Reported by"],
        ["Fire", "Support Pipeline", "New", "di@x.example"],
        ["Noise", "Support Pipeline", "New", "CY@x.example"],
    ]
    path = draft_of(ida, {"people.csv": people, "tickets.csv": tickets}, ["contacts", "tickets"])
    before = pairs(started.database)

    send(ida, path, ["contacts", "tickets"], **by(0, (0, 1), (1, 3), key="contacts"), next="1")
    shown = ida.get(f"{path}/mapping?source=1").text
    mapped(ida, path)
    started(path)

    assert '<option value="contacts" selected>' in shown
    new = pairs(started.database) - before
    assert new == {frozenset(("Fire", "di@x.example")), frozenset(("Noise", "cy@x.example"))}


THREE = {
    "firms.csv": [["Customer no", "Company name", "City"], ["7", "Acme", "Ribe"]],
    "tasks.csv": [["Task title", "Customer no"], ["Call them", "7"]],
    "people.csv": [["Email", "Customer no"], ["ada@acme.example", "7"]],
}
ALL_THREE = ["contacts", "companies", "tasks"]


def test_one_join_of_three_files_is_offered_where_all_have_the_header(ida, started):
    path = draft_of(ida, THREE, ALL_THREE)
    offered = joins_of(ida.get(f"{path}/objects").text)
    before = pairs(started.database)

    send(ida, path, ALL_THREE, **by(0, (0, 0), (1, 1), (2, 1), key="companies"), next="1")
    mapped(ida, path)
    started(path)

    assert offered == [([("0", "0"), ("1", "1"), ("2", "1")], "")]
    new = pairs(started.database) - before
    assert new == {frozenset(("Call them", "Acme")), frozenset(("ada@acme.example", "Acme"))}


def test_joins_that_share_a_column_come_to_the_same_as_one(ida, started):
    path = draft_of(ida, THREE, ALL_THREE)
    before = pairs(started.database)

    send(ida, path, ALL_THREE, **by(0, (0, 0), (1, 1), key="companies"), **by(1, (2, 1), (1, 1), key="companies"),
         next="1")  # fmt: skip
    mapped(ida, path)
    started(path)

    new = pairs(started.database) - before
    assert new == {frozenset(("Call them", "Acme")), frozenset(("ada@acme.example", "Acme"))}


def test_a_column_is_meant_by_its_place_where_headers_are_empty_twice_or_hold_commas(ida, started):
    firms = [["No, or so", "", "Company name", "City"], ["x", "7", "Acme", "Ribe"]]
    tasks = [["Task title", "Firm, no", "Firm, no"], ["Call them", "x", "7"]]
    path = draft_of(ida, {"firms.csv": firms, "tasks.csv": tasks}, ["companies", "tasks"])
    page = text_of(ida.get(f"{path}/objects"))
    before = pairs(started.database)

    send(ida, path, ["companies", "tasks"], **by(0, (0, 1), (1, 2), key="companies"), next="1")
    mapped(ida, path)
    started(path)

    assert "Column 2, without a header" in page and "Firm, no (column 3)" in page
    assert pairs(started.database) - before == {frozenset(("Call them", "Acme"))}


def test_a_header_that_finds_records_by_itself_or_is_one_of_several_is_not_chosen_beforehand(ida):
    firms = [["Company domain name", "Company name", "City"], ["acme.example", "Acme", "Ribe"]]
    people = [["Email", "Company domain name"], ["ada@acme.example", "acme.example"]]
    towns = [["Email", "City", "Company name"], ["ada@acme.example", "Ribe", "Acme"]]

    paths = [draft_of(ida, {"a.csv": firms, "b.csv": other}, ["contacts", "companies"]) for other in (people, towns)]

    assert [joins_of(ida.get(f"{path}/objects").text) for path in paths] == [[([("0", ""), ("1", "")], "")]] * 2


def test_what_nobody_touched_joins_nothing_unless_it_names_a_column(ida):
    path = draft_of(ida, CHAIN, SOLD)

    answer = send(ida, path, SOLD, **by(0, (0, ""), (1, "")), next="1")

    assert answer.headers["location"] == f"{path}/mapping"
    assert joins_of(ida.get(f"{path}/objects").text) == [([("0", ""), ("1", "")], "")]


# ---------------------------------------------------------------- the buttons


def test_another_join_goes_on_from_the_file_joined_last(ida):
    path = draft_of(ida, CHAIN, SOLD)

    send(ida, path, SOLD, **by(0, (0, 0), (1, 1), key="companies"), do="join")

    assert joins_of(ida.get(f"{path}/objects").text) == [
        ([("0", "0"), ("1", "1")], "companies"), ([("1", ""), ("2", "")], ""),
    ]  # fmt: skip


def test_a_join_can_be_removed_and_stays_away(ida):
    path = draft_of(ida, CHAIN, SOLD)
    send(ida, path, SOLD, **BOTH, do="join")

    send(ida, path, SOLD, **BOTH, do="unjoin-0")
    one = joins_of(ida.get(f"{path}/objects").text)
    send(ida, path, SOLD, **by(0, (1, 0), (2, 0), key="deals"), do="unjoin-0")
    send(ida, path, [*SOLD, "contacts"])

    assert one == [([("1", "0"), ("2", "0")], "deals")]
    page = ida.get(f"{path}/objects").text
    assert joins_of(page) == [] and "Join files by a column" in page


def test_a_file_joins_in_and_is_taken_out_again(ida):
    path = draft_of(ida, THREE, ALL_THREE)
    two = by(0, (0, 0), (2, 1), key="companies")

    send(ida, path, ALL_THREE, **two, do="card-0")
    three = joins_of(ida.get(f"{path}/objects").text)
    send(ida, path, ALL_THREE, **by(0, (0, 0), (2, 1), (1, 1), key="companies"), do="uncard-0-1")

    assert three == [([("0", "0"), ("2", "1"), ("1", "1")], "companies")]
    assert joins_of(ida.get(f"{path}/objects").text) == [([("0", "0"), ("1", "1")], "companies")]


def test_a_card_that_shows_another_file_keeps_the_header_if_that_file_has_it(ida):
    path = draft_of(ida, THREE | {"lines.csv": LINES}, ALL_THREE)

    send(ida, path, ALL_THREE, **by(0, (0, 0), (1, 1)) | {"source-0-1": "2"})
    kept = joins_of(ida.get(f"{path}/objects").text)
    send(ida, path, ALL_THREE, **by(0, (0, 0), (1, 1)) | {"source-0-1": "3"})

    assert kept == [([("0", "0"), ("2", "1")], "")]
    assert joins_of(ida.get(f"{path}/objects").text) == [([("0", "0"), ("3", "")], "")]


# ---------------------------------------------------------------- what cannot be

HELD = {"told": "1", "holds-0": "companies", "holds-1": "deals", "holds-2": "line_items"}


@pytest.mark.parametrize(
    ("fields", "english", "danish"),
    [
        (by(0, (0, 0), (1, ""), key="companies"),
         "Choose the column of ordrer.csv that says the same as “Kundenr” of kunder.csv, or remove the join.",
         "Vælg den kolonne i ordrer.csv, der siger det samme som “Kundenr” i kunder.csv, eller fjern koblingen."),
        (by(0, (0, ""), (1, ""), key="companies"),
         "Choose in each file the column that joins them, or remove the join.",
         "Vælg i hver fil den kolonne, der kobler dem, eller fjern koblingen."),
        (by(0, (0, 0), (0, 1), key="companies"),
         "kunder.csv is joined with itself. Choose another file on one of the cards, or remove the join.",
         "kunder.csv er koblet med sig selv. Vælg en anden fil på et af felterne, eller fjern koblingen."),
        (by(0, (0, 0), (1, 1)),
         "Say which object “Kundenr” is the unique key for, or remove the join.",
         "Sig, hvilket objekt “Kundenr” er en entydig nøgle for, eller fjern koblingen."),
        (by(0, (0, 0), (1, 1), key="tickets"),
         "“Kundenr” is to be the unique key for tickets, which are not ticked: tick them, or choose another object.",
         "“Kundenr” skal være entydig nøgle for sager, som ikke er afkrydset: "
         "Sæt flueben ved dem, eller vælg et andet objekt."),
        (by(0, (0, 0), (1, 1), key="companies") | by(1, (1, 1), (2, 0), key="deals"),
         "“Kunde” of ordrer.csv is in two joins, as the key for companies and for deals.",
         "“Kunde” i ordrer.csv er med i to koblinger, som nøgle for virksomheder og for aftaler."),
        (by(0, (0, 0), (1, 1), key="companies") | by(1, (0, 0), (1, 0), key="companies"),
         "“Ordre-id” and “Kunde” of ordrer.csv both lead to companies, and one column has to do: remove one",
         "“Ordre-id” og “Kunde” i ordrer.csv fører begge til virksomheder, men kun én kolonne kan gøre det: Fjern"),
        (by(0, (0, 0), (1, 1), key="companies") | by(1, (0, 2), (1, 2), key="companies"),
         "“Kunde” and “Aftalenavn” of ordrer.csv both lead to companies",
         "“Kunde” og “Aftalenavn” i ordrer.csv fører begge til virksomheder"),
        (by(0, (0, 0), (1, 1), key="line_items"),
         "“Kundenr” is to be the unique key for line items, but the rows of none of the joined files are about them",
         "“Kundenr” skal være entydig nøgle for varelinjer, men ingen af de koblede filer handler om dem"),
        (by(0, (0, 0), (1, 1), key="companies") | {"holds-1": ""},
         "ordrer.csv is left out, so nothing can be joined with it: tick what its rows are about, or remove the join.",
         "ordrer.csv er udeladt, så intet kan kobles med den: "
         "Afkryds, hvad dens rækker handler om, eller fjern koblingen."),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_told_and_what_was_chosen_stays(ida, fields, english, danish):
    path = draft_of(ida, CHAIN, SOLD)
    sent = HELD | {"mode-deals": "create", "within": "1", "header_line-2": "1"} | fields | {"next": "1"}

    answer = send(ida, path, SOLD, **sent)
    ida.post("/preferences", form="/contacts", language="da")
    spoken = send(ida, path, SOLD, **sent)

    assert answer.status_code == 400 and english in text_of(answer) and danish in text_of(spoken)
    wanted = [
        ([(sent[f"source-{n}-{c}"], sent[f"column-{n}-{c}"]) for c in range(2)], sent[f"key-{n}"])
        for n in range(2) if f"key-{n}" in sent
    ]  # fmt: skip
    assert joins_of(answer.text) == wanted
    assert 'name="holds-0" value="companies" checked' in answer.text and 'value="create" selected' in answer.text


def test_files_that_both_hold_the_object_are_not_joined_by_its_key(ida):
    more = [["Kundenr", "Virksomhedsnavn", "By"], ["1003", "Fjordvind", "Ribe"]]
    path = draft_of(ida, {"kunder.csv": CUSTOMERS, "flere.csv": more}, ["companies"])

    answer = send(ida, path, ["companies"], **by(0, (0, 0), (1, 0), key="companies"), next="1")

    assert answer.status_code == 400
    assert "“Kundenr” holds companies of its own, so it leads from none to another" in text_of(answer)
