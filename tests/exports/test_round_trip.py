"""Importing an export changes nothing: for every object type, every kind of value, every format and language."""

import polars as pl
import pytest

from kartotek import standard
from kartotek.domain import catalogue, people, records
from kartotek.exports.table import Format, Said, Style
from kartotek.imports.table import Mode
from kartotek.model.people import SYSTEM
from kartotek.model.records import Batch, Changes
from kartotek.store import tables
from tests.helpers.exporting import exported, file_name
from tests.helpers.frames import typed
from tests.helpers.importing import import_file, rehearse_file

NASTY = [
    *("=1+1", "+45 12 34 56 78", "-", "@", "'", "''", "'=1+1", "''=1", "'+", "-1", '=HYPERLINK("x")', "@SUM(A1)"),
    *("0012", "12345678901234567890", "1e5", "2026-04-03", "TRUE", "_x0041_", "a,b", 'say "so"', "a;b", "NULL", "#N/A"),
    *("it's", "'quoted'", "😀 æøå", "back\\slash", "1.234", "1,5", "=cmd|' /C calc'!A0", "\ufe63", "x" * 300),
]
TEXTS = {
    "text": NASTY,
    "multiline": [*NASTY, "=one\n+two\n-three", "@a\n'b"],
    "number": [
        *("1.234", "-0.5", "0", "1000", "-1.5", "999.999", "123456789012345", "1234567890123456789012345.5", "0.001"),
        *("12345678901234.567", "0.1", "1250.5", "-7.125"),
    ],
    "date": ["2026-04-03", "1000-01-01", "9999-12-31", "1900-02-28", "1900-03-01"],
    "moment": ["2026-04-03T14:30:00.123Z", "1000-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z"],
    "boolean": ["true", "false"],
    "free_choices": ["one;=two;@three;'=x", "+one"],
    "term": ["P12M"],
    "attachments": ["17;https://harbour.example/offer.pdf", "18"],
    "phone": ["+4533121314", "+4533121314;ext=12", "012345678"],
}
ROWS = 36
EVERY = [one.name for one in standard.object_types()]
STYLES = [
    Style(format, headers, options, language)
    for format in (Format.CSV, Format.XLSX)
    for headers, options, language in (
        (Said.LABELS, Said.LABELS, "en"),
        (Said.LABELS, Said.LABELS, "da"),
        (Said.NAMES, Said.NAMES, "en"),
    )
] + [Style(Format.JSONL, Said.NAMES, Said.NAMES, "en")]


@pytest.mark.parametrize("name", EVERY)
def test_importing_an_export_changes_nothing(harbour, home, name):
    fill(harbour, name)
    before = history(harbour)

    files = {style: exported(harbour, name, style=style) for style in STYLES}
    rehearsed = {
        style: rehearse_file(
            harbour, home, file, name, name=file_name(style.format), modes=mode(harbour, name), zone="America/New_York"
        )
        for style, file in files.items()
    }
    real = import_file(harbour, home, files[STYLES[0]], name, modes=mode(harbour, name))

    for style, done in rehearsed.items():
        assert (done.rows(name), done.told()) == ({"unchanged": ROWS}, []), style
    assert real.rows(name) == {"unchanged": ROWS}
    assert history(harbour) == before


def fill(database, name):
    """Records with a value in every property that anybody may write."""
    with database.transaction() as tx:
        known = catalogue.load(tx)
        one = known.object_type(name)
        frame = pl.DataFrame({"_key": range(ROWS), "_id": pl.Series([None] * ROWS, dtype=pl.Int64)})
        columns = {
            prop.name: typed(prop, texts_for(tx, known, one, prop))
            for prop in one.properties.values()
            if not (prop.read_only or tables.fact(prop))
        }
        written = records.write(tx, SYSTEM, Batch((Changes(one, frame.with_columns(**columns)),)))
        assert written.problems.to_dicts() == []


def texts_for(tx, known, one, prop):
    if prop.unique or prop.kind in ("emails", "domains"):
        return [unique(prop, i) for i in range(ROWS)]
    if prop.name in (one.pipeline, one.stage):
        pipeline = known.pipelines[one.name][0]
        stages = [stage.id for stage in pipeline.stages]
        return [pipeline.id] * ROWS if prop.name == one.pipeline else cycled(stages)
    if prop.options and prop.kind != "boolean":
        values = [option.value for option in prop.options]
        return cycled([";".join(values), *values]) if prop.kind == "choices" else cycled(values)
    if prop.kind == "owner":
        return cycled([str(person.id) for person in people.owners(tx)])
    return cycled(TEXTS[prop.kind])


def unique(prop, i):
    return {
        "email": f"=a+{i}@harbour.example",
        "emails": f"-b{i}@harbour.example;c{i}@harbour.example",
        "domain": domain(f"dør{i}.example") if i % 2 else f"d{i}.example",
        "domains": f"e{i}.example;{domain(f'få{i}.example')}",
    }.get(prop.kind, f"'={prop.name}{i}" if prop.kind != "number" else str(i))


def domain(host):
    return host.encode("idna").decode()


def cycled(texts):
    return [texts[i % len(texts)] for i in range(ROWS)]


def mode(database, name):
    """Create and update, but for what cannot be created from a file of its own."""
    with database.transaction() as tx:
        return (("", Mode.UPDATE if catalogue.load(tx).object_type(name).homes else Mode.UPSERT),)


def history(database):
    with database.transaction() as tx:
        return tx.value("SELECT count(*) FROM kartotek.changes")
