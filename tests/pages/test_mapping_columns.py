"""The panel of one column: what mends its errors, what it may overwrite, and a new property made on the way."""

import pytest

from kartotek.domain import catalogue, imports, people, pipelines
from kartotek.imports import run
from kartotek.imports.table import Overwrite, Several
from tests import cast
from tests.helpers.visitor import Visitor, text_of
from tests.helpers.wizard import draft_of, fields_of, send, upload

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


def test_a_property_is_made_on_the_way_with_the_values_of_the_column_as_options(ida, looked_at, own_database):
    rows = "".join(f"{i}@x.example;{('red', 'green')[i % 2]}\n" for i in range(10))
    path = draft_of(ida, f"Email;Favourite colour\n{rows}".encode())
    looked_at(path)
    panel = ida.get(f"{path}/columns/1/properties/new").text

    answer = ida.post(
        f"{path}/columns/1/properties", form=f"{path}/columns/1/properties/new",
        object="contacts", label="Favourite colour", type="choice", options="red\ngreen",
    )  # fmt: skip

    assert '<option value="choice" selected' in panel and "green\nred</textarea>" in panel
    assert answer.headers["location"] == f"{path}/mapping#column-1"
    assert column_of(own_database, path, 1).property == "favourite_colour"
    assert option_labels(own_database, "favourite_colour") == ["red", "green"]


def test_options_that_are_numbers_are_proposed_in_the_order_of_numbers(ida, looked_at):
    path = draft_of(
        ida, b"Email;Ring size\n" + b"".join(b"%d@x.example;%d\n" % (i, (54, 6)[i % 3 > 1]) for i in range(9))
    )
    looked_at(path)

    panel = ida.get(f"{path}/columns/1/properties/new").text

    assert "6\n54</textarea>" in panel


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("000415", "000416"), "text"),
        (("1.234,50", "-12"), "number"),
        (("Ja", "nej"), "boolean"),
        (("01-02-2026", "13-02-2026"), "date"),
        (("12/31/2025", "1/2/2026"), "date"),
        (("01-02-2026 10:30", "13-02-2026 9:05"), "moment"),
        (("1.2.2026 10.30", "13.2.2026 9.05"), "moment"),
        (("+45 22 33 44 55", "44 55 66 77"), "phone"),
        (("Sailing;Ski", "Ski"), "choices"),
        (("hello; world", "good bye"), "text"),
    ],
)
def test_what_a_new_property_holds_is_proposed_so_that_nothing_is_lost(ida, looked_at, cells, kind):
    lines = "".join(f'{n}@x.example,"{cell}"\n' for n, cell in enumerate(cells))
    path = draft_of(ida, f"Email,Something\n{lines}".encode())
    looked_at(path)

    panel = ida.get(f"{path}/columns/1/properties/new").text

    assert f'<option value="{kind}" selected' in panel


@pytest.mark.parametrize(("label", "sentence"), [("", "A property needs a label"), ("Email", None)])
def test_a_new_property_is_refused_in_a_sentence_or_gets_a_name_of_its_own(ida, own_database, label, sentence):
    path = draft_of(ida)

    answer = ida.post(
        f"{path}/columns/3/properties", form=f"{path}/columns/3/properties/new",
        object="contacts", label=label, type="text",
    )  # fmt: skip

    if sentence:
        assert answer.status_code == 400 and sentence in text_of(answer)
    else:
        assert column_of(own_database, path, 3).property == "email_2"


def test_an_activity_gets_no_new_properties(ida):
    path = draft_of(ida, b"Call notes;Mood\nhello;good\n", objects=("calls",))

    panel = text_of(ida.get(f"{path}/columns/1/properties/new"))
    answer = ida.post(
        f"{path}/columns/1/properties", form=f"{path}/columns/1/properties/new", object="calls", label="Mood"
    )

    assert "Activities cannot have properties of your own." in panel
    assert answer.status_code == 400


def plan_of(database, path):
    with database.transaction() as tx:
        return run.plan_from_json(imports.of_worker(tx, int(path.rpartition("/")[2])).draft["plan"])


def column_of(database, path, index):
    return plan_of(database, path).columns[index]


def option_labels(database, name):
    with database.transaction() as tx:
        return [option.label for option in catalogue.load(tx).object_types["contacts"].properties[name].options]


LABELLED = b"Email;Company name;Company Domain Name;Role\nada@x.example;Harbour;x.example;Captain\n"


def test_of_two_objects_a_column_of_labels_says_whose_they_are(ida, looked_at):
    path = draft_of(ida, LABELLED, objects=("contacts", "companies"))
    fields = fields_of(ida.get(f"{path}/mapping").text) | {"as-3": "label:contacts-companies"}

    ida.post(f"{path}/mapping", form=f"{path}/mapping", **fields)
    looked_at(path)

    page = ida.get(f"{path}/mapping")
    assert fields_of(page.text)["as-3"] == "label:contacts-companies"
    assert "Contact and company" in page.text and "1 error" in text_of(page)
    panel = ida.get(f"{path}/columns/3")
    assert "No such label 1 row “Captain” is not a label" in text_of(panel)
    assert 'href="/settings/associations/contacts/companies"' in panel.text
    assert "not mapped to a property" not in panel.text


def test_of_three_objects_each_two_may_be_the_ones_whose_labels_they_are(ida):
    path = draft_of(ida, LABELLED, objects=("contacts", "companies", "deals"))

    page = text_of(ida.get(f"{path}/mapping"))

    assert "Association label – Contacts and companies" in page and "Association label – Companies and deals" in page


@pytest.mark.parametrize("way", ["add", "replace", "remove", "end"])
def test_what_labels_do_to_those_there_is_chosen_in_the_columns_row(ida, way):
    path = draft_of(ida, LABELLED, objects=("contacts", "companies"))
    send(ida, path, **{"as-3": "label:contacts-companies"})

    send(ida, path, **{"linking-3": way})

    page = ida.get(f"{path}/mapping").text
    assert fields_of(page)["linking-3"] == way and fields_of(page)["as-3"] == "label:contacts-companies"
    assert ("linking = " in ida.get(f"{path}/recipe.toml").text) == (way != "add")


def test_a_column_marks_the_primary_company_of_two_objects_that_can_have_one(ida):
    path = draft_of(ida, LABELLED, objects=("contacts", "companies", "deals"))

    send(ida, path, **{"as-3": "primary:companies-deals"})

    page = ida.get(f"{path}/mapping").text
    assert fields_of(page)["as-3"] == "primary:companies-deals"
    assert "primary:contacts-deals" not in page and "linking-3" not in fields_of(page)
