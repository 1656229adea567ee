"""Extract: which records, and what of each of them, is to leave Kartotek."""

from dataclasses import dataclass, field

from kartotek.model.filters import Query
from kartotek.model.object_types import ObjectType
from kartotek.model.properties import Property


@dataclass(frozen=True, slots=True)
class Extract:
    """`query` finds and sorts the records (its limit and offset do not count), unless `ids` names them, in order.

    `linked`: of which types the associated records are named, with the labels of these associations. `each`: of this
    type every associated record takes a row of its own, in which it is named.
    """

    object_type: ObjectType
    properties: tuple[Property, ...]
    query: Query = field(default_factory=Query)
    ids: tuple[int, ...] | None = None
    linked: tuple[ObjectType, ...] = ()
    each: ObjectType | None = None
