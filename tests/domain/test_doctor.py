"""The promises of the data, looked at from outside: each of them broken once, by hand."""

import pytest

from kartotek.domain import doctor

# An import that has done three rows and knows of two.
LOST_ROW = """
INSERT INTO kartotek.imports (id, name, files, state, position) OVERRIDING SYSTEM VALUE
VALUES (77, 'x', '{{1}}', 'DONE', 3);
INSERT INTO kartotek.import_outcomes (import, object_type, position, counts, lines, records, outcomes)
VALUES (77, 1, 0, '{{"created": 2}}', '{{2,3}}', '{{1,2}}', 'cc')
"""

LOOSE_LABEL = """
INSERT INTO kartotek.association_labels (first, second, type, source) VALUES ({cleo}, {havnen}, 1, 'USER')
"""
FAMILY = """
INSERT INTO kartotek.association_labels (first, second, type, source) VALUES ({}, 'USER'), ({}, 'USER')
"""
SECOND_PARENT = "; UPDATE kartotek.association_labels SET first = {cleo}, second = {havnen}, type = 13 WHERE type = 14"


def complaints(tx):
    return [one.sentence for one in doctor.of_records(tx) if not one.well]


def test_data_that_only_kartotek_wrote_is_well(tx, cast):
    assert complaints(tx) == []


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        ("UPDATE crm.contacts SET _primary = NULL WHERE _id = {ada}", "a primary one, but not these: contacts 1"),
        ("UPDATE crm.contacts SET _primary = {havnen} WHERE _id = {cleo}", "companies, but not these: contacts 1"),
        ("UPDATE crm.deals SET _primary = {havnen} WHERE _id = {deal}", "companies, but not these: deals 1"),
        ("UPDATE crm.deals SET _archived = now() WHERE _id = {deal}", "are there, but not these: deals 2"),
        ("DELETE FROM crm.deals WHERE _id = {deal}", "are there, but not these: deals 2"),
        (
            "UPDATE crm.contacts SET email = 'x@home.example' WHERE _id = {ada}",
            "unique values, but not these: contacts 1",
        ),
        ("UPDATE crm.contacts SET email = NULL WHERE _id = {ada}", "does not have, but not these: contacts 1"),
        ("UPDATE crm.companies SET domain = 'x.y' WHERE _id = {havnen}", "unique values, but not these: companies 1"),
        ("DELETE FROM kartotek.identifiers WHERE record = {ada}", "unique values, but not these: contacts 1"),
        (LOOSE_LABEL, "stands on an association, but not these: labels 1"),
        (FAMILY.format("{nordlys}, {havnen}, 13", "{nordlys}, {havnen}, 14"), "above itself, but not these: circles 1"),
        (
            FAMILY.format("{nordlys}, {havnen}, 13", "{nordlys}, {ada}, 14") + SECOND_PARENT,
            "above itself, but not these: with several parents 1",
        ),
        (
            "UPDATE kartotek.association_types SET most = 1 WHERE id = 279; "
            "UPDATE kartotek.catalogue SET version = version + 1",
            "than its limit, but not these: contacts with companies 2",
        ),
        (LOST_ROW, "add up: but not those of import 77"),
    ],
)
def test_what_is_wrong_is_counted_and_named(tx, cast, harm, complaint):
    tx.run(harm.format(**{name: getattr(cast, name).id for name in ("ada", "cleo", "deal", "havnen", "nordlys")}))
    tx.kept.clear()

    assert any(complaint in one for one in complaints(tx))


def test_a_deal_may_have_companies_and_no_primary_one(tx, cast):
    tx.run("UPDATE crm.deals SET _primary = NULL")

    assert complaints(tx) == []
