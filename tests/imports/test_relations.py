"""What columns say of associations: labels in four ways, and primary companies; all of it, taken back again."""

from dataclasses import replace
from typing import Any

import pytest

from kartotek import errors
from kartotek.domain import Database
from kartotek.imports import run
from kartotek.imports.table import Choices, Mode
from kartotek.settings import Settings
from tests.helpers.importing import balanced, ended, import_file, prepared, put_in_line, rehearse_file, sheet_of
from tests.helpers.labelling import ADVISOR, BILLING, labels
from tests.helpers.undoing import dump, make, undo

BOTH = ("contacts", "companies")
ONLY = (("", Mode.UPDATE),)
# What is there before, by what the label of the file is called: no association (None), or one with these.
STATES = {"none": None, "bare": "", "same": "{same}", "other": "{other}", "both": "{same};{other}"}
KINDS = {"one name": ("Billing", BILLING, "Advisor", ADVISOR), "two names": ("Advisor", ADVISOR, "Billing", BILLING),
         "from the other end": ("Client", ADVISOR, "Billing", BILLING)}  # fmt: skip
# Of each of those the labels after, s(ame) and o(ther); None: no association.
THEN = {
    "add": {"none": "s", "bare": "s", "same": "s", "other": "os", "both": "os"},
    "replace": dict.fromkeys(STATES, "s"),
    "remove": {"none": None, "bare": "", "same": "", "other": "o", "both": "o"},
    "end": {"none": None, "bare": "", "same": None, "other": "o", "both": None},
}


def keys(who: str, firm: str = "harbour") -> dict[str, str]:
    return {"Email": f"{who}@harbour.example", "Company Domain Name": f"{firm}.example"}


def pairs(database: Database) -> set[str]:
    """Whoever is associated with a company."""
    with database.transaction() as tx:
        rows = tx.rows("SELECT p.email FROM kartotek.associations AS a JOIN crm.contacts AS p ON p._id = a.first")
    return {str(row["email"]).split("@")[0] for row in rows}


def primaries(database: Database) -> dict[str, str | None]:
    with database.transaction() as tx:
        rows = tx.rows(
            "SELECT p.email, c.domain FROM crm.contacts AS p LEFT JOIN crm.companies AS c ON c._id = p._primary "
            "WHERE p._archived IS NULL"
        )
    return {str(row["email"]).split("@")[0]: row["domain"] and str(row["domain"]).split(".")[0] for row in rows}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("mode", THEN)
def test_what_a_label_does_to_what_is_there_and_its_undo(
    labelled: Database, home: Settings, mode: str, kind: str
) -> None:
    word, same, other_word, other = KINDS[kind]
    there = {state: said and said.format(same=word, other=other_word) for state, said in STATES.items()}
    make(labelled, "contacts", email="none@harbour.example")
    rows = [keys(state) | {"Company name": "H", "Association label": said} for state, said in there.items()
            if said is not None]  # fmt: skip
    import_file(labelled, home, sheet_of(*rows), *BOTH)
    before, sheet = dump(labelled), sheet_of(*(keys(state) | {"Role": word} for state in STATES))
    how = {} if mode == "add" else {mode: ("Role",)}

    rehearsed = rehearse_file(labelled, home, sheet, *BOTH, modes=ONLY, maps=("Role=label",), **how)
    done = import_file(labelled, home, sheet, *BOTH, modes=ONLY, maps=("Role=label",), **how)

    then = {state: labels for state, labels in THEN[mode].items() if labels is not None}
    expected = {
        (f"{state}@harbour.example", {"s": same, "o": other}[one]) for state, said in then.items() for one in said
    }
    assert pairs(labelled) == set(then)
    assert {(email, type) for email, _, type in labels(labelled)} == expected
    assert rehearsed.books == done.books and balanced(done.books, BOTH, 3) and done.told() == []
    assert done.books.associations["removed"] == 4 - len(then.keys() - {"none"})
    assert done.rows("contacts") == {"unchanged": 5}
    undo(labelled, done.id)
    assert dump(labelled) == before


def test_columns_of_several_ways_say_it_together(labelled: Database, home: Settings) -> None:
    import_file(labelled, home, sheet_of(keys("ada") | {"Company name": "H", "Association label": "Billing"}), *BOTH)
    sheet = sheet_of(keys("ada") | {"Old": "Billing", "New": "Advisor"}, keys("bo") | {"Old": "", "New": "Billing"})

    import_file(labelled, home, sheet, *BOTH, maps=("Old=label", "New=label"), remove=("Old",))

    assert labels(labelled) == [
        ("ada@harbour.example", "harbour.example", ADVISOR),
        ("bo@harbour.example", "harbour.example", BILLING),
    ]


@pytest.mark.parametrize("batch", [3, 50_000])
def test_where_a_batch_ends_makes_no_difference_to_what_is_replaced(
    labelled: Database, home: Settings, batch: int
) -> None:
    rows = [keys(f"p{i}", f"f{i % 2}") | {"Company name": "F", "Association label": "Billing"} for i in range(8)]
    import_file(labelled, home, sheet_of(*rows), *BOTH)
    said = [keys(f"p{i % 8}", f"f{i % 2}") | {"Role": "Advisor" if i < 8 else "Billing;Client"} for i in range(12)]

    done = import_file(labelled, home, sheet_of(*said), *BOTH, maps=("Role=label",), replace=("Role",), batch=batch)

    both = {f"p{i}@harbour.example" for i in range(4)}
    assert {email for email, _, type in labels(labelled) if type == BILLING} == both
    assert len(labels(labelled)) == 12 and balanced(done.books, BOTH, 3)


def test_a_label_that_moves_finds_room_whatever_the_order(labelled: Database, home: Settings) -> None:
    with labelled.transaction() as tx:
        tx.run("UPDATE kartotek.association_types SET most = 1 WHERE id = 9002")
        tx.run("UPDATE kartotek.catalogue SET version = version + 1")
    import_file(labelled, home, sheet_of(keys("ada") | {"Company name": "H", "Association label": "Advisor"}), *BOTH)
    sheet = sheet_of(
        keys("bo") | {"Role": "Advisor"}, keys("ada") | {"Role": "Billing"}, keys("cy") | {"Role": "Client"}
    )

    done = import_file(labelled, home, sheet, *BOTH, maps=("Role=label",), replace=("Role",))

    assert [(email[:2], type) for email, _, type in labels(labelled)] == [("ad", BILLING), ("bo", ADVISOR)]
    assert [(line, type) for line, _, type, _ in done.told()] == [(4, "ASSOCIATION_LIMIT_EXCEEDED")]
    assert "may have 1 contact as “Client” at most, and this one has them already." in done.errors[0]["message"]


def test_a_cell_with_a_label_that_nobody_knows_replaces_nothing(labelled: Database, home: Settings) -> None:
    import_file(labelled, home, sheet_of(keys("ada") | {"Company name": "H", "Association label": "Billing"}), *BOTH)

    done = import_file(
        labelled, home, sheet_of(keys("ada") | {"Role": "Captain"}), *BOTH, maps=("Role=label",), replace=("Role",)
    )

    assert [type for _, _, type in labels(labelled)] == [BILLING]
    assert [type for _, _, type, _ in done.told()] == ["ASSOCIATION_LABEL_NOT_FOUND"]


def test_two_keys_and_a_label_are_a_file_and_make_nobody(labelled: Database, home: Settings) -> None:
    import_file(labelled, home, sheet_of(keys("ada") | {"Company name": "H"}), *BOTH)
    sheet = sheet_of(
        keys("ada") | {"Role": "Advisor"}, keys("eva") | {"Role": "Advisor"}, keys("ada", "no") | {"Role": "Advisor"}
    )

    done = import_file(labelled, home, sheet, *BOTH, modes=ONLY, maps=("Role=label",))

    assert labels(labelled) == [("ada@harbour.example", "harbour.example", ADVISOR)]
    assert done.rows("contacts") == {"unchanged": 2, "skipped": 1}
    assert done.rows("companies") == {"unchanged": 2, "skipped": 1}
    assert balanced(done.books, BOTH, 3)


def test_the_primary_company_is_marked_and_its_successor_follows_the_rule(labelled: Database, home: Settings) -> None:
    rows = [keys(who, firm) | {"Company name": firm} for who in ("ada", "bo", "cy") for firm in ("old", "mid", "new")]
    import_file(labelled, home, sheet_of(*rows, keys("dot", "old")), *BOTH, batch=1)
    before = dump(labelled)
    said = [keys("ada", "new") | {"Main": "yes"}, keys("bo", "old") | {"Main": "no"}, keys("cy", "mid") | {"Main": ""},
            keys("dot", "old") | {"Main": "nej"}]  # fmt: skip

    done = import_file(labelled, home, sheet_of(*said), *BOTH, modes=ONLY, maps=("Main=primary",))

    assert primaries(labelled) == {"ada": "new", "bo": "mid", "cy": "old", "dot": "old"}
    undo(labelled, done.id)
    assert dump(labelled) == before


def test_when_the_primary_company_ends_the_one_associated_longest_follows(labelled: Database, home: Settings) -> None:
    rows = [
        keys("ada", firm) | {"Company name": firm, "Association label": "Billing"} for firm in ("old", "mid", "new")
    ]
    import_file(labelled, home, sheet_of(*rows), *BOTH, batch=1)
    before = dump(labelled)

    done = import_file(
        labelled, home, sheet_of(keys("ada", "old") | {"Role": "Billing"}), *BOTH, maps=("Role=label",), end=("Role",)
    )

    assert primaries(labelled) == {"ada": "mid"} and done.books.associations["removed"] == 1
    undo(labelled, done.id)
    assert dump(labelled) == before


def test_of_two_rows_that_mark_a_primary_company_the_later_one_counts(labelled: Database, home: Settings) -> None:
    rows = [keys("ada", firm) | {"Company name": firm, "Main": "x"} for firm in ("old", "mid", "new")]

    import_file(labelled, home, sheet_of(*rows), *BOTH, maps=("Main=primary",), batch=2)

    assert primaries(labelled) == {"ada": "new"}


def test_killed_between_two_pieces_it_goes_on_there(
    labelled: Database, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [keys(f"p{i}") | {"Company name": "H", "Association label": "Billing"} for i in range(6)]
    import_file(labelled, home, sheet_of(*rows), *BOTH)
    said = sheet_of(*(keys(f"p{i}") | {"Role": "Advisor"} for i in range(6)))
    id = put_in_line(labelled, home, said, Choices(objects=BOTH, maps=("Role=label",), replace=("Role",)))
    small, steps = replace(home, import_batch=2), []

    def killed(step: run.Step) -> None:
        steps.append(step)
        if len(steps) == 9:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.work(labelled, small, id, killed)
    run.work(labelled, small, id)

    assert {type for _, _, type in labels(labelled)} == {ADVISOR} and len(labels(labelled)) == 6
    assert ended(labelled, id).books.associations["unchanged"] == 6


@pytest.mark.parametrize(
    ("objects", "choices", "told"),
    [
        (("contacts", "deals"), {"maps": ("Main=primary",)}, None),
        (("contacts", "companies", "deals"), {"maps": ("Main=primary:contacts-deals",)}, "marks primary companies"),
        (BOTH, {"maps": ("Main=primary",), "end": ("Main",)}, "holds none"),
        (BOTH, {"end": ("Email",)}, "holds none"),
        (("contacts",), {"maps": ("Main=primary",)}, "between two objects"),
    ],
)
def test_what_an_association_cannot_be_told_is_refused(
    labelled: Database, home: Settings, objects: tuple[str, ...], choices: dict[str, Any], told: str | None
) -> None:
    deal = {"Deal Name": "Boat", "Pipeline": "Sales Pipeline", "Deal Stage": "Closed Won"}
    sheet = sheet_of(keys("ada") | deal | {"Main": "yes"})

    with (
        pytest.raises(errors.KartotekError, match=told or "primary companies"),
        prepared(labelled, home, sheet, Choices(objects=objects, **choices)),
    ):
        pass


def days(database: Database) -> dict[str, str]:
    """From when until when who is associated."""
    with database.transaction() as tx:
        rows = tx.rows(
            "SELECT p.email, concat_ws(' ', coalesce(d.starts_on::text, '…'), coalesce(d.ends_on::text, '…')) AS said "
            "FROM kartotek.association_dates AS d JOIN crm.contacts AS p ON p._id = d.first"
        )
    return {str(row["email"]).split("@")[0]: str(row["said"]) for row in rows}


def test_days_are_said_of_an_association_and_taken_back(labelled: Database, home: Settings) -> None:
    old = sheet_of(
        keys("ada") | {"Company name": "H", "Association start": "01-02-2019"}, keys("bo") | {"Association start": ""}
    )
    import_file(labelled, home, old, *BOTH, dates="DMY")
    before = dump(labelled)
    sheet = sheet_of(
        keys("ada") | {"From": "", "Until": "31.12.2023"},
        keys("bo") | {"From": "2020-05-01", "Until": "5. juni 2040"},
        keys("cy") | {"From": "", "Until": ""},
    )

    done = import_file(labelled, home, sheet, *BOTH, maps=("From=start", "Until=end"))

    assert days(labelled) == {"ada": "2019-02-01 2023-12-31", "bo": "2020-05-01 2040-06-05"}
    assert pairs(labelled) == {"ada", "bo", "cy"} and balanced(done.books, BOTH, 4)
    undo(labelled, done.id)
    assert dump(labelled) == before


def test_an_association_ends_on_its_day_and_one_to_come_is_kept(labelled: Database, home: Settings) -> None:
    rows = [keys(who) | {"Company name": "H", "Association label": "Advisor"} for who in ("ada", "bo", "cy")]
    import_file(labelled, home, sheet_of(*rows), *BOTH)
    before = dump(labelled)
    told = {"ada": ("2019-01-01", "2023-12-31"), "bo": ("", "2090-01-01"), "cy": ("", ""), "dot": ("", "2023-12-31")}
    said = [keys(who) | {"From": first, "Until": last} for who, (first, last) in told.items()]
    how: dict[str, Any] = {"maps": ("From=start", "Until=end"), "end": ("Until",), "modes": ONLY}

    rehearsed = rehearse_file(labelled, home, sheet_of(*said), *BOTH, **how)
    done = import_file(labelled, home, sheet_of(*said), *BOTH, **how)

    assert pairs(labelled) == {"bo", "cy"} and days(labelled) == {"bo": "… 2090-01-01"}
    assert done.books.associations["removed"] == 1 and rehearsed.books == done.books
    with labelled.transaction() as tx:
        ended = tx.rows("SELECT starts_on::text, ends_on::text FROM kartotek.association_history WHERE what = 'dates'")
    assert [tuple(row.values()) for row in ended] == [("2019-01-01", "2023-12-31")]
    undo(labelled, done.id)
    assert dump(labelled) == before


def test_an_association_that_was_over_when_it_was_told_is_history(labelled: Database, home: Settings) -> None:
    row = keys("ada") | {"Company name": "H", "Association label": "Advisor", "Until": "2023-12-31"}

    done = import_file(labelled, home, sheet_of(row), *BOTH, maps=("Until=end",), end=("Until",))

    with labelled.transaction() as tx:
        told = tx.rows("SELECT what, type, ends_on::text FROM kartotek.association_history ORDER BY what")
    assert [tuple(row.values()) for row in told if row["what"] != "primary"] == [
        ("association", None, None), ("dates", None, "2023-12-31"), ("label", ADVISOR, None),
    ]  # fmt: skip
    assert done.books.associations["created"] == done.books.associations["removed"] == 1
    undo(labelled, done.id)
    assert pairs(labelled) == set()


def test_an_association_does_not_end_before_it_starts(labelled: Database, home: Settings) -> None:
    sheet = sheet_of(keys("ada") | {"Company name": "H", "From": "2024-01-01", "Until": "2023-01-01"})

    done = import_file(labelled, home, sheet, *BOTH, maps=("From=start", "Until=end"))

    assert days(labelled) == {} and pairs(labelled) == {"ada"}
    assert done.told() == [(2, None, "OUTSIDE_VALID_TIME_RANGE", "2024-01-01 – 2023-01-01")]
    assert done.errors[0]["message"].startswith("2024-01-01 – 2023-01-01: the association would end before it starts.")


def test_days_that_can_be_read_in_two_ways_are_asked_for(labelled: Database, home: Settings) -> None:
    choices = Choices(objects=BOTH, maps=("From=start",))

    with (
        pytest.raises(errors.Ambiguous, match="--date-format"),
        prepared(labelled, home, sheet_of(keys("ada") | {"From": "01-02-2019"}), choices),
    ):
        pass


def test_an_association_whose_days_change_is_told_as_changed(labelled: Database, home: Settings) -> None:
    first = sheet_of(*(keys(who) | {"Company name": "H", "From": "2020-01-01"} for who in ("ada", "bo", "cy")))
    import_file(labelled, home, first, *BOTH, maps=("From=start",))
    days_of = {"ada": "2021-01-01", "bo": "2020-01-01", "cy": "", "dot": "2022-02-02"}
    sheet = sheet_of(*(keys(who) | {"Company name": "H", "From": day} for who, day in days_of.items()))

    rehearsed = rehearse_file(labelled, home, sheet, *BOTH, maps=("From=start",))
    done = import_file(labelled, home, sheet, *BOTH, maps=("From=start",))

    told = {name: count for name, count in done.books.associations.items() if count}
    assert told == {"created": 1, "updated": 1, "unchanged": 2} and rehearsed.books == done.books
