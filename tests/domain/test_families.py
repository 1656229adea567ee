"""Parent and child companies: one parent, no circles, whoever adds them (records-and-associations.md 2.7)."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import associations, catalogue, doctor, families, labels, records
from kartotek.model.filters import Filter, Query
from kartotek.model.records import Batch, Links, Source
from tests.cast import gather
from tests.helpers.associating import CHILD, PARENT, labels_of, linked, written


@pytest.fixture
def firms(tx, cast):
    """Four companies that have nothing to do with each other."""
    return companies(tx, cast, "Harbour", "Pier", "Quay", "Mole")


def companies(tx, cast, *names):
    return [records.create(tx, cast.ida, cast.nordlys.object_type, {"name": name}) for name in names]


def test_a_parent_sees_its_child_and_the_child_its_parent(tx, cast, firms):
    harbour, pier, *_ = firms

    linked(tx, cast, harbour, pier, [CHILD])

    assert labels_of(tx, cast, harbour, pier) == ["Child Company"]
    assert labels_of(tx, cast, pier, harbour) == ["Parent Company"]


def test_the_properties_of_both_follow(tx, cast, firms):
    harbour, pier, quay, mole = firms
    linked(tx, cast, harbour, pier, [CHILD])
    linked(tx, cast, quay, harbour, [PARENT])
    linked(tx, cast, quay, mole, [CHILD])

    labels.edit(tx, cast.ida, quay.object_type, quay.id, mole.object_type, mole.id, [])

    found = records.many(tx, cast.ida, harbour.object_type, [one.id for one in firms])
    assert [one.values["hs_num_child_companies"] for one in found] == ["2", None, None, None]
    assert [one.values["hs_parent_company_id"] for one in found] == [None, *[str(harbour.id)] * 2, None]


def test_companies_are_found_and_sorted_by_their_parent(tx, cast, firms):
    harbour, pier, *_ = firms
    linked(tx, cast, harbour, pier, [CHILD])
    query = Query(filters=((Filter("hs_parent_company_id", "EQ", (str(harbour.id),)),),), sort="hs_num_child_companies")

    found = records.find(tx, cast.ida, harbour.object_type, query, ["hs_parent_company_id"])

    assert [one.id for one in found.records] == [pier.id]


@pytest.mark.parametrize("said", [CHILD, PARENT])
def test_a_company_has_one_parent_at_most(tx, cast, firms, said):
    harbour, pier, quay, _ = firms
    linked(tx, cast, harbour, pier, [CHILD])
    ends = (quay, pier) if said == CHILD else (pier, quay)

    with pytest.raises(errors.Invalid, match="Pier → Harbour: a company has one parent at most"):
        linked(tx, cast, *ends, [said])

    assert len(written(tx)) == 1
    assert associations.of(tx, cast.ida, quay, quay.object_type) == []


def test_a_circle_of_parents_is_refused_by_its_names(tx, cast, firms):
    harbour, pier, quay, _ = firms
    linked(tx, cast, harbour, pier, [CHILD])
    linked(tx, cast, pier, quay, [CHILD])

    with pytest.raises(errors.Invalid, match="Harbour → Quay → Pier → Harbour"):
        linked(tx, cast, quay, harbour, [CHILD])

    assert associations.of(tx, cast.ida, quay, quay.object_type, limit=9)[0].record.id == pier.id
    assert families.broken(tx) == (0, 0)


def test_two_companies_are_not_each_others_parents(tx, cast, firms):
    harbour, pier, *_ = firms

    with pytest.raises(errors.Invalid, match="→"):
        linked(tx, cast, harbour, pier, [CHILD, PARENT])

    assert written(tx) == []


def test_a_parent_makes_room_for_the_next_one_in_one_step(tx, cast, firms):
    harbour, pier, *_ = firms
    linked(tx, cast, harbour, pier, [CHILD])

    labels.edit(tx, cast.ida, pier.object_type, pier.id, harbour.object_type, harbour.id, [CHILD])

    assert labels_of(tx, cast, pier, harbour) == ["Child Company"]


def test_an_import_writes_the_rest_and_tells_the_circles_and_second_parents(tx, cast, firms):
    ids = [one.id for one in firms]
    # Pier under Harbour, Quay under Pier, Harbour under Quay, Mole under Pier, Mole under Harbour.
    edges = [(1, 0), (2, 1), (0, 2), (3, 1), (3, 0)]
    frame = pl.DataFrame(
        [(ids[child], None, ids[parent], None, row) for row, (child, parent) in enumerate(edges)],
        schema=dict.fromkeys(("first_id", "first_key", "second_id", "second_key", "_row"), pl.Int64),
        orient="row",
    )
    link = Links(firms[0].object_type, firms[0].object_type, frame, frame.with_columns(type=pl.lit(PARENT, pl.Int64)))

    done = records.write(tx, cast.ida.acting_for(Source.IMPORT, 1), Batch(links=(link,)))

    told = done.lost.select("row", "type", "value").rows()
    assert told == [
        (2, "FAILED_TO_CREATE_ASSOCIATION", "Harbour → Quay → Pier → Harbour"),
        (4, "FAILED_TO_CREATE_ASSOCIATION", "Mole → Pier"),
    ]
    assert len(written(tx)) == 3 and families.broken(tx) == (0, 0)


def test_a_batch_decided_ahead_is_looked_at_again_when_its_turn_comes(tx, cast, firms):
    harbour, pier, *_ = firms
    frame = pl.DataFrame(
        [(pier.id, None, harbour.id, None)],
        schema=dict.fromkeys(("first_id", "first_key", "second_id", "second_key"), pl.Int64),
        orient="row",
    )
    both = harbour.object_type, harbour.object_type
    told = frame.with_columns(type=pl.lit(PARENT, pl.Int64))
    decision = records.Foresight().decide(tx, cast.ida, Batch(links=(Links(*both, frame, told),)))
    before = records.is_as_foreseen(tx, decision, None, records.Living())

    linked(tx, cast, firms[2], pier, [CHILD])

    assert before and not records.is_as_foreseen(tx, decision, None, records.Living())


def test_long_chains_are_looked_through(tx, cast):
    chain = companies(tx, cast, *(f"C{i}" for i in range(40)))
    for child, parent in pairwise(chain):
        linked(tx, cast, child, parent, [PARENT])

    with pytest.raises(errors.Invalid, match="C39 → C0 → C1 → "):
        linked(tx, cast, chain[39], chain[0], [PARENT])


def test_two_people_who_close_a_circle_at_once_are_not_both_heard(own_database):
    with own_database.transaction() as tx:
        cast = gather(tx)
        known = catalogue.load(tx).object_type("companies")
        harbour, pier = (records.create(tx, cast.ida, known, {"name": name}) for name in ("Harbour", "Pier"))

    def say(one, other):
        try:
            own_database.retried(lambda tx: linked(tx, cast, one, other, [PARENT]))
        except errors.Invalid as refusal:
            return refusal.sentence
        return "done"

    for _ in range(6):
        with ThreadPoolExecutor(2) as together:
            said = sorted(together.map(say, (harbour, pier), (pier, harbour)))
        with own_database.transaction() as tx:
            assert families.broken(tx) == (0, 0)
            assert [one.sentence for one in doctor.of_records(tx) if not one.well] == []
            associations.unlink(tx, cast.ida, known, harbour.id, known, pier.id)
        assert said[1] == "done" and "one parent at most" in said[0]
