import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.values import outcome, quick, read

NOT = "INVALID_EMAIL"


@pytest.mark.parametrize(
    ("cell", "address"),
    [
        ("Ada@Harbour.Example", "ada@harbour.example"),
        (" ada@harbour.example\u00a0", "ada@harbour.example"),
        ("ada\u200b@harbour.example", "ada@harbour.example"),
        ("mailto:ada@harbour.example?subject=Hello", "ada@harbour.example"),
        ("Ada Lovelace <Ada@harbour.example>", "ada@harbour.example"),
        ("'Ada' < ada@harbour.example >;", "ada@harbour.example"),
        ("<ada@harbour.example>", "ada@harbour.example"),
        ("ada@harbour.example;", "ada@harbour.example"),
        ("ada+news.o'hara_1@mail.harbour-side.example", "ada+news.o'hara_1@mail.harbour-side.example"),
        ("ada@ærø.dk", "ada@ærø.dk"),
        ("søren@ærø.dk", "søren@ærø.dk"),
        ("ada@xn--r-0fa.xn--p1ai", "ada@rä.рф"),
        ("Ada <ada@mail.XN--mbler-vua.dk>", "ada@mail.møbler.dk"),
        ("ada@xn--99zzzzzzzzz.example", "ada@xn--99zzzzzzzzz.example"),
        ("a" * 64 + "@harbour.example", "a" * 64 + "@harbour.example"),
    ],
)
def test_an_address_is_reduced_to_itself_in_lower_case(cell, address):
    assert read("email", cell) == address


@pytest.mark.parametrize(
    "cell",
    [
        "bad mail",
        "ada",
        "ada@",
        "@harbour.example",
        "ada@harbour",
        "ada@@harbour.example",
        "ada@harbour..example",
        "ada..l@harbour.example",
        ".ada@harbour.example",
        "ada.@harbour.example",
        "ada l@harbour.example",
        "ada@harbour.e",
        "ada@-harbour.example",
        "ada@harbour-.example",
        "ada@1.2.3.4",
        "ada@harbour.example, bo@harbour.example",
        "a" * 65 + "@harbour.example",
        "ada@" + "h" * 64 + ".example",
        "ada@" + "harbour." * 32 + "example",
        "n/a",
    ],
)
def test_what_is_no_address_is_said_so(cell):
    assert read("email", cell) == NOT


@pytest.mark.parametrize(
    ("cell", "addresses"),
    [
        ("a@b.dk; c@d.dk", "a@b.dk;c@d.dk"),
        ("a@b.dk,A@B.dk\tc@d.dk\nmailto:e@f.dk", "a@b.dk;c@d.dk;e@f.dk"),
        ("Ada L <a@b.dk>, Bo Ek <c@d.dk>", "a@b.dk;c@d.dk"),
        ("a@b.dk; nobody", "SECONDARY_EMAIL_WRITE_FAILURE"),
        (" ; ", None),
    ],
)
def test_several_addresses_stand_beside_each_other(cell, addresses):
    assert read("emails", cell) == addresses


@quick
@given(st.lists(st.emails(), min_size=1, max_size=3, unique=True))
def test_an_address_written_and_read_again_is_the_same(addresses):
    once = [text for text in outcome("email", addresses) if text != NOT]

    assert outcome("email", once) == once
    assert not once or read("emails", ";".join(once)) == ";".join(dict.fromkeys(once))
