"""Kept filters that name somebody who is erased: the address goes out of saved views and active lists.

In its place stands one that nobody has. So whatever asked for the person finds nobody, and whatever left them out
leaves nobody out; a list never comes to ask for everything.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kartotek.domain import Tx, catalogue, identifiers
from kartotek.model import filter_texts
from kartotek.model.catalogue import Catalogue
from kartotek.model.filters import Condition, Filter, Filters, Linked
from kartotek.model.object_types import ObjectType

NOBODYS = "erased@erased.invalid"
_KEEPING = {"views": "erasing.keep_filters_of_views", "lists": "erasing.keep_filters_of_lists"}


def forget(tx: Tx, object_type: ObjectType, values: Sequence[str]) -> None:
    """`values`: the addresses and unique values of a record of this type, in small letters."""
    erased = _Erased(catalogue.load(tx), object_type, frozenset(values))
    for row in tx.query("erasing.filters", {"values": list(values)}):
        about = erased.known.object_type(row["object_type"])
        text = filter_texts.spelled(erased.out_of(about, filter_texts.parsed(row["filters"])))
        tx.call(_KEEPING[row["kept"]], {"id": row["id"], "filters": text})


@dataclass(frozen=True, slots=True)
class _Erased:
    known: Catalogue
    object_type: ObjectType
    values: frozenset[str]

    def out_of(self, about: ObjectType, filters: Filters) -> Filters:
        return tuple(tuple(self._condition(about, one) for one in group) for group in filters)

    def _condition(self, about: ObjectType, one: Condition) -> Condition:
        if isinstance(one, Linked):
            other = self.known.object_types.get(one.to, about)
            where = (self._filter(other, each) if isinstance(each, Filter) else each for each in one.where)
            return replace(one, where=tuple(where))
        return self._filter(about, one) if isinstance(one, Filter) else one

    def _filter(self, about: ObjectType, one: Filter) -> Filter:
        prop = about.properties.get(one.property)
        own = about.name == self.object_type.name and prop in identifiers.identifying(about)
        nobodys = "0" if prop is not None and prop.kind == "number" else "erased"

        def said(value: str) -> str:
            if self._is_address(value.lower()):
                return NOBODYS
            return nobodys if own and value.lower() in self.values else value

        return replace(one, values=tuple(map(said, one.values)))

    def _is_address(self, value: str) -> bool:
        """Wherever it is asked for; also the beginning of one, as far as it names the person."""
        return value.find("@") > 0 and any(address.startswith(value) for address in self.values)
