"""What stands above a column leads the import back to its property, whichever way it is written."""

import pytest

from kartotek import standard
from kartotek.exports import columns
from kartotek.exports.table import Said, Style
from kartotek.imports import mapping

TYPES = {one.name: one for one in standard.object_types()}


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("style", [Style(), Style(language="da"), Style(headers=Said.NAMES)], ids=str)
def test_the_import_maps_every_header_back_by_itself(name, style):
    headers = columns.headers(TYPES[name], style)

    plans = mapping.guess(list(headers.values()), TYPES, [name])

    writable = {prop.name for prop in TYPES[name].properties.values() if not prop.read_only}
    mapped = {plan.header: plan.property or plan.imported_as for plan in plans if plan.object_type}
    assert mapped == {headers[prop]: prop for prop in writable} | {headers[columns.ID]: "record_id"}
