"""What an import would come to by domain, gathered while it is rehearsed: nothing is there to be asked afterwards."""

from dataclasses import dataclass, field

import polars as pl

from kartotek.domain import Tx, account, catalogue, domains
from kartotek.domain.decisions import Decision
from kartotek.domain.domains import COMPANIES, CONTACTS, NAMING
from kartotek.store import records
from kartotek.store.associations import COMPANY

_WAITING = {"_id": pl.Int64, **dict.fromkeys(NAMING, pl.String)}
_NOTHING = {"companies": 0, "contacts": 0}


@dataclass(slots=True)
class Foreseen:
    _waiting: list[pl.DataFrame] = field(default_factory=lambda: [pl.DataFrame(schema=_WAITING)])
    _given: list[pl.Series] = field(default_factory=lambda: [pl.Series(dtype=pl.Int64)])  # contacts, by the file
    _taken: list[pl.Series] = field(default_factory=lambda: [pl.Series(dtype=pl.String)])  # domains, by the file

    def add(self, decision: Decision) -> None:
        """Batches in their order."""
        ids = domains.candidates(decision).implode()
        self._given.append(decision.links.added.filter(pl.col("second_type") == COMPANY)["first"])
        for work in decision.works:
            if work.object_type.name == CONTACTS:
                self._waiting += [_said(rows.filter(pl.col("_id").is_in(ids))) for rows in (work.new, work.old)]
            if work.object_type.name == COMPANIES:
                self._taken.append(
                    work.claims.filter(pl.col("property") == work.object_type.properties["domain"].id)["value"]
                )

    def count(self, tx: Tx) -> dict[str, int]:
        """`companies` that would be made, and `contacts` associated."""
        decided = account.load(tx)
        if not decided.associates_by_domain:
            return _NOTHING
        asked = domains.asking(self._still_waiting(tx), decided)
        held = domains.holders(tx, catalogue.load(tx).object_type(COMPANIES), asked)["domain"]
        there = pl.concat([held, *self._taken]).unique()
        fresh = asked.filter(pl.col("makes") & ~pl.col("domain").is_in(there.implode()))["domain"].unique()
        led = asked.filter(pl.col("domain").is_in(pl.concat([there, fresh]).implode()))
        return {"companies": len(fresh), "contacts": len(led)}

    def _still_waiting(self, tx: Tx) -> pl.DataFrame:
        """Without those that have a company, or get one in a later batch; of those there before, with their website."""
        given = pl.concat(self._given)
        waiting = pl.concat(self._waiting).filter(~pl.col("_id").is_in(given.implode()))
        contacts = catalogue.load(tx).object_type(CONTACTS)
        old = waiting.filter(pl.col("_id") > 0)
        there = records.peek(tx, contacts, old["_id"], [contacts.properties["website"]])
        alone = there.filter(pl.col("_primary").is_null())
        sites = old.drop("website").join(alone.select("_id", "website"), on="_id").select(_WAITING.keys())
        return pl.concat([waiting.filter(pl.col("_id") < 0), sites])


def _said(rows: pl.DataFrame) -> pl.DataFrame:
    missing = [pl.lit(None, pl.String).alias(name) for name in NAMING if name not in rows.columns]
    return rows.with_columns(missing).select(_WAITING.keys())
