"""The mapping page without scripts: columns to properties, and what is wrong in each of them."""

from kartotek.domain import imports
from kartotek.imports import run
from kartotek.imports.table import As
from tests.helpers.visitor import text_of
from tests.helpers.wizard import draft_of, fields_of, go_on, send


def test_the_page_is_there_before_the_file_has_been_checked(ida):
    path = draft_of(ida)

    page = ida.get(f"{path}/mapping")

    assert "Checking…" in text_of(page) and "Checking all rows: 0 so far" in text_of(page)
    assert "1 error" not in text_of(page)


def test_states_fill_in_when_a_worker_has_looked(ida, looked_at):
    path = draft_of(ida)
    looked_at(path)

    told = ida.get(f"{path}/states", **{"hx-request": "true"})

    assert "Checked over all 2 rows" in text_of(told) and "1 error" in text_of(told)
    assert "Checking" not in text_of(told) and "hx-trigger" not in told.text


def test_headers_map_themselves_and_bad_cells_are_counted(ida, looked_at):
    path = draft_of(ida)
    looked_at(path)

    page = ida.get(f"{path}/mapping")

    assert fields_of(page.text)["property-1"] == "Email"
    assert "1 error" in text_of(page) and "2 unmapped columns" in text_of(page)


def test_the_errors_of_a_column_show_each_value(ida, looked_at):
    path = draft_of(ida)
    looked_at(path)

    panel = text_of(ida.get(f"{path}/columns/1"))

    assert "Not an email address 1 row “viggo at home”" in panel and "viggo at home 1 " in panel


def test_two_columns_for_one_property_are_refused(ida):
    path = draft_of(ida)
    fields = fields_of(ida.get(f"{path}/mapping").text) | {"as-2": "contacts", "property-2": "Email"}

    answer = ida.post(f"{path}/mapping", form=f"{path}/mapping", skip="1", next="1", **fields)

    assert answer.status_code == 400
    assert "both mapped to Email" in text_of(answer)


def test_what_is_needed_and_not_mapped_is_said(ida):
    path = draft_of(ida, b"Town;Remarks\nRibe;hello\n")

    answer = go_on(ida, path)

    assert answer.status_code == 400
    assert "First Name" in text_of(answer).split("Map the columns")[1][:400]


def test_the_first_three_rows_stand_beside_each_column(ida):
    path = draft_of(ida, b"Email\none@x.example\ntwo@x.example\nthree@x.example\nfour@x.example\n")

    page = text_of(ida.get(f"{path}/mapping"))

    assert "one@x.example two@x.example three@x.example" in page and "four@x.example" not in page


def test_a_column_without_errors_gets_a_check_mark(ida, looked_at):
    path = draft_of(ida, b"Email\nada@x.example\n")
    looked_at(path)

    page = ida.get(f"{path}/mapping")

    assert 'aria-label="No errors"' in page.text


def test_a_column_goes_to_another_property_of_another_object(ida, own_database):
    path = draft_of(ida, objects=("contacts", "companies"))

    send(ida, path, **{"as-3": "companies", "property-3": "About Us"})

    column = plan_of(own_database, path).columns[3]
    assert (column.object_type, column.property) == ("companies", "about_us")


def test_a_column_is_left_out_for_good(ida):
    path = draft_of(ida)

    send(ida, path, **{"as-2": "nothing", "as-3": "nothing"})
    page = text_of(ida.get(f"{path}/mapping"))

    assert page.count("Left out") == 2 and "unmapped" not in page
    assert send(ida, path, next="1").headers["location"] == f"{path}/details"


def test_why_rows_failed_is_left_out_by_itself(ida, own_database):
    path = draft_of(ida, b"Email,Kartotek: why\nada@x.example,The town is unknown.\n")

    page = ida.get(f"{path}/mapping").text
    answer = send(ida, path, next="1")

    assert "Says why rows failed, and is never imported" in page and "unmapped" not in page
    assert answer.headers["location"] == f"{path}/details"
    assert [one.imported_as for one in plan_of(own_database, path).columns] == [As.PROPERTY, As.NOTHING]


def test_one_tick_leaves_out_all_that_is_unmapped(ida):
    path = draft_of(ida)

    kept, left = send(ida, path, next="1"), go_on(ida, path)

    assert kept.status_code == 400 and "“Stand at the fair”, “Shoe size”" in text_of(kept)
    assert left.headers["location"] == f"{path}/details"


def test_the_guide_ticks_off_what_is_mapped(ida):
    path = draft_of(ida, b"Town;Remarks\nRibe;hello\n")
    before = ida.get(f"{path}/mapping").text

    send(ida, path, **{"as-0": "contacts", "property-0": "Email"})
    after = ida.get(f"{path}/mapping").text

    assert before.count('class="k-met"') == 0
    assert after.count('class="k-met"') == 2


def test_a_property_tells_what_it_holds_before_it_is_chosen(ida):
    path = draft_of(ida)

    page = ida.get(f"{path}/mapping").text

    assert (
        'value="Lifecycle Stage" data-value="lifecyclestage" data-kind="One option" data-about="Subscriber, Lead'
        in page
    )
    assert 'data-kind="Email address" data-about="For example: ' in page


def plan_of(database, path):
    with database.transaction() as tx:
        return run.plan_from_json(imports.of_worker(tx, int(path.rpartition("/")[2])).draft["plan"])


def test_a_single_column_without_a_property_is_told_by_its_name(ida):
    path = draft_of(ida, b"Email;Shoe size\na@x.example;42\n")

    answer = send(ida, path, next="1")

    assert answer.status_code == 400
    assert "“Shoe size” is not mapped: choose a property" in text_of(answer)


def test_rows_that_look_like_none_of_the_table_are_told(ida, looked_at):
    rows = b"First name;Email\nAda;ada@x.example\nFirst name; Email\nBo;bo@x.example\nTotal;2\n"
    path = draft_of(ida, rows)
    looked_at(path)

    page = text_of(ida.get(f"{path}/mapping"))

    assert "Line 3 repeats the headers; it is read like the others." in page
    assert "Line 5 looks like a total below the table; it is read like the others." in page


def test_such_rows_are_told_of_the_sheet_that_they_stand_in(ida, looked_at):
    files = [
        ("file", ("firms.csv", b"Company name;City\nQuay;Ribe\nI alt;1\n")),
        ("file", ("people.csv", b"First name;Email\nAda;ada@x.example\n")),
    ]
    path = ida.post("/imports", form="/imports/new", files=files).headers["location"].rpartition("/")[0]
    ida.post(f"{path}/objects", form=f"{path}/objects", objects=["companies", "contacts"], next="1")
    looked_at(path)

    firms, people = (text_of(ida.get(f"{path}/mapping?source={source}")) for source in (0, 1))

    assert "Line 3 looks like a total below the table" in firms
    assert "looks like a total" not in people
