"""Rows that say something of an association and do not name both of its ends: told, and the rest is imported."""

from pathlib import Path

import pytest

from kartotek.domain import Database
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests.helpers.importing import balanced, import_file, rehearse_file, sheet_of
from tests.helpers.labelling import BILLING, labels

BOTH = ("contacts", "companies")
TYPE = "ASSOCIATION_RECORD_NOT_FOUND"
ADA = {"Email": "ada@harbour.example", "Company Domain Name": "harbour.example", "Company name": "Harbour"}
BO = ADA | {"Email": "bo@harbour.example"}
ROLE = "Association label"


def test_a_label_of_a_row_that_does_not_name_both_records_is_told(labelled: Database, home: Settings) -> None:
    ada = {"Email": "ada@harbour.example", ROLE: "Billing"}
    quay = {"Company Domain Name": "quay.example", "Company name": "Quay", ROLE: "Advisor"}
    sheet = sheet_of(ada, quay, BO | {ROLE: "Billing"}, ADA | {ROLE: ""}, {ROLE: "Client"})

    done = import_file(labelled, home, sheet, *BOTH)

    assert done.told() == [(2, ROLE, TYPE, "Billing"), (3, ROLE, TYPE, "Advisor"), (6, ROLE, TYPE, "Client")]
    assert [one["message"] for one in done.errors] == [
        f"“{label}” says something of an association, and the row does not name both of its ends: contact and company. "
        f"Name both, or leave the cell empty.{became}"
        for label, became in (
            ("Billing", " The contact was imported, but not associated."),
            ("Advisor", " The company was imported, but not associated."),
            ("Client", ""),
        )
    ]
    assert done.rows("contacts") == {"created": 2, "unchanged": 1, "skipped": 2} and balanced(done.books, BOTH, 4)
    assert done.books.cells["failed"] == 1 and labels(labelled) == [("bo@harbour.example", "harbour.example", BILLING)]


def test_a_file_looked_at_or_rehearsed_tells_labels_of_nothing_as_its_import_does(
    labelled: Database, home: Settings, tmp_path: Path
) -> None:
    lone = {"Email": "ada@harbour.example", ROLE: "Billing"}
    path = tmp_path / "leads.csv"
    path.write_text(sheet_of(lone, lone, BO | {ROLE: "Billing"}))

    with labelled.transaction() as tx:
        seen = run.inspect(tx, SYSTEM, home, [run.Upload(path, path.name)], tmp_path, Choices(objects=BOTH))
    rehearsed = rehearse_file(labelled, home, path.read_text(), *BOTH, batch=1)
    done = import_file(labelled, home, path.read_text(), *BOTH, batch=1)

    assert [(kind.type, kind.values) for kind in seen.kinds] == [(TYPE, (("Billing", 2),))]
    assert rehearsed.told() == done.told() and [line for line, *_ in done.told()] == [2, 3]


@pytest.mark.parametrize("what", ["start", "end", "primary", "label"])
def test_days_and_marks_need_both_records_too(labelled: Database, home: Settings, tmp_path: Path, what: str) -> None:
    said = {"primary": "yes", "label": "Billing"}.get(what, "31.01.2024")
    path, choices = tmp_path / "leads.csv", Choices(objects=BOTH, maps=(f"Said={what}",))
    path.write_text(sheet_of(ADA | {"Said": said}, {"Email": "bo@harbour.example", "Said": said}))

    with labelled.transaction() as tx:
        seen = run.inspect(tx, SYSTEM, home, [run.Upload(path, path.name)], tmp_path, choices)
    done = import_file(labelled, home, path.read_text(), *BOTH, maps=choices.maps)

    assert [(kind.type, kind.line, kind.values) for kind in seen.kinds] == [(TYPE, 3, ((said, 1),))]
    assert done.told() == [(3, "Said", TYPE, said)] and balanced(done.books, BOTH, 4)


def test_that_no_company_is_the_primary_one_needs_none(labelled: Database, home: Settings) -> None:
    lone = {"Email": "bo@harbour.example", "Company Domain Name": "", "Main": "no"}

    done = import_file(labelled, home, sheet_of(ADA | {"Main": "yes"}, lone), *BOTH, maps=("Main=primary",))

    assert done.told() == []


def test_a_record_of_another_file_is_named_by_its_key(labelled: Database, home: Settings) -> None:
    files = {
        "companies.csv": sheet_of(["Company name", "Company Domain Name"], ["Harbour", "harbour.example"]),
        "contacts.csv": sheet_of(
            ["Email", "Company name", "Role"],
            ["ada@harbour.example", "Harbour", "Billing"],
            ["bo@harbour.example", "", "Advisor"],
        ),
    }

    done = import_file(
        labelled,
        home,
        files,
        *BOTH,
        joins=("Company name=companies",),
        name="two",
        maps=("Role=label",),
        holds=(("#2", BOTH),),
    )

    assert labels(labelled) == [("ada@harbour.example", "harbour.example", BILLING)]
    assert [(one["file"], *told) for one, told in zip(done.errors, done.told(), strict=True)] == [
        ("contacts.csv", 3, "Role", TYPE, "Advisor")
    ]


def test_of_two_records_of_one_object_the_other_one_is_named_by_its_column(labelled: Database, home: Settings) -> None:
    staff = sheet_of(
        ["Email", "Boss", "Since"],
        ["ada@x.example", "", "2024-01-31"],
        ["bo@x.example", "ada@x.example", "2024-01-31"],
        ["", "ada@x.example", "2024-01-31"],
    )

    done = import_file(
        labelled, home, staff, "contacts", maps=("Boss=association:contacts.email", "Since=start:contacts-contacts")
    )

    assert done.told() == [(2, "Since", TYPE, "2024-01-31"), (4, "Since", TYPE, "2024-01-31")]
    assert "not name both of its ends: contact and contact." in done.errors[0]["message"]


def test_a_cell_that_says_nothing_by_choice_of_the_user_is_not_told(labelled: Database, home: Settings) -> None:
    lone = {"Email": "bo@harbour.example", "Company Domain Name": "", ROLE: "none"}
    values = ((ROLE, "none", ""),)

    done = import_file(labelled, home, sheet_of(ADA | {ROLE: "Billing"}, lone), *BOTH, values=values)

    assert done.told() == []
