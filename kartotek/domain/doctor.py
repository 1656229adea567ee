"""What is wrong with this set-up: the machine around Kartotek, and the promises that its data must keep."""

import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from kartotek.domain import Tx, catalogue, families, identifiers, jobs
from kartotek.model.associations import AssociationType
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property
from kartotek.store import association_types as types
from kartotek.store import doctor as store
from kartotek.store import jobs as queue

# An import writes its rows about three times: the file, the table, and the database's journal.
LEAST_ROOM = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """`sentence` says what was looked at, and when it is not well, what to do."""

    well: bool
    sentence: str


def of_machine(home: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(home).free
    room = f"{free / 1024**3:.1f} GB free where {home} is"
    yield _finding(free >= LEAST_ROOM, room, "make room, a large import needs more")
    mode = stat.S_IMODE(home.stat().st_mode)
    yield _finding(not mode & 0o066, f"{home} is closed to others", f"it can be read by others: chmod go-rw {home}")


def of_database(tx: Tx) -> Iterator[Finding]:
    yield Finding(True, f"the database answers: PostgreSQL {store.server_version(tx)}")
    missing = store.missing_migrations(tx)
    yield _finding(
        not missing, "the schema is up to date", f"start `kartotek serve` again, it lacks {', '.join(missing)}"
    )
    workers, waiting = jobs.live_workers(tx), queue.waiting(tx)
    jobs_and_workers = f"workers: {workers}, jobs that wait: {waiting}"
    yield _finding(workers > 0 or not waiting, jobs_and_workers, "start `kartotek serve` or `kartotek work`")
    failed = queue.failed(tx)
    yield _finding(not failed, "no job has failed", f"{failed} have, see what `kartotek work` wrote")


def of_records(tx: Tx) -> Iterator[Finding]:
    objects = list(catalogue.load(tx).object_types.values())
    having = [one for one in objects if one.has_primary_company]
    # Deals and tickets may give theirs up (records-and-associations.md A-54).
    obliged = [one for one in having if one.name == "contacts"]
    primary = {one.name: store.without_primary(tx, one) for one in obliged}
    yield _counted("every contact that has companies has a primary one", primary)
    stray = {one.name: store.stray_primary(tx, one) for one in having}
    yield _counted("every primary company is one of its record's companies", stray)
    loose = {one.name: store.without_end(tx, one) for one in objects}
    yield _counted("both ends of every association are there", loose)
    yield _counted("every label stands on an association", {"labels": store.without_pair(tx)})
    yield _counted("days are said of associations that there are", {"days": store.days_without_pair(tx)})
    parents, circles = families.broken(tx)
    yield _counted("a company has one parent at most, and is never above itself",
                   {"with several parents": parents, "circles": circles})  # fmt: skip
    passed = {_spoken(one): most for one, most in _passed(tx)}
    yield _counted("no record has more associations than its limit", passed)
    missing = {one.name: _missing_identifiers(tx, one) for one in objects}
    yield _counted("every record is found by its addresses, domains and unique values", missing)
    wrong = {one.name: _stray_identifiers(tx, one) for one in objects}
    yield _counted("no record is found by a value that it does not have", wrong)
    odd = ", ".join(map(str, store.unbalanced(tx)))
    yield _finding(
        not odd,
        "the rows of every import add up",
        f"but not those of import {odd}; its batches are in kartotek.import_outcomes",
    )


def _passed(tx: Tx) -> Iterator[tuple[AssociationType, int]]:
    """The limits that are passed, and by how much at the most."""
    known = catalogue.load(tx)
    for one in known.association_types:
        if one.most is not None and (there := types.longest(tx, known, one)) > one.most:
            yield one, there


def _spoken(one: AssociationType) -> str:
    return f"{one.from_type} with {one.to_type}" + (f" as “{one.label}”" if one.label else "")


def _missing_identifiers(tx: Tx, object_type: ObjectType) -> int:
    return sum(
        store.missing_identifiers(tx, object_type, prop, identifiers.home(object_type, prop))
        for prop in identifiers.identifying(object_type)
    )


def _stray_identifiers(tx: Tx, object_type: ObjectType) -> int:
    by_home: dict[str, list[Property]] = {}
    for prop in identifiers.identifying(object_type):
        by_home.setdefault(identifiers.home(object_type, prop).name, []).append(prop)
    return sum(
        store.stray_identifiers(tx, object_type, object_type.properties[home], props) for home, props in by_home.items()
    )


def _finding(well: bool, sentence: str, remedy: str) -> Finding:
    return Finding(well, sentence if well else f"{sentence}: {remedy}")


def _counted(rule: str, breaches: Mapping[str, int]) -> Finding:
    """`breaches` counts, for each object type, the records that break the rule."""
    broken = ", ".join(f"{name} {number:,}" for name, number in breaches.items() if number)
    return Finding(not broken, f"{rule}, but not these: {broken}" if broken else rule)
