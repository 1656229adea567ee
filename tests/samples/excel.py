"""Workbooks of Excel written out by hand: what other programs than XlsxWriter put into them, one thing at a time."""

import zipfile
from pathlib import Path

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CONTENT = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def book(
    folder: Path,
    rows: str,
    *,
    formats: tuple[str, ...] = (),
    shared: str = "",
    after: str = "",
    strict: bool = False,
    prefix: str = "",
    old_mac: bool = False,
) -> Path:
    """`rows` in the sheet's own XML. A cell's style is the number of its format: 0 is General, then `formats`."""
    space = f'xmlns{":" if prefix else ""}{prefix.rstrip(":")}="{_STRICT if strict else _MAIN}"'
    file = folder / "book.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", _CONTENT)
        archive.writestr("_rels/.rels", _relations(("officeDocument", "xl/workbook.xml")))
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _relations(
                ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")
            ),
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATION}"><workbookPr date1904="{int(old_mac)}"/>'
            '<sheets><sheet name="Ark1" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        archive.writestr("xl/styles.xml", _styles(formats))
        if shared:
            archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="{_MAIN}">{shared}</sst>')
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<?xml version="1.0" encoding="UTF-8"?>\n<{prefix}worksheet {space}><{prefix}sheetData>{rows}'
            f"</{prefix}sheetData>{after}</{prefix}worksheet>",
        )
    return file


def column(*cells: str) -> str:
    """A header and a row for each cell, which begins as `t="b"><v>1</v>` does after its address."""
    rows = "".join(f'<row r="{line}"><c r="A{line}" {cell}</c></row>' for line, cell in enumerate(cells, 2))
    return f'<row r="1"><c r="A1" t="inlineStr"><is><t>Værdi</t></is></c></row>{rows}'


def _relations(*targets: tuple[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="r{i}" Type="{_RELATION}/{kind}" Target="{target}"/>'
        for i, (kind, target) in enumerate(targets, 1)
    )
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{found}</Relationships>'
    )


def _styles(formats: tuple[str, ...]) -> str:
    codes = "".join(
        f'<numFmt numFmtId="{number}" formatCode="{code.replace(chr(34), "&quot;")}"/>'
        for number, code in enumerate(formats, 165)
    )
    used = "".join(f'<xf numFmtId="{number}"/>' for number in (0, *range(165, 165 + len(formats))))
    return f'<styleSheet xmlns="{_MAIN}"><numFmts>{codes}</numFmts><cellXfs>{used}</cellXfs></styleSheet>'
