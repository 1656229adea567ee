"""How each person likes to see things: theme, language, columns, cards. It stays from one visit to the next."""

from dataclasses import asdict, dataclass, field

from kartotek.domain import Tx
from kartotek.model.people import Actor, Person
from kartotek.model.views import Arrangement
from kartotek.store import people as stored


@dataclass(frozen=True, slots=True)
class Preferences:
    theme: str | None = None  # "light" or "dark"; None: as the system has it
    language: str | None = None
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)  # object type → properties, in order
    arrangements: dict[str, Arrangement] = field(default_factory=dict)  # object type → how its tables are arranged
    cards: dict[str, tuple[str, ...]] = field(default_factory=dict)  # object type → associated types, as pages/cards.py


def of(tx: Tx, person: Person) -> Preferences:
    kept = stored.preferences(tx, person.id)
    columns = {name: tuple(chosen) for name, chosen in kept.get("columns", {}).items()}
    arrangements = {name: Arrangement(**said) for name, said in kept.get("arrangements", {}).items()}
    cards = {name: tuple(chosen) for name, chosen in kept.get("cards", {}).items()}
    return Preferences(kept.get("theme"), kept.get("language"), columns, arrangements, cards)


def of_actor(tx: Tx, actor: Actor) -> Preferences:
    """Those of the person behind it; the system has none."""
    person = stored.by_id(tx, actor.person) if actor.person is not None else None
    return of(tx, person) if person else Preferences()


def keep(tx: Tx, person: Person, wishes: Preferences) -> None:
    kept = {
        "theme": wishes.theme,
        "language": wishes.language,
        "columns": wishes.columns,
        "arrangements": {name: asdict(one) for name, one in wishes.arrangements.items()},
        "cards": wishes.cards,
    }
    stored.set_preferences(tx, person.id, kept)
