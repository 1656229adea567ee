"""A record that is erased is nowhere any more: not in the database, not in the files."""

import io
from pathlib import Path

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import (
    active_lists,
    blocking,
    bulk_runs,
    erasing,
    identifiers,
    lists,
    merging,
    people,
    records,
    restoring,
    views,
)
from kartotek.domain.history import links
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model import filter_texts
from kartotek.model.bulk_runs import Chosen, Edit, How
from kartotek.model.people import Rights
from kartotek.model.views import View
from tests.cast import gather
from tests.helpers import importing
from tests.helpers.colleagues import with_rights

ROWS = """Email,First name,Last name,Job title,Company name,Amount
xenia@quist.example,Xenia,Quistgaard,Helmsman,Nordlys A/S,
"yak@other.example","Yak ""Y"", æ","Two
lines",Mate,Havnen ApS,
XENIA@quist.example,Xenia,Quistgaard,Bosun,Nordlys A/S,
zoe@other.example,Zoe,Zander,Cook,Havnen ApS,
"""
VALUES = ("quist", "xenia", "helmsman", "bosun", "pilot")


@pytest.fixture
def crew(own_database):
    with own_database.transaction() as tx:
        return gather(tx)


def imported(database, settings, crew, content=ROWS, name="leads.csv"):
    """Xenia comes with a file, is rehearsed, changed, listed and associated."""
    with database.transaction() as tx:
        crew = crew or gather(tx)
    importing.rehearse_draft(database, settings, content, Choices(objects=("contacts",)), name=name)
    importing.import_file(database, settings, content, "contacts", name=name, actor=crew.ida)
    with database.transaction() as tx:
        id = tx.value("SELECT _id FROM crm.contacts WHERE email = 'xenia@quist.example'")
        records.update(tx, crew.ida, crew.ada.object_type, id, {"jobtitle": "Pilot"})
        lists.add(tx, crew.ida, lists.create(tx, crew.ida, crew.ada.object_type, "Spring"), [id])
    return id


def erased(database, settings, crew, id, name="Xenia Quistgaard"):
    with database.transaction() as tx:
        going = erasing.erase(tx, crew.ida, crew.ada.object_type, id, name)
    run.erase(database, settings, id)
    return going


def told(database, settings):
    """Where any of VALUES stands, in any table or kept file."""
    found = []
    with database.transaction() as tx:
        for row in tx.rows(
            "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables "
            "WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ):
            texts = tx.rows(f"SELECT lower(t::text) AS text FROM {row['name']} AS t")
            found += [(row["name"], one["text"]) for one in texts if any(value in one["text"] for value in VALUES)]
    for path in Path(settings.home / "files").rglob("*"):
        content = path.read_bytes().lower()
        found += [(path.name, value) for value in VALUES if value.encode() in content]
    return found


def test_nothing_of_it_is_left_in_the_database_or_the_files(own_database, settings, crew):
    id = imported(own_database, settings, crew)
    before = told(own_database, settings)

    erased(own_database, settings, crew, id)

    assert before
    assert told(own_database, settings) == []


def test_filters_that_are_kept_name_it_no_more_and_find_nobody(own_database, settings, crew):
    id = imported(own_database, settings, crew)
    asked = {
        "Xenia": "email.is(XENIA@quist.example) or email.starts_with(xenia@)",
        "Others": "email.none_of(ada@nordlys.example,xenia@quist.example) and city.is_not(Quist)",
        "Firms": "@contacts(email.is(xenia@quist.example))",
        "Hosts": "email.contains(@nordlys.example)",
    }
    types = {name: crew.nordlys.object_type if name == "Firms" else crew.ada.object_type for name in asked}
    with own_database.transaction() as tx:
        parsed = {name: filter_texts.parsed(text) for name, text in asked.items()}
        kept = {name: active_lists.create(tx, crew.ida, types[name], name, parsed[name]) for name in asked}
        lists.delete(tx, crew.ida, kept["Xenia"])
        views.create(tx, crew.ida, types["Xenia"], View(0, "contacts", "Xenia", None, False, asked["Xenia"]))

    erased(own_database, settings, crew, id)

    with own_database.transaction() as tx:
        lists.restore(tx, crew.ida, kept["Xenia"])
        found = {name: lists.get(tx, crew.ida, id) for name, id in kept.items()}
        [view] = views.of(tx, crew.ida, types["Xenia"])
    nobody = "email.is(erased@erased.invalid) or email.starts_with(erased@erased.invalid)"
    assert (found["Xenia"].filters, view.filters, found["Xenia"].members) == (nobody, nobody, 0)
    assert found["Others"].filters == "email.none_of(ada@nordlys.example,erased@erased.invalid) and city.is_not(Quist)"
    assert (found["Firms"].filters, found["Firms"].members) == ("@contacts(email.is(erased@erased.invalid))", 0)
    assert (found["Hosts"].filters, found["Hosts"].members) == (asked["Hosts"], 1)


def test_the_lines_of_others_stay_as_they_were(own_database, settings, crew):
    id = imported(own_database, settings, crew)

    erased(own_database, settings, crew, id)

    with own_database.transaction() as tx:
        path = tx.value("SELECT path FROM kartotek.files ORDER BY id DESC LIMIT 1")
    assert (settings.home / "files" / path).read_text() == (
        'Email,First name,Last name,Job title,Company name,Amount\n,,,,,\n"yak@other.example","Yak ""Y"", æ","Two\n'
        'lines",Mate,Havnen ApS,\n,,,,,\nzoe@other.example,Zoe,Zander,Cook,Havnen ApS,\n'
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_keeps_its_encoding(own_database, settings, crew, encoding):
    id = imported(own_database, settings, crew, ROWS.encode(encoding))

    erased(own_database, settings, crew, id)

    with own_database.transaction() as tx:
        path = tx.value("SELECT path FROM kartotek.files ORDER BY id DESC LIMIT 1")
    left = (settings.home / "files" / path).read_bytes()
    assert left == ROWS.replace(
        "xenia@quist.example,Xenia,Quistgaard,Helmsman,Nordlys A/S", ",,,,"
    ).replace("XENIA@quist.example,Xenia,Quistgaard,Bosun,Nordlys A/S", ",,,,").encode(encoding)  # fmt: skip


def test_what_was_stopped_goes_on(own_database, settings, crew):
    id = imported(own_database, settings, crew)
    with own_database.transaction() as tx:
        erasing.erase(tx, crew.ida, crew.ada.object_type, id, "Xenia Quistgaard")
        first = erasing.to_do(tx, id)[0]
    with own_database.transaction() as tx:
        erasing.done(tx, first)
        erasing.remove_later(tx, id, first.path)

    run.erase(own_database, settings, id)
    run.erase(own_database, settings, id)

    assert told(own_database, settings) == []


def test_its_history_with_others_stays_without_its_name(own_database, settings, crew):
    erased(own_database, settings, crew, crew.bo.id, "bo  ågård")

    with own_database.transaction() as tx:
        updates = links.of(tx, crew.ida, crew.havnen, crew.bo.object_type)
    assert [(one.what, one.name) for one in updates if one.other == crew.bo.id] == [
        ("removed", None), ("created", None),
    ]  # fmt: skip


def test_what_became_part_of_it_goes_with_it(own_database, settings, crew):
    with own_database.transaction() as tx:
        merging.merge(tx, crew.ida, crew.ada.object_type, crew.ada.id, crew.bo.id)

    erased(own_database, settings, crew, crew.ada.id, "Ada Holm")

    with own_database.transaction() as tx:
        assert tx.value("SELECT count(*) FROM crm.contacts WHERE _id IN (%s, %s)", [crew.ada.id, crew.bo.id]) == 0
        assert len(blocking.among(tx, _claims("ada@nordlys.example", "bo@havnen.example", "x@y.example"))) == 2


def test_its_address_cannot_come_again_until_it_is_let(own_database, settings, crew):
    erased(own_database, settings, crew, crew.bo.id, "Bo Ågård")
    rows = "Email,First name\nBo@havnen.example,Bo\neva@havnen.example,Eva\n"

    refused = importing.import_file(own_database, settings, rows, "contacts", actor=crew.ida)
    with own_database.transaction() as tx, pytest.raises(errors.Invalid, match="deleted permanently for privacy"):
        records.create(tx, crew.ida, crew.bo.object_type, {"email": "bo@havnen.example"})
    with own_database.transaction() as tx:
        blocking.unblock(tx, crew.ida, "BO@havnen.example")
    let = importing.import_file(own_database, settings, rows, "contacts", actor=crew.ida)

    assert [(line, type) for line, _, type, _ in refused.told()] == [(2, "GDPR_BLACKLISTED_EMAIL")]
    assert refused.rows("contacts") == {"created": 1, "failed": 1}
    assert let.rows("contacts") == {"created": 1, "unchanged": 1}


def test_an_archived_record_with_its_address_cannot_come_back(own_database, settings, crew):
    with own_database.transaction() as tx:
        records.archive(tx, crew.ida, crew.bo.object_type, [crew.bo.id])
        again = records.create(tx, crew.ida, crew.bo.object_type, {"firstname": "Bo", "email": "bo@havnen.example"})
    erased(own_database, settings, crew, again.id, "Bo")

    with own_database.transaction() as tx, pytest.raises(errors.Conflict, match="deleted permanently for privacy"):
        restoring.restore(tx, crew.ida, crew.bo.object_type, [crew.bo.id])


def test_without_its_name_or_the_right_nothing_is_deleted(tx):
    cast = gather(tx)
    kim = with_rights(tx, cast.ida, "Kim", Rights({"*": "all"}, {"*": "all"}, {"*": "own"}))

    with pytest.raises(errors.Invalid, match="Type “Bo Ågård”"):
        erasing.erase(tx, cast.ida, cast.bo.object_type, cast.bo.id, "Bo")
    with pytest.raises(errors.NotAllowed):
        erasing.erase(tx, people.actor_of(kim), cast.bo.object_type, cast.bo.id, "Bo Ågård")

    assert records.get(tx, cast.ida, cast.bo.object_type, cast.bo.id).archived is None


def test_the_log_tells_its_number_and_not_its_name(own_database, settings, crew):
    erased(own_database, settings, crew, crew.bo.id, "Bo Ågård")

    with own_database.transaction() as tx:
        about = tx.value("SELECT about FROM kartotek.audit WHERE what = 'erased record'")
    assert about == {"record": crew.bo.id, "object_type": "contacts"}


def _claims(*addresses):
    row = {"_key": 1, "_id": None, "name": "email", "property": 1, "exclusive": True}
    return pl.DataFrame([{**row, "value": one} for one in addresses], schema=identifiers.IDENTIFIER)


def test_a_workbook_is_removed_and_other_files_stay(own_database, settings, crew):
    book = {"Email": "xenia@quist.example", "First name": "Xenia", "Last name": "Quistgaard"}
    frame = pl.DataFrame([book])
    with io.BytesIO() as out:
        frame.write_excel(out)
        id = imported(own_database, settings, crew, out.getvalue(), "leads.xlsx")

    with own_database.transaction() as tx:
        foreseen = run.erased_files(tx, settings, erasing.preview(tx, crew.ida, crew.ada.object_type, id))
    erased(own_database, settings, crew, id)

    assert (foreseen.blanked, foreseen.removed) == (0, 2)
    assert list(Path(settings.home / "files").iterdir()) == []


def test_what_a_few_were_made_to_say_at_once_is_forgotten_with_one_of_them(own_database, crew):
    contacts, chosen = crew.ada.object_type, Chosen(ids=(crew.ada.id, crew.bo.id))
    with own_database.transaction() as tx:
        run = bulk_runs.ask(tx, crew.ida, contacts, Edit("jobtitle", How.SET, "Ada's assistant"), chosen)
        erasing.erase(tx, crew.ida, contacts, crew.ada.id, "Ada Holm")

    with own_database.transaction() as tx:
        assert bulk_runs.get(tx, crew.ida, run.id).task == Edit("jobtitle", How.SET, None)
