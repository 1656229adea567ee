"""What Kartotek says while it runs."""

import io
import sys

import pytest
import structlog

from kartotek.cli import logs


def test_what_is_said_goes_where_errors_go_now(monkeypatch: pytest.MonkeyPatch) -> None:
    closed, now = io.StringIO(), io.StringIO()
    monkeypatch.setattr(sys, "stderr", closed)
    logs.quiet()
    closed.close()

    monkeypatch.setattr(sys, "stderr", now)
    structlog.get_logger("kartotek.worker").error("given up")

    assert "given up" in now.getvalue()
