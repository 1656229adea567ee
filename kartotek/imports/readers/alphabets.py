"""Which 8-bit or East Asian encoding fits best, judged by the letters it makes of the words in a sample.

Each encoding is tried with the alphabets of the languages that people write in it. A letter that one language's
alphabet holds counts fully, one that only a neighbour's holds less, a sign or a capital in the midst of a word counts
against it. So Czech in Windows-1250 is not taken for a strange Danish, nor a Mac's Danish for fractions.
Windows-1252 wins all ties: it is what most spreadsheets are saved in.
"""

import re
from collections import Counter
from collections.abc import Iterable

_WESTERN = (
    "æøåéöäü", "åäöéü", "äöüßé", "éèàçêëîïôûùœ", "ñáéíóúü", "ãõçáéíóúâêôà", "àèéìòù", "ëïéöü", "áéíóúýðþæö",
)  # fmt: skip
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ")
_BALTIC = ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž")
_TURKISH = ("çğıöşüâî",)
_CYRILLIC = ("абвгдежзийклмнопрстуфхцчшщъыьэюяё", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "абвгдђежзијклљмнњопрстћуфхцчџш")
_GREEK = ("αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",)

_ALPHABETS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("cp1252", _WESTERN), ("iso8859-15", _WESTERN), ("mac-roman", _WESTERN), ("cp850", _WESTERN),
    ("cp1250", _CENTRAL), ("iso8859-2", _CENTRAL), ("cp852", _CENTRAL), ("cp1257", _BALTIC), ("cp1254", _TURKISH),
    ("cp1251", _CYRILLIC), ("koi8-r", _CYRILLIC), ("cp866", _CYRILLIC), ("cp1253", _GREEK),
)  # fmt: skip
# For East Asian encodings: the codec, and the bytes of a pair that stands for a common character.
_PAIRS: tuple[tuple[str, bytes], ...] = (
    ("cp932", rb"[\x88-\x97][\x40-\x7e\x80-\xfc]|\x82[\x4f-\xf1]|\x83[\x40-\x96]|\x81[\x40-\x7e\x80-\xac]"),
    ("euc_jp", rb"[\xa4\xa5\xb0-\xcf][\xa1-\xfe]"),
    ("cp949", rb"[\xb0-\xc8][\xa1-\xfe]"),
    ("big5", rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]"),
    ("gb18030", rb"[\xb0-\xd7][\xa1-\xfe]|\xa3[\xa1-\xfe]"),
)  # fmt: skip
_MARKS = frozenset("“”„‘’–—…€°§£«»·¿¡ªº®©™•№")
_WORDS = 3000
_CLEARLY = 0.05


def best(sample: bytes) -> str:
    """The codec whose reading of the sample makes most sense; the sample has no line without a byte above 127."""
    words = Counter(re.findall(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*", sample)).most_common(_WORDS)
    scores = {codec: _score_of_words(words, codec, alphabets) for codec, alphabets in _ALPHABETS}
    scores |= {codec: _score_of_pairs(sample, codec, pair) for codec, pair in _PAIRS}
    winner = max(scores, key=lambda codec: scores[codec])
    return winner if scores[winner] > scores["cp1252"] + _CLEARLY else "cp1252"


def _score_of_words(words: Iterable[tuple[bytes, int]], codec: str, alphabets: tuple[str, ...]) -> float:
    letters: Counter[str] = Counter()
    faults = total = 0
    for word, times in words:
        text = word.decode(codec, "replace")
        foreign = [c for c in text if c > "\x7f"]
        total += times * len(foreign)
        faults += times * _faults(text)
        letters.update({c: times * n for c, n in Counter(foreign).items()})
    if not total:
        return 0.0
    everyone = frozenset("".join(alphabets))
    signs = sum(0.7 * n for c, n in letters.items() if c in _MARKS)
    one = max(sum(n for c, n in letters.items() if c.lower() in alphabet) for alphabet in alphabets)
    several = sum(n for c, n in letters.items() if c.lower() in everyone)
    return (max(one, 0.8 * several) + signs - faults) / total


def _faults(text: str) -> int:
    """What no word has: signs between letters, a capital after a small letter, letters of two scripts."""
    wrong = 0
    far = any(c >= "\u0370" and c.isalpha() for c in text)
    for before, c in zip("\0" + text, text, strict=False):
        if c <= "\x7f":
            wrong += far and c.isalpha()
        elif c == "\ufffd" or "\x7f" < c < "\xa0":
            wrong += 2
        elif not c.isalpha():
            wrong += c not in _MARKS or before.isalpha()
        elif c.isupper() and before.islower():
            wrong += 1
    return wrong


def _score_of_pairs(sample: bytes, codec: str, pair: bytes) -> float:
    try:
        text = sample.decode(codec)
    except UnicodeDecodeError:
        return 0.0
    if codec == "euc_jp" and not any("\u3040" < c < "\u30ff" for c in text):
        return 0.0  # without a kana it is as well Korean or Chinese
    foreign = sum(1 for c in text if c > "\x7f")
    # Lead bytes of pairs are above 127, but trail bytes may be ASCII: so count along the text, two bytes at a time.
    pairs = re.findall(rb"(" + pair + rb")|[\x80-\xff].", sample, re.DOTALL)
    common = sum(1 for found in pairs if found)
    return min(1.0, common / foreign) if foreign and len(pairs) >= 0.9 * foreign else 0.0
