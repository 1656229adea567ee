"""Words for tests of associations and their labels."""

from kartotek.domain import association_types, associations, labels

BILLING = 931  # from a contact to a company
CHILD, PARENT = 13, 14  # what the other company is


def advisor(tx, cast) -> int:
    """A paired label: to a contact the company is one that it advises."""
    ends = cast.ada.object_type, cast.nordlys.object_type
    return association_types.define(tx, cast.ida, *ends, "Advises", "Advisor")[0].id


def manager(tx, cast) -> int:
    """A paired label between contacts: the other one is the manager; the number after it, the employee."""
    ends = cast.ada.object_type, cast.ada.object_type
    return association_types.define(tx, cast.ida, *ends, "Manager", "Employee")[0].id


def linked(tx, cast, one, other, types=()) -> int:
    """Associates two records with these labels, as the first of them sees the other."""
    ends = one.object_type, one.id, other.object_type, [other.id]
    return associations.link(tx, cast.ida, *ends, labels={other.id: types})


def labels_of(tx, cast, one, other) -> list[str]:
    """What the other record is to the first."""
    found = labels.of(tx, one.object_type, one.id, other.object_type, [other.id])
    return [label.label for label in found.get(other.id, ())]


def written(tx) -> list[tuple[int, int, int]]:
    """All labels, as they are kept."""
    rows = tx.rows("SELECT first, second, type FROM kartotek.association_labels ORDER BY 1, 2, 3")
    return [tuple(row.values()) for row in rows]
