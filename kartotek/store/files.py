"""Uploaded files: a local folder or an object store, whatever KARTOTEK_FILES_URL names."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

import fsspec


def put(files_url: str, path: str, source: Path) -> None:
    """Keeps the file at `source` under `path`; of one that does not fit nothing is kept."""
    system, root = fsspec.core.url_to_fs(files_url)
    system.makedirs(root, exist_ok=True)
    if "file" in system.protocol:
        try:
            shutil.copyfile(source, Path(root) / path)  # from file to file within the kernel
        except OSError:
            (Path(root) / path).unlink(missing_ok=True)
            raise
        return
    with source.open("rb") as incoming, system.open(f"{root}/{path}", "wb") as kept:
        shutil.copyfileobj(incoming, kept, 1 << 20)


def remove(files_url: str, paths: Iterable[str]) -> None:
    """Those of these that are there."""
    system, root = fsspec.core.url_to_fs(files_url)
    for path in paths:
        with suppress(FileNotFoundError):
            system.rm_file(f"{root}/{path}")


@contextmanager
def local(files_url: str, path: str) -> Iterator[Path]:
    """The kept file as one of this machine: itself where it lies in a folder, else a copy for the time of the block."""
    system, root = fsspec.core.url_to_fs(files_url)
    if "file" in system.protocol:
        yield Path(root) / path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "file"
        system.get(f"{root}/{path}", str(copy))
        yield copy


@contextmanager
def reading(files_url: str, path: str) -> Iterator[IO[bytes]]:
    system, root = fsspec.core.url_to_fs(files_url)
    with system.open(f"{root}/{path}", "rb") as kept:
        yield kept
