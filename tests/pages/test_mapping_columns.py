"""The panel of one column: what is wrong in it and mends that, and what it may overwrite."""

import pytest

from kartotek.domain import imports, people, pipelines
from kartotek.imports import run
from kartotek.imports.table import Overwrite, Several
from tests import cast
from tests.helpers.visitor import Visitor, text_of
from tests.helpers.wizard import column_of, draft_of, option_labels, plan_of, send, upload

STAGES = b"Email;Lifecycle Stage\na@x.example;Lead\nb@x.example;king\nc@x.example;king\nd@x.example;queen\n"


def test_the_panel_names_each_kind_of_error_with_its_values(ida, looked_at):
    path = draft_of(ida, STAGES)
    looked_at(path)

    panel = text_of(ida.get(f"{path}/columns/1"))

    assert "“king” is not an option of Lifecycle Stage" in panel and "3 rows" in panel
    assert "king 2 " in panel and "queen 1 " in panel
    assert "Add the 2 missing options to Lifecycle Stage" in panel


def test_the_panel_says_what_becomes_of_a_row_whose_error_stays(ida, looked_at):
    path = draft_of(ida, b"Record ID;Email;Lifecycle Stage\n900001;a@x.example;king\n900002;b@x.example;Lead\n")
    looked_at(path)

    states = text_of(ida.get(f"{path}/mapping"))
    ids, stages = (text_of(ida.get(f"{path}/columns/{index}")) for index in (0, 2))

    assert "2 errors" in states and "“900001” is not the record id of any contact" in ids
    assert (
        "Rows in which it stays wrong are not imported" in ids and "left empty" not in ids.split("upload it again")[1]
    )
    assert "What stays wrong is left empty" in stages


def test_the_panel_says_that_nothing_but_a_wrong_domain_keeps_a_row_out(ida, looked_at):
    path = draft_of(ida, b"Company name,Company domain name\nQuay,no domain\n", ("companies",))
    looked_at(path)

    panel = text_of(ida.get(f"{path}/columns/1"))

    assert "“no domain” is not a domain name" in panel and "Rows in which it stays wrong are not imported" in panel


@pytest.mark.parametrize(
    ("mode", "sentence"),
    [
        ("upsert", "Where it stays wrong no new record is made, and one that exists keeps its value."),
        ("update", "What stays wrong is left empty"),
    ],
)
def test_the_panel_says_that_nothing_is_made_without_what_is_needed(ida, looked_at, mode, sentence):
    path = upload(ida, b"Record ID,Deal name,Pipeline,Deal stage\n,Boat,Sales Pipeline,Gewonnen\n").headers["location"]
    draft = path.rpartition("/")[0]
    ida.post(path, form=path, objects=["deals"], next="1", **{"mode-deals": mode})
    looked_at(draft)

    panel = text_of(ida.get(f"{draft}/columns/3"))

    assert "“Gewonnen” is not a stage of the pipeline. Correct it, or add the stage to the pipeline" in panel
    assert sentence in panel


def test_the_panel_says_what_a_key_of_another_record_looks_like(ida, looked_at):
    path = draft_of(ida, b"Email,Boss\na@x.example,somebody\n")
    send(ida, path, **{"as-1": "with:contacts", "property-1": "email"})
    looked_at(path)

    panel = text_of(ida.get(f"{path}/columns/1"))

    assert "“somebody” cannot be used to associate the rows. It looks like ada@harbour.example." in panel


def test_a_value_is_edited_for_all_rows_that_have_it_and_another_left_out(ida, looked_at, own_database):
    path = draft_of(ida, STAGES)
    looked_at(path)

    told = {"value-0": "king", "instead-0": "Customer", "value-1": "queen", "blank-1": "1", "overwrite": "always"}
    ida.post(f"{path}/columns/1", form=f"{path}/columns/1", **told)
    looked_at(path)

    assert column_of(own_database, path, 1).values == (("king", "Customer"), ("queen", ""))
    assert "error" not in text_of(ida.get(f"{path}/states", **{"hx-request": "true"}))
    assert 'name="instead-0" value="Customer"' in ida.get(f"{path}/columns/1").text


def test_what_two_options_are_called_is_offered_by_their_values(ida, looked_at, crew, own_database):
    with own_database.transaction() as tx:
        pipelines.create(tx, crew.ida, crew.deal.object_type, "Repairs")
    path = draft_of(ida, b"Record ID,Deal stage\n1,Closed won\n", ("deals",))
    looked_at(path)

    panel = ida.get(f"{path}/columns/1").text

    assert 'value="closedwon"' in panel and 'value="repairs_closed_won"' in panel
    assert "Closed won” is a stage of several pipelines" in text_of(ida.get(f"{path}/columns/1"))


def test_missing_options_are_added_to_the_property(ida, looked_at, own_database):
    path = draft_of(ida, STAGES)
    looked_at(path)

    ida.post(f"{path}/columns/1/options", form=f"{path}/columns/1")
    looked_at(path)

    assert option_labels(own_database, "lifecyclestage")[-2:] == ["king", "queen"]
    assert "error" not in text_of(ida.get(f"{path}/states", **{"hx-request": "true"}))


def test_a_value_that_is_read_as_another_becomes_no_option(ida, looked_at, own_database):
    path = draft_of(ida, STAGES)
    looked_at(path)

    said = {"value-0": "king", "instead-0": "Lead", "value-1": "queen"}
    ida.post(f"{path}/columns/1/options", form=f"{path}/columns/1", **said)

    labels = option_labels(own_database, "lifecyclestage")
    assert labels[-1] == "queen" and "king" not in labels
    assert column_of(own_database, path, 1).values == (("king", "Lead"),)


def test_of_cells_with_several_options_those_that_are_missing_are_added(ida, looked_at, own_database):
    path = draft_of(ida, b'Email;Buying Role\na@x.example;"Blocker;Herald"\nb@x.example;"Herald; Piper"\n')
    looked_at(path)
    panel = text_of(ida.get(f"{path}/columns/1"))

    ida.post(f"{path}/columns/1/options", form=f"{path}/columns/1")
    looked_at(path)

    assert "Add the 2 missing options to Buying Role" in panel
    assert option_labels(own_database, "hs_buying_role")[-2:] == ["Herald", "Piper"]
    assert "error" not in text_of(ida.get(f"{path}/states", **{"hx-request": "true"}))


def test_options_are_added_only_by_those_who_may(program, crew, looked_at, own_database):
    with own_database.transaction() as tx:
        secret = people.invite(tx, crew.ida, "sven@kartotek.example", "member")
        people.claim(
            tx, secret, email="sven@kartotek.example", first_name="Sven", last_name="Vik", password=cast.PASSWORD
        )
    sven = Visitor(program)
    sven.sign_in("sven@kartotek.example", cast.PASSWORD)
    path = draft_of(sven, STAGES)
    looked_at(path)

    panel, refused = sven.get(f"{path}/columns/1"), sven.post(f"{path}/columns/1/options", form=f"{path}/columns/1")

    assert "missing options" not in text_of(panel)
    assert refused.status_code == 403 and "king" not in option_labels(own_database, "lifecyclestage")


def test_all_that_cannot_be_read_is_left_out_by_one_tick(ida, looked_at, own_database):
    path = draft_of(ida, STAGES)

    ida.post(f"{path}/columns/1", form=f"{path}/columns/1", skips_wrong="1")
    looked_at(path)

    assert column_of(own_database, path, 1).skips_wrong
    assert "error" not in text_of(ida.get(f"{path}/states", **{"hx-request": "true"}))


def test_dates_that_read_in_two_ways_are_asked_for_with_the_files_own_values(ida, looked_at, own_database):
    path = draft_of(ida, b"Email;Close Date\na@x.example;03-04-2026\nb@x.example;05-06-2026\nc@x.example;07-08-2026\n")
    looked_at(path)
    before, panel = text_of(ida.get(f"{path}/mapping")), text_of(ida.get(f"{path}/columns/1"))

    ida.post(f"{path}/columns/1", form=f"{path}/columns/1", format="MDY")
    looked_at(path)

    assert "Choose format" in before and "Please choose" in panel
    assert "Day, month, year 03-04-2026 → 3 Apr 2026 05-06-2026 → 5 Jun 2026 07-08-2026 → 7 Aug 2026" in panel
    assert "Month, day, year 03-04-2026 → 4 Mar 2026" in panel
    assert column_of(own_database, path, 1).dates == "MDY"
    assert "Choose format" not in text_of(ida.get(f"{path}/mapping"))


def test_a_format_that_was_only_left_as_it_was_is_still_asked_in_the_details(ida, looked_at, own_database):
    path = draft_of(ida, b"Email;Close Date\na@x.example;25-12-2026\nb@x.example;05-06-2026\n")
    looked_at(path)
    panel = ida.get(f"{path}/columns/1").text

    ida.post(f"{path}/columns/1", form=f"{path}/columns/1", format="DMY", format_was="DMY", overwrite="empty")
    looked_at(path)

    assert 'name="format_was" value="DMY"' in panel
    assert (column_of(own_database, path, 1).dates, column_of(own_database, path, 1).overwrite) == (None, "empty")
    assert "Date format" in text_of(ida.get(f"{path}/details"))


def test_an_import_starts_with_the_formats_of_its_columns_and_only_when_they_are_known(ida, looked_at, own_database):
    path = draft_of(ida, b"Email;Close Date\na@x.example;03-04-2026\n")
    send(ida, path, next="1")
    early = ida.post(f"{path}/details", form=f"{path}/details", name="Leads", consent="1", start="1")
    looked_at(path)
    asked = ida.post(f"{path}/details", form=f"{path}/details", name="Leads", consent="1", start="1")
    ida.post(f"{path}/columns/1", form=f"{path}/columns/1", format="MDY")
    looked_at(path)

    started = ida.post(f"{path}/details", form=f"{path}/details", name="Leads", consent="1", start="1")

    assert "try again in a moment" in text_of(early) and "Choose the date format" in text_of(asked)
    assert started.headers["location"] == path
    with own_database.transaction() as tx:
        plan = run.plan_from_json(imports.of_worker(tx, int(path.rpartition("/")[2])).plan)
    assert (plan.dates, plan.columns[1].dates) == (None, "MDY")


def test_the_panel_says_what_a_column_may_overwrite(ida, own_database):
    path = draft_of(ida, b"Email;Buying Role\na@x.example;Champion\n")

    ida.post(f"{path}/columns/1", form=f"{path}/columns/1", overwrite="never", clears="1", several="add")
    send(ida, path)

    column = column_of(own_database, path, 1)
    assert (column.overwrite, column.clears, column.several) == (Overwrite.NEVER, True, Several.ADD)


def test_one_column_does_not_overwrite(ida, own_database):
    path = draft_of(ida)

    send(ida, path, **{"keep-0": "1"})

    kept = [column.overwrite for column in plan_of(own_database, path).columns[:2]]
    assert kept == [Overwrite.EMPTY, Overwrite.ALWAYS]


def test_the_tick_at_the_top_keeps_all_columns_from_overwriting(ida, own_database):
    path = draft_of(ida)

    send(ida, path, **{"keep-all": "1", "kept-all": ""})
    all_kept = [column.overwrite for column in plan_of(own_database, path).columns]
    send(ida, path, **{"kept-all": "1"})
    none_kept = [column.overwrite for column in plan_of(own_database, path).columns]

    assert (set(all_kept), set(none_kept)) == ({Overwrite.EMPTY}, {Overwrite.ALWAYS})
