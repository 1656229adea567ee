"""What the worker does beside its jobs."""

from dataclasses import replace

from kartotek.domain import purging, records
from kartotek.worker import Worker
from tests.cast import gather


def test_a_clean_up_that_meets_something_unexpected_does_what_it_can_and_comes_again(own_database, settings):
    with own_database.transaction() as tx:
        crew = gather(tx)
        records.archive(tx, crew.ida, crew.cleo.object_type, [crew.cleo.id])
        tx.run("UPDATE crm.contacts SET _archived = now() - interval '91 days' WHERE _id = %s", [crew.cleo.id])
        tx.run(
            "INSERT INTO kartotek.rehearsal_parts (import, object_type, position, rows, path, outcomes, properties)"
            " VALUES (1, 1, 0, 1, 'gone', '{}', '{}')"
        )
    nowhere = replace(settings, files_url="no-such-store://bucket")

    Worker(nowhere, own_database).clean_up()

    assert purging.purge(own_database) == 0
