"""Erasing a record: its values go everywhere they were kept, and cannot come back.

Its number stays in history, and its associations with it, without a name. The database forgets in one transaction; the
kept files of imports that tell of the record follow, by a job that anybody can take up again (imports/run/erasing.py).
An address of a contact goes on the block list.
"""

from kartotek import errors
from kartotek.domain import Tx, access, audit, blocking, erased_filters, identifiers, jobs, records
from kartotek.model.erasures import Erasure, ToDo
from kartotek.model.imports import ENDED, File
from kartotek.model.object_types import ObjectType
from kartotek.model.people import Actor
from kartotek.store import erasing as store
from kartotek.store import words

_BLOCKED_OF = "contacts"


def preview(tx: Tx, actor: Actor, object_type: ObjectType, id: int) -> Erasure:
    """What would go; nothing is written. Refused while an import that tells of the record goes on."""
    records.require_reach(tx, actor, "delete", object_type, [id])
    record = records.get(tx, actor, object_type, id)
    ids = [row["id"] for row in tx.query("erasing.merged", {"record": id})]
    addresses = _held(tx, actor, object_type, ids)
    found = tx.query("erasing.lines", {"ids": ids, "values": addresses})
    for row in found:
        if row["state"] not in ENDED:
            raise errors.Conflict(f"The import “{row['name']}” tells of this record and has not ended. Wait for it.")
    counts = tx.query("erasing.counts", {"ids": ids})[0]
    lines = {row["import"]: tuple(row["lines"]) for row in found}
    rehearsed = tx.query("erasing.rehearsed", {"imports": list(lines)})
    return Erasure(
        record, tuple(ids), counts["associations"], counts["changes"], counts["lists"], len(rehearsed), lines,
        tuple(addresses),
    )  # fmt: skip


def erase(tx: Tx, actor: Actor, object_type: ObjectType, id: int, typed: str) -> Erasure:
    """`typed`: the record's name as its eraser wrote it, so that nobody does it by mistake."""
    records.require_reach(tx, actor, "delete", object_type, [id])
    if object_type.name == _BLOCKED_OF:
        blocking.hold_alone(tx)
    access.require(actor, "view", object_type)
    name = records.get(tx, actor, object_type, id).name
    if " ".join(typed.split()).casefold() != " ".join(name.split()).casefold():
        raise errors.Invalid(f"Type “{name}” to delete it permanently. Nothing was deleted.")
    records.archive(tx, actor, object_type, [id])  # its associations end by the way that all do
    going = preview(tx, actor, object_type, id)
    _forget(tx, object_type, going)
    if object_type.name == _BLOCKED_OF:
        blocking.block(tx, actor, going.addresses)
    audit.note(tx, actor, "erased record", record=id, object_type=object_type.name)
    jobs.enqueue(tx, "erasure", {"id": id})
    return going


def blocks(going: Erasure) -> bool:
    """Whether an address goes on the block list."""
    return going.record.object_type.name == _BLOCKED_OF and bool(going.addresses)


# ---------------------------------------------------------------- for the one who does the files


def to_do(tx: Tx, id: int) -> list[ToDo]:
    rows = tx.query("erasing.to_do", {"record": id})
    return [ToDo(row["id"], row["import"], tuple(row["lines"] or ()), row["path"]) for row in rows]


def done(tx: Tx, one: ToDo) -> None:
    tx.call("erasing.done", {"id": one.id})


def same_files(tx: Tx, file: File) -> list[File]:
    """All that were uploaded with the same bytes, this one among them."""
    return [File(**row) for row in tx.query("erasing.same_files", {"id": file.id})]


def move_file(tx: Tx, id: int, file: File, path: str, size: int) -> None:
    """A kept file lies at another path now; what lay at the old one is to be removed. Drafts look at it anew."""
    tx.call("erasing.replace_file", {"id": file.id, "path": path, "size": size})
    remove_later(tx, id, file.path)
    for row in tx.query("erasing.forget_drafts", {"file": file.id}):
        jobs.enqueue_next(tx, "survey", {"id": row["id"]})


def remove_later(tx: Tx, id: int, path: str) -> None:
    tx.call("erasing.put_in_line", {"record": id, "import": None, "lines": None, "path": path})


def _held(tx: Tx, actor: Actor, object_type: ObjectType, ids: list[int]) -> list[str]:
    """The addresses and unique values of the records, further ones included, in small letters."""
    names = [prop.name for prop in identifiers.identifying(object_type)]
    found = records.many(tx, actor, object_type, ids, names)
    texts = (text for one in found for text in one.values.values() if text)
    return sorted({part.lower() for text in texts for part in text.split(";")})


def _forget(tx: Tx, object_type: ObjectType, going: Erasure) -> None:
    ids, imports = list(going.records), list(going.lines)
    tx.call("erasing.forget", {"ids": ids, "values": list(going.addresses)})
    erased_filters.forget(tx, object_type, going.addresses)
    store.remove(tx, object_type, ids)
    words.forget(tx, object_type, ids)
    for import_id, lines in going.lines.items():
        told = {"import": import_id, "lines": list(lines)}
        tx.call("erasing.forget_lines", told)
        tx.call("erasing.put_in_line", {**told, "record": going.record.id, "path": None})
    rehearsed = [row["import"] for row in tx.query("erasing.rehearsed", {"imports": imports})]
    for row in tx.query("erasing.forget_rehearsals", {"imports": rehearsed}):
        remove_later(tx, going.record.id, row["path"])
    tx.call("erasing.forget_surveys", {"imports": imports})
