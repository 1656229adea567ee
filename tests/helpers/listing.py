"""Words for tests of lists, and who is on them."""

from kartotek.domain import active_lists, lists, records
from kartotek.model import filter_texts
from kartotek.model.filters import Query


def active(tx, cast, name, text, object_type=None, actor=None):
    one = object_type or cast.ada.object_type
    return active_lists.create(tx, actor or cast.ida, one, name, filter_texts.parsed(text))


def found(tx, cast, object_type, text, actor=None):
    page = records.find(tx, actor or cast.ida, object_type, Query(filters=filter_texts.parsed(text)), ())
    return sorted(record.name.split()[0] for record in page.records)


def on(tx, cast, id, actor=None):
    """The first names of a list's members; its number of members agrees with them."""
    one = lists.get(tx, actor or cast.ida, id)
    object_type = cast.known.object_type(one.object_type)
    page = records.find(tx, actor or cast.ida, object_type, Query(on_list=id), ())
    assert one.members == page.total == len(page.records)
    return sorted(record.name.split()[0] for record in page.records)


def static(tx, cast, name, *members):
    id = lists.create(tx, cast.ida, members[0].object_type, name)
    lists.add(tx, cast.ida, id, [one.id for one in members])
    return id
