"""What the pages say of an import that is under way, and of one that has ended."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from kartotek.domain import imports, people
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model.imports import State
from kartotek.model.problems import EFFECTS
from tests import cast
from tests.helpers import importing
from tests.helpers.visitor import Visitor, text_of

ROWS = """Email,Close Date,Owner
astrid@x.example,2026-04-03,Ida Lund
viggo at home,2026-04-03,Nobody
ellen@x.example,2026-02-31,Nobody
ellen@x.example,2026-02-31,
"""
MAPS = ("Close Date=closedate", "Owner=hubspot_owner_id")


@pytest.fixture
def ended(own_database, settings, crew):
    return importing.import_file(own_database, settings, ROWS, "contacts", actor=crew.ida, maps=MAPS, name="fair.csv")


def test_the_books_of_an_import_balance_on_its_page(ida, ended):
    page = text_of(ida.get(f"/imports/{ended.id}"))

    assert "4 rows of fair.csv" in page
    assert "Created 2 Unchanged 1 Failed 1" in page
    assert "the outcomes of each object add up to 4, those of the cells to 12, in 3 columns." in page
    assert "Cells 4 0 1 0 6 0 12 1 empty" in page


def test_one_row_is_told_of_as_one(ida, own_database, settings, crew):
    done = importing.import_file(own_database, settings, "Email\nsol@x.example\n", "contacts", actor=crew.ida)

    assert "One row of" in text_of(ida.get(f"/imports/{done.id}"))


def test_the_list_of_an_import_is_a_click_away(ida, own_database, settings, crew):
    done = importing.import_file(own_database, settings, ROWS, "contacts", actor=crew.ida, maps=MAPS, list="Fair")

    page = ida.get(f"/imports/{done.id}").text
    found = re.search(r'href="(/lists/\d+)">.*The list “Fair”', page)

    assert found and ida.get(found[1]).headers["location"] == f"/contacts?list={found[1].rpartition('/')[2]}"


def test_errors_are_counted_by_kind_and_by_column(ida, ended):
    page = ida.get(f"/imports/{ended.id}")

    assert "By kind Owner unknown 2 Not a date 2 Not an email address 1" in text_of(page)
    assert "By column Owner 2 Close Date 2 Email 1" in text_of(page)
    assert f"/imports/{ended.id}/problems?type=COULD_NOT_PARSE_DATE" in page.text


def test_kinds_of_which_several_things_can_be_said_are_told_as_a_whole_too(ida, own_database, settings, crew):
    rows = "Email,Close Date,Boss\nsol@x.example,12/12/12024,sol@x.example\n"
    maps = ("Close Date=closedate", "Boss=association:contacts.email")
    done = importing.import_file(own_database, settings, rows, "contacts", actor=crew.ida, maps=maps)

    pages = {kind: ida.get(f"/imports/{done.id}/problems?type={kind}") for kind in done.books.problems}

    assert sorted(pages) == ["FAILED_TO_CREATE_ASSOCIATION", "OUTSIDE_VALID_TIME_RANGE"]
    assert [page.status_code for page in (ida.get(f"/imports/{done.id}"), *pages.values())] == [200, 200, 200]
    assert "is the contact of this row itself" in text_of(pages["FAILED_TO_CREATE_ASSOCIATION"])


@pytest.mark.parametrize("kind", EFFECTS)
def test_every_kind_has_a_page_of_its_lines(ida, ended, kind):
    assert ida.get(f"/imports/{ended.id}/problems?type={kind}").status_code == 200


def test_each_kind_says_what_to_do_in_the_readers_language(ida, ended):
    english = text_of(ida.get(f"/imports/{ended.id}"))
    ida.post("/preferences", language="da", back="/")
    danish = text_of(ida.get(f"/imports/{ended.id}"))

    assert "It looks like name@example.com. The contact was not imported." in english
    assert "“viggo at home” is not an email address." in english
    assert "Den skal se ud som navn@example.com. Ikke importeret som kontakt." in danish
    assert "“viggo at home” er ikke en e-mailadresse." in danish


def test_the_lines_of_one_kind_are_listed_with_their_values(ida, ended):
    page = text_of(ida.get(f"/imports/{ended.id}/problems?type=COULD_NOT_FIND_OWNER"))

    assert "1–2 of 2" in page
    assert "3 Owner Contact Nobody “Nobody” is nobody here." in page
    assert "viggo at home" not in page


def test_a_line_whose_record_did_not_come_in_is_not_said_to_lack_a_value_only(ida, ended):
    page = text_of(ida.get(f"/imports/{ended.id}/problems?type=COULD_NOT_FIND_OWNER"))

    assert page.count("The contact was not imported.") == 1
    assert page.count("The contact was imported without it.") == 1


def test_the_lines_of_one_column_are_listed_too(ida, ended):
    page = text_of(ida.get(f"/imports/{ended.id}/problems?column=0"))

    assert "1–1 of 1" in page and "viggo at home" in page


def test_lines_come_in_pages(ida, own_database, settings, crew):
    rows = "Email\n" + "".join(f"nobody {i}\n" for i in range(130))
    many = importing.import_file(own_database, settings, rows, "contacts", actor=crew.ida)

    first, second = (text_of(ida.get(f"/imports/{many.id}/problems?page={page}")) for page in (1, 2))

    assert "1–100 of 130" in first and "nobody 99" in first and "nobody 100 " not in first
    assert "101–130 of 130" in second and "nobody 129" in second


def test_a_narrowing_that_nothing_fits_says_so(ida, ended):
    page = ida.get(f"/imports/{ended.id}/problems?type=INVALID_DOMAIN&column=-77&page=9")

    assert page.status_code == 200
    assert "No such errors" in text_of(page)


def test_the_error_report_speaks_the_readers_language(ida, ended):
    ida.post("/preferences", language="da", back="/")

    rows = list(
        csv.reader(io.StringIO(ida.get(f"/imports/{ended.id}/errors.csv").content.decode("utf-8-sig")), delimiter=";")
    )

    assert rows[0][1:3] == ["Linje", "Kolonne"]
    assert rows[1][:4] == ["fair.csv", "3", "Email", "Kontakt"]
    assert "er ikke en e-mailadresse" in rows[1][-1]


def test_the_rows_to_correct_open_in_a_danish_spreadsheet_program_and_go_back_in(ida, ended):
    ida.post("/preferences", language="da", back="/")

    content = ida.get(f"/imports/{ended.id}/failed-rows.csv").content
    again = ida.post(
        "/imports", form="/imports/new", files=[("file", ("again.csv", content))], how="repeat", repeat=str(ended.id)
    )

    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    assert header[-1] == "Kartotek: hvorfor" and header[:-1] == next(csv.reader(io.StringIO(ROWS)))
    assert again.headers["location"].endswith("/details")


def test_the_original_file_comes_back_to_the_byte(ida, ended):
    answer = ida.get(f"/imports/{ended.id}/file")

    assert answer.content == ROWS.encode()
    assert 'filename="fair.csv"' in answer.headers["content-disposition"]


def test_only_who_imported_a_file_or_an_administrator_gets_it_back(program, own_database, crew, ended):
    with own_database.transaction() as tx:
        link = people.invite(tx, crew.ida, "per@kartotek.example", "member")
        people.claim(tx, link, email="per@kartotek.example", first_name="Per", last_name="Krog", password=cast.PASSWORD)
    per = Visitor(program)
    per.sign_in("per@kartotek.example", cast.PASSWORD)

    answer = per.get(f"/imports/{ended.id}/file")

    assert answer.status_code == 403
    assert f"/imports/{ended.id}/file" not in per.get(f"/imports/{ended.id}").text


def test_an_import_that_is_read_says_how_far_the_reading_is(ida, own_database, settings, crew):
    id = importing.put_in_line(own_database, settings, ROWS, Choices(("contacts",), maps=MAPS), actor=crew.ida)
    with own_database.transaction() as tx:
        imports.alive(tx, id, 50_000)
        imports.reading(tx, id, 3)

    page = text_of(ida.get(f"/imports/{id}"))

    assert "The whole file is read first" in page
    assert "Rows read 3" in page and "You can leave this page" in page


def test_an_import_that_is_written_tells_its_pace(ida, own_database, settings, crew):
    id = importing.put_in_line(own_database, settings, ROWS, Choices(("contacts",), maps=MAPS), actor=crew.ida)
    with own_database.transaction() as tx:
        imports.alive(tx, id, 2, rows=4)
    with own_database.transaction() as tx:
        imports.advance(tx, id, 2, 4)

    page = text_of(ida.get(f"/imports/{id}"))

    assert "50 %" in page and "Rows done 2 of 4" in page
    assert "Rows are written" in page


def test_an_import_without_a_worker_says_what_to_start(ida, own_database, settings, crew):
    id = importing.put_in_line(own_database, settings, ROWS, Choices(("contacts",), maps=MAPS), actor=crew.ida)

    assert "Start kartotek serve or kartotek work" in text_of(ida.get(f"/imports/{id}"))


def test_while_it_works_an_import_says_what_it_reads(own_database, settings, crew):
    id = importing.put_in_line(own_database, settings, ROWS, Choices(("contacts",), maps=MAPS), actor=crew.ida)

    run.work(own_database, replace(settings, import_batch=2), id)

    with own_database.transaction() as tx:
        job = imports.of_worker(tx, id)
    assert (job.state, job.read, job.position) == (State.DONE, 4, 4)
    assert job.since and job.finished and job.finished - job.since < timedelta(minutes=5)


def test_dates_out_of_range_are_told(ida, own_database, settings, crew):
    dates = "Email,Close Date\nsol@x.example,20226-01-01\n"
    done = importing.import_file(own_database, settings, dates, "contacts", actor=crew.ida, maps=MAPS[:1])
    meeting = (
        "Meeting title,Activity date,Starts,Ends,Email\nQuay,2026-12-01,2026-12-01 10:00,2026-12-01 09:30,a@b.example\n"
    )
    maps = ("Starts=hs_meeting_start_time", "Ends=hs_meeting_end_time")
    early = importing.import_file(own_database, settings, meeting, "meetings", "contacts", actor=crew.ida, maps=maps)

    pages = [ida.get(f"/imports/{done.id}{more}") for more in ("", "/problems?type=OUTSIDE_VALID_TIME_RANGE")]
    told = text_of(ida.get(f"/imports/{early.id}"))

    assert [page.status_code for page in pages] == [200, 200]
    assert all("Date out of range" in text_of(page) for page in pages)
    assert "“20226-01-01” is a date out of range" in text_of(pages[1])
    assert "“2026-12-01 09:30” is a date out of range" in told and "nothing ends before it begins" in told
    assert "Correct it. The meeting was imported without it." in told


def test_what_is_skipped_and_what_is_about_associations_is_explained(ida, own_database, settings, crew):
    rows = "Email,Company name,Boss\nsol@x.example,Quay,\nbo@x.example,,sol@x.example\n"
    maps = ("Boss=association:contacts.email",)
    both = importing.import_file(own_database, settings, rows, "contacts", "companies", actor=crew.ida, maps=maps)
    one = importing.import_file(own_database, settings, "Email\nida@x.example\n", "contacts", actor=crew.ida)

    page = text_of(ida.get(f"/imports/{both.id}"))

    assert "A row is skipped for an object of which it says nothing" in page
    assert "1 about associations" in page
    assert "is skipped for an object" not in text_of(ida.get(f"/imports/{one.id}"))
