"""How numbers are written, country by country. Only what tells two readings apart is kept.

A space, an apostrophe or a narrow space between groups of three means the same everywhere and is read everywhere.
What differs is the decimal mark, and whether the other mark stands between thousands.
"""

from dataclasses import dataclass

from kartotek import errors


@dataclass(frozen=True, slots=True)
class Marks:
    decimal: str
    thousands: str = ""  # "," or ".", "" where neither ever groups
    # Whether one such mark alone is believed: 1.234 is a thousand and more in Denmark, and a slip in France.
    believed: bool = True
    lakh: bool = False  # 12,34,567


_COMMA_POINT = (
    "AD AL AO AR AT AZ BA BE BO BR CL CO CW CY DE DK EC ES FO GL GR HR ID IS IT LU ME MK MZ NL PT PY RO RS SI"
)
_COMMA_SPACE = "AM BG BY CM CZ DZ EE FI FR GE HU KG KZ LT LV MA MD NC NO PF PL RU SE SK SN TN UA UZ ZA"
_POINT_COMMA = (
    "AE AU BH BW BZ CA CN DO EG ET FJ GB GH GI GT HK HN IE IL IQ JM JO JP KE KH KR KW LB LY MM MN MO MT MU MX MY NA "
    "NG NI NZ OM PA PE PH PR QA RW SA SG SV TH TT TW TZ UG US YE ZM ZW"
)

COUNTRIES: dict[str, Marks] = {
    **{country: Marks(",", ".") for country in f"{_COMMA_POINT} TR UY VE VN XK".split()},
    **{country: Marks(",", ".", believed=False) for country in _COMMA_SPACE.split()},
    **{country: Marks(".", ",") for country in _POINT_COMMA.split()},
    **{country: Marks(".", ",", believed=False) for country in ("CH", "LI")},
    **{country: Marks(".", ",", lakh=True) for country in ("BD", "IN", "LK", "NP", "PK")},
}

# A country for each decimal mark, for numbers of which no more is known.
OF_MARK = {",": "DK", ".": "US"}


def marks(country: str | None) -> Marks:
    """Those of None are a program's: 1234.5."""
    if country is None:
        return Marks(".")
    if (known := COUNTRIES.get(country.upper())) is None:
        raise errors.UnknownName("number format of a country", country)
    return known
