"""Search as somebody types: over all objects, the best of each, of what who asks may see (docs/decisions/search.md)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kartotek.domain import Database, Tx, access, catalogue, imports, records
from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor, Narrowing
from kartotek.model.records import Record
from kartotek.store import words as store
from kartotek.store.search import finding

# Candidates that are looked at, of each object; more for who sees some records only, since others' come between them,
# and where several words that many records have are had by few together.
_QUICK, _SEVERAL = finding.Bounds(words=1_000, candidates=60), finding.Bounds(words=4_000, candidates=250)
_NARROWED, _TOGETHER = (
    finding.Bounds(words=20_000, candidates=2_000),
    finding.Bounds(words=200_000, candidates=250, alone=False),
)

_LOOKED_AT = 16

_BATCHES = 4  # whose words one job reads
# Seconds that words may wait while an import writes: those of its last batches are then read when it has ended, and
# slow nobody down.
_PATIENCE = 1.5


@dataclass(frozen=True, slots=True)
class Group:
    """The best hits of one object; `more`: whether there are others."""

    object_type: ObjectType
    records: list[Record]
    more: bool


def find(tx: Tx, actor: Actor, text: str, *, each: int) -> list[Group]:
    """Objects with the best hits first."""
    types = [one for one in catalogue.load(tx).object_types.values() if access.may(actor, "view", one.name)]
    ready = store.ready(tx, types)
    follow(tx)
    ranked: list[tuple[int, Group]] = []
    for wanted in finding.readings(text):
        ranked = _found(tx, actor, ready, wanted, each)
        if ranked:
            break
    ranked += [
        (finding.SAID, group) for one in types if one not in ready if (group := _read(tx, actor, one, text, each))
    ]
    return [group for _, group in sorted(ranked, key=lambda one: one[0])]


def shown_of(object_type: ObjectType) -> list[str]:
    """What a hit says: its name, and the facts beside it."""
    names = dict.fromkeys([*object_type.naming, *object_type.secondary])
    return [name for name in names if name in object_type.properties]


def follow(tx: Tx) -> None:
    """Has a worker read the words of what was just written, where that was too much to do it at once."""
    store.catch_up_later(tx, after=_patience(tx))


def catch_up(database: Database) -> None:
    """The words that are due by now; a worker's job. Others that wait in the same line come between two batches."""
    for _ in range(_BATCHES):
        if not database.retried(_catch_up):
            return
    with database.transaction() as tx:
        follow(tx)


def _catch_up(tx: Tx) -> bool:
    """With the types that there are by the time that nobody else reads: what is due may be of one that is new."""
    store.hold_reading(tx)
    return store.catch_up(tx, catalogue.load(tx).object_types.values(), after=_patience(tx))


def _patience(tx: Tx) -> float:
    return _PATIENCE if imports.running(tx) else 0


def work(database: Database) -> None:
    """Fills the directory with what stood before it, and puts its parts together; a worker's job."""
    with database.transaction() as tx:
        types = list(catalogue.load(tx).object_types.values())
    for one in types:
        with database.transaction() as tx:
            known = store.known(tx, [one])
        if not known:
            _fill(database, one)
    while True:
        with database.transaction() as tx:
            store.hold_parts(tx)
            groups = store.to_merge(tx)
            if groups:
                store.merge(tx, groups[0])
        if not groups:
            return


def _fill(database: Database, one: ObjectType) -> None:
    last = 0
    while True:
        with database.transaction() as tx:
            ids = store.some_after(tx, one, last)
            store.fill(tx, one, ids)
            if not ids:
                store.note_known(tx, one)
                return
        last = ids[-1]


def _found(
    tx: Tx, actor: Actor, types: list[ObjectType], wanted: tuple[str, ...], each: int
) -> list[tuple[int, Group]]:  # fmt: skip
    narrowed = {one.number: (one, access.narrow(actor, "view", one.name)) for one in types}
    all_seen = [one for one in types if narrowed[one.number][1].reach == "all"]
    some_seen = [one for one in types if one not in all_seen]
    quick = _SEVERAL if len(wanted) > 1 else _QUICK
    found = finding.candidates(tx, all_seen, wanted, quick) | finding.candidates(tx, some_seen, wanted, _NARROWED)
    if any(one.parts >= store.SCATTERED for one in found.values()):
        store.tidy_later(tx)
    hits = _hits(tx, wanted, found, narrowed, each + 1)
    if not hits and len(wanted) > 1:
        further = finding.candidates(tx, [one for one in all_seen if not _complete(found, one)], wanted, _TOGETHER)
        found |= further
        hits = _hits(tx, wanted, further, narrowed, each + 1)
    ranked: list[tuple[int, Group]] = []
    for one in types:
        own = [hit for hit in hits if hit.object_type == one.number]
        if own:
            shown = records.many(tx, actor, one, [hit.id for hit in own[:each]], shown_of(one))
            ranked.append((own[0].rank, Group(one, shown, len(own) > each)))
        elif (
            one in some_seen and not _complete(found, one) and (group := _read(tx, actor, one, " ".join(wanted), each))
        ):
            ranked.append((finding.SAID, group))
    return ranked


def _hits(
    tx: Tx, wanted: tuple[str, ...], found: Mapping[int, finding.Candidates],
    narrowed: Mapping[int, tuple[ObjectType, Narrowing]], each: int,
) -> list[finding.Hit]:  # fmt: skip
    """Those likelier to be meant are looked at first: to read what a record says takes longer than to find it."""
    first = {number: replace(one, ids=one.ids[:_LOOKED_AT]) for number, one in found.items()}
    hits = finding.hits(tx, wanted, first, narrowed, each)
    enough = Counter(hit.object_type for hit in hits)
    rest = {
        number: replace(one, ids=one.ids[_LOOKED_AT:])
        for number, one in found.items()
        if enough[number] < each and len(one.ids) > _LOOKED_AT
    }
    further = finding.hits(tx, wanted, rest, narrowed, each)
    return sorted([*hits, *further], key=lambda hit: hit.rank)


def _complete(found: Mapping[int, finding.Candidates], one: ObjectType) -> bool:
    return one.number not in found or found[one.number].complete


def _read(tx: Tx, actor: Actor, one: ObjectType, text: str, each: int) -> Group | None:
    """By the records themselves: where the directory does not know them yet, or gives too many that others own."""
    page = records.find(tx, actor, one, Query(search=text, limit=each + 1), shown_of(one))
    return Group(one, page.records[:each], len(page.records) > each) if page.records else None
