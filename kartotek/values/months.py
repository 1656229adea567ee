"""The names of months and of days of the week in the languages that files come in, and what else surrounds a date."""

_MONTHS = {
    1: "january jan januar januari janvier janv enero ene gennaio gen januarij janeiro",
    2: "february feb februar februari février févr fevrier febrero febbraio febr fevereiro",
    3: "march mar marts mars märz maerz mär mrz maart mrt marzo março",
    4: "april apr avril avr abril abr aprile",
    5: "may maj mai mei mayo maggio mag maio",
    6: "june jun juni juin junio giugno giu junho",
    7: "july jul juli juillet juil julio luglio lug julho",
    8: "august aug augusti août aout augustus agosto ago",
    9: "september sep sept septembre septiembre settembre set setembro",
    10: "october oct oktober okt octobre octubre ottobre ott outubro",
    11: "november nov novembre noviembre novembro",
    12: "december dec dezember dez desember des décembre déc decembre diciembre dic dicembre dezembro",
}
NUMBERS: dict[str, object] = {name: f"{number:02}" for number, names in _MONTHS.items() for name in names.split()}

_WEEKDAYS = """monday mon mandag man måndag mån montag mo tuesday tue tues tirsdag tir tirs tisdag tis dienstag di
wednesday wed onsdag ons mittwoch mi thursday thu thur thurs torsdag tor tors donnerstag do friday fri fredag fre
freitag fr saturday sat lørdag lør lördag lör samstag sa sunday sun søndag søn söndag sön sonntag so lundi mardi
mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo"""
# Longer names first: of two that fit, a regular expression takes the one that stands first.
WEEKDAY = f"(?:{'|'.join(sorted(_WEEKDAYS.split(), key=len, reverse=True))})"
