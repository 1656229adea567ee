"""What a look at the whole file says before it is imported, and that the import then says the same."""

import tempfile
from dataclasses import replace
from pathlib import Path

from kartotek.domain import Database, catalogue, files, imports
from kartotek.imports import run, survey
from kartotek.imports.table import As, Choices, ColumnPlan, Plan, SourcePlan
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests.helpers.importing import import_file, sheet_of

ROWS = [
    {"First Name": "Ada", "Email": "ada@harbour.example", "Close Date": "01-02-2026", "Lifecycle Stage": "king"},
    {"First Name": "Bo", "Email": "no", "Close Date": "31-02-2026", "Lifecycle Stage": "king"},
    {"First Name": "Cy", "Email": "cy@harbour.example", "Close Date": "31-01-2026", "Lifecycle Stage": "queen"},
]


def inspected(database: Database, home: Settings, text: str, asked: Choices | Plan) -> survey.Survey:
    with tempfile.TemporaryDirectory() as folder, database.transaction() as tx:
        path = Path(folder) / "leads.csv"
        path.write_text(text)
        return run.inspect(tx, SYSTEM, home, [run.Upload(path, "leads.csv")], Path(folder), asked)


def test_it_says_what_the_import_then_finds(harbour: Database, home: Settings) -> None:
    text = sheet_of(*ROWS) + "too,few\n"

    found = inspected(harbour, home, text, Choices(objects=("contacts",)))

    told = {kind.type: kind.rows for kind in found.kinds}
    assert told == import_file(harbour, home, text, "contacts").books.problems
    (stage,) = found.of(3)
    assert (stage.type, stage.rows, stage.line, stage.values) == (
        "INVALID_ENUMERATION_OPTION",
        3 - 0,
        2,
        (("king", 2), ("queen", 1)),
    )
    assert [kind.type for kind in found.of(1)] == ["INVALID_EMAIL"]
    assert (found.rows, found.missing) == (4, frozenset())


def test_it_says_which_record_ids_lead_to_nobody(harbour: Database, home: Settings) -> None:
    import_file(harbour, home, sheet_of({"Email": "ada@harbour.example"}, {"Email": "bo@harbour.example"}), "contacts")
    with harbour.transaction() as tx:
        ada, bo = (row["_id"] for row in tx.rows("SELECT _id FROM crm.contacts ORDER BY _id"))
    rows = [
        {"Record ID": ada, "Boss": bo},
        {"Record ID": 999_999_001, "Boss": ""},
        {"Record ID": "x", "Boss": 999_999_002},
        {"Record ID": 999_999_001, "Boss": ada},
    ]
    maps = ["Record ID=contacts.record_id", "Boss=association:contacts.record_id"]
    text = sheet_of(*rows) + "999999003,1,2\n"

    found = inspected(harbour, home, text, Choices(objects=("contacts",), maps=tuple(maps)))

    told = {kind.type: (kind.index, kind.rows, kind.values) for kind in found.kinds if kind.index is not None}
    assert told == {
        "INVALID_RECORD_ID": (0, 3, (("999999001", 2), ("x", 1))),
        "UNKNOWN_ASSOCIATION_RECORD_ID": (1, 1, (("999999002", 1),)),
    }
    assert found.is_complete


def test_dates_that_can_be_read_in_two_ways_are_shown_in_both(harbour: Database, home: Settings) -> None:
    found = inspected(harbour, home, sheet_of(ROWS[0]), Choices(objects=("contacts",)))

    assert found.dates is not None and found.dates.settled is None
    assert found.dates.readings["DMY"] == (("01-02-2026", "2026-02-01"),)
    assert found.dates.readings["MDY"] == (("01-02-2026", "2026-01-02"),)


def test_one_row_that_has_a_31st_settles_the_dates_of_all(harbour: Database, home: Settings) -> None:
    found = inspected(harbour, home, sheet_of(ROWS[0], ROWS[2]), Choices(objects=("contacts",)))

    assert (found.plan.dates, found.numbers) == ("DMY", None)


def test_numbers_are_shown_as_each_country_reads_them(harbour: Database, home: Settings) -> None:
    row = {"Company name": "Quay", "Number of Employees": "1.234"}

    found = inspected(harbour, home, sheet_of(row), Choices(objects=("companies",)))

    assert found.numbers is not None and found.numbers.settled is None
    assert found.numbers.readings == {"DK": (("1.234", "1234"),), "US": (("1.234", "1.234"),)}


def test_the_same_plan_gives_the_same_survey(harbour: Database, home: Settings) -> None:
    first = inspected(harbour, home, sheet_of(*ROWS), Choices(objects=("contacts",)))

    assert inspected(harbour, home, sheet_of(*ROWS), first.plan).kinds == first.kinds


def test_only_what_changed_is_looked_at_again(harbour: Database, home: Settings, tmp_path: Path) -> None:
    id = drafted(harbour, home, tmp_path, sheet_of(*ROWS))
    run.survey(harbour, home, id)
    plan = plan_of(harbour, id)
    other = replace(plan.columns[0], property="lastname")
    changed = replace(plan, columns=(other, *plan.columns[1:]))

    before, after = seen(harbour, id, plan), seen(harbour, id, changed)
    drafted_again(harbour, id, changed)
    run.survey(harbour, home, id)

    assert before.is_complete and after.missing == {0}
    assert after.of(1) == before.of(1) and len(before.of(1)) == 1
    assert seen(harbour, id, changed).is_complete


def test_a_file_is_looked_at_before_anybody_says_what_it_holds(
    harbour: Database, home: Settings, tmp_path: Path
) -> None:
    plan = plan_of(harbour, drafted(harbour, home, tmp_path, sheet_of(*ROWS)))
    id = drafted(harbour, home, tmp_path, sheet_of(*ROWS), Plan("leads", (), ()))

    drafted_again(harbour, id, replace(plan, objects=(), columns=tuple(map(bare, plan.columns))))
    run.survey(harbour, home, id)

    assert seen(harbour, id, plan).missing <= {2}


def test_a_survey_told_by_one_date_column_waits_for_the_other(
    harbour: Database, home: Settings, tmp_path: Path
) -> None:
    rows = [["Email", "Close Date", "Create"], ["a@b.example", "01-02-2026", "31-01-2026"]]
    id = drafted(harbour, home, tmp_path, sheet_of(*rows))
    plan = plan_of(harbour, id)
    one = replace(plan.columns[1], imported_as=As.PROPERTY, object_type="contacts", property="closedate")
    drafted_again(harbour, id, plan := replace(plan, columns=(plan.columns[0], one, plan.columns[2])))
    run.survey(harbour, home, id)
    alone = seen(harbour, id, plan)

    two = replace(
        plan.columns[2], imported_as=As.PROPERTY, object_type="contacts", property="hs_live_enrichment_deadline"
    )
    drafted_again(harbour, id, plan := replace(plan, columns=(*plan.columns[:2], two)))
    waiting = seen(harbour, id, plan)
    run.survey(harbour, home, id)
    together = seen(harbour, id, plan)

    assert alone.dates is not None and alone.dates.settled is None
    assert waiting.missing == {1, 2}
    assert together.dates is not None and (together.dates.settled, together.kinds) == ("DMY", ())


def test_a_file_that_is_gone_says_so_once(harbour: Database, home: Settings, tmp_path: Path) -> None:
    id = drafted(harbour, home, tmp_path, sheet_of(*ROWS))

    run.give_up_survey(harbour, id, "It cannot be read.")

    assert seen(harbour, id, plan_of(harbour, id)).trouble == "It cannot be read."


def drafted(database: Database, home: Settings, folder: Path, text: str, plan: Plan | None = None) -> int:
    """A draft of this file, planned as a guess would have it."""
    path = folder / "leads.csv"
    path.write_text(text)
    with database.transaction() as tx:
        source = SourcePlan()
        sheets = run.open_all(home, [run.Upload(path, "leads.csv")], [source], folder)
        plan = plan or run.plan_for(catalogue.load(tx), sheets, (source,), Choices(objects=("contacts",)))
        id = imports.draft(tx, SYSTEM, [files.keep(tx, SYSTEM, home.files_url, "leads.csv", path)], "leads")
    drafted_again(database, id, plan)
    return id


def drafted_again(database: Database, id: int, plan: Plan) -> None:
    with database.transaction() as tx:
        imports.save_draft(tx, SYSTEM, id, "leads", {"plan": run.plan_to_json(plan)})


def plan_of(database: Database, id: int) -> Plan:
    with database.transaction() as tx:
        return run.plan_from_json(imports.get(tx, SYSTEM, id).draft["plan"])


def seen(database: Database, id: int, plan: Plan) -> survey.Survey:
    with database.transaction() as tx:
        return run.surveyed(tx, id, {}, plan)


def bare(column: ColumnPlan) -> ColumnPlan:
    return ColumnPlan(column.index, column.header)
