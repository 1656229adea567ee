"""Two files in one run that have a column in common: rows of one belong to records of the other (D4)."""

from typing import Any

import pytest

from kartotek import errors
from kartotek.domain import Database, imports
from kartotek.imports import mapping, recipes, run
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests.helpers.importing import balanced, import_file, sheet_of, values

COMPANIES = sheet_of(["Company name", "City"], ["Acme", "Aarhus"], ["Nordlys", "Odense"])
CONTACTS = sheet_of(
    ["Email", "First Name", "Company name"],
    ["ada@acme.example", "Ada", "Acme"],
    ["bo@acme.example", "Bo", "Acme"],
    ["cy@nordlys.example", "Cy", "Nordlys"],
    ["di@nowhere.example", "Di", "Nowhere"],
)
BOTH = ("contacts", "companies")
TWO_FILES = {"companies.csv": COMPANIES, "contacts.csv": CONTACTS}
JOINED = {"joins": ("Company name=companies",), "name": "both"}


def links(database: Database, first: str = "email", second: str = "name") -> set[tuple[str, str]]:
    """Contacts by their email address, with the companies' names."""
    with database.transaction() as tx:
        rows = tx.rows(
            "SELECT c.email, o.name FROM kartotek.associations AS a "
            "  JOIN crm.contacts AS c ON c._id = a.first JOIN crm.companies AS o ON o._id = a.second"
        )
    return {(row["email"], row["name"]) for row in rows}


def test_two_files_with_a_common_column_are_one_import(harbour: Database, home: Settings) -> None:
    done = import_file(harbour, home, TWO_FILES, *BOTH, **(JOINED | {"name": "leads"}))

    assert done.books.rows == 6 and balanced(done.books, BOTH)
    assert done.rows("companies") == {"created": 2, "skipped": 4}
    assert done.rows("contacts") == {"created": 4, "skipped": 2}
    assert values(harbour, "companies", "name", "city") == [("Acme", "Aarhus"), ("Nordlys", "Odense")]
    assert links(harbour) == {
        ("ada@acme.example", "Acme"), ("bo@acme.example", "Acme"), ("cy@nordlys.example", "Nordlys"),
    }  # fmt: skip


def test_a_value_that_no_record_of_the_other_file_has_is_told_with_its_file_and_line(
    harbour: Database, home: Settings
) -> None:
    done = import_file(harbour, home, TWO_FILES, *BOTH, **(JOINED | {"name": "leads"}))

    assert [(e["file"], *told) for e, told in zip(done.errors, done.told(), strict=True)] == [
        ("contacts.csv", 5, "Company name", "NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER", "Nowhere")
    ]


def test_a_row_that_failed_is_not_said_to_be_in_without_its_association(harbour: Database, home: Settings) -> None:
    files = TWO_FILES | {"contacts.csv": CONTACTS.replace("di@nowhere.example", "di at nowhere")}

    done = import_file(harbour, home, files, *BOTH, **(JOINED | {"name": "leads"}))

    report = "".join(run.error_report(harbour, home, SYSTEM, done.id))
    key, email = sorted(done.errors, key=lambda error: error["type"] != "NO_OBJECT_ID_FROM_ASSOCIATION_IDENTIFIER")
    assert key["message"].endswith("add the row that it names.") and email["message"].endswith("was not imported.")
    assert "was imported without" not in report


def test_a_key_that_two_records_have_leads_to_neither(harbour: Database, home: Settings) -> None:
    twice = sheet_of(["Company name", "City"], ["Acme", "Aarhus"], ["Acme", "Ribe"])

    done = import_file(harbour, home, TWO_FILES | {"companies.csv": twice}, *BOTH, **(JOINED | {"name": "leads"}))

    assert done.rows("companies") == {"created": 2, "skipped": 4} and links(harbour) == set()
    assert [told[2] for told in done.told()][:2] == ["DUPLICATE_ASSOCIATION_ID"] * 2


NUMBERED = {
    "firms.csv": sheet_of(["Customer no", "Company name"], ["1001", "Acme"], ["1002", "Nordlys"]),
    "people.csv": sheet_of(["Email", "Customer no"], ["ada@acme.example", "1001"], ["cy@nordlys.example", "1002"]),
}


def test_a_common_column_that_goes_to_no_property_ties_two_files_all_the_same(
    harbour: Database, home: Settings
) -> None:
    held = (("firms", ("companies",)), ("people", ("contacts",)))

    done = import_file(harbour, home, NUMBERED, holds=held, joins=("Customer no=companies",), name="numbers")

    assert balanced(done.books, BOTH) and done.told() == []
    assert links(harbour) == {("ada@acme.example", "Acme"), ("cy@nordlys.example", "Nordlys")}
    with harbour.transaction() as tx:
        plan = run.plan_of(imports.of_worker(tx, done.id))
    assert recipes.read(recipes.write(plan)) == plan and mapping.unmapped(plan) == []


def test_the_order_of_the_files_does_not_show(harbour: Database, home: Settings) -> None:
    turned = dict(reversed(TWO_FILES.items()))

    import_file(harbour, home, turned, *BOTH, batch=1, **(JOINED | {"name": "leads"}))

    assert len(links(harbour)) == 3


def test_a_note_of_another_file_belongs_to_the_record_that_its_key_names(harbour: Database, home: Settings) -> None:
    notes = sheet_of(
        ["Note body", "Activity date", "Company name"],
        ["Called back", "2026-03-04", "Nordlys"],
        ["Nobody's", "2026-03-04", "Nowhere"],
    )

    done = import_file(
        harbour, home, {"companies.csv": COMPANIES, "notes.csv": notes}, "companies", "notes",
        joins=("Company name=companies",),
    )  # fmt: skip

    assert done.rows("notes") == {"created": 1, "failed": 1, "skipped": 2}
    assert values(harbour, "notes", "hs_note_body") == [("Called back",)]


def test_a_common_column_that_tells_records_apart_everywhere_finds_existing_ones(
    harbour: Database, home: Settings
) -> None:
    firms = sheet_of(["Company domain name", "Name"], ["acme.example", "Acme"])
    people = sheet_of(["Email", "Company domain name"], ["ada@acme.example", "acme.example"])
    import_file(harbour, home, sheet_of({"Company domain name": "acme.example", "Name": "Old"}), "companies")

    done = import_file(
        harbour, home, {"companies.csv": firms, "contacts.csv": people}, *BOTH, joins=("Company domain name=companies",)
    )

    assert done.rows("companies") == {"updated": 1, "unchanged": 1}
    assert links(harbour) == {("ada@acme.example", "Acme")}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"joins": ("City=companies",)}, "two of the files or sheets"),
        ({"joins": ("Company name=boats",)}, "is not imported"),
        ({"joins": ("Company name",)}, "no equals sign"),
        ({"maps": ("Elsewhere!City=city",)}, "Elsewhere"),
    ],
)
def test_what_ties_files_together_is_refused_with_a_sentence_when_it_cannot_be(
    harbour: Database, home: Settings, said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(errors.KartotekError, match=sentence):
        import_file(harbour, home, TWO_FILES, *BOTH, **said)

    assert values(harbour, "contacts", "email") == []
