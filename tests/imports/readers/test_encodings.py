"""Encodings are told apart by what people write in them; UTF-8 wins when the whole file is valid."""

import pytest

from kartotek.imports.readers import encodings

DANISH = "navn;by;note\nSøren Kjær;Ærøskøbing;på række\nÅse Østergård;Hjørring;første gang\n"
SWEDISH = "namn;ort\nBjörn Sjöström;Malmö\nÅsa Hägglund;Västerås\n"
GERMAN = "Name;Straße\nJürgen Müller;Königsallee\nBärbel Groß;Höhenweg\n"
FRENCH = "nom;ville\nHélène Lefèvre;Besançon\nFrançois Bénoît;Orléans\n"
POLISH = "imię;miasto\nŁukasz Wójcik;Gdańsk\nMałgorzata Śliwa;Łódź\nGrażyna Zięba;Częstochowa\n"
CZECH = "jméno;město\nJiří Dvořák;Plzeň\nŠárka Němcová;Ústí\n"
HUNGARIAN = "név;város\nSzűcs Győző;Győr\nÖrdög Ágnes;Szentgotthárd\n"
TURKISH = "ad;şehir\nAyşe Yıldız;Eskişehir\nÇağrı Gündoğdu;Muğla\n"
RUSSIAN = "имя;город\nИван Петров;Москва\nМария Кузнецова;Тверь\n"
GREEK = "όνομα;πόλη\nΖωή Παπαδάκη;Αθήνα\nΝίκος Γεωργίου;Πάτρα\n"
JAPANESE = "氏名,会社名\n山田 太郎,株式会社さくら商事\n佐藤 花子,みなと貿易有限会社\n"
CHINESE = "姓名,公司\n王伟,上海远东贸易有限公司\n李娜,北京长城科技股份公司\n"
KOREAN = "이름,회사\n김민수,서울무역 주식회사\n이영희,부산전자\n"
TAIWANESE = "姓名,公司\n王小明,台北電子股份有限公司\n林美玲,高雄國際貿易\n"


@pytest.mark.parametrize(
    ("text", "codec"),
    [
        *((DANISH, codec) for codec in ("cp1252", "mac-roman", "cp850")),
        *((SWEDISH, codec) for codec in ("cp1252", "mac-roman")),
        *((GERMAN, codec) for codec in ("cp1252", "mac-roman")),
        *((FRENCH, codec) for codec in ("cp1252", "mac-roman")),
        *((POLISH, codec) for codec in ("cp1250", "iso8859-2")),
        *((CZECH, codec) for codec in ("cp1250", "iso8859-2")),
        *((HUNGARIAN, codec) for codec in ("cp1250",)),
        *((RUSSIAN, codec) for codec in ("cp1251", "koi8-r", "cp866")),
        (TURKISH, "cp1254"),
        (GREEK, "cp1253"),
        *((JAPANESE, codec) for codec in ("cp932", "euc_jp")),
        (CHINESE, "gb18030"),
        (KOREAN, "cp949"),
        (TAIWANESE, "big5"),
        *((DANISH, codec) for codec in ("utf-8", "utf-16", "utf-16-le", "utf-16-be")),
        *((DANISH, codec) for codec in ("utf-32", "utf-32-le", "utf-32-be")),
        *((CHINESE, codec) for codec in ("utf-16-le", "utf-16-be")),
    ],
)  # fmt: skip
def test_an_encoding_is_known_by_what_people_write_in_it(text, codec, tmp_path):
    file = tmp_path / "names.csv"
    file.write_bytes(text.encode(codec))

    found = encodings.detect(file)

    assert found == codec
    assert b"".join(encodings.utf8(file, found, chunk=7)).decode() == text


def test_one_letter_at_the_end_of_a_large_file_decides(tmp_path):
    file = tmp_path / "names.csv"
    file.write_bytes(b"name;town\n" + b"Jens;Ribe\n" * 1_000_000 + "Søren;Køge\n".encode("cp1252"))

    assert encodings.detect(file) == "cp1252"


def test_bytes_that_windows_leaves_open_are_kept(tmp_path):
    file = tmp_path / "names.csv"
    file.write_bytes(b"name\nS\xf8ren \x81\x9d\n")

    assert b"".join(encodings.utf8(file, "cp1252")).decode() == "name\nSøren \x81\x9d\n"


@pytest.mark.parametrize(
    ("asked", "codec"), [("Windows-1252", "cp1252"), ("ANSI", "cp1252"), ("latin1", "iso8859-1"), ("UTF-16", "utf-16")]
)
def test_an_encoding_may_be_called_by_any_of_its_names(asked, codec):
    assert encodings.named(asked) == codec
