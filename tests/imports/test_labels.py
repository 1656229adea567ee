"""Columns of association labels: added to the associations of their rows, and never in the place of another label."""

from collections.abc import Iterator

import pytest

from kartotek import errors
from kartotek.domain import Database, association_types, catalogue, records
from kartotek.domain.history import links
from kartotek.imports import run
from kartotek.imports.table import As, Choices
from kartotek.model.people import SYSTEM
from kartotek.model.records import Source
from kartotek.settings import Settings
from tests.helpers.importing import import_file, prepared, rehearse_file, sheet_of
from tests.helpers.labelling import ADVISOR, BILLING, BUYER, labels
from tests.helpers.undoing import dump, link, make, undo

BOTH = ("contacts", "companies")
ADA = {"Email": "ada@harbour.example", "Company Domain Name": "harbour.example", "Company name": "Harbour"}
BO = ADA | {"Email": "bo@harbour.example"}
ROLE = "Association label"


@pytest.mark.parametrize("text", ["Advisor", "client", "ADVISOR ", "advisor;Client"])
def test_a_label_is_found_by_either_name_in_any_case(labelled: Database, home: Settings, text: str) -> None:
    done = import_file(labelled, home, sheet_of(ADA | {ROLE: text}), *BOTH)

    assert labels(labelled) == [("ada@harbour.example", "harbour.example", ADVISOR)]
    assert done.told() == []


def test_several_labels_of_a_cell_are_all_added(labelled: Database, home: Settings) -> None:
    import_file(labelled, home, sheet_of(ADA | {ROLE: "Billing; Advisor"}), *BOTH)

    assert [type for _, _, type in labels(labelled)] == [BILLING, ADVISOR]


def test_a_label_is_added_to_those_that_an_association_has(labelled: Database, home: Settings) -> None:
    import_file(labelled, home, sheet_of(ADA | {ROLE: "Billing"}), *BOTH)

    again = import_file(labelled, home, sheet_of(ADA | {ROLE: "Advisor;Billing"}, BO | {ROLE: ""}), *BOTH)

    assert labels(labelled) == [("ada@harbour.example", "harbour.example", type) for type in (BILLING, ADVISOR)]
    assert again.books.associations["unchanged"] == 1


def test_an_imported_label_stands_beside_one_set_by_hand_and_history_says_so(
    labelled: Database, home: Settings
) -> None:
    ada = make(labelled, "contacts", email="ada@harbour.example")
    firm = make(labelled, "companies", domain="harbour.example", name="Harbour")
    link(labelled, ("contacts", ada), ("companies", firm), labels={firm: [BILLING]})

    import_file(labelled, home, sheet_of(ADA | {ROLE: "Advisor"}), *BOTH)

    with labelled.transaction() as tx:
        known = catalogue.load(tx)
        record = records.get(tx, SYSTEM, known.object_type("contacts"), ada)
        told = links.between(tx, SYSTEM, record, known.object_type("companies"), firm)
    assert [type for _, _, type in labels(labelled)] == [BILLING, ADVISOR]
    assert [(one.label, one.origin.source) for one in told if one.what == "label added"] == [
        ("Advisor", Source.IMPORT), ("Billing", Source.USER),
    ]  # fmt: skip


def test_a_label_that_nobody_knows_is_told_and_the_association_made(labelled: Database, home: Settings) -> None:
    sheet = sheet_of(ADA | {ROLE: "Captain"}, BO | {ROLE: "Billing"})

    done = import_file(labelled, home, sheet, *BOTH)
    rehearsed = rehearse_file(labelled, home, sheet, *BOTH)

    assert done.told() == rehearsed.told() == [(2, ROLE, "ASSOCIATION_LABEL_NOT_FOUND", "Captain")]
    assert done.errors[0]["message"].endswith("The contact was imported without it.")
    assert done.books.associations["created"] == 2 and done.rows("contacts") == {"created": 2}
    assert labels(labelled) == [("bo@harbour.example", "harbour.example", BILLING)]


@pytest.mark.parametrize("batch", [7, 50_000])
def test_labels_do_not_depend_on_where_a_batch_ends(labelled: Database, home: Settings, batch: int) -> None:
    words = ["Billing", "", "Advisor", "Client;Billing", "Captain"]
    rows = [
        {"Email": f"p{i % 11}@harbour.example", "Company Domain Name": f"c{i % 3}.example", "Company name": "C"}
        | {ROLE: words[i % 5]}
        for i in range(90)
    ]
    expected = {
        (row["Email"], row["Company Domain Name"], type)
        for row in rows
        for word, types in (("Billing", [BILLING]), ("Advisor", [ADVISOR]), ("Client;Billing", [BILLING, ADVISOR]))
        for type in types
        if row[ROLE] == word
    }

    done = import_file(labelled, home, sheet_of(*rows), *BOTH, batch=batch)

    assert labels(labelled) == sorted(expected)
    assert len(done.told()) == 18 and done.books.associations["created"] == 33


def test_an_import_with_labels_undone_leaves_what_was_there_before(labelled: Database, home: Settings) -> None:
    import_file(labelled, home, sheet_of(ADA | {ROLE: "Billing"}), *BOTH)
    before = dump(labelled)
    done = import_file(labelled, home, sheet_of(ADA | {ROLE: "Advisor"}, BO | {ROLE: "Billing"}), *BOTH)

    books = undo(labelled, done.id)

    assert dump(labelled) == before
    assert books.labels["ended"] == 2


def test_of_three_objects_it_is_said_between_which_the_labels_are(labelled: Database, home: Settings) -> None:
    deal = {"Deal Name": "Boat", "Pipeline": "Sales Pipeline", "Deal Stage": "Closed Won"}
    sheet = sheet_of(ADA | deal | {"Role": "Buyer", "Firm": "Billing"})
    maps = ("Role=label:deals-contacts", "Firm=label:contacts-companies", "Pipeline=deals.pipeline")

    import_file(labelled, home, sheet, *BOTH, "deals", maps=maps)

    assert sorted(type for _, _, type in dump(labelled)["labels"]) == [BILLING, BUYER]


def test_of_three_objects_a_plain_label_is_refused_with_the_ways_to_say_it(harbour: Database, home: Settings) -> None:
    choices = Choices(objects=(*BOTH, "deals"), maps=("Role=label",))

    with (
        pytest.raises(errors.Ambiguous, match="label:contacts-companies or label:contacts-deals"),
        prepared(harbour, home, sheet_of(ADA | {"Role": "Billing"}), choices),
    ):
        pass


@pytest.mark.parametrize("header", ["Association label", "Tilknytningslabel", "tilknytningsetiket"])
def test_of_two_objects_a_column_of_labels_is_theirs_by_itself(harbour: Database, home: Settings, header: str) -> None:
    with prepared(harbour, home, sheet_of(ADA | {header: "Billing"}), Choices(objects=BOTH)) as ready:
        column = ready.plan.columns[-1]

    assert (column.imported_as, column.object_type, column.other) == (As.LABEL, *BOTH)


def test_one_object_has_no_associations_to_label(harbour: Database, home: Settings) -> None:
    choices = Choices(objects=("contacts",), maps=("Role=label",))

    with (
        pytest.raises(errors.Invalid, match="between two objects"),
        prepared(harbour, home, sheet_of({"Email": "a@b.example", "Role": "Billing"}), choices),
    ):
        pass


def test_a_file_looked_at_before_tells_labels_that_nobody_knows(labelled: Database, home: Settings, tmp_path) -> None:
    path = tmp_path / "leads.csv"
    path.write_text(sheet_of(ADA | {ROLE: "Captain"}, BO | {ROLE: "Client"}))

    with labelled.transaction() as tx:
        seen = run.inspect(tx, SYSTEM, home, [run.Upload(path, path.name)], tmp_path, Choices(objects=BOTH))

    assert seen.is_complete
    assert [(kind.type, kind.values) for kind in seen.kinds] == [("ASSOCIATION_LABEL_NOT_FOUND", (("Captain", 1),))]


@pytest.fixture
def one_each(labelled: Database) -> Iterator[Database]:
    """A company may have one contact."""
    with labelled.transaction() as tx:
        association_types.limit(tx, SYSTEM, 280, 1)
    yield labelled
    with labelled.transaction() as tx:
        association_types.limit(tx, SYSTEM, 280, None)


@pytest.mark.parametrize("batch", [1, 50_000])
def test_a_rehearsal_counts_limits_over_all_batches_as_the_import_does(
    one_each: Database, home: Settings, batch: int
) -> None:
    file = sheet_of(ADA, BO)

    rehearsed = rehearse_file(one_each, home, file, *BOTH, batch=batch)

    assert rehearsed.books.associations["created"] == 1
    assert rehearsed.told() == import_file(one_each, home, file, *BOTH, batch=batch).told() != []
