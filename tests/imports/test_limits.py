"""Each limit of an import: just below it, at it, and beyond it. What is too much is refused, never cut off (D24)."""

from dataclasses import replace

import pytest

from kartotek import errors
from kartotek.imports import run
from tests.helpers.importing import import_file, sheet_of, values

STEPS = (-1, 0, 1)


@pytest.fixture
def most(home):
    return {one.limit: one.most for one in run.limits(home)}


@pytest.mark.parametrize("step", STEPS)
def test_a_file_as_large_as_the_limit_is_taken_and_a_larger_one_refused(harbour, home, step):
    content = "Email\n" + "a@harbour.example\n" * 50
    small = replace(home, file_limit=len(content) - step)

    if step <= 0:
        assert import_file(harbour, small, content, "contacts").rows("contacts")["created"] == 1
    else:
        with pytest.raises(errors.BadFile, match="KARTOTEK_FILE_LIMIT"):
            import_file(harbour, small, content, "contacts")


@pytest.mark.parametrize("step", STEPS)
def test_a_file_has_as_many_columns_as_the_limit_and_no_more(harbour, home, most, step):
    width = most[run.Limit.COLUMNS] + step
    content = sheet_of(
        ["Email", *(f"Column {i}" for i in range(1, width))], ["a@harbour.example", *["x"] * (width - 1)]
    )

    if step <= 0:
        assert import_file(harbour, home, content, "contacts").rows("contacts") == {"created": 1}
    else:
        with pytest.raises(errors.BadFile, match=r"1,001 columns"):
            import_file(harbour, home, content, "contacts")


@pytest.mark.parametrize("step", STEPS)
def test_a_cell_is_as_long_as_the_limit_and_no_longer(harbour, home, most, step):
    text = "x" * (most[run.Limit.CELL] + step)

    ended = import_file(harbour, home, sheet_of({"Email": "a@harbour.example", "Job Title": text}), "contacts")

    if step <= 0:
        assert values(harbour, "contacts", "jobtitle") == [(text,)]
    else:
        assert [problem[2] for problem in ended.told()] == ["COLUMN_TOO_LARGE"]
        assert values(harbour, "contacts", "jobtitle") == []


@pytest.mark.parametrize("step", STEPS)
def test_an_identifying_value_is_as_long_as_the_limit_and_no_longer(harbour, home, most, step):
    member = "x" * (most[run.Limit.IDENTIFIER] + step)
    content = sheet_of({"First Name": "Ada", "Member": member})

    ended = import_file(harbour, home, content, "contacts", maps=["Member=contacts.member"])

    if step <= 0:
        assert values(harbour, "contacts", "member") == [(member,)]
    else:
        assert [problem[2] for problem in ended.told()] == ["INVALID_ALTERNATE_ID"]
        assert values(harbour, "contacts", "member") == []
