import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.provisional import domains, urls

from tests.values import outcome, quick, read

NOT = "INVALID_DOMAIN"


@pytest.mark.parametrize(
    ("cell", "host"),
    [
        ("harbour.example", "harbour.example"),
        ("Harbour.Example.", "harbour.example"),
        ("www.harbour.example", "harbour.example"),
        ("https://www.harbour.example/", "harbour.example"),
        ("HTTP://Shop.Harbour.example:8080/a/b?c=d#e", "shop.harbour.example"),
        ("https://ada:secret@harbour.example/x", "harbour.example"),
        ("//harbour.example", "harbour.example"),
        ("harbour.example/contact@us", "harbour.example"),
        ("ftp://harbour.example", "harbour.example"),
        ("www.www.harbour.example", "harbour.example"),
        ("www.dk", "www.dk"),
        ("www2.harbour.example", "www2.harbour.example"),
        ("rødgrød.dk", "xn--rdgrd-vuad.dk"),
        ("https://www.Rødgrød.dk/", "xn--rdgrd-vuad.dk"),
        ("xn--rdgrd-vuad.dk", "xn--rdgrd-vuad.dk"),
        ("harbour.xn--p1ai", "harbour.xn--p1ai"),
        ("\u200bharbour.example\u00a0", "harbour.example"),
    ],
)
def test_a_web_address_is_reduced_to_its_host(cell, host):
    assert read("domain", cell) == host


@pytest.mark.parametrize(
    "cell",
    [
        "harbour",
        "localhost",
        "my harbour.example",
        "ada@harbour.example",
        "mailto:ada@harbour.example",
        "127.0.0.1",
        "http://127.0.0.1/",
        "http://[::1]/",
        "harbour_side.example",
        "-harbour.example",
        "harbour..example",
        ".example",
        "harbour.e",
        "h" * 64 + ".example",
        "ø" * 64 + ".example",
        "harbour." * 32 + "example",
        "n/a",
    ],
)
def test_what_is_no_domain_is_said_so(cell):
    assert read("domain", cell) == NOT


def test_several_domains_stand_beside_each_other():
    cells = ["harbour.example; www.quay.example", "harbour.example,HARBOUR.example", "harbour.example quay", ""]

    assert outcome("domains", cells) == ["harbour.example;quay.example", "harbour.example", NOT, None]


@quick
@given(st.lists(st.one_of(domains(), urls()), min_size=1, max_size=3))
def test_a_domain_written_and_read_again_is_the_same(cells):
    once = [text for text in outcome("domain", cells) if text != NOT]

    assert outcome("domain", once) == once
