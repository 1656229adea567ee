"""The words of a text, as they are searched: case, accents and Nordic spellings folded, so that Søren, Soeren and
SOREN are one, and so are Århus and Aarhus. Everything that is no letter or digit parts two words.

`kartotek.search_key` (migrations/0031) says the same in SQL, and a test holds them together.
"""

import functools
import re
from collections.abc import Iterable, Mapping, Sequence

import phonenumbers
import polars as pl

LONGEST = 40  # characters of a word that count
# A record's whole name is a word too, so that it is found first by how it begins. No other word has this sign.
NAME = "="
LONGEST_NAME = 80

# Of a text, so much is searched: a note's body may be a book.
_MOST = 250
_LETTERS = {"ß": "ss", "æ": "ae", "þ": "th"}
_PLAIN = {"ø": "o", "đ": "d", "ð": "d", "ł": "l"}
_MARKS = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\xa0\xab\xb7\xbb\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u2026\t\n\r\x1f"
# One after the other, the first of two that begin at one place: "aae" is "aa" and "e", and then "ae".
_SPELLINGS = {"aae": "a", "aa": "a", "ae": "a", "oe": "o"}
_PHONE = re.compile(r"[+0-9][0-9 ()./\-\xa0]*")
_FEWEST_DIGITS, _WITH_COUNTRY = 4, 9


def fold(text: pl.Expr) -> pl.Expr:
    return text.map_batches(_folded, return_dtype=pl.String)


def _folded(text: pl.Series) -> pl.Series:
    """Nearly all text is in letters that have a plain one, which takes one pass; the rest goes the long way."""
    plain = text.str.to_lowercase().str.replace_many(list(_plain_ones()), list(_plain_ones().values()))
    odd = (plain.str.len_bytes() != plain.str.len_chars()).arg_true()
    if len(odd):
        plain = plain.scatter(odd, text.gather(odd).to_frame("text").select_seq(_bare(pl.col("text"))).to_series())
    return plain.str.replace_many(list(_SPELLINGS), list(_SPELLINGS.values()), leftmost=True)


def _bare(text: pl.Expr) -> pl.Expr:
    plain = text.str.to_lowercase().str.replace_many(list(_LETTERS), list(_LETTERS.values())).str.normalize("NFD")
    bare = plain.str.replace_all("[\u0300-\u036f]", "")
    return bare.str.replace_many([*_PLAIN, *_MARKS], [*_PLAIN.values(), *(" " for _ in _MARKS)])


@functools.cache
def _plain_ones() -> Mapping[str, str]:
    """What `_bare` makes of each small letter or mark, of those that it makes plain."""
    every = [chr(code) for code in range(0x2300) if chr(code) == chr(code).lower()]
    bare = pl.select(_bare(pl.lit(pl.Series(every)))).to_series()
    return {one: made for one, made in zip(every, bare, strict=True) if made.isascii() and made != one}


def of(frame: pl.DataFrame, names: Sequence[str], texts: Sequence[str], phones: Sequence[str]) -> pl.DataFrame:
    """`word`, `_id`: each word of these columns once for each record, and its name, which `names` make, as one."""
    digits = [pl.col(name).str.replace(f"^{calling()}", "") for name in phones]
    folded = frame.select_seq("_id", name=_joined(map(pl.col, names)), rest=_joined([*map(pl.col, texts), *digits]))
    parted = folded.select_seq(
        "_id",
        name=pl.col("name").str.replace_all(" +", " ").str.strip_chars(" ").str.slice(0, LONGEST_NAME),
        word=pl.concat_str(["name", "rest"], separator=" ").str.split(" ").list.unique(),
    )
    words = parted.select_seq("_id", "word").explode("word").select_seq(pl.col("word").str.slice(0, LONGEST), "_id")
    called = parted.select_seq("_id", word=NAME + pl.col("name")).select_seq("word", "_id")
    return pl.concat([words.filter(pl.col("word") != ""), called.filter(pl.col("word") != NAME)])


def readings(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of what somebody looks for; of what may be a telephone number its digits first."""
    found = [(digits,) for digits in _numbers(text.strip())]
    plain = pl.select(fold(pl.lit(text.replace("\0", "")))).item().split()
    found.append(tuple(dict.fromkeys(word[:LONGEST] for word in plain)))
    return tuple(dict.fromkeys(one for one in found if one))


def _numbers(text: str) -> list[str]:
    """As records have them: without their country. Written without a plus, they may begin with one all the same."""
    if not _PHONE.fullmatch(text):
        return []
    digits = re.sub("[^0-9]", "", text)
    bare = re.sub(f"^{calling()}", "", "+" + digits.removeprefix("00"))
    with_country = text.startswith(("+", "00"))
    found = [bare] if with_country else [digits.removeprefix("0")]
    if len(digits) >= _WITH_COUNTRY:
        found.append(bare)
    fewest = 1 if with_country else _FEWEST_DIGITS
    return [one for one in found if len(one) >= fewest and one.isdigit()]


def _joined(texts: Iterable[pl.Expr]) -> pl.Expr:
    some = [text.str.slice(0, _MOST) for text in texts]
    return fold(pl.concat_str(some, separator=" ", ignore_nulls=True)) if some else pl.lit("")


@functools.cache
def calling() -> str:
    """A number's country, as the pattern of how it begins: numbers are found without it."""
    return rf"\+(?:{'|'.join(countries())})"


@functools.cache
def countries() -> tuple[str, ...]:
    """How the numbers of each begin, behind the plus."""
    return tuple(sorted(map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE)))
