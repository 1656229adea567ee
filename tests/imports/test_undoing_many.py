"""Of a file of many rows, an undo takes back all but the few that somebody has touched since: it finds those by looking
at stretches of ids."""

from kartotek.domain import Database
from kartotek.settings import Settings
from tests.helpers.importing import import_file, sheet_of
from tests.helpers.undoing import BOTH, BY_HAND, by_hand, dump, id_of, link, make, remainders, undo
from tests.imports.test_undoing_links import label

MANY = 1_600  # so that contacts, and companies, are asked for by stretches


def test_what_people_did_to_single_ones_of_many_stays(harbour: Database, home: Settings) -> None:
    deal = make(harbour, "deals", dealname="Crane", pipeline="default", dealstage="closedwon")
    old = make(harbour, "companies", name="Old", domain="old.example")
    done = import_file(harbour, home, _file(), *BOTH)
    edited, linked, labelled = (_contact(harbour, n) for n in (0, 777, MANY - 1))
    employer, owned = (id_of(harbour, "companies", domain=f"quay{n}.example") for n in (MANY - 1, 802))
    by_hand(harbour, "contacts", edited, jobtitle="Captain")
    link(harbour, ("deals", deal), ("contacts", linked))
    label(harbour, labelled, employer, 2, BY_HAND)
    link(harbour, ("companies", old), ("companies", owned))

    books = undo(harbour, done.id)

    assert sorted((one.record, one.why, one.other) for one in remainders(harbour, done.id)) == sorted(
        [
            (edited, "EDITED", None),
            (linked, "LINKED", deal),
            (labelled, "LABELLED", employer),
            (labelled, "LINKED", employer),
            (employer, "LINKED", labelled),
            (owned, "LINKED", old),
        ]
    )
    assert books.links == {"ended": MANY - 1, "kept": 1, "restored": 0, "gone": 0}
    kept = {"archived": MANY - 3, "kept": 3, "gone": 0}, {"archived": MANY - 2, "kept": 2, "gone": 0}
    assert (books.records["contacts"], books.records["companies"]) == kept


def test_of_many_values_written_over_all_come_back(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, _file(), *BOTH)
    before = dump(harbour)
    changed = [{"Email": f"fay{n}@harbour.example", "Job Title": "Captain"} for n in range(MANY)]
    done = import_file(harbour, home, sheet_of(*changed), "contacts")

    books = undo(harbour, done.id)

    assert books.values["contacts"]["restored"] == MANY
    assert dump(harbour) == before


def test_the_addresses_of_many_are_free_and_those_of_others_are_not(harbour: Database, home: Settings) -> None:
    make(harbour, "contacts", firstname="Ada", email="ada@harbour.example")
    make(harbour, "companies", name="Quay", domain="quay.example")
    before = dump(harbour)
    rows = [{"Email": f"fay{n}@harbour.example", "Additional Emails": f"f{n}@harbour.example"} for n in range(MANY)]
    done = import_file(harbour, home, sheet_of(*rows), "contacts")
    held = dump(harbour)["identifiers"]

    undo(harbour, done.id)

    assert len(held) == len(before["identifiers"]) + 2 * MANY
    assert dump(harbour) == before


def _file() -> str:
    rows = [
        {"First Name": f"Fay {n}", "Email": f"fay{n}@harbour.example", "Company Domain Name": f"quay{n}.example"}
        for n in range(MANY)
    ]
    return sheet_of(*rows)


def _contact(database: Database, n: int) -> int:
    return id_of(database, "contacts", email=f"fay{n}@harbour.example")
