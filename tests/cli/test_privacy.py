"""The block list from the command line."""

from collections.abc import Callable
from subprocess import CompletedProcess


def test_an_address_that_is_not_blocked_is_said_to_be_none(kartotek: Callable[..., CompletedProcess[str]]) -> None:
    ended = kartotek("privacy", "unblock", "nobody@havnen.example")

    assert (ended.returncode, ended.stdout) == (2, "")
    assert "not on the block list" in ended.stderr
