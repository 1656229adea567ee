"""An import that puts its contacts on a list: batch by batch, whoever is killed, and counted as it should be."""

import pytest

from kartotek import errors
from kartotek.domain import catalogue, lists, records
from kartotek.domain import undoing as domain
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model.filters import Query
from kartotek.model.people import SYSTEM
from tests.helpers import importing, undoing

ROWS = "Email,First name\nada@x.example,Ada\nbo@x.example,Bo\nno address,Nobody\ncleo@x.example,Cleo\nbo@x.example,Bo\n"


def on_list(database, name):
    """Emails of the members of the list of this name."""
    with database.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        found, _ = lists.find(tx, SYSTEM, search=name)
        page = records.find(tx, SYSTEM, contacts, Query(on_list=found[0].id, sort="email"), ("email",))
        return [one.values["email"] for one in page.records]


@pytest.mark.parametrize("batch", [2, 50_000])
def test_the_contacts_of_an_import_are_on_its_list(harbour, home, batch):
    ended = importing.import_file(harbour, home, ROWS, "contacts", batch=batch, list="Fair")

    assert ended.rows("contacts") == {"created": 3, "unchanged": 1, "failed": 1}
    assert on_list(harbour, "Fair") == ["ada@x.example", "bo@x.example", "cleo@x.example"]


@pytest.mark.parametrize("batch", [2, 50_000])
def test_who_is_only_put_on_a_list_counts_as_updated(harbour, home, batch):
    importing.import_file(harbour, home, ROWS, "contacts")

    ended = importing.import_file(harbour, home, ROWS, "contacts", batch=batch, list="Fair")

    assert ended.rows("contacts") == {"updated": 3, "unchanged": 1, "failed": 1}
    with harbour.transaction() as tx:
        assert tx.value("SELECT count(*) FROM kartotek.changes") == 0


def test_who_is_on_the_list_already_is_unchanged(harbour, home):
    importing.import_file(harbour, home, ROWS, "contacts", list="Fair")

    again = importing.import_file(harbour, home, ROWS, "contacts", list="fair")

    assert again.rows("contacts") == {"unchanged": 4, "failed": 1}
    assert len(on_list(harbour, "Fair")) == 3


def test_a_rehearsal_foresees_who_is_only_put_on_the_list(harbour, home):
    importing.import_file(harbour, home, ROWS, "contacts")

    foreseen = importing.rehearse_file(harbour, home, ROWS, "contacts", batch=2, list="Fair")

    with harbour.transaction() as tx:
        assert lists.find(tx, SYSTEM, search="Fair") == ([], 0)
    assert foreseen.rows("contacts") == {"updated": 3, "unchanged": 1, "failed": 1}


def test_an_import_that_is_taken_up_again_puts_the_rest_on_the_same_list(harbour, home, in_batches_of):
    id = importing.put_in_line(harbour, home, ROWS, Choices(("contacts",), list="Fair"))

    def killed(step):
        if step.phase == "writing" and step.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.work(harbour, in_batches_of(2), id, killed)
    # The batch behind may have been written as well by then.
    assert on_list(harbour, "Fair")[:2] == ["ada@x.example", "bo@x.example"]

    run.work(harbour, in_batches_of(2), id)

    assert importing.ended(harbour, id).rows("contacts") == {"created": 3, "unchanged": 1, "failed": 1}
    assert on_list(harbour, "Fair") == ["ada@x.example", "bo@x.example", "cleo@x.example"]


def test_contacts_cannot_go_on_a_list_of_companies(harbour, home):
    with harbour.transaction() as tx:
        lists.create(tx, SYSTEM, catalogue.load(tx).object_type("companies"), "Firms")

    with pytest.raises(errors.Invalid, match="“Firms” is not one of contacts"):
        importing.import_file(harbour, home, ROWS, "contacts", list="Firms")


def test_without_contacts_the_first_object_goes_on_the_list(harbour, home):
    importing.import_file(harbour, home, "Company name\nNordlys\n", "companies", list="Firms of May")

    with harbour.transaction() as tx:
        found, _ = lists.find(tx, SYSTEM, search="Firms of May")
    assert (found[0].object_type, found[0].members) == ("companies", 1)


def test_a_list_needs_a_name(harbour, home):
    with pytest.raises(errors.Invalid, match="Give the list a name"), harbour.transaction() as tx:
        lists.create(tx, SYSTEM, catalogue.load(tx).object_type("contacts"), " \0 ")


@pytest.mark.parametrize("batch", [2, 50_000])
def test_an_undo_takes_off_the_list_whom_the_import_put_on_it(harbour, home, batch):
    importing.import_file(harbour, home, "Email,First name\nada@x.example,Ada\nbo@x.example,Bo\n", "contacts")
    with harbour.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        fair = lists.create(tx, SYSTEM, contacts, "Fair")
        lists.add(tx, SYSTEM, fair, [undoing.id_of(harbour, "contacts", email="ada@x.example")])
    done = importing.import_file(harbour, home, ROWS, "contacts", batch=batch, list="Fair")
    with harbour.transaction() as tx:
        foreseen = domain.preview(tx, SYSTEM, done.id).books

    books = undoing.undo(harbour, done.id)

    assert on_list(harbour, "Fair") == ["ada@x.example"]
    assert books.lists == {"ended": 2} and books == foreseen


def test_an_undo_takes_the_list_that_the_import_made_unless_somebody_else_is_on_it(harbour, home):
    kept, gone = (
        importing.import_file(harbour, home, ROWS, "contacts", list=name, name=f"{name}.csv")
        for name in ("Fair", "Show")
    )
    dora = undoing.make(harbour, "contacts", firstname="Dora", email="dora@x.example")
    with harbour.transaction() as tx:
        found, _ = lists.find(tx, SYSTEM, search="Fair")
        lists.add(tx, SYSTEM, found[0].id, [dora])

    undoing.undo(harbour, kept.id)
    undoing.undo(harbour, gone.id)

    with harbour.transaction() as tx:
        assert [one.name for one in lists.find(tx, SYSTEM)[0]] == ["Fair"]
    assert on_list(harbour, "Fair") == ["dora@x.example"]
