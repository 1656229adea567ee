"""What an import ended comes back only where a limit leaves room for it by now."""

from collections.abc import Iterator

import pytest

from kartotek.domain import Database, association_types, associations, catalogue, labels, undoing
from kartotek.model.people import SYSTEM
from kartotek.model.records import Source
from kartotek.settings import Settings
from tests.helpers.associating import BILLING
from tests.helpers.importing import import_file, sheet_of
from tests.helpers.undoing import BOTH, dump, link, make, remainders, told, undo

TO_CONTACT, BILLED = 280, 930  # from a company


@pytest.fixture
def crowded(harbour: Database, home: Settings) -> Iterator[tuple[int, int, int, int]]:
    """An import that ended an association and a label, whose places others have taken: its id, Ada, Bo, and a firm."""
    ada, bo, *others = (make(harbour, "contacts", firstname=name) for name in ("Ada", "Bo", "Cleo", "Dan", "Eve"))
    own, pier = (make(harbour, "companies", name=name) for name in ("Own", "Pier"))
    link(harbour, ("contacts", ada), ("companies", own))
    link(harbour, ("contacts", bo), ("companies", pier), labels={pier: [BILLING]})
    file = [{"Record ID - Contact": str(one), "First Name": name} for one, name in ((ada, "Ada"), (bo, "Bo"))]
    done = import_file(harbour, home, sheet_of(*file), "contacts")
    importing = SYSTEM.acting_for(Source.IMPORT, done.id)
    with harbour.transaction() as tx:
        contacts, companies = (catalogue.load(tx).object_type(name) for name in BOTH)
        associations.unlink(tx, importing, contacts, ada, companies, own)
        labels.edit(tx, importing, contacts, bo, companies, pier, [])
    for one, company in zip(others, (own, own, pier), strict=True):
        told = {company: [BILLING]} if company == pier else None
        link(harbour, ("contacts", one), ("companies", company), labels=told)
    yield done.id, ada, bo, own
    with harbour.transaction() as tx:
        association_types.limit(tx, SYSTEM, BILLED, None)
        association_types.limit(tx, SYSTEM, TO_CONTACT, None)


def test_what_a_limit_has_no_room_for_by_now_stays_ended_and_is_told(
    harbour: Database, crowded: tuple[int, int, int, int]
) -> None:
    id, ada, _, own = crowded
    with harbour.transaction() as tx:
        association_types.limit(tx, SYSTEM, TO_CONTACT, 2)
        association_types.limit(tx, SYSTEM, BILLED, 2)
        shown = undoing.preview(tx, SYSTEM, id)
    before = dump(harbour)

    books = undo(harbour, id)

    assert dump(harbour)["pairs"] == before["pairs"]
    assert told(harbour, id) == [(ada, None, "FULL")]
    assert (remainders(harbour, id)[0].other, remainders(harbour, id)[0].other_name) == (own, "Own")
    assert (books.links["restored"], books.labels["restored"]) == (0, 1)
    assert (shown.books, shown.remainders) == (books, tuple(remainders(harbour, id)))


def test_a_label_that_a_limit_has_no_room_for_by_now_stays_ended_and_is_told(
    harbour: Database, crowded: tuple[int, int, int, int]
) -> None:
    id, _, bo, _ = crowded
    with harbour.transaction() as tx:
        association_types.limit(tx, SYSTEM, BILLED, 1)
        shown = undoing.preview(tx, SYSTEM, id)

    books = undo(harbour, id)

    assert told(harbour, id) == [(bo, None, "FULL")]
    assert (books.links["restored"], books.labels["restored"]) == (1, 0)
    assert (shown.books, shown.remainders) == (books, tuple(remainders(harbour, id)))
