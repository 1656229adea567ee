"""The contacts of an import find their companies by domain once all its rows are in, where the account asks for it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import polars as pl
import pytest

from kartotek.domain import Database, account, doctor, domains, import_books, imports, undoing
from kartotek.imports import run
from kartotek.imports.table import Choices
from kartotek.model.account import Account
from kartotek.model.imports import State
from kartotek.model.people import SYSTEM
from kartotek.settings import Settings
from tests.helpers.importing import import_file, put_in_line, rehearse_file, sheet_of, values
from tests.helpers.undoing import by_hand, dump, id_of, link, make, told, undo

BOTH = ("contacts", "companies")
ON = Account(associates_by_domain=True)


@pytest.fixture
def asked(harbour: Database) -> Database:
    """The account wants contacts and companies to find each other."""
    decide(harbour, ON)
    return harbour


def decide(database: Database, wanted: Account) -> None:
    with database.transaction() as tx:
        account.change(tx, SYSTEM, wanted)


def people(count: int, firms: int) -> list[dict[str, str]]:
    return [{"Email": f"fay{i}@pier{i % firms}.example"} for i in range(count)]


def companies_of(database: Database) -> dict[str, tuple[str | None, str | None]]:
    """Of every contact, the domain of its primary company, and where the association comes from."""
    with database.transaction() as tx:
        rows = tx.rows(
            "SELECT c.email, f.domain, a.source::text AS source FROM crm.contacts AS c "
            "LEFT JOIN crm.companies AS f ON f._id = c._primary "
            "LEFT JOIN kartotek.associations AS a ON a.first = c._id AND a.second = f._id "
            "WHERE c._archived IS NULL"
        )
    return {row["email"]: (row["domain"], row["source"]) for row in rows}


def is_sound(database: Database) -> bool:
    with database.transaction() as tx:
        return all(found.well for found in doctor.of_records(tx))


@pytest.mark.parametrize("batch", [7, 50_000])
def test_two_contacts_of_one_new_domain_get_one_company_wherever_a_batch_ends(
    asked: Database, home: Settings, batch: int
) -> None:
    done = import_file(asked, home, sheet_of(*people(40, 3)), "contacts", batch=batch)

    assert done.books.by_domain == {"companies": 3, "contacts": 40}
    assert values(asked, "companies", "name", "domain", "_source") == [
        (f"Pier{i}", f"pier{i}.example", "DOMAIN") for i in range(3)
    ]
    assert set(companies_of(asked).values()) == {(f"pier{i}.example", "DOMAIN") for i in range(3)}
    assert done.books.objects == {"contacts": {**done.books.objects["contacts"], "created": 40}}
    assert is_sound(asked)


@pytest.mark.parametrize("batch", [1, 7, 50_000])
def test_what_the_file_says_of_a_contacts_company_goes_first_however_late_it_says_so(
    asked: Database, home: Settings, batch: int
) -> None:
    rows = [
        *({**one, "Company": "", "Company domain": ""} for one in people(20, 4)),
        {"Email": "fay1@pier1.example", "Company": "Havnen", "Company domain": "havnen.example"},
        {"Email": "bo@quay.example", "Company": "Pier Two", "Company domain": "pier2.example"},
    ]

    done = import_file(asked, home, sheet_of(*rows), *BOTH, batch=batch)

    found = companies_of(asked)
    assert found["fay1@pier1.example"] == ("havnen.example", "IMPORT")
    assert found["fay5@pier1.example"] == ("pier1.example", "DOMAIN")
    assert found["fay2@pier2.example"] == ("pier2.example", "DOMAIN")
    assert done.books.by_domain == {"companies": 3, "contacts": 19}
    assert done.books.objects["companies"]["created"] == 2
    assert is_sound(asked)


def test_an_import_that_changes_an_email_finds_the_company_and_leaves_existing_ones_alone(
    asked: Database, home: Settings
) -> None:
    decide(asked, Account())
    import_file(asked, home, sheet_of({"Member": "1", "Email": "ada@old.example"}), "contacts")
    taken = make(asked, "contacts", email="bo@old.example", member="2")
    link(asked, ("contacts", taken), ("companies", make(asked, "companies", name="Havnen", domain="havnen.example")))
    untouched = make(asked, "contacts", email="cleo@quay.example", member="3")
    decide(asked, ON)

    done = import_file(
        asked,
        home,
        sheet_of(
            {"Member": "1", "Email": "ada@quay.example"},
            {"Member": "2", "Email": "bo@quay.example"},
            {"Member": "3", "Email": "cleo@quay.example"},
        ),
        "contacts",
        match_by=(("contacts", "member"),),
    )

    assert untouched and done.books.by_domain == {"companies": 1, "contacts": 1}
    assert companies_of(asked) == {
        "ada@quay.example": ("quay.example", "DOMAIN"),
        "bo@quay.example": ("havnen.example", "USER"),
        "cleo@quay.example": (None, None),
    }


def test_where_the_account_asks_for_nothing_nothing_is_guessed(harbour: Database, home: Settings) -> None:
    done = import_file(harbour, home, sheet_of(*people(5, 2)), "contacts")

    assert done.books.by_domain == {"companies": 0, "contacts": 0}
    assert values(harbour, "companies", "domain") == []


def test_paused_in_the_midst_of_it_an_import_goes_on_from_there(asked: Database, home: Settings) -> None:
    small = replace(home, import_batch=7)
    id = put_in_line(asked, home, sheet_of(*people(40, 30)), Choices(objects=("contacts",)))
    ends = count()

    def pause_at_the_fourth(step: run.Step) -> None:  # one at the end of the last row, two behind batches of these
        if step.done == 40 and step.phase == "writing" and next(ends) == 3:
            with asked.transaction() as tx:
                imports.pause(tx, SYSTEM, id)

    run.work(asked, small, id, pause_at_the_fourth)
    with asked.transaction() as tx:
        paused, so_far = imports.of_worker(tx, id).state, import_books.of(tx, id).by_domain
        imports.resume(tx, SYSTEM, id)
    run.work(asked, small, id)

    assert paused is State.PAUSED and so_far == {"companies": 21, "contacts": 21}
    with asked.transaction() as tx:
        assert imports.of_worker(tx, id).state is State.DONE
        assert import_books.of(tx, id).by_domain == {"companies": 30, "contacts": 40}


def test_two_imports_at_once_make_one_company_for_one_new_domain(asked: Database, home: Settings) -> None:
    files = [
        sheet_of(*({"Email": f"{who}{i}@pier{i % 5}.example"} for i in range(200))) for who in ("ada", "bo", "cleo")
    ]
    ids = [put_in_line(asked, home, one, Choices(objects=("contacts",))) for one in files]

    with ThreadPoolExecutor(3) as workers:
        list(workers.map(lambda id: run.work(asked, replace(home, import_batch=20), id), ids))

    assert sorted(values(asked, "companies", "domain")) == [(f"pier{i}.example",) for i in range(5)]
    assert len(companies_of(asked)) == 600 and None not in {domain for domain, _ in companies_of(asked).values()}
    assert is_sound(asked)


@pytest.mark.parametrize("batch", [1, 50_000])
def test_a_website_finds_companies_that_other_rows_of_the_file_bring(
    asked: Database, home: Settings, batch: int
) -> None:
    rows = [
        {"Email": "ada@gmail.com", "Website URL": "https://www.pier1.example/about"},
        {"Email": "bo@pier1.example", "Website URL": "pier2.example"},
        {"Email": "cleo@hotmail.com", "Website URL": "nobody.example"},
    ]

    foreseen = rehearse_file(asked, home, sheet_of(*rows), "contacts", batch=batch)
    done = import_file(asked, home, sheet_of(*rows), "contacts", batch=batch)

    assert foreseen.books.by_domain == done.books.by_domain == {"companies": 1, "contacts": 2}
    assert companies_of(asked) == {
        "ada@gmail.com": ("pier1.example", "DOMAIN"),
        "bo@pier1.example": ("pier1.example", "DOMAIN"),
        "cleo@hotmail.com": (None, None),
    }


@pytest.mark.parametrize("batch", [7, 50_000])
def test_an_undo_takes_back_the_companies_and_associations_too(asked: Database, home: Settings, batch: int) -> None:
    old = make(asked, "contacts", email="gry@gmail.com", member="7")
    before = dump(asked)
    rows = [*({**one, "Member": f"m{i}"} for i, one in enumerate(people(40, 3)))]
    done = import_file(
        asked, home, sheet_of(*rows, {"Email": "gry@pier1.example", "Member": "7"}), "contacts", batch=batch,
        match_by=(("contacts", "member"),),
    )  # fmt: skip
    assert old and done.books.by_domain == {"companies": 3, "contacts": 41}
    with asked.transaction() as tx:
        foreseen = undoing.preview(tx, SYSTEM, done.id).books

    books = undo(asked, done.id)

    assert dump(asked) == before and told(asked, done.id) == []
    assert books == foreseen
    assert books.records["companies"] == {"archived": 3, "kept": 0, "gone": 0}
    assert books.links["ended"] == 41
    assert is_sound(asked)


def test_a_company_that_people_use_since_stays_when_the_import_is_undone(asked: Database, home: Settings) -> None:
    done = import_file(asked, home, sheet_of(*people(6, 3)), "contacts")
    edited, used = (id_of(asked, "companies", domain=f"pier{i}.example") for i in (0, 1))
    by_hand(asked, "companies", edited, city="Ribe")
    own = make(asked, "contacts", email="ida@pier1.example")

    undo(asked, done.id)

    assert sorted(values(asked, "companies", "domain")) == [("pier0.example",), ("pier1.example",)]
    assert companies_of(asked) == {"ida@pier1.example": ("pier1.example", "DOMAIN")}
    assert {(record, why) for record, _, why in told(asked, done.id)} == {(edited, "EDITED"), (used, "LINKED")}
    assert own and is_sound(asked)


def test_a_contact_that_found_its_company_later_by_itself_does_not_stay_for_that(
    harbour: Database, home: Settings
) -> None:
    done = import_file(harbour, home, sheet_of(*people(3, 3)), "contacts")
    decide(harbour, ON)
    import_file(harbour, home, sheet_of({"Email": "bo@quay.example"}), "contacts")
    waiting = pl.Series([id_of(harbour, "contacts", email="fay1@pier1.example")])
    with harbour.transaction() as tx:
        domains.associate(tx, ON, waiting)

    undo(harbour, done.id)

    assert values(harbour, "contacts", "email") == [("bo@quay.example",)]
    assert is_sound(harbour)


@pytest.mark.parametrize("batch", [7, 50_000])
def test_a_rehearsal_says_what_the_import_then_does(asked: Database, home: Settings, batch: int) -> None:
    make(asked, "companies", name="Pier Three", domain="pier3.example")
    rows = [
        *({**one, "Company": "", "Company domain": ""} for one in people(30, 6)),
        {"Email": "fay1@pier1.example", "Company": "Havnen", "Company domain": "havnen.example"},
        {"Email": "bo@quay.example", "Company": "Pier Two", "Company domain": "pier2.example"},
    ]

    foreseen = rehearse_file(asked, home, sheet_of(*rows), *BOTH, batch=batch)
    done = import_file(asked, home, sheet_of(*rows), *BOTH, batch=batch)

    assert foreseen.books == done.books
    assert done.books.by_domain == {"companies": 4, "contacts": 29}
