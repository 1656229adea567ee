"""Words for tests of associations and their labels."""

from kartotek.domain import association_types, associations, labels, records

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


def again(tx, cast, record):
    return records.get(tx, cast.ida, record.object_type, record.id)


def companies_of(tx, cast, record):
    found = associations.of(tx, cast.ida, again(tx, cast, record), cast.nordlys.object_type)
    return [(one.record.id, one.primary) for one in found]


def company(tx, cast, name):
    return records.create(tx, cast.ida, cast.nordlys.object_type, {"name": name})


def history(tx, record):
    return tx.rows(
        "SELECT * FROM kartotek.association_history WHERE first = %(id)s OR second = %(id)s ORDER BY what, second",
        {"id": record.id},
    )


def someone(tx, cast, whose):
    """Of each kind that has a primary company, one that has no company yet."""
    if whose == "cleo":
        return cast.cleo
    if whose == "a_deal":
        one, texts = cast.deal.object_type, {"dealname": "Mole", "pipeline": "default", "dealstage": "closedwon"}
    else:
        one, texts = (
            cast.known.object_type("tickets"),
            {"subject": "Mast", "hs_pipeline": "0", "hs_pipeline_stage": "1"},
        )
    return records.create(tx, cast.ida, one, texts)
