"""Workbooks: cells as a person sees them, the types of cells that share a column, and which sheet is read."""

import polars as pl
import pytest

from kartotek import errors
from kartotek.imports import readers
from kartotek.imports.table import LINE
from kartotek.values.reading import NATIVE, NATIVE_1904
from tests import samples
from tests.samples import old_macs


@pytest.fixture
def opened(tmp_path):
    def opened(file, **choices):
        return readers.open(file, name=file.name, limit_bytes=2**24, scratch=tmp_path, **choices)

    return opened


def values_of(sheet):
    return {row["c0"]: row["c1"] for row in next(sheet.batches(100)).iter_rows(named=True)}


def test_each_cell_keeps_its_own_type_in_a_column_of_many(opened, tmp_path):
    sheet = opened(samples.customers_xlsx(tmp_path))

    values = values_of(sheet)

    assert values == {
        "text": "0012",
        "number": f"{NATIVE}12",
        "decimal": f"{NATIVE}1234.5",
        "danish text": "1.234",
        "thousandth": f"{NATIVE}1.234",
        "sum": f"{NATIVE}0.3",
        "long": f"{NATIVE}123456789012345",
        "tiny": f"{NATIVE}0.0000000001",
        "negative": f"{NATIVE}-5",
        "true text": "true",
        "spaces": " two ",
        "day": f"{NATIVE}2026-04-03",
        "moment": f"{NATIVE}2026-04-03T10:05:00",
        "time": f"{NATIVE}10:30:00",
        "yes": "TRUE",
        "formula": f"{NATIVE}24",
        "error": None,
        "after a blank line": None,
    }


def test_dates_of_an_old_mac_are_the_same_days(opened, tmp_path):
    sheet = opened(samples.customers_xlsx(tmp_path, mac=True))

    values = values_of(sheet)

    assert values["day"] == f"{NATIVE}2026-04-03"
    assert values["moment"] == f"{NATIVE}2026-04-03T10:05:00"
    assert values["time"] == f"{NATIVE}10:30:00"


@pytest.mark.parametrize(
    ("made", "number", "other"),
    [
        ((lambda _: samples.path("customers.xls"), old_macs.xls), "413", "Åse Østergård"),
        ((lambda folder: old_macs.xlsb(folder, mac=False), old_macs.xlsb), "44653", "Ada"),
        (
            (samples.customers_ods, lambda folder: samples.customers_ods(folder, mac=True)),
            "1234.5",
            f"{NATIVE}2026-04-03",
        ),
    ],
    ids=["xls", "xlsb", "ods"],
)
def test_plain_numbers_of_an_old_mac_say_so_in_every_kind_of_workbook(opened, tmp_path, made, number, other):
    usual, old = ([*next(opened(file(tmp_path)).batches(100)).iter_rows()] for file in made)

    said, said_of_old = ({cell for row in rows for cell in row} for rows in (usual, old))

    assert f"{NATIVE}{number}" in said and f"{NATIVE_1904}{number}" not in said
    assert f"{NATIVE_1904}{number}" in said_of_old and f"{NATIVE}{number}" not in said_of_old
    assert other in said & said_of_old


def test_lines_are_counted_as_the_sheet_shows_them(opened, tmp_path):
    sheet = opened(samples.customers_xlsx(tmp_path))

    lines = next(sheet.batches(100))[LINE].to_list()

    assert sheet.header_line == 4
    assert sheet.columns == ("Navn", "Værdi", "Note")
    assert lines == [*range(5, 22), 23]


def test_libreoffice_cells_are_read_by_their_types(opened, tmp_path):
    sheet = opened(samples.customers_ods(tmp_path))

    values = list(values_of(sheet).values())

    assert values == [
        "0012",
        f"{NATIVE}1234.5",
        f"{NATIVE}2026-04-03",
        f"{NATIVE}2026-04-03T10:05:00",
        f"{NATIVE}10:30:00",
        "TRUE",
        f"{NATIVE}0.25",
        "Øst & Vest",
    ]


def test_a_workbook_is_known_by_its_content_whatever_its_name(opened, tmp_path):
    file = samples.customers_xlsx(tmp_path).rename(tmp_path / "customers.csv")

    assert opened(file).name == "Kunder"


def test_empty_sheets_do_not_count_and_are_listed(opened, tmp_path):
    sheet = opened(samples.customers_xlsx(tmp_path))

    assert (sheet.name, sheet.sheets) == ("Kunder", ("Kunder", "Ark2"))


TWO = {"Kunder": [["Navn"], ["Ada"]], "Firmaer": [["Firma"], ["Harbour"]]}


def test_of_several_sheets_one_must_be_chosen(opened, tmp_path):
    file = samples.workbook_xlsx(tmp_path, TWO)

    with pytest.raises(errors.BadFile) as refused:
        opened(file)

    assert refused.value.type == "INVALID_SHEET_COUNT"
    assert "“Kunder”, “Firmaer”" in refused.value.sentence and "--sheet" in refused.value.sentence
    assert opened(file, sheet="firmaer").columns == ("Firma",)


def test_a_sheet_that_is_not_there_is_refused_with_the_nearest_name(opened, tmp_path):
    file = samples.workbook_xlsx(tmp_path, TWO)

    with pytest.raises(errors.BadFile, match="Did you mean “Firmaer”"):
        opened(file, sheet="Firmaerne")


def test_a_hidden_sheet_of_drop_down_lists_does_not_stand_in_the_way(opened, tmp_path):
    file = samples.workbook_xlsx(tmp_path, TWO, hidden=("Firmaer",))

    assert opened(file).name == "Kunder"


def test_batches_of_seven_and_of_fifty_thousand_are_the_same_rows(opened, tmp_path):
    rows = [["Navn", "Nr."], *([f"Kunde {i}", f"{i:05}"] for i in range(100))]
    sheet = opened(samples.workbook_xlsx(tmp_path, {"Ark1": rows}))

    by_seven, whole = list(sheet.batches(7)), list(sheet.batches(50_000))

    assert [batch.height for batch in by_seven] == [7] * 14 + [2]
    assert pl.concat(by_seven).equals(whole[0])
