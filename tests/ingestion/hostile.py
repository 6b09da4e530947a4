"""Files made to harm whoever opens them: bombs, entities, far cells, endless lines."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

from tests.ingestion.conftest import CPG_HEADINGS, CPG_ROWS, cpg_text

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_XML = '<?xml version="1.0"?>'
_BASE = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_SHEETS}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    ),
}


def _zip(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _cells() -> str:
    """A good sheet, as XML."""
    rows = "".join(
        f'<row r="{line}">'
        + "".join(
            f'<c r="{chr(65 + at)}{line}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for at, cell in enumerate(row)
        )
        + "</row>"
        for line, row in enumerate([CPG_HEADINGS, *CPG_ROWS], 1)
    )
    return f'<worksheet xmlns="{_SHEETS}"><sheetData>{rows}</sheetData></worksheet>'


def workbook(sheet: str | bytes, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """A workbook of one sheet of the given XML, with other parts beside it."""
    return _zip({**_BASE, "xl/worksheets/sheet1.xml": sheet, **(more or {})})


def with_rows(rows: str) -> bytes:
    """A good workbook with rows of the given XML under its own."""
    return workbook(_XML + _cells().replace("</sheetData>", f"{rows}</sheetData>"))


def _laughs() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 10)
    )
    return workbook(f"{_XML}<!DOCTYPE x [{entities}]>" + _cells().replace("CPAM-43", "&a9;"))


def _outside() -> bytes:
    entity = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]>'
    return workbook(_XML + entity + _cells().replace("définitif", "&e;"))


def _lying_zip() -> bytes:
    """A sheet that says that it is small, once unpacked, and is not."""
    content = bytearray(workbook(b"<worksheet><sheetData>" + b" " * 60_000_000))
    at = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    content[at + 24 : at + 28] = (1000).to_bytes(4, "little")
    return bytes(content)


def _repeated_ods() -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns"
    row = (
        '<table:table-row table:number-rows-repeated="1048576"><table:table-cell '
        'table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>"
    )
    content = (
        f'{_XML}<office:document-content xmlns:office="{space}:office:1.0" '
        f'xmlns:table="{space}:table:1.0" xmlns:text="{space}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="A">{row}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return _zip({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"})


def _many_strings() -> bytes:
    count = '<sst xmlns="{}" count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>'
    return workbook(_XML + _cells(), {"xl/sharedStrings.xml": _XML + count.format(_SHEETS)})


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (lambda: workbook(b"<worksheet>" + b" " * 80_000_000), "démesuré"),
    "bomb that lies of its size": (_lying_zip, "classeur"),
    "billion laughs": (_laughs, "entités XML"),
    "entity from outside": (_outside, "entités XML"),
    "cell at the end of the sheet": (
        lambda: with_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "très loin",
    ),
    "four billion strings announced": (_many_strings, "démesuré"),
    "endless repeated rows": (_repeated_ods, "classeur"),
    "too many parts": (
        lambda: workbook(_XML + _cells(), {f"xl/{n}.bin": b"" for n in range(10_001)}),
        "démesuré",
    ),
    "errors without end": (
        lambda: with_rows(f'<row r="9">{"<c r=" + chr(34) + "A9" + chr(34) + " t=" + chr(34)}'),
        "classeur",
    ),
    "tags without end": (lambda: with_rows('<row r="9">' + '<c r="A9" t="e">' * 100_000), "abîmé"),
    "endless line": (lambda: b"a;" * 200_000, "plus longue"),
    "endless cell": (lambda: cpg_text().encode() + b"x" * 40_000, "32 767"),
    "only separators": (lambda: b";" * 100_000, "aucun"),
}
"""Name → (its bytes, a word of the sentence that refuses it)."""

READ: dict[str, Callable[[], bytes]] = {
    "dimension of a whole sheet": lambda: workbook(
        _XML + _cells().replace("<sheetData>", '<dimension ref="A1:XFD1048576"/><sheetData>')
    ),
    "merged whole sheet": lambda: workbook(
        _XML
        + _cells().replace(
            "</sheetData>",
            '</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>',
        )
    ),
    "part that climbs out": lambda: workbook(_XML + _cells(), {"../../../etc/x": "boo"}),
    "macros": lambda: workbook(_XML + _cells(), {"xl/vbaProject.bin": b"\xd0\xcf" * 300}),
}
"""Name → its bytes; the figures of a good extract come out of it."""
