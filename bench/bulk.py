"""Times a bulk edit of all contacts there are, as the worker does it, against a bare UPDATE of the same column.

The UPDATE is rolled back, and the table tidied after it, so that both find it the same.
"""

import itertools
import statistics
import time

import polars as pl
import psycopg
from psycopg.conninfo import make_conninfo

from kartotek.domain import Database, bulk_runs, catalogue, people, records
from kartotek.model.bulk_runs import Chosen, Edit, How
from kartotek.model.filters import Query
from kartotek.model.records import Batch, Changes
from kartotek.store import jobs, migrate

_BARE = "UPDATE crm.contacts SET city = 'Odense', _updated = now()"
_BATCH = 50_000


def run(conninfo: str, rows: int) -> None:
    """Prints what `bin/bench --bulk` prints of so many contacts."""
    name = f"bench_bulk_{rows}"
    with psycopg.connect(conninfo, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    target = make_conninfo(conninfo, dbname=name)
    database = Database(target).open()
    _fill(database, rows)
    bare = [_bare(target) for _ in range(3)]
    seconds, parts = _edit(database)
    database.close()
    copied = statistics.median(bare)
    print(
        f"{rows:>10,} {'bulk edit':<10} {seconds:>8.1f} {rows / seconds:>9,.0f} {'':>8} {copied:>7.2f} "
        f"{seconds / copied:>6.2f}   (the bare UPDATE instead of COPY; the longest part {max(parts):.2f} s)",
        flush=True,
    )


def _fill(database: Database, rows: int) -> None:
    with database.transaction() as tx:
        migrate.migrate(tx)
        catalogue.set_up(tx)
        jobs.install(tx)
        secret = people.first_link(tx) or ""
        people.claim(tx, secret, email="ida@x.example", first_name="Ida", last_name="Lund", password="blue herrings")
        actor = people.acting(tx, None)
        contacts = catalogue.load(tx).object_type("contacts")
        for start in range(0, rows, _BATCH):
            keys = pl.int_range(start, min(start + _BATCH, rows), eager=True)
            frame = (
                keys.alias("_key")
                .to_frame()
                .with_columns(
                    pl.lit(None, pl.Int64).alias("_id"),
                    pl.format("Number {}", "_key").alias("firstname"),
                    pl.format("number{}@x.example", "_key").alias("email"),
                    pl.lit("Ribe").alias("city"),
                )
            )
            records.write(tx, actor, Batch((Changes(contacts, frame),)))
    with psycopg.connect(database.conninfo, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


def _bare(target: str) -> float:
    with psycopg.connect(target, autocommit=True) as connection:
        with connection.transaction(force_rollback=True):
            began = time.perf_counter()
            connection.execute(_BARE)
            seconds = time.perf_counter() - began
        connection.execute("VACUUM crm.contacts")
    return seconds


def _edit(database: Database) -> tuple[float, list[float]]:
    """Seconds from the question to the last part's commit, and those of each part."""
    ends = [time.perf_counter()]
    with database.transaction() as tx:
        actor = people.acting(tx, None)
        contacts = catalogue.load(tx).object_type("contacts")
        asked = bulk_runs.ask(tx, actor, contacts, Edit("city", How.SET, "Odense"), Chosen(Query()))
    bulk_runs.work(database, asked.id, lambda: ends.append(time.perf_counter()))
    with database.transaction() as tx:
        done = bulk_runs.get(tx, actor, asked.id)
    assert done.changed == asked.rows, done
    return time.perf_counter() - ends[0], [after - before for before, after in itertools.pairwise(ends)]
