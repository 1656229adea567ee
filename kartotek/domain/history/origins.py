"""Which file and line something came from: read from what an import kept of each row, when somebody asks.

Nothing is written for it while importing: the outcomes of a batch are two arrays, of lines and of records.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from kartotek.domain import Tx
from kartotek.model.object_types import ObjectType

Pair = tuple[int, int, int]  # import, record, and the one at the other end


@dataclass(frozen=True, slots=True)
class Files:
    """The files of an import. `lines`: of each source, how many lines the ones before it have; `sources`: its file."""

    names: tuple[str, ...]
    lines: tuple[int, ...]
    sources: tuple[int, ...]

    def place(self, line: int | None) -> tuple[str | None, int | None]:
        """The file in which a line stands that is counted through all of them, and its line there."""
        if not self.names:
            return None, line
        if line is None or not self.lines or len(self.lines) != len(self.sources):
            return self.names[0], line
        number = max(i for i, before in enumerate(self.lines) if before < line or not i)
        return self.names[self.sources[number] - 1], line - self.lines[number]


NOWHERE = Files((), (), ())


def files(tx: Tx, imports: Collection[int]) -> dict[int, Files]:
    found = tx.query("history.files", {"imports": list(imports)}) if imports else []
    return {
        row["id"]: Files(tuple(row["names"] or ()), tuple(row["lines"]), tuple(row["sources"] or ())) for row in found
    }


def lines(tx: Tx, object_type: ObjectType, wanted: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[int]]:
    """(import, record) → the lines that were about the record, in order."""
    if not wanted:
        return {}
    asked = {
        "imports": list({import_id for import_id, _ in wanted}),
        "records": list({record for _, record in wanted}),
        "type": object_type.number,
    }
    return {(row["import"], row["record"]): row["lines"] for row in tx.query("history.lines", asked)}


def lines_of_pairs(tx: Tx, one: ObjectType, other: ObjectType, wanted: Sequence[Pair]) -> dict[Pair, int]:
    """The first line that was about both records.

    Companies stand on many lines and the others on one, as a rule: so those are asked first, and the companies only
    where that leaves a choice.
    """
    turned = one.name == "companies"
    pairs = {pair: (pair[0], *((pair[2], pair[1]) if turned else (pair[1], pair[2]))) for pair in wanted}
    rarer, common = (other, one) if turned else (one, other)
    mine = lines(tx, rarer, {(import_id, record) for import_id, record, _ in pairs.values()})
    several = {end for import_id, record, end in pairs.values() if len(mine.get((import_id, record), ())) > 1}
    asked = {(import_id, end) for import_id, _, end in pairs.values() if end in several}
    theirs = lines(tx, common, asked)
    found = {}
    for pair, (import_id, record, end) in pairs.items():
        own = mine.get((import_id, record), [])
        both = set(theirs.get((import_id, end), ()))
        line = next((one for one in own if one in both), None) if both else None
        if line is not None or own:
            found[pair] = line if line is not None else own[0]
    return found
