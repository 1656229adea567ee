"""`kartotek export`, from outside."""

import json

import polars as pl
import pytest


@pytest.fixture(scope="module", autouse=True)
def contacts(kartotek, tmp_path_factory):
    """Three contacts, two of them at one firm."""
    file = tmp_path_factory.mktemp("leads") / "leads.csv"
    file.write_text(
        "First name,Email,Phone number,Lifecycle stage,Company name,Company domain name\n"
        "=Ada,ada@nordlys.example,+45 33 12 13 14,Customer,Nordlys A/S,nordlys.example\n"
        "Bo,bo@nordlys.example,,Lead,Nordlys A/S,nordlys.example\n"
        "Cleo,cleo@elsewhere.example,,Lead,,\n"
    )
    made = kartotek("import", file, "--object", "contacts", "--object", "companies")
    assert made.returncode == 0, made.stdout + made.stderr


def test_all_contacts_go_into_a_file_and_come_back_unchanged(kartotek, tmp_path):
    file = tmp_path / "contacts.csv"

    written = kartotek("export", "contacts", "--to", file)

    again = kartotek("import", file, "--object", "contacts", "--dry-run", "--json")
    assert (written.returncode, written.stderr) == (0, "")
    assert (
        json.loads(again.stdout)["objects"]["contacts"] | {"unchanged": 3, "created": 0, "updated": 0}
        == json.loads(again.stdout)["objects"]["contacts"]
    )


def test_a_few_columns_of_what_fits_a_filter_go_to_standard_output(kartotek):
    printed = kartotek(
        "export", "contacts", "--to", "-", "--properties", "firstname,lifecyclestage,phone", "--sort", "-firstname",
        "--filter", "email~nordlys",
    )  # fmt: skip

    lines = printed.stdout.removeprefix("\ufeff").splitlines()
    assert lines[0] == '"Record ID","First Name","Lifecycle Stage","Phone Number"'
    assert [line.split(",", 1)[1] for line in lines[1:]] == ["Bo,Lead,", "'=Ada,Customer,'+4533121314"]


def test_json_lines_name_properties_and_options_as_programs_do(kartotek):
    printed = kartotek("export", "contacts", "--to", "-", "--format", "jsonl", "--filter", "firstname=Bo", "--links")

    [bo] = [json.loads(line) for line in printed.stdout.splitlines()]
    assert (bo["firstname"], bo["lifecyclestage"], bo["email"]) == ("Bo", "lead", "bo@nordlys.example")
    assert len(bo["companies.hs_object_id"]) == 1
    assert "phone" not in bo


def test_a_workbook_keeps_numbers_as_numbers_and_texts_as_texts(kartotek, tmp_path):
    file = tmp_path / "contacts.xlsx"

    kartotek("export", "contacts", "--to", file, "--properties", "firstname,phone,createdate", "--sort", "firstname")

    frame = pl.read_excel(file)
    assert frame.schema == {
        "Record ID": pl.Int64, "First Name": pl.String, "Phone Number": pl.String, "Create Date": pl.String,
    }  # fmt: skip
    assert frame["First Name"].to_list() == ["=Ada", "Bo", "Cleo"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["contact", "--to", "x.doc"], "Say which with --format"),
        (["contacts", "--to", "-", "--properties", "frist_name"], "Did you mean"),
        (["contacts", "--to", "-", "--filter", "=lead"], "is not a filter"),
        (["contacts", "--to", "-", "--filter", "createdate>soon"], "is not a date"),
        (["contacts", "--to", "-", "--sort", "nmae"], "There is no property"),
        (["contacts", "--to", "-", "--list", "Fair"], "There is no list of contacts called “Fair”"),
        (["cntacts", "--to", "-"], "Did you mean “contacts”?"),
    ],
)
def test_what_cannot_be_exported_is_said_in_a_sentence(kartotek, arguments, sentence):
    refused = kartotek("export", *arguments)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert sentence in refused.stderr


def test_no_half_of_a_file_is_left(kartotek, tmp_path):
    file = tmp_path / "contacts.csv"
    file.write_text("what was there before")

    refused = kartotek("export", "contacts", "--to", file, "--filter", "createdate>soon")

    assert refused.returncode == 2
    assert [one.name for one in tmp_path.iterdir()] == ["contacts.csv"]
    assert file.read_text() == "what was there before"
