"""Workbooks written for tests, cell by cell."""

import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def write_workbook(
    path: Path,
    sheets: dict[str, list[list[Any]]],
    beside: dict[str, bytes] | None = None,
    far_cell: str = "",
) -> Path:
    """A workbook with these sheets; with other parts beside them, or one more cell in the first sheet."""
    names = list(sheets)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        archive.writestr("xl/workbook.xml", _workbook(names))
        files = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations(files))
        for at, rows in enumerate(sheets.values(), start=1):
            archive.writestr(f"xl/worksheets/sheet{at}.xml", _sheet(rows, far_cell if at == 1 else ""))
        for name, content in (beside or {}).items():
            archive.writestr(name, content)
    return path


def _relations(targets: list[tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="rId{at}" Type="{RELATED}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{each}</Relationships>'


def _workbook(names: list[str]) -> str:
    each = "".join(
        f'<sheet name="{escape(name)}" sheetId="{at}" r:id="rId{at}"/>'
        for at, name in enumerate(names, start=1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>{each}</sheets></workbook>'


def _sheet(rows: list[list[Any]], far_cell: str) -> str:
    each = "".join(
        f'<row r="{at}">{"".join(_cell(cell, n, at) for n, cell in enumerate(row) if cell is not None)}</row>'
        for at, row in enumerate(rows, start=1)
    )
    if far_cell:
        row = far_cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        each += f'<row r="{row}"><c r="{far_cell}"><v>1</v></c></row>'
    return f'<worksheet xmlns="{MAIN}"><sheetData>{each}</sheetData></worksheet>'


def _cell(cell: Any, column: int, row: int) -> str:
    place = f"{chr(ord('A') + column)}{row}"
    if isinstance(cell, str):
        return f'<c r="{place}" t="inlineStr"><is><t>{escape(cell)}</t></is></c>'
    return f'<c r="{place}"><v>{cell}</v></c>'
