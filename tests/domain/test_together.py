"""Two people, a program and an import change the same few contacts and companies, thousands of times."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import Database, associations, doctor, primaries, records
from kartotek.model.records import Batch, Changes, Links, Source
from tests.cast import gather

# What each of them does; with the import's rows some 3,500 changes in all.
PEOPLE, ROUNDS = 3, 300
BATCHES, ROWS = 40, 50

WRONG = """
SELECT count(*) FROM crm.contacts AS c
 WHERE c._archived IS NULL
   AND ((c._primary IS NOT NULL)
        <> EXISTS (SELECT FROM kartotek.associations AS a WHERE a.first = c._id AND a.second_type = 2)
        OR c._primary IS NOT NULL
       AND NOT EXISTS (SELECT FROM kartotek.associations AS a
                         JOIN crm.companies AS f ON f._id = a.second AND f._archived IS NULL
                        WHERE a.first = c._id AND a.second = c._primary))
"""
DANGLING = """
SELECT count(*) FROM kartotek.associations AS a
 WHERE a.second_type = 2
   AND (NOT EXISTS (SELECT FROM crm.contacts WHERE _id = a.first AND _archived IS NULL)
        OR NOT EXISTS (SELECT FROM crm.companies WHERE _id = a.second AND _archived IS NULL))
"""
SAID = """
SELECT jobtitle AS said FROM crm.contacts WHERE jobtitle IS NOT NULL
 UNION ALL
SELECT old ->> 'jobtitle' FROM kartotek.changes WHERE old ->> 'jobtitle' IS NOT NULL
"""


@dataclass
class Crowd:
    """The records that everybody wants, and what everybody wrote."""

    database: Database
    cast: object
    contacts: list[int]
    companies: list[int]
    written: list[str] = field(default_factory=list)
    refused: Counter = field(default_factory=Counter)
    breaches: list[int] = field(default_factory=list)
    _number: count = field(default_factory=count)

    def next(self) -> int:
        return next(self._number)

    def look(self) -> None:
        with self.database.transaction() as tx:
            self.breaches += [tx.value(WRONG), tx.value(DANGLING)]


@pytest.fixture
def crowd(own_database):
    with own_database.transaction() as tx:
        cast = gather(tx)
        records.archive(tx, cast.ida, cast.deal.object_type, [cast.deal.id])
        named = [{"firstname": f"Contact {i}", "email": f"c{i}@start.example"} for i in range(12)]
        contacts = [records.create(tx, cast.ida, cast.ada.object_type, texts).id for texts in named]
        companies = [records.create(tx, cast.ida, cast.nordlys.object_type, {"name": f"Firm {i}"}).id for i in range(5)]
    return Crowd(own_database, cast, contacts, companies)


def test_two_people_a_program_and_an_import_change_the_same_records_at_once(crowd):
    with ThreadPoolExecutor(PEOPLE + 1) as together:
        work = [together.submit(person, crowd, seed) for seed in range(PEOPLE)]
        work.append(together.submit(import_, crowd))
        for one in work:
            one.result()

    crowd.look()
    assert set(crowd.breaches) == {0}
    with crowd.database.transaction() as tx:
        said = Counter(row["said"] for row in tx.rows(SAID))
        assert said == Counter(crowd.written), "each value written stands in its record or in its history, once"
        assert [finding.sentence for finding in doctor.of_records(tx) if not finding.well] == []
    assert deadlocks(crowd.database) == 0


def person(crowd: Crowd, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(ROUNDS):
        what = chance.choices(DEEDS, WEIGHTS)[0]
        contact, company, other = chance.choice(crowd.contacts), *chance.sample(crowd.companies, 2)
        try:
            done = crowd.database.retried(lambda tx, args=(what, contact, company, other): act(crowd, tx, *args))
            done()
        except (errors.Invalid, errors.NotFound, errors.Conflict) as refusal:
            crowd.refused[type(refusal).__name__] += 1


def import_(crowd: Crowd) -> None:
    chance = random.Random(99)
    for _ in range(BATCHES):
        known = [chance.choice(crowd.contacts) for _ in range(ROWS)]
        texts = [f"import {crowd.next()}" for _ in known]
        companies = [chance.choice(crowd.companies) for _ in known]
        done = crowd.database.retried(lambda tx, args=(known, texts, companies): batch(crowd, tx, *args))
        crowd.written += done
        crowd.look()


def batch(crowd: Crowd, tx, known: list[int], texts: list[str], companies: list[int]) -> list[str]:
    """Updates some contacts, creates as many, and gives each of them a company."""
    cast = crowd.cast
    frame = pl.DataFrame({"_id": known, "jobtitle": texts}).unique("_id", keep="last", maintain_order=True)
    frame = frame.with_columns(firstname=pl.lit(None, pl.String))
    new = frame.with_columns(_id=pl.lit(None, pl.Int64), firstname=pl.lit("New"), jobtitle=pl.col("jobtitle") + " new")
    people = pl.concat([frame, new]).with_row_index("_key").with_columns(pl.col("_key").cast(pl.Int64))
    ends = people.select("_key").with_columns(
        first_id=pl.lit(None, pl.Int64), first_key="_key", second_key=pl.lit(None, pl.Int64),
        second_id=pl.Series(companies * 2, dtype=pl.Int64).head(len(people)),
    )  # fmt: skip
    what = Batch(
        (Changes(cast.ada.object_type, people),),
        (Links(cast.ada.object_type, cast.nordlys.object_type, ends.drop("_key")),),
    )
    written = records.write(tx, cast.ida.acting_for(Source.IMPORT, 1), what)
    done = written.outcomes["contacts"].filter(pl.col("outcome").is_in(["created", "updated"]))
    return people.join(done, on="_key")["jobtitle"].to_list()


def act(crowd: Crowd, tx, what: str, contact: int, company: int, other: int) -> Callable[[], None]:
    """Does it; gives what to note down once it is sure."""
    cast, people, firms = crowd.cast, crowd.cast.ada.object_type, crowd.cast.nordlys.object_type
    match what:
        case "link":
            associations.link(tx, cast.ida, people, contact, firms, [company, other])
        case "link from the company":
            associations.link(tx, cast.ida, firms, company, people, [contact])
        case "unlink":
            associations.unlink(tx, cast.ida, people, contact, firms, company)
        case "unlink with a successor":
            associations.unlink(tx, cast.ida, people, contact, firms, company, new_primary=other)
        case "set primary":
            primaries.choose(tx, cast.ida, people, contact, company)
        case "remove primary":
            primaries.remove(tx, cast.ida, people, contact, successor=company)
        case "archive a company":
            fresh = records.create(tx, cast.ida, firms, {"name": f"Firm {crowd.next()}"})
            if records.archive(tx, cast.ida, firms, [company]):
                return lambda: replace(crowd.companies, company, fresh.id)
        case "archive a contact":
            fresh = records.create(
                tx, cast.ida, people, {"firstname": "Fresh", "email": f"c{crowd.next()}@fresh.example"}
            )
            if records.archive(tx, cast.ida, people, [contact]):
                return lambda: replace(crowd.contacts, contact, fresh.id)
        case "create":
            records.create(tx, cast.ida, people, {"firstname": "Created"}, [(firms, company), (firms, other)])
        case "say":
            text = f"said {crowd.next()}"
            records.update(tx, cast.ida, people, contact, {"jobtitle": text})
            return lambda: crowd.written.append(text)
        case "change the address":
            records.update(tx, cast.ida, people, contact, {"email": f"c{crowd.next() % 20}@shared.example"})
    return lambda: None


def replace(some: list[int], old: int, new: int) -> None:
    some[some.index(old)] = new


DEEDS, WEIGHTS = zip(
    ("link", 5), ("link from the company", 4), ("unlink", 4), ("unlink with a successor", 4), ("set primary", 4),
    ("remove primary", 2), ("archive a company", 2), ("archive a contact", 1), ("create", 2), ("say", 6),
    ("change the address", 3), strict=True,
)  # fmt: skip


def deadlocks(database: Database) -> int:
    with database.transaction() as tx:
        tx.run("SELECT pg_stat_force_next_flush()")
    with database.transaction() as tx:
        return tx.value("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
