"""History told again is the present, and a record as it was is what it was then: for any sequence of changes (D7)."""

from dataclasses import dataclass, field
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kartotek import errors
from kartotek.domain import Database, associations, catalogue, doctor, labels, merging, primaries, records, restoring
from kartotek.domain.history import links, past
from kartotek.model.catalogue import Catalogue
from kartotek.model.people import SYSTEM
from kartotek.model.records import Source
from tests.helpers import pictures
from tests.helpers.importing import import_file, sheet_of
from tests.helpers.undoing import undo

TYPES = ("contacts", "companies", "deals")
TEXTS = {
    "contacts": ({"firstname": "Ada"}, {"firstname": "Bo"}, {"firstname": "Cleo"}),
    "companies": ({"name": "Nordlys", "domain": "nordlys.example"}, {"name": "Havnen", "domain": "havnen.example"},
                  {"name": "Fyret", "domain": "fyret.example"}),
    "deals": ({"dealname": "Mole", "pipeline": "default", "dealstage": "appointmentscheduled"},
              {"dealname": "Pier", "pipeline": "default", "dealstage": "appointmentscheduled"}),
}  # fmt: skip
PAIRS = (("contacts", "companies"), ("deals", "companies"), ("contacts", "contacts"), ("contacts", "deals"))
LABELS = {("contacts", "companies"): 931}
MANY = 1_000
BY_HAND = SYSTEM.acting_for(Source.USER, None)

DEEDS = ("link", "unlink", "label", "primary", "no primary", "write", "archive", "restore", "merge", "import", "undo")
number = st.integers(0, 5)
deeds = st.lists(st.tuples(st.sampled_from(DEEDS), st.sampled_from(PAIRS), number, number), min_size=4, max_size=18)


@dataclass
class World:
    """A few records, what was done to them, and what they were after each deed."""

    database: Database
    home: object
    known: Catalogue
    ids: dict[str, list[int]] = field(default_factory=dict)
    imports: list[int] = field(default_factory=list)
    pictures: list[tuple[datetime, dict]] = field(default_factory=list)

    def pick(self, objects: str, n: int) -> int:
        return self.ids[objects][n % len(self.ids[objects])]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=deeds)
def test_replayed_history_is_the_present_and_the_past_is_what_was_seen(harbour, home, deeds):
    world = begun(harbour, home)

    for deed in deeds:
        done(world, *deed)
        look(world)

    with harbour.transaction() as tx:
        now = world.pictures[-1][1]
        assert replayed(tx, world) == {key: picture["links"] for key, picture in now.items() if picture}
        for moment, then in world.pictures:
            assert as_it_was(tx, world, moment) == then
        assert [finding.sentence for finding in doctor.of_records(tx) if not finding.well] == []


def begun(database, home) -> World:
    pictures.emptied(database)
    with database.transaction() as tx:
        world = World(database, home, catalogue.load(tx))
        for objects in TYPES:
            one = world.known.object_type(objects)
            made = [records.create(tx, BY_HAND, one, texts).id for texts in TEXTS[objects]]
            world.ids[objects] = made
    look(world)
    return world


def done(world: World, deed: str, pair: tuple[str, str], a: int, b: int) -> None:
    try:
        if deed == "import":
            rows = [{"First Name": "Dan", "Email": f"dan{a}@sea.example", "Company Domain Name": f"{name}.example"}
                    for name in ("nordlys", "pier")[: 1 + b % 2]]  # fmt: skip
            world.imports.append(import_file(world.database, world.home, sheet_of(*rows), "contacts", "companies").id)
        elif deed == "undo" and world.imports:
            undo(world.database, world.imports.pop(a % len(world.imports)))
        elif deed != "undo":
            with world.database.transaction() as tx:
                VERBS[deed](tx, world, pair, world.pick(pair[0], a), world.pick(pair[1], b), a)
    except (errors.Invalid, errors.Conflict, errors.NotFound):
        pass  # what is not allowed changes nothing


def link(tx, world, pair, one, other, a):
    first, second = map(world.known.object_type, pair)
    associations.link(tx, BY_HAND, first, one, second, [other])


def unlink(tx, world, pair, one, other, a):
    first, second = map(world.known.object_type, pair)
    record = records.get(tx, BY_HAND, first, one)
    rest = [each.record.id for each in associations.of(tx, BY_HAND, record, second) if each.record.id != other]
    associations.unlink(tx, BY_HAND, first, one, second, other, rest[0] if rest and pair[1] == "companies" else None)


def label(tx, world, pair, one, other, a):
    if pair not in LABELS:
        return
    first, second = map(world.known.object_type, pair)
    labels.edit(tx, BY_HAND, first, one, second, other, [LABELS[pair]] if a % 3 else [])


def primary(tx, world, pair, one, other, a):
    primaries.choose(tx, BY_HAND, world.known.object_type(pair[0]), one, other)


def no_primary(tx, world, pair, one, other, a):
    primaries.remove(tx, BY_HAND, world.known.object_type("deals"), world.pick("deals", a))


def write(tx, world, pair, one, other, a):
    name = {"contacts": "jobtitle", "companies": "city", "deals": "description"}[pair[0]]
    records.update(tx, BY_HAND, world.known.object_type(pair[0]), one, {name: f"Said {a}" if a else ""})


def archive(tx, world, pair, one, other, a):
    records.archive(tx, BY_HAND, world.known.object_type(pair[1]), [other])


def restore(tx, world, pair, one, other, a):
    restoring.restore(tx, BY_HAND, world.known.object_type(pair[1]), [other])


def merge(tx, world, pair, one, other, a):
    other = world.pick(pair[0], a + 1)
    merging.merge(tx, BY_HAND, world.known.object_type(pair[0]), one, other)


VERBS = {
    "link": link, "unlink": unlink, "label": label, "primary": primary, "no primary": no_primary, "write": write,
    "archive": archive, "restore": restore, "merge": merge,
}  # fmt: skip


def look(world: World) -> None:
    """What everything is just now, read from where it stands rather than from history; None for what is archived."""
    with world.database.transaction() as tx:
        seen = {}
        for objects in TYPES:
            one = world.known.object_type(objects)
            for id in (row["_id"] for row in tx.rows(f"SELECT _id FROM crm.{objects} ORDER BY _id")):
                record = records.get(tx, SYSTEM, one, id)
                seen[objects, id] = None if record.archived else {
                    "primary": record.primary, "links": present(tx, id), "values": shown(record.values),
                }  # fmt: skip
        world.pictures.append((tx.value("SELECT clock_timestamp()"), seen))


def shown(values):
    kept = (
        "firstname",
        "jobtitle",
        "name",
        "city",
        "dealname",
        "description",
        "email",
        "domain",
        "hs_additional_domains",
    )
    return {name: values[name] for name in kept if name in values}


def present(tx, id):
    found = tx.rows(
        "SELECT CASE WHEN a.first = %(id)s THEN a.second ELSE a.first END AS other, "
        "       (SELECT count(*) FROM kartotek.association_labels AS l "
        "         WHERE (l.first, l.second) = (a.first, a.second)) "
        "       AS labels FROM kartotek.associations AS a WHERE a.first = %(id)s OR a.second = %(id)s",
        {"id": id},
    )
    return {row["other"]: row["labels"] for row in found}


def replayed(tx, world):
    """Every update of every record, from the first to the last, one after the other."""
    told = {}
    for (objects, id), picture in world.pictures[-1][1].items():
        if picture is None:
            continue
        record = records.get(tx, SYSTEM, world.known.object_type(objects), id)
        stands = {}
        for other in TYPES:
            for update in reversed(links.of(tx, SYSTEM, record, world.known.object_type(other), limit=MANY)):
                if update.record != id:
                    continue  # of a record that was merged into this one
                if update.what == "created":
                    stands[update.other] = 0
                else:
                    stands.pop(update.other)
        for other in stands:
            kind = next(name for name, found in world.pictures[-1][1] if found == other)
            for update in reversed(links.between(tx, SYSTEM, record, world.known.object_type(kind), other)):
                change = {"label added": 1, "label removed": -1}.get(update.what, 0)
                stands[other] += change if update.record == id else 0
        told[objects, id] = stands
    return told


def as_it_was(tx, world, moment):
    then = {}
    for objects, id in next(seen for at, seen in world.pictures if at == moment):
        record = past.as_of(tx, SYSTEM, world.known.object_type(objects), id, moment, shown=MANY)
        then[objects, id] = None if record.archived else {
            "primary": record.record.primary,
            "links": {one.other: len(one.labels) for one in record.links},
            "values": shown(record.record.values),
        }  # fmt: skip
    return then
