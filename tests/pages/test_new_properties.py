"""A property that is made on the way, while the columns of a file are mapped."""

import pytest

from tests.helpers.visitor import text_of
from tests.helpers.wizard import column_of, draft_of, option_labels


def test_a_property_is_made_on_the_way_with_the_values_of_the_column_as_options(ida, looked_at, own_database):
    rows = "".join(f"{i}@x.example;{('red', 'green')[i % 2]}\n" for i in range(10))
    path = draft_of(ida, f"Email;Favourite colour\n{rows}".encode())
    looked_at(path)
    panel = ida.get(f"{path}/columns/1/properties/new").text

    answer = ida.post(
        f"{path}/columns/1/properties", form=f"{path}/columns/1/properties/new",
        object="contacts", label="Favourite colour", type="choice", options="red\ngreen",
    )  # fmt: skip

    assert '<option value="choice" selected' in panel and "green\nred</textarea>" in panel
    assert answer.headers["location"] == f"{path}/mapping#column-1"
    assert column_of(own_database, path, 1).property == "favourite_colour"
    assert option_labels(own_database, "favourite_colour") == ["red", "green"]


def test_options_that_are_numbers_are_proposed_in_the_order_of_numbers(ida, looked_at):
    path = draft_of(
        ida, b"Email;Ring size\n" + b"".join(b"%d@x.example;%d\n" % (i, (54, 6)[i % 3 > 1]) for i in range(9))
    )
    looked_at(path)

    panel = ida.get(f"{path}/columns/1/properties/new").text

    assert "6\n54</textarea>" in panel


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (("000415", "000416"), "text"),
        (("1.234,50", "-12"), "number"),
        (("Ja", "nej"), "boolean"),
        (("01-02-2026", "13-02-2026"), "date"),
        (("12/31/2025", "1/2/2026"), "date"),
        (("01-02-2026 10:30", "13-02-2026 9:05"), "moment"),
        (("1.2.2026 10.30", "13.2.2026 9.05"), "moment"),
        (("+45 22 33 44 55", "44 55 66 77"), "phone"),
        (("Sailing;Ski", "Ski"), "choices"),
        (("hello; world", "good bye"), "text"),
    ],
)
def test_what_a_new_property_holds_is_proposed_so_that_nothing_is_lost(ida, looked_at, cells, kind):
    lines = "".join(f'{n}@x.example,"{cell}"\n' for n, cell in enumerate(cells))
    path = draft_of(ida, f"Email,Something\n{lines}".encode())
    looked_at(path)

    panel = ida.get(f"{path}/columns/1/properties/new").text

    assert f'<option value="{kind}" selected' in panel


@pytest.mark.parametrize(("label", "sentence"), [("", "A property needs a label"), ("Email", None)])
def test_a_new_property_is_refused_in_a_sentence_or_gets_a_name_of_its_own(ida, own_database, label, sentence):
    path = draft_of(ida)

    answer = ida.post(
        f"{path}/columns/3/properties", form=f"{path}/columns/3/properties/new",
        object="contacts", label=label, type="text",
    )  # fmt: skip

    if sentence:
        assert answer.status_code == 400 and sentence in text_of(answer)
    else:
        assert column_of(own_database, path, 3).property == "email_2"


def test_an_activity_gets_no_new_properties(ida):
    path = draft_of(ida, b"Call notes;Mood\nhello;good\n", objects=("calls",))

    panel = text_of(ida.get(f"{path}/columns/1/properties/new"))
    answer = ida.post(
        f"{path}/columns/1/properties", form=f"{path}/columns/1/properties/new", object="calls", label="Mood"
    )

    assert "Activities cannot have properties of your own." in panel
    assert answer.status_code == 400
