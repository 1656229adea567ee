"""A label never stands without its association, whoever ends that in the meantime."""

from concurrent.futures import ThreadPoolExecutor

import polars as pl

from kartotek.domain import associations, doctor, records
from kartotek.model.records import Batch, Links
from kartotek.values import frames
from tests.cast import gather
from tests.helpers.statements import wait_for_lock


def labelling(cast, *more: int) -> Batch:
    """A label for each of these pairs of a contact, Ada first, and the deal."""
    ends = {"first_id": [cast.ada.id, *more], "first_key": None, "second_id": cast.deal.id, "second_key": None}
    frame = frames.cast(pl.DataFrame(ends), dict.fromkeys(ends, pl.Int64))
    labels = frame.with_columns(type=pl.lit(100_001, pl.Int64))
    return Batch(links=(Links(cast.ada.object_type, cast.deal.object_type, frame.clear(), labels),))


def test_a_label_whose_association_ends_before_its_turn_is_decided_again(tx, cast):
    decision = records.Foresight().decide(tx, cast.ida, labelling(cast))
    before = records.is_as_foreseen(tx, decision, None, records.Living())

    associations.unlink(tx, cast.ida, cast.ada.object_type, cast.ada.id, cast.deal.object_type, cast.deal.id)

    assert before and decision.links.labels["type"].to_list() == [100_001]
    assert not records.is_as_foreseen(tx, decision, None, records.Living())


def test_a_label_of_an_association_that_the_batch_ahead_makes_is_as_foreseen(tx, cast):
    foresight, ends = records.Foresight(), (cast.bo.object_type, cast.deal.object_type)
    key = pl.lit(None, pl.Int64)
    pair = pl.DataFrame({"first_id": [cast.bo.id], "second_id": [cast.deal.id]}).with_columns(
        first_key=key, second_key=key
    )
    ahead = foresight.decide(tx, cast.ida, Batch(links=(Links(*ends, pair),)))
    foresight.remember(ahead)

    behind = foresight.decide(tx, cast.ida, labelling(cast, cast.bo.id))

    assert len(behind.links.labels) == 2
    assert records.is_as_foreseen(tx, behind, ahead, records.Living())
    assert not records.is_as_foreseen(tx, behind, None, records.Living())


def test_an_association_that_gets_a_label_does_not_end_before_that_is_written(own_database):
    with own_database.transaction() as tx:
        cast = gather(tx)
    ends = (cast.ada.object_type, cast.ada.id, cast.deal.object_type, cast.deal.id)

    with ThreadPoolExecutor(1) as other:
        with own_database.transaction() as tx:
            records.write(tx, cast.ida, labelling(cast))
            unlinked = other.submit(own_database.retried, lambda tx: associations.unlink(tx, cast.ida, *ends))
            wait_for_lock(tx)
        unlinked.result()

    with own_database.transaction() as tx:
        assert [finding.sentence for finding in doctor.of_records(tx) if not finding.well] == []
        assert tx.value("SELECT count(*) FROM kartotek.association_history WHERE what = 'label'") == 1
