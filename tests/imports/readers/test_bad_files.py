"""What cannot be read at all ends in a sentence that says what to do."""

import pytest

from kartotek import errors
from kartotek.imports import readers
from tests import samples


@pytest.fixture
def refusal(tmp_path):
    """The error with which a file is refused."""

    def refusal(file, limit=2**29, **choices):
        with pytest.raises(errors.BadFile) as refused:
            readers.open(file, name=file.name, limit_bytes=limit, scratch=tmp_path, **choices)
        return refused.value

    return refusal


def test_a_zip_bomb_is_not_opened(refusal, tmp_path):
    error = refusal(samples.zip_bomb_xlsx(tmp_path))

    assert error.type == "INVALID_SPREADSHEET"
    assert "grows too large" in error.sentence


def test_a_zip_bomb_that_lies_about_its_size_is_not_opened_either(refusal, tmp_path):
    error = refusal(samples.zip_bomb_xlsx(tmp_path, lying=True))

    assert "grows too large" in error.sentence


def test_two_cells_at_opposite_corners_do_not_exhaust_the_machine(refusal, tmp_path):
    error = refusal(samples.far_cell_xlsx(tmp_path))

    assert error.type == "INVALID_SPREADSHEET"
    assert "16,384 columns" in error.sentence


@pytest.mark.parametrize("locked", [samples.locked_xlsx, lambda folder: samples.customers_ods(folder, locked=True)])
def test_a_password_is_named_as_the_reason(locked, refusal, tmp_path):
    error = refusal(locked(tmp_path))

    assert "protected by a password" in error.sentence


def test_half_a_workbook_is_damaged(refusal, tmp_path):
    file = samples.customers_xlsx(tmp_path)
    file.write_bytes(file.read_bytes()[:3000])

    error = refusal(file)

    assert error.type == "INVALID_SPREADSHEET"
    assert "damaged" in error.sentence


def test_a_workbook_with_a_spoiled_sheet_is_damaged(refusal, tmp_path):
    file = samples.archive_of(
        tmp_path, "spoiled.xlsx", {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook", "xl/x": "?"}
    )

    assert "damaged" in refusal(file).sentence


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"Index/Document.iwa": "x"}, "Export To › Excel"),
        ({"[Content_Types].xml": "x", "word/document.xml": "x"}, "a text document"),
        ({"kunder.csv": "Email\nada@harbour.example\n"}, "Unpack it"),
    ],
)
def test_other_archives_are_told_apart(members, words, refusal, tmp_path):
    error = refusal(samples.archive_of(tmp_path, "kunder.xlsx", members))

    assert error.type == "INVALID_FILE_TYPE"
    assert words in error.sentence


def test_an_empty_workbook_is_refused(refusal, tmp_path):
    error = refusal(samples.workbook_xlsx(tmp_path, {"Ark1": [], "Ark2": []}))

    assert "is empty" in error.sentence


def test_a_workbook_with_headers_alone_is_refused(refusal, tmp_path):
    error = refusal(samples.workbook_xlsx(tmp_path, {"Ark1": [["Navn", "Email"]]}))

    assert "headers and no rows" in error.sentence


def test_a_file_over_the_limit_names_the_limit_and_the_setting(refusal, tmp_path):
    error = refusal(samples.contacts_csv(tmp_path, 50), limit=1000)

    assert "1,000 bytes" in error.sentence and "KARTOTEK_FILE_LIMIT" in error.sentence


def test_more_than_a_thousand_columns_are_refused(refusal, tmp_path):
    error = refusal(samples.wide_csv(tmp_path, 1001))

    assert "1,001 columns" in error.sentence and "1,000" in error.sentence


def test_a_header_line_that_is_blank_or_missing_is_refused(refusal):
    assert "--header-line" in refusal(samples.path("blank-lines.csv"), header_line=1).sentence
    assert "--header-line" in refusal(samples.path("blank-lines.csv"), header_line=99).sentence


def test_an_unknown_encoding_and_a_long_delimiter_are_refused(tmp_path):
    file = samples.path("pipes.txt")

    for choice in ({"encoding": "klingon"}, {"encoding": "rot13"}, {"delimiter": "||"}):
        with pytest.raises(errors.Invalid):
            readers.open(file, name=file.name, limit_bytes=2**20, scratch=tmp_path, **choice)
