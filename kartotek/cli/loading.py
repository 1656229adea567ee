"""A command's modules come in: what has to be settled before they do, and after.

The one place where the environment is set: Polars reads its part of it when it is imported, and from nowhere else.
"""

import gc
import importlib
import os
from types import ModuleType


def load(name: str) -> ModuleType:
    _share_the_cores()
    # What the modules hold stays for good: the collector need not go through it now, nor ever after.
    gc.disable()
    module = importlib.import_module(name)
    gc.freeze()
    gc.enable()
    return module


def _share_the_cores() -> None:
    """A file's batches are worked on by several threads at once, beside the database: with as many more as there are
    cores they get into each other's way (docs/decisions/import-speed.md)."""
    os.environ.setdefault("POLARS_MAX_THREADS", str(max(1, (os.cpu_count() or 1) // 2)))
