"""Teams and who is in them."""

from collections.abc import Sequence

from kartotek.model.people import Team
from kartotek.store.database import Tx


def every(tx: Tx) -> list[Team]:
    return [
        Team(row["id"], row["name"], row["parent"], tuple(row["people"]), tuple(row["main"]))
        for row in tx.query("teams.every")
    ]


def names(tx: Tx) -> dict[int, str]:
    return {row["id"]: row["name"] for row in tx.query("teams.names")}


def one_at_a_time(tx: Tx) -> None:
    tx.query("teams.one_at_a_time")


def create(tx: Tx, name: str, parent: int | None) -> int | None:
    """None when another one is called so."""
    made = tx.query("teams.create", {"name": name, "parent": parent})
    return int(made[0]["id"]) if made else None


def change(tx: Tx, id: int, name: str, parent: int | None) -> bool:
    """False when another one is called so."""
    return bool(tx.query("teams.change", {"id": id, "name": name, "parent": parent}))


def remove(tx: Tx, id: int) -> None:
    tx.call("teams.remove", {"id": id})


def place(tx: Tx, person: int, teams: Sequence[int], main: int | None) -> None:
    """The teams that a person is in from now on, and no others."""
    tx.call("teams.leave", {"person": person})
    tx.call("teams.join", {"person": person, "teams": list(teams), "main": main})
