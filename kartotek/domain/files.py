"""Files that people bring: kept as they came, handed out again."""

import hashlib
import secrets
import shutil
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO

from kartotek import errors
from kartotek.domain import Tx
from kartotek.model.imports import File
from kartotek.model.people import Actor
from kartotek.store import files as store


def keep(tx: Tx, actor: Actor, files_url: str, name: str, source: Path, digest: bytes | None = None) -> File:
    """Keeps a copy of the file at `source`, known as `name`; `digest` where it has been worked out already."""
    path = secrets.token_hex(16)
    digest = digest or digest_of(source)
    store.put(files_url, path, source)
    row = tx.query(
        "imports.keep_file",
        {"name": name, "path": path, "size": source.stat().st_size, "digest": digest, "actor": actor.person},
    )[0]
    return File(**row)


def digest_of(source: Path) -> bytes:
    with source.open("rb") as incoming:
        return hashlib.file_digest(incoming, "sha256").digest()


def get(tx: Tx, id: int) -> File:
    rows = tx.query("imports.file", {"id": id})
    if not rows:
        raise errors.NotFound("This file is not kept any more.")
    return File(**rows[0])


def put(files_url: str, path: str, source: Path) -> None:
    store.put(files_url, path, source)


def remove(files_url: str, paths: Iterable[str]) -> None:
    """Those of these that are there."""
    store.remove(files_url, paths)


def hand_out(files_url: str, file: File, into: IO[bytes]) -> None:
    """Writes the file's bytes, as they came, into another one."""
    try:
        with store.reading(files_url, file.path) as source:
            shutil.copyfileobj(source, into, 1 << 20)
    except FileNotFoundError as error:
        raise errors.NotFound("The uploaded file is not kept any more.") from error


def local(files_url: str, file: File) -> AbstractContextManager[Path]:
    """The file as one of this machine, for as long as the block lasts."""
    return store.local(files_url, file.path)
