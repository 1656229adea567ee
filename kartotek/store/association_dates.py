"""From when until when associations hold, as somebody says: days beside the pairs, for the few that have any."""

from typing import Any

import polars as pl

from kartotek.model.people import Actor
from kartotek.store import associations, bulk
from kartotek.store.database import Tx

DATES = {**associations.PAIR, "starts_on": pl.Date, "ends_on": pl.Date}
OWN = {**associations.TYPED, "own": pl.Boolean, "link_own": pl.Boolean}


def among(tx: Tx, pairs: pl.DataFrame) -> pl.DataFrame:
    """As DATES, of those of these pairs that have any."""
    return pl.DataFrame(tx.query("association_dates.among", _keys(pairs)), DATES) if len(pairs) else _none()


def say(tx: Tx, actor: Actor, pairs: pl.DataFrame) -> int:
    """Associations (as associations.NAMED and DATES) hold from and until these days; null says nothing. How many are
    new; what was said before is history."""
    if pairs.is_empty():
        return 0
    asked: dict[str, Any] = {
        **{name: bulk.array(pairs[name]) for name in associations.NAMED},
        **{name: bulk.array(pairs[name]) for name in ("starts_on", "ends_on")},
        "actor": actor.person, "source": actor.source.value, "source_id": actor.source_id,
    }  # fmt: skip
    gone = tx.call("association_dates.drop", asked)
    return max(gone, tx.call("association_dates.say", asked))


def there_are(tx: Tx) -> bool:
    """Whether anything of the kind is said anywhere."""
    return bool(tx.query("association_dates.there_are")[0]["said"])


def of_import(tx: Tx, id: int, firsts: pl.Series) -> pl.DataFrame:
    """As OWN: whether the import has said it, and whether it made the pair."""
    return pl.DataFrame(tx.query("association_dates.of_import", {"ids": bulk.array(firsts), "import": id}), OWN)


def say_again(tx: Tx, id: int, firsts: pl.Series) -> int:
    """What the import has taken away is said again, of associations that there are; how many."""
    return tx.call("association_dates.say_again", {"ids": bulk.array(firsts), "import": id})


def former(tx: Tx, pairs: pl.DataFrame) -> pl.DataFrame:
    """As DATES: what was said of pairs when they `ended`."""
    asked = {
        "firsts": bulk.array(pairs["first"]),
        "seconds": bulk.array(pairs["second"]),
        "ended": pairs["ended"].to_list(),
    }
    return pl.DataFrame(tx.query("association_dates.former", asked), DATES)


def _keys(pairs: pl.DataFrame) -> dict[str, Any]:
    return {name: bulk.array(pairs[name]) for name in associations.PAIR}


def _none() -> pl.DataFrame:
    return pl.DataFrame(schema=DATES)
