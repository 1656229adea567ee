"""How many a record may have: limits on associations and on labels, on every way in."""

from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest

from kartotek import errors
from kartotek.domain import association_types, associations, doctor, labels, records
from kartotek.model.records import Batch, Links, Source
from tests.cast import gather
from tests.helpers.associating import BILLING, advisor, linked, manager, written

TO_COMPANY, TO_CONTACT, COLLEAGUE = 279, 280, 449


def pairs_of(tx, record):
    return tx.value("SELECT count(*) FROM kartotek.associations WHERE first = %s OR second = %s", [record.id] * 2)


def test_a_contact_has_no_more_companies_than_it_may(tx, cast):
    association_types.limit(tx, cast.ida, TO_COMPANY, 2)
    third = records.create(tx, cast.ida, cast.nordlys.object_type, {"name": "Fjordvind"})

    with pytest.raises(errors.Invalid, match="A contact may have 2 companies at most"):
        linked(tx, cast, cast.ada, third)
    with pytest.raises(errors.Invalid, match="A contact may have 2 companies at most"):
        linked(tx, cast, third, cast.ada)

    assert linked(tx, cast, cast.bo, third) == 1


def test_all_of_several_are_refused_when_one_of_them_is_too_many(tx, cast):
    association_types.limit(tx, cast.ida, TO_CONTACT, 3)

    with pytest.raises(errors.Invalid, match="A company may have 3 contacts at most"):
        associations.link(
            tx, cast.ida, cast.havnen.object_type, cast.havnen.id, cast.ada.object_type,
            [cast.cleo.id, records.create(tx, cast.ida, cast.ada.object_type, {"firstname": "Dan"}).id],
        )  # fmt: skip

    assert pairs_of(tx, cast.havnen) == 2


def test_within_one_object_both_ends_are_counted(tx, cast):
    association_types.limit(tx, cast.ida, COLLEAGUE, 1)
    linked(tx, cast, cast.ada, cast.bo)

    with pytest.raises(errors.Invalid, match="1 contact at most"):
        linked(tx, cast, cast.cleo, cast.ada)
    with pytest.raises(errors.Invalid, match="1 contact at most"):
        linked(tx, cast, cast.bo, cast.cleo)


def test_a_label_is_on_no_more_than_it_may(tx, cast):
    made = advisor(tx, cast)
    association_types.limit(tx, cast.ida, made, 1)
    linked(tx, cast, cast.ada, cast.nordlys, [made])

    with pytest.raises(errors.Invalid, match="A contact may have 1 company as “Advises” at most"):
        linked(tx, cast, cast.ada, cast.havnen, [made])

    linked(tx, cast, cast.bo, cast.nordlys, [made])
    assert len(written(tx)) == 2


def test_a_paired_label_of_one_object_is_counted_where_it_is_seen(tx, cast):
    boss = manager(tx, cast)
    association_types.limit(tx, cast.ida, boss, 1)
    linked(tx, cast, cast.ada, cast.bo, [boss])

    linked(tx, cast, cast.cleo, cast.bo, [boss])
    with pytest.raises(errors.Invalid, match="as “Manager” at most"):
        linked(tx, cast, cast.ada, cast.cleo, [boss])


@pytest.mark.parametrize("wrong", [0, 10_001])
def test_a_limit_is_from_one_to_ten_thousand(tx, cast, wrong):
    with pytest.raises(errors.Invalid, match="a whole number from 1 to 10,000"):
        association_types.limit(tx, cast.ida, TO_COMPANY, wrong)


def test_a_limit_of_a_label_is_not_above_that_of_its_object(tx, cast):
    association_types.limit(tx, cast.ida, TO_COMPANY, 5)
    association_types.limit(tx, cast.ida, BILLING, 3)

    with pytest.raises(errors.Invalid, match="from 1 to 5"):
        association_types.limit(tx, cast.ida, BILLING, 6)
    with pytest.raises(errors.Invalid, match="from 3 to 10,000"):
        association_types.limit(tx, cast.ida, TO_COMPANY, 2)


def test_a_limit_that_is_passed_already_is_not_set(tx, cast):
    with pytest.raises(errors.Conflict, match=r"^Companies of one contact: there are 2 already"):
        association_types.limit(tx, cast.ida, TO_COMPANY, 1)

    linked(tx, cast, cast.ada, cast.nordlys, [BILLING])
    linked(tx, cast, cast.ada, cast.havnen, [BILLING])
    with pytest.raises(errors.Conflict, match=r"^“Billing” of one contact: there are 2 already"):
        association_types.limit(tx, cast.ida, BILLING, 1)


def test_a_limit_is_taken_away_again(tx, cast):
    association_types.limit(tx, cast.ida, TO_CONTACT, 2)

    association_types.limit(tx, cast.ida, TO_CONTACT, None)

    assert linked(tx, cast, cast.havnen, cast.cleo) == 1


def test_an_import_makes_as_many_as_may_be_and_tells_the_others(tx, cast):
    association_types.limit(tx, cast.ida, TO_CONTACT, 3)
    new = [records.create(tx, cast.ida, cast.ada.object_type, {"firstname": f"D{i}"}).id for i in range(4)]
    ends = {"first_id": new, "first_key": None, "second_id": cast.havnen.id, "second_key": None, "_row": range(10, 14)}
    frame = pl.DataFrame(ends).cast(dict.fromkeys(ends, pl.Int64))
    link = Links(cast.ada.object_type, cast.havnen.object_type, frame)

    done = records.write(tx, cast.ida.acting_for(Source.IMPORT, 1), Batch(links=(link,)))

    assert done.links["outcome"].to_list() == ["created", "failed", "failed", "failed"]
    assert done.lost.rows() == [(row, "companies", "ASSOCIATION_LIMIT_EXCEEDED", None) for row in (11, 12, 13)]
    left = records.many(tx, cast.ida, cast.ada.object_type, new, [])
    assert [one.primary for one in left] == [cast.havnen.id, None, None, None]


def test_what_batches_ahead_will_make_is_counted(tx, cast):
    association_types.limit(tx, cast.ida, TO_CONTACT, 3)
    foresight = records.Foresight()
    new = [records.create(tx, cast.ida, cast.ada.object_type, {"firstname": f"D{i}"}).id for i in range(2)]

    ahead = foresight.decide(tx, cast.ida, one_more(cast, new[0]))
    foresight.remember(ahead)
    behind = foresight.decide(tx, cast.ida, one_more(cast, new[1]))

    assert [len(decision.links.added) for decision in (ahead, behind)] == [1, 0]


def test_a_batch_decided_ahead_is_counted_again_when_its_turn_comes(tx, cast):
    association_types.limit(tx, cast.ida, TO_CONTACT, 3)
    decision = records.Foresight().decide(tx, cast.ida, one_more(cast, cast.cleo.id))
    before = records.is_as_foreseen(tx, decision, None, records.Living())
    dan = records.create(tx, cast.ida, cast.ada.object_type, {"firstname": "Dan"})

    linked(tx, cast, dan, cast.havnen)

    assert before and not records.is_as_foreseen(tx, decision, None, records.Living())


def one_more(cast, id):
    ends = {"first_id": [id], "first_key": None, "second_id": cast.havnen.id, "second_key": None}
    return Batch(links=(Links(cast.ada.object_type, cast.havnen.object_type, pl.DataFrame(ends).cast(
        dict.fromkeys(ends, pl.Int64))),))  # fmt: skip


def test_two_people_do_not_pass_a_limit_together(own_database):
    with own_database.transaction() as tx:
        cast = gather(tx)
        association_types.limit(tx, cast.ida, TO_CONTACT, 4)
        new = [records.create(tx, cast.ida, cast.ada.object_type, {"firstname": f"D{i}"}) for i in range(8)]

    def add(one):
        try:
            return own_database.retried(lambda tx: linked(tx, cast, one, cast.havnen))
        except errors.Invalid:
            return 0

    with ThreadPoolExecutor(4) as together:
        made = sum(together.map(add, new))

    with own_database.transaction() as tx:
        assert (made, pairs_of(tx, cast.havnen)) == (2, 4)
        assert [one.sentence for one in doctor.of_records(tx) if not one.well] == []


def test_labels_edited_by_hand_keep_to_the_limit_too(tx, cast):
    association_types.limit(tx, cast.ida, BILLING, 1)
    linked(tx, cast, cast.ada, cast.nordlys, [BILLING])
    ends = (cast.ada.object_type, cast.ada.id, cast.havnen.object_type, cast.havnen.id)

    with pytest.raises(errors.Invalid, match="1 company as “Billing” at most"):
        labels.edit(tx, cast.ida, *ends, [BILLING])
