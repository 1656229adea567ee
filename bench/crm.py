"""The CRM that pages are timed in: a million contacts, and what belongs to them, sent straight into the tables.

Nothing here asks the domain's rules, which would take half an hour: it writes what they would have written. Everything
follows from numbers, so it is the same on every machine.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import LiteralString, cast

import polars as pl
import psycopg
from psycopg import sql

from kartotek.domain import catalogue, search
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.model.records import Source
from kartotek.store import associations, bulk, identifiers, records
from kartotek.store.database import Database, Tx

_PIECE = 100_000
# Of one company: so many contacts now, and as many that it had once.
MANY_LINKS = 50_000
_FIRST = [
    "Anna", "Lars", "Mette", "Søren", "Ida", "Jens", "Karen", "Peter", "Maria", "Ole", "Åse", "Çelik", "Zoë", "Nikolaj",
]  # fmt: skip
_ASCII = [
    "anna", "lars", "mette", "soren", "ida", "jens", "karen", "peter", "maria", "ole", "aase", "celik", "zoe",
    "nikolaj",
]  # fmt: skip
_LAST = ["Hansen", "Jensen", "Nielsen", "Møller", "Olsen", "Smith", "Garcia", "Müller", "Rossi", "Novak", "Dahl"]
_SYLLABLES = ["ba", "do", "ki", "lu", "mer", "nor", "pa", "ri", "ste", "tho", "vi", "wal", "ged", "hol", "sund", "berg"]
_JOBS = ["Manager", "Buyer", "CEO", "Developer", "Sales, Nordic", "Head of support"]
_TITLES = [
    "Follow up on offer", "First appointment", "Renewal of contract", "Question about invoice", "Demo", "Thank you",
]  # fmt: skip
_ACTIVITIES = {"notes": 0.3, "calls": 0.2, "emails": 0.3, "meetings": 0.1, "tasks": 0.1}
_TITLED = {
    "notes": "hs_note_body", "calls": "hs_call_title", "emails": "hs_email_subject", "meetings": "hs_meeting_title",
    "tasks": "hs_task_subject",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Numbers:
    """Where the records of each type begin, and how many there are."""

    first: dict[str, int]
    count: dict[str, int]


def sizes(scale: float) -> dict[str, int]:
    found = {"companies": 200_000, "contacts": 1_000_000, "deals": 300_000}
    found |= {name: int(5_000_000 * share) for name, share in _ACTIVITIES.items()}
    return {name: max(1_000, int(count * scale)) for name, count in found.items()}


def build(database: Database, actor: Actor, scale: float) -> Numbers:
    with database.transaction() as tx:
        known = catalogue.load(tx)
        counts = sizes(scale)
        first = {name: records.reserve_ids(tx, count) for name, count in counts.items()}
    made = Numbers(first, counts)
    booked = actor.acting_for(Source.JOB, None)
    for name, count in counts.items():
        for begin in range(0, count, _PIECE):
            with database.transaction() as tx:
                tx.run("SET LOCAL synchronous_commit = off")
                _write(tx, booked, known, known.object_types[name], made, begin, min(_PIECE, count - begin))
        print(f"{count:>10,} {name}", flush=True)
    _link(database, booked, known, made)
    search.work(database)
    _settle(database)
    return made


def _write(
    tx: Tx, actor: Actor, known: Catalogue, one: ObjectType, made: Numbers, begin: int, count: int
) -> None:  # fmt: skip
    frame = pl.select(n=pl.int_range(begin, begin + count, dtype=pl.Int64))
    frame = frame.select(pl.col("n"), _id=pl.col("n") + made.first[one.name])
    frame = frame.with_columns(**_values(one.name, made)).drop("n")
    bulk.send(tx, records.parcel(actor, one, frame, tx.now))
    key = {"contacts": "email", "companies": "domain"}.get(one.name)
    if key:
        prop = one.properties[key]
        held = frame.select(
            property=pl.lit(prop.id, pl.Int64), value=key, record="_id", exclusive=pl.lit(prop.exclusive)
        )
        bulk.send(tx, identifiers.parcel(held.sort("value")))


def _values(name: str, made: Numbers) -> dict[str, pl.Expr]:
    n = pl.col("n")
    company = made.first["companies"] + _company(n, made)
    if name == "companies":
        return {
            "name": pl.concat_str(_word(n), pl.lit(" "), _word(n * 7 + 3)).str.to_titlecase(),
            "domain": pl.concat_str(_word(n), pl.lit("-"), n, pl.lit(".example")),
            "phone": pl.concat_str(pl.lit("+45"), 20_000_000 + n), "city": _of(["København", "Aarhus", "Odense"], n),
        }  # fmt: skip
    if name == "contacts":
        first, last = _of(_FIRST, n * 31 // 7), pl.concat_str(_of(_LAST, n * 17 // 5), _word(n // 11).str.slice(0, 4))
        return {
            "_primary": company, "firstname": first, "lastname": last,
            "email": _email(n),
            "phone": pl.concat_str(pl.lit("+45"), 30_000_000 + n), "jobtitle": _of(_JOBS, n // 3),
            "city": _of(["København", "Aarhus", "Odense", "Malmö"], n // 5),
            "lifecyclestage": _of(["lead", "customer"], n),
        }  # fmt: skip
    if name == "deals":
        return {
            "_primary": company, "dealname": pl.concat_str(_of(_TITLES, n), pl.lit(" "), _word(n * 3)),
            "pipeline": pl.lit("default"), "dealstage": _of(["appointmentscheduled", "closedwon"], n),
            "amount": (n % 90_000).cast(pl.String),
        }  # fmt: skip
    when = pl.lit(datetime(2024, 1, 1, tzinfo=UTC)) + pl.duration(minutes=n % 1_000_000)
    return {
        _TITLED[name]: pl.concat_str(_of(_TITLES, n), pl.lit(" "), _word(n)),
        "hs_timestamp": when.dt.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
    }


def _link(database: Database, actor: Actor, known: Catalogue, made: Numbers) -> None:
    """Nine million pairs: 1.5 of contacts and companies, 0.7 of deals, 6.8 of activities."""
    numbers = {name: one.number for name, one in known.object_types.items()}
    n = pl.col("n")
    other = (n * 13 + 7) % made.count["companies"]
    ways = [
        ("contacts", "companies", _company(n, made), 1.0), ("contacts", "companies", other, 0.5),
        ("deals", "companies", _company(n, made), 1.0), ("deals", "contacts", (n * 3) % made.count["contacts"], 1.0),
        *((name, "contacts", (n * 11) % made.count["contacts"], 1.0) for name in _ACTIVITIES),
        *((name, "companies", (n * 5) % made.count["companies"], 0.3) for name in _ACTIVITIES),
        *((name, "deals", (n * 7) % made.count["deals"], 0.06) for name in _ACTIVITIES),
    ]  # fmt: skip
    with database.transaction() as tx:
        tx.run("ALTER TABLE kartotek.associations DROP CONSTRAINT associations_pkey")
        second = str(tx.value("SELECT pg_get_indexdef('kartotek.associations_second'::regclass)"))
        tx.run("DROP INDEX kartotek.associations_second")
    total = 0
    for one, two, place, share in ways:
        count = int(made.count[one] * share)
        for begin in range(0, count, 500_000):
            frame = pl.select(n=pl.int_range(begin, min(count, begin + 500_000), dtype=pl.Int64))
            pairs = frame.select(
                first=n + made.first[one], second=place + made.first[two],
                first_type=pl.lit(numbers[one], pl.Int64), second_type=pl.lit(numbers[two], pl.Int64),
            )  # fmt: skip
            booked = associations.ordered(pairs).with_columns(actor=pl.lit(actor.person), source=pl.lit("JOB"))
            with database.transaction() as tx:
                tx.run("SET LOCAL synchronous_commit = off")
                bulk.copy_in(tx, sql.Identifier("kartotek", "associations"), booked)
            total += len(booked)
    with database.transaction() as tx:
        tx.run("SET LOCAL maintenance_work_mem = '512MB'")
        tx.run(
            "DELETE FROM kartotek.associations AS a USING kartotek.associations AS b "
            "WHERE a.first = b.first AND a.second = b.second AND a.ctid < b.ctid"
        )
        tx.run("ALTER TABLE kartotek.associations ADD PRIMARY KEY (first, second)")
        tx.run(sql.SQL(cast(LiteralString, second)))
        _end(tx, numbers, made)
    print(f"{total:>10,} associations", flush=True)


def _end(tx: Tx, numbers: dict[str, int], made: Numbers) -> None:
    """The associations that the company of many links had once."""
    tx.run(
        "INSERT INTO kartotek.association_history (first, second, first_type, second_type, what, began, ended, "
        "ended_source, first_name, second_name) "
        "SELECT %s + n, %s, %s, 2, 'association', now() - interval '1 year', now() - n * interval '1 minute', 'USER', "
        "'Somebody', 'Something' FROM generate_series(%s::bigint, %s::bigint) AS n",
        [
            made.first["contacts"], made.first["companies"], numbers["contacts"],
            made.count["contacts"] - many_links(made), made.count["contacts"] - 1,
        ],
    )  # fmt: skip


def many_links(made: Numbers) -> int:
    return min(MANY_LINKS, made.count["contacts"] // 4)


def _company(n: pl.Expr, made: Numbers) -> pl.Expr:
    """The first contacts all work at the first company."""
    return pl.when(n < many_links(made)).then(0).otherwise(1 + n * 7 % (made.count["companies"] - 1))


def company_of(n: int, made: Numbers) -> int:
    """The primary company of contact number `n`."""
    return made.first["companies"] + (0 if n < many_links(made) else 1 + n * 7 % (made.count["companies"] - 1))


def stranger_to(n: int, made: Numbers) -> int:
    """A company that contact number `n` has nothing to do with."""
    count = made.count["companies"]
    known = {company_of(n, made) - made.first["companies"], (n * 13 + 7) % count}
    return made.first["companies"] + next(one for one in range(1 + n % 999, count) if one not in known)


def email_of(n: int) -> str:
    return str(pl.select(n=pl.lit(n)).select(_email(pl.col("n"))).item())


def _settle(database: Database) -> None:
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _email(n: pl.Expr) -> pl.Expr:
    parts = (_of(_ASCII, n * 31 // 7), pl.lit("."), n, pl.lit("@"), _word(n % 20_011), pl.lit(".example"))
    return pl.concat_str(*parts)


def _of(words: list[str], n: pl.Expr) -> pl.Expr:
    numbers = list(range(len(words)))
    return (n % len(words)).replace_strict(numbers, words, return_dtype=pl.String)


def _word(n: pl.Expr) -> pl.Expr:
    """One of some 65,000 made-up words."""
    spread = (n * 40_503) % 65_536
    return pl.concat_str(_of(_SYLLABLES, spread // 16**at) for at in range(4))
