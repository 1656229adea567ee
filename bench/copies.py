"""The yardstick: a bare COPY of the file into one table with a primary key and an index on lower(email)."""

import csv
import time
from pathlib import Path

import psycopg
from psycopg import sql

from bench import samples


def seconds(conninfo: str, path: Path) -> float:
    """How long the COPY takes, table and index made anew, commit included."""
    with path.open(newline="", encoding="utf-8") as file:
        columns = [f"c{i}" for i in range(len(next(csv.reader(file))))]
    email = sql.Identifier(columns[samples.HEADER.index("Email")])
    with psycopg.connect(conninfo) as connection:
        connection.execute("DROP TABLE IF EXISTS public.bare")
        connection.execute(
            sql.SQL("CREATE TABLE public.bare (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, {})").format(
                sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(name)) for name in columns)
            )
        )
        connection.execute(sql.SQL("CREATE INDEX ON public.bare (lower({}))").format(email))
        connection.commit()
        statement = sql.SQL("COPY public.bare ({}) FROM STDIN (FORMAT csv, HEADER)").format(
            sql.SQL(", ").join(map(sql.Identifier, columns))
        )
        began = time.perf_counter()
        with connection.cursor() as cursor, cursor.copy(statement) as copy, path.open("rb") as file:
            while block := file.read(1 << 20):
                copy.write(block)
        connection.commit()
        taken = time.perf_counter() - began
        connection.execute("DROP TABLE public.bare")
    return taken
