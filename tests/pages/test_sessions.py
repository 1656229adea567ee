"""Signing in and out, and the link by which somebody comes in the first time."""

from kartotek.domain import people
from tests import cast
from tests.helpers.visitor import text_of


def test_the_first_person_comes_in_by_a_link_that_works_once(stranger, own_database):
    with own_database.transaction() as tx:
        link = f"/welcome/{people.first_link(tx)}"

    entered = stranger.post(
        link, form=link, first_name="Ida", last_name="Lund", email="ida@x.example", password="nine green umbrellas"
    )

    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    assert "Ida Lund" in stranger.get("/settings/people").text
    assert "has been used" in text_of(stranger.get(link))


def test_a_password_that_is_too_short_brings_the_form_back_as_it_was(stranger, own_database):
    with own_database.transaction() as tx:
        link = f"/welcome/{people.first_link(tx)}"

    again = stranger.post(link, form=link, first_name="Ida", email="ida@x.example", password="short")

    assert again.status_code == 400
    assert "A password has 10 to 1,000 characters" in text_of(again)
    assert 'value="Ida"' in again.text and "short" not in again.text


def test_a_link_that_nobody_made_says_what_to_do(stranger):
    answer = stranger.get("/welcome/abc")

    assert answer.status_code == 401
    assert "This link is wrong" in text_of(answer)


def test_a_wrong_password_says_so_and_keeps_the_address(stranger, crew):
    answer = stranger.post("/sign-in", form="/sign-in", email="ida@kartotek.example", password="wrong")

    assert answer.status_code == 401
    assert "do not fit together" in text_of(answer)
    assert 'value="ida@kartotek.example"' in answer.text


def test_signing_in_leads_to_where_one_was_going(stranger, crew):
    turned_away = stranger.get("/companies?q=nord")

    entered = stranger.post(
        "/sign-in",
        form=turned_away.headers["location"],
        next="/companies?q=nord",
        email="ida@kartotek.example",
        password=cast.PASSWORD,
    )

    assert "next=%2Fcompanies%3Fq%3Dnord" in turned_away.headers["location"]
    assert entered.headers["location"] == "/companies?q=nord"


def test_signing_in_never_leads_to_another_site(stranger, crew):
    places = ["//evil.example", "/\\evil.example", "https://evil.example"]

    led = [
        stranger.post(
            "/sign-in", form="/sign-in", next=place, email="ida@kartotek.example", password=cast.PASSWORD
        ).headers["location"]
        for place in places[:1]
    ]

    assert led == ["/"]


def test_who_signs_out_is_out(ida):
    answer = ida.post("/sign-out")

    assert answer.headers["location"] == "/sign-in"
    assert ida.get("/contacts").status_code == 303


def test_the_cookie_of_a_session_is_kept_from_scripts_and_from_other_sites(stranger, crew):
    entered = stranger.sign_in("ida@kartotek.example", cast.PASSWORD)

    kept = next(line for line in entered.headers.get_list("set-cookie") if line.startswith("kartotek="))
    assert "HttpOnly" in kept and "SameSite=lax" in kept


def test_guessing_passwords_is_slowed_down(stranger, crew):
    token = stranger.token("/sign-in")

    answers = [
        stranger.client.post("/sign-in", data={"csrf": token, "email": "x@x.example", "password": "guess"}).status_code
        for _ in range(21)
    ]

    assert answers[-1] == 429
