"""The database of `tests/imports`, for exports that are imported again."""

from tests.imports.conftest import harbour, harbour_kept, home  # noqa: F401
