"""The catalogue as the program uses it: read once per process, read again when anybody changed it."""

from collections.abc import Iterable

from kartotek import standard
from kartotek.domain import Tx
from kartotek.model.catalogue import Catalogue
from kartotek.model.object_types import ObjectType
from kartotek.store import catalogue as store

# The last catalogue read, by the name of its database: a copy of what the database says, checked at every load.
_copies: dict[str, Catalogue] = {}


def load(tx: Tx) -> Catalogue:
    """The catalogue as this transaction sees it."""
    name = f"{tx.connection.info.host}:{tx.connection.info.port}/{tx.connection.info.dbname}"
    copy = _copies.get(name)
    if copy is None or copy.version != store.version(tx):
        copy = _copies[name] = store.read(tx)
    return copy


def types(tx: Tx, names: Iterable[str]) -> list[ObjectType]:
    known = load(tx)
    return [known.object_type(name) for name in names]


def set_up(tx: Tx) -> None:
    """Fills an empty database with the standard types; does nothing where there are any."""
    if store.read(tx).object_types:
        return
    types = standard.object_types()
    store.add_object_types(tx, types, standard.groups())
    store.add_pipelines(tx, standard.pipelines())
    store.add_association_types(tx, standard.association_types())
