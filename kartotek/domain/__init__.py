"""The verbs: what a CRM does, and its rules. `Tx` and `Database` are lent from the store to those above."""

from kartotek.store.database import Database, Tx

__all__ = ["Database", "Tx"]
