"""What ties several files together: columns of any headers, and keys that contradict each other."""

from typing import Any

import pytest

from kartotek import errors
from kartotek.domain import Database
from kartotek.settings import Settings
from tests.helpers.importing import import_file, sheet_of, values
from tests.imports.test_several_files import BOTH, TWO_FILES, links


def test_a_table_is_about_what_it_has_all_that_is_needed_for(harbour: Database, home: Settings) -> None:
    files = {
        "kunder.csv": sheet_of(["Kundenr", "Virksomhedsnavn", "By"], ["1001", "Acme", "Ribe"]),
        "folk.csv": sheet_of(["E-mail", "Fornavn", "Kunde"], ["ada@acme.example", "Ada", "1001"]),
    }

    done = import_file(harbour, home, files, *BOTH, joins=("kunder!Kundenr,folk!Kunde=companies",), name="both")

    assert done.errors == () and links(harbour) == {("ada@acme.example", "Acme")}


def test_a_header_with_commas_and_several_keys_of_one_object_tie_files_together(
    harbour: Database, home: Settings
) -> None:
    files = {
        "companies.csv": sheet_of(["No, ours", "VAT", "Company name", "City"], ["7", "DK1", "Acme", "Ribe"]),
        "contacts.csv": sheet_of(["Email", "No, ours"], ["ada@acme.example", "7"]),
        "people.csv": sheet_of(["Email", "Firm"], ["bo@acme.example", "DK1"]),
    }

    done = import_file(
        harbour, home, files, *BOTH, joins=("No, ours=companies", "companies!VAT,people!Firm=companies"), name="all"
    )

    assert done.errors == ()
    assert links(harbour) == {("ada@acme.example", "Acme"), ("bo@acme.example", "Acme")}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            {"joins": ("companies!City,contacts!First Name=contacts", "companies!City,contacts!Email=companies")},
            "as the key of contacts already",
        ),
        (
            {
                "joins": ("Company name=companies",),
                "holds": (("contacts", BOTH),),
                "maps": ("contacts!First Name=companies.city",),
            },
            "leads from none to another",
        ),
    ],
)
def test_keys_that_contradict_each_other_or_lead_nowhere_are_refused(
    harbour: Database, home: Settings, said: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(errors.KartotekError, match=sentence):
        import_file(harbour, home, TWO_FILES, *BOTH, **said)

    assert values(harbour, "contacts", "email") == []
