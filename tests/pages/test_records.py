"""The index page of an object and the page of a record, as they are written without scripts."""

from kartotek.domain import catalogue, people, pipelines, records
from tests.helpers.visitor import text_of


def test_an_index_page_shows_names_for_ids_and_words_for_codes(ida, crew):
    page = text_of(ida.get("/deals"))

    assert "Fyrtårn" in page and "Appointment Scheduled" in page and "1,250.5" in page
    assert "Nordlys A/S" in page
    assert "appointmentscheduled" not in page


def test_an_index_page_can_be_sorted_by_its_address(ida, crew):
    up = ida.get("/contacts?sort=firstname").text
    down = ida.get("/contacts?sort=-firstname").text

    assert up.index("Ada Holm") < up.index("Bo Ågård") < up.index("Cleo")
    assert down.index("Cleo") < down.index("Bo Ågård") < down.index("Ada Holm")


def test_an_index_page_can_be_narrowed_to_what_belongs_to_a_record(ida, crew):
    page = text_of(ida.get(f"/contacts?with={crew.havnen.id}"))

    assert "Associated with Havnen ApS" in page
    assert "Ada Holm" in page and "Bo Ågård" in page and "Cleo" not in page


def test_columns_can_be_written_into_the_address(ida, crew):
    page = text_of(ida.get("/contacts?columns=@companies,jobtitle"))

    assert "Job Title" in page and "2 companies" in page
    assert "Phone Number" not in page


def test_an_empty_object_says_what_belongs_there_and_how_to_fill_it(ida):
    page = text_of(ida.get("/tickets"))

    assert "No tickets yet" in page and "Import a spreadsheet" in page and "Create the first" in page


def test_a_search_that_finds_nothing_says_for_what(ida):
    assert "No contacts for “nobody”" in text_of(ida.get("/contacts?q=nobody"))


def test_what_people_typed_is_shown_as_text_and_never_run(ida, crew, own_database):
    with own_database.transaction() as tx:
        contacts = catalogue.load(tx).object_type("contacts")
        evil = records.create(tx, crew.ida, contacts, {"firstname": '<script>alert("x")</script>'})

    pages = [ida.get(path).text for path in ("/contacts", f"/contacts/{evil.id}", "/search?q=alert")]

    assert all("<script>alert" not in page and "&lt;script&gt;alert" in page for page in pages)


def test_a_record_is_created_with_its_association_in_one_step(ida, crew):
    sent = ida.post(
        "/contacts", form="/contacts/new", firstname="Dagny", **{"with": crew.havnen.id, "with_type": "companies"}
    )

    assert sent.headers["location"] == f"/companies/{crew.havnen.id}?side=associations"
    assert "Dagny" in text_of(ida.get(f"/companies/{crew.havnen.id}"))


def test_a_form_that_lacks_what_is_needed_comes_back_with_what_was_typed(ida, crew):
    again = ida.post("/deals", form="/deals/new", amount="12")

    assert again.status_code == 400
    assert 'value="12"' in again.text and "is needed" in text_of(again)


def test_a_change_can_be_followed_back(ida, crew):
    ida.post(f"/contacts/{crew.cleo.id}/properties/city", form=f"/contacts/{crew.cleo.id}/properties/city", city="Ribe")
    ida.post(
        f"/contacts/{crew.cleo.id}/properties/city", form=f"/contacts/{crew.cleo.id}/properties/city", city="Odense"
    )

    history = text_of(ida.get(f"/contacts/{crew.cleo.id}/history"))

    assert "Ribe → Odense" in history and "User · Ida Lund" in history


def test_archiving_names_the_records_first_and_says_what_was_done(ida, crew):
    asked = ida.get(f"/contacts/archivals/new?ids={crew.bo.id}&ids={crew.cleo.id}")
    done = ida.post("/contacts/archivals", ids=[str(crew.bo.id), str(crew.cleo.id)])

    assert "Bo Ågård" in text_of(asked) and "Archive 2 contacts" in text_of(asked)
    assert "2 contacts archived" in text_of(ida.get(done.headers["location"]))
    assert "Bo Ågård" not in ida.get("/contacts").text


def test_a_record_that_is_not_there_is_not_found(ida):
    answer = ida.get("/contacts/999999")

    assert answer.status_code == 404
    assert "There is no contact with record id 999999" in text_of(answer)


def test_an_object_with_a_slip_of_the_finger_is_guessed(ida):
    answer = ida.get("/contcts")

    assert answer.status_code == 404 and "Did you mean “contacts”?" in text_of(answer)


def test_there_is_nothing_at_an_address_that_names_no_object(ida):
    assert [ida.get(path).status_code for path in ("/contact", "/boots", "/quux/new")] == [404, 404, 404]
    assert "There is nothing at this address" in text_of(ida.get("/quux"))


def test_a_form_begins_where_the_one_pipeline_begins_and_of_several_nobody_knows(ida, crew, own_database):
    with own_database.transaction() as tx:
        pipelines.create(tx, crew.ida, crew.deal.object_type, "Renewals")

    ticket, deal = ida.get("/tickets/new").text, ida.get("/deals/new").text

    assert 'value="0" selected' in ticket and 'value="1" selected' in ticket
    assert "selected" not in deal


def test_who_may_only_look_sees_no_way_to_change_and_is_refused(stranger, crew, own_database):
    with own_database.transaction() as tx:
        secret = people.invite(tx, crew.ida, "viewer@kartotek.example", "viewer")
    link = f"/welcome/{secret}"
    stranger.post(link, form=link, first_name="Vera", email="viewer@kartotek.example", password="four brown teapots")

    page = stranger.get(f"/contacts/{crew.cleo.id}")
    refused = stranger.post(f"/contacts/{crew.cleo.id}/properties/city", city="Ribe")

    assert (
        "/properties/" not in page.text
        and "Import" not in stranger.get("/contacts").text.split("<main")[1].split("</main")[0]
    )
    assert refused.status_code == 403
    assert "Vera may not edit contacts" in text_of(refused)


def test_an_address_that_is_taken_leads_to_whose_it_is(ida, crew):
    email = crew.ada.values["email"]

    made = ida.post("/contacts", form="/contacts/new", firstname="Ada", email=email.upper())
    changed = ida.post(
        f"/contacts/{crew.bo.id}/properties/email", form=f"/contacts/{crew.bo.id}/properties/email", email=email
    )

    for answer in (made, changed):
        assert answer.status_code in (400, 409)
        assert f'<a href="/contacts/{crew.ada.id}">Ada Holm</a>' in answer.text


def test_the_history_of_a_whole_record_begins_with_where_it_came_from(ida, crew):
    told = text_of(ida.get(f"/contacts/{crew.cleo.id}/history"))
    of_one = text_of(ida.get(f"/contacts/{crew.cleo.id}/history?property=firstname"))

    assert "Nothing has changed since" in told and "User · Ida Lund" in told.rpartition("Created")[2]
    assert "Created" not in of_one and "User · Ida Lund" in of_one
