"""How to read the cells of one property: what the user said of dates and numbers, and the property's own options."""

from collections.abc import Mapping
from dataclasses import dataclass, field

# A cell that the spreadsheet program itself holds as a number or a date comes in canonical form with this mark
# in front, so that "1234.5" is not read a second time by the rules of a country that writes 1.234,5.
NATIVE = "\ue000"
# In front of a plain number of a workbook that counts its days from 1904, as those of old Macs do: it makes a
# difference only where the number turns out to be a day.
NATIVE_1904 = 2 * NATIVE


@dataclass(frozen=True, slots=True)
class Reading:
    dates: str | None = None  # DMY, MDY, YMD; None: only what can be read in one way
    numbers: str | None = None  # an ISO country code whose number format it is; None: plain 1234.5 only
    zone: str = "UTC"  # IANA name, for times without a zone
    days: bool = False  # whether a moment is shown as a day: then midnight without a zone is UTC's, for all alike
    country: str | None = None  # ISO country code, for telephone numbers without one
    # Folded text (see `cells.fold`) of every label, value and other word of an option → the option's value;
    # for owners: name, email and id → id. `ambiguous` holds the folded texts that fit two of them.
    options: Mapping[str, str] = field(default_factory=dict)
    ambiguous: frozenset[str] = frozenset()
