"""Which keys need not be looked up: the rows of a file are mostly new, or mostly known.

To look 50,000 addresses up among millions takes the server 70 ms, nearly always to find none of them in a file of new
people. As a key that belongs to one record only cannot be written twice, the database says so by itself when somebody
has it. So once a whole batch has led to nobody, those behind it are decided as if nobody had their keys. Where one
turns out to be known, that batch is decided anew, and every key is looked up from there on.
"""

from dataclasses import dataclass, field

from kartotek.imports import write
from kartotek.imports.table import RECORD_ID, Chain


@dataclass(slots=True)
class Trust:
    """`sure`: the keys that nobody had when the import began."""

    chains: tuple[Chain, ...]
    sure: write.Nobodys
    _learned: dict[str, frozenset[str]] = field(default_factory=dict)
    _known: set[tuple[str, str]] = field(default_factory=set)
    _lost: bool = False

    @property
    def nobodys(self) -> write.Nobodys:
        return {name: keys | self._learned.get(name, frozenset()) for name, keys in self.sure.items()}

    def learn(self, rows: write.Rows) -> None:
        """From what was looked up for a batch."""
        if self._lost:
            return
        self._known |= {place for place, looked in rows.looked.items() if len(looked.found)}
        for chain in self.chains:
            name = chain.object_type.name
            met = {key for key in chain.keys if self._is_nobodys(chain, key, rows)}
            self._learned[name] = self._learned.get(name, frozenset()) | met

    def lose(self) -> None:
        """Somebody had one of the keys."""
        self._lost, self._learned = True, {}

    def _is_nobodys(self, chain: Chain, key: str, rows: write.Rows) -> bool:
        place = chain.object_type.name, key
        if key == RECORD_ID or place in self._known or not chain.object_type.properties[key].exclusive:
            return False
        return place in rows.looked and len(rows.looked[place].asked) > 0
