"""The wizard's list of languages for the column headers."""

from kartotek.domain import imports
from tests.helpers.visitor import text_of
from tests.helpers.wizard import upload

GERMAN = "Vorname;Name;E-Mail;Straße;Ort\nAda;Lovelace;ada@x.example;Hafenweg 1;Kiel\n".encode()
CONTACTS = {"objects": ["contacts"], "mode-contacts": "upsert"}


def mapped(own_database, crew, path):
    """Header → property of the draft, and the language of its plan."""
    with own_database.transaction() as tx:
        plan = imports.get(tx, crew.ida, int(path.rpartition("/")[2])).draft["plan"]
    return {one["header"]: one["property"] for one in plan["columns"]}, plan["language"]


def test_the_language_of_the_headers_is_guessed_and_shown(ida, own_database, crew):
    path = upload(ida, GERMAN).headers["location"].rpartition("/")[0]

    before = ida.get(f"{path}/objects")
    ida.post(f"{path}/objects", form=f"{path}/objects", next="1", language="", **CONTACTS)

    assert "Guessed: Deutsch" in text_of(before)
    properties, language = mapped(own_database, crew, path)
    assert language == "de"
    assert list(properties.values()) == ["firstname", "lastname", "email", "address", "city"]


def test_a_language_that_somebody_chose_stays_chosen_and_guesses_the_columns_anew(ida, own_database, crew):
    path = upload(ida, "名字;姓\nAda;Lovelace\n".encode()).headers["location"].rpartition("/")[0]
    ida.post(f"{path}/objects", form=f"{path}/objects", next="1", language="zh-hans", **CONTACTS)
    chinese, _ = mapped(own_database, crew, path)

    ida.post(f"{path}/objects", form=f"{path}/objects", next="1", language="ja", **CONTACTS)

    japanese, language = mapped(own_database, crew, path)
    assert chinese == {"名字": "firstname", "姓": "lastname"}
    assert language == "ja"
    assert japanese["名字"] in ("lastname", None) and japanese != chinese
    assert 'value="ja" lang="ja" selected' in ida.get(f"{path}/objects").text


def test_every_language_stands_in_the_list_by_its_own_name(ida):
    path = upload(ida, GERMAN).headers["location"].rpartition("/")[0]

    page = ida.get(f"{path}/objects").text

    for name in ("Dansk", "Deutsch", "English", "Español", "Suomi", "Français", "Italiano", "日本語", "Nederlands"):
        assert f">{name}</option>" in page
    for name in ("Norsk", "Polski", "Português", "Svenska", "简体中文", "繁體中文"):
        assert f">{name}</option>" in page


def test_english_headers_are_known_on_danish_pages(ida, own_database, crew):
    ida.post("/preferences", form="/imports/new", language="da")
    path = upload(ida, b"First name;Postal Code;Phone Number;Mobile Phone Number\nAda;8000;1;2\n").headers["location"]
    path = path.rpartition("/")[0]

    ida.post(f"{path}/objects", form=f"{path}/objects", next="1", language="", **CONTACTS)

    properties, language = mapped(own_database, crew, path)
    assert language == "en"
    assert list(properties.values()) == ["firstname", "zip", "phone", "mobilephone"]
