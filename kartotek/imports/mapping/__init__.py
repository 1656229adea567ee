"""Columns to properties: what we guess, what the user says, and whether the result can be imported.

Headers are looked up in one index of everything that the chosen objects' properties are called (`headers`), in the
language that most of them are in (`tongues`). Guesses are made from it (`guesses`), the user's choices laid over them
(`choices`; `objects`), table by table (`tables`), and the whole is checked before a row is read (`rules`; `needs` of
each object).
"""

from kartotek.imports.mapping.choices import from_user
from kartotek.imports.mapping.guesses import guess
from kartotek.imports.mapping.joins import joined
from kartotek.imports.mapping.needs import Guide, guide, identifiers, only_creating, require_homes
from kartotek.imports.mapping.objects import plans
from kartotek.imports.mapping.rules import check_plan, unmapped
from kartotek.imports.mapping.tables import Table, held, of_tables
from kartotek.imports.mapping.tongues import language_of

__all__ = [
    "Guide",
    "Table",
    "check_plan",
    "from_user",
    "guess",
    "guide",
    "held",
    "identifiers",
    "joined",
    "language_of",
    "of_tables",
    "only_creating",
    "plans",
    "require_homes",
    "unmapped",
]
