"""`bin/bench --records`: how long the pages of a large CRM take: one million contacts and what belongs to them.

The whole program answers, asked over HTTP inside this process: what is timed is the server's share, from request to
the last byte. Each line is a few hundred requests, none of them twice in a row for the same record.
"""

import json
import logging
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from urllib.parse import urlencode

from litestar import Litestar
from litestar.status_codes import HTTP_200_OK
from litestar.testing import TestClient
from psycopg.conninfo import make_conninfo

from bench import crm
from kartotek import app
from kartotek.domain import Database, associations, catalogue, people, primaries, sorting
from kartotek.model.people import Actor
from kartotek.settings import Settings
from kartotek.store import embedded, jobs, migrate
from kartotek.store.database import Tx

_EMAIL, _PASSWORD = "ida@kartotek.example", "seven blue herrings"
_COLUMNS = "columns=email,@primary,@companies,@deals,city,lifecyclestage,createdate"
_TYPED = [
    "anna", "søren jensen", "mette mø", "hansen", "demo", "renewal", "wal", "12345", "30123456", "+45 30 12",
    "anna.12345", "badoki", "badokilu", "vi", "o", "jens ni ba", "head of", "example", "peter olsen thobado",
    "kiri-77", "zoe", "follow up",
]  # fmt: skip
_PALETTE = {"hx-request": "true"}

Call = Callable[[], object]
Question = tuple[str, int, list[Call]]  # what is timed, how many milliseconds it may take


def run(scale: float, kept: Path | None) -> None:
    """`kept`: a folder for the database that stays, so that the next run need not build it."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    with _database(kept) as (settings, database):
        made, actor = _made(database, scale, kept)
        with TestClient(app.create(settings, database)) as client:
            _sign_in(client)
            luck = random.Random(4)
            print(f"\n{'what':<46}{'p50 ms':>8}{'p95 ms':>8}{'most':>8}{'cpu ms':>8}{'target':>8}")
            for question in chain(
                _searches(client),
                _pages(client, made, luck),
                _writes(database, made, actor, luck),
                _sorted(database, client, made, luck),
            ):
                _time(database, *question)


def _pages(client: TestClient[Litestar], made: crm.Numbers, luck: random.Random) -> Iterator[Question]:
    def ask(*paths: str) -> list[Call]:
        return [partial(_get, client, path) for path in paths]

    def some(name: str, count: int) -> list[int]:
        return [made.first[name] + luck.randrange(made.count[name]) for _ in range(count)]

    _get(client, f"/contacts?{_COLUMNS}")
    for name in ("contacts", "companies", "deals"):
        yield f"record page, {name}", 50, ask(*(f"/{name}/{id}" for id in some(name, 120)))
    company = f"/companies/{made.first['companies']}"
    yield "record page, company of 50,000 contacts", 50, ask(*[company] * 40)
    yield "association history of it, first page", 50, ask(*[f"{company}/associations/history"] * 40)
    pages = luck.sample(range(1, 101), 40)
    newest = f"/contacts?{_COLUMNS}"
    yield "index page, newest, first hundred pages", 100, ask(*(f"{newest}&page={page}" for page in pages))
    yield "index page, newest, last page", 100, ask(*[f"{newest}&page=-1"] * 20)
    yield "index page, whom nobody owns", 100, ask(*[f"{newest}&where=hubspot_owner_id.unknown"] * 10)
    mails = (crm.email_of(id - made.first["contacts"]) for id in some("contacts", 20))
    yield "index page, one address", 100, ask(*(f"{newest}&where=email.is({mail})" for mail in mails))


def _sorted(
    database: Database, client: TestClient[Litestar], made: crm.Numbers, luck: random.Random
) -> Iterator[Question]:  # fmt: skip
    def ask(*pages: int) -> list[Call]:
        return [partial(_get, client, f"/contacts?{_COLUMNS}&sort=lastname&page={page}") for page in pages]

    yield "index page, by a text, first page, no index", 100, ask(1, 1, 1)
    _index(database, "contacts", "lastname")
    yield "index page, by a text, first hundred pages", 100, ask(*luck.sample(range(1, 101), 40))
    yield "index page, by a text, last page", 100, ask(*[-1] * 20)
    yield (
        "index page, by a text, any page",
        500,
        ask(*(luck.randrange(1, made.count["contacts"] // 50) for _ in range(20))),
    )


def _searches(client: TestClient[Litestar]) -> Iterator[Question]:
    typed = [text[: at + 1] for text in _TYPED for at in range(len(text)) if text[at] != " "]
    asked = [urlencode({"q": text}) for text in typed]
    assert "Hansen" in client.get("/search?q=hansen", headers=_PALETTE).text, "the directory of words is empty"
    yield (
        "search everything, each letter typed",
        50,
        [partial(_get, client, f"/search?{one}", _PALETTE) for one in asked],
    )
    yield "search contacts, each letter typed", 50, [partial(_get, client, f"/contacts?{one}") for one in asked]


def _writes(
    database: Database, made: crm.Numbers, actor: Actor, luck: random.Random
) -> Iterator[Question]:  # fmt: skip
    """Each in a transaction of its own, commit included."""
    with database.transaction() as tx:
        types = catalogue.load(tx).object_types
    contacts, companies = types["contacts"], types["companies"]
    some = luck.sample(range(made.count["contacts"]), 200)
    pairs = [(made.first["contacts"] + n, crm.company_of(n, made), crm.stranger_to(n, made)) for n in some]

    def each(verb: Callable[[Tx, int, int, int], object]) -> list[Call]:
        return [partial(database.retried, partial(_with, verb, *pair)) for pair in pairs]

    yield "link", 8, each(lambda tx, id, home, new: associations.link(tx, actor, contacts, id, companies, [new]))
    yield "set primary", 8, each(lambda tx, id, home, new: primaries.choose(tx, actor, contacts, id, new))
    back = each(lambda tx, id, home, new: primaries.choose(tx, actor, contacts, id, home))
    yield "set the former one primary", 8, back
    yield "unlink", 8, each(lambda tx, id, home, new: associations.unlink(tx, actor, contacts, id, companies, new))


def _with(verb: Callable[[Tx, int, int, int], object], id: int, home: int, new: int, tx: Tx) -> object:
    return verb(tx, id, home, new)


@contextmanager
def _database(kept: Path | None) -> Iterator[tuple[Settings, Database]]:
    # The database's own user has to reach the folder, which a private temporary folder would not let it.
    with tempfile.TemporaryDirectory(prefix="kartotek-bench-") as folder:
        home = kept or Path(folder)
        home.mkdir(exist_ok=True)
        home.chmod(0o711)
        settings = Settings.from_environment({"KARTOTEK_HOME": str(home / "home")})
        with embedded.running(settings) as server:
            database = Database(make_conninfo(server.conninfo)).open()
            yield settings, database
            database.close()


def _made(database: Database, scale: float, kept: Path | None) -> tuple[crm.Numbers, Actor]:
    """What there is; built the first time."""
    note = (kept or Path(tempfile.gettempdir())) / "numbers.json"
    with database.transaction() as tx:
        migrate.migrate(tx)
        catalogue.set_up(tx)
        jobs.install(tx)
        secret = people.first_link(tx)
        if secret:
            given = {"email": _EMAIL, "first_name": "Ida", "last_name": "Lund", "password": _PASSWORD}
            people.claim(tx, secret, **given)
        person = next(one for one in people.everybody(tx) if one.email == _EMAIL)
    actor = people.actor_of(person)
    if kept and note.exists():
        return crm.Numbers(**json.loads(note.read_text())), actor
    began = time.perf_counter()
    made = crm.build(database, actor, scale)
    print(f"built in {time.perf_counter() - began:.0f} s", flush=True)
    if kept:
        note.write_text(json.dumps({"first": made.first, "count": made.count}))
    return made, actor


def _sign_in(client: TestClient[Litestar]) -> None:
    page = client.get("/sign-in").text
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token, "the sign-in page has no token"
    client.post("/sign-in", data={"csrf": token[1], "email": _EMAIL, "password": _PASSWORD})


def _get(client: TestClient[Litestar], path: str, headers: dict[str, str] | None = None) -> None:
    answer = client.get(path, headers=headers)
    assert answer.status_code == HTTP_200_OK, f"{path}: {answer.status_code} {answer.text[:300]}"


def _index(database: Database, objects: str, name: str) -> None:
    """What a worker does after somebody has sorted by it."""
    with database.transaction() as tx:
        prop = catalogue.load(tx).object_types[objects].properties[name]
    sorting.build(database, prop.id)


def _time(database: Database, what: str, target: int, calls: list[Call]) -> None:
    before = _worked(database)
    times = sorted(_timed(call) for call in calls)
    worked = (_worked(database) - before) * 1000 / len(calls)
    p95 = times[min(len(times) - 1, int(len(times) * 0.95))]
    told = "".join(f"{one:>8.1f}" for one in (statistics.median(times), p95, times[-1], worked))
    print(f"{what:<46}{told}{target:>8}{' missed' if p95 > target else ''}", flush=True)


def _timed(call: Call) -> float:
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def _worked(database: Database) -> float:
    """Seconds of processor time so far, of this process and its connections' servers, where the system tells: on a busy
    machine it says more than the clock does. What PostgreSQL's parallel workers do is not in it."""
    with database.transaction() as tx:
        pids = [row["pid"] for row in tx.rows("SELECT pid FROM pg_stat_activity WHERE application_name = 'kartotek'")]
    files = [Path(f"/proc/{pid}/schedstat") for pid in pids]
    return time.process_time() + sum(int(file.read_text().split()[0]) for file in files if file.exists()) / 1e9
