"""One sheet of a workbook as CSV, written by a process of its own: what breaks it breaks nothing else.

Run as a script: WORKBOOK CSV MOST_ROWS MOST_MB MOST_SECONDS SHEET. It prints what it found as JSON.
"""

import csv
import datetime
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from typing import Any

LOOKED = 20  # rows among which the names of the columns are looked for
LETTERS = 26


def main(arguments: list[str]) -> int:
    """0, or 1 where the sheet cannot be read; why is in what is printed."""
    workbook_path, csv_path, most_rows, most_mb, most_seconds, wanted = arguments
    memory, seconds = int(most_mb) << 20, int(most_seconds)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        workbook = CalamineWorkbook.from_path(workbook_path)
        names = [
            one.name
            for one in workbook.sheets_metadata
            if one.typ == SheetTypeEnum.WorkSheet and one.visible == SheetVisibleEnum.Visible
        ]
        for name in [wanted] if wanted else names:
            sheet = workbook.get_sheet_by_name(name)
            if sheet.height < 2 and not wanted:
                continue
            if sheet.height > int(most_rows) + LOOKED:
                return _told(problem="rows", rows=sheet.height)
            rows = _written(sheet.iter_rows(), csv_path)
            return (
                _told(sheets=names, sheet=name, rows=rows) if rows else _told(problem="empty", sheets=names)
            )
    except CalamineError:
        return _told(problem="broken")
    return _told(problem="empty")


def _told(**found: Any) -> int:
    print(json.dumps(found))
    return 1 if "problem" in found else 0


def _written(rows: Iterator[list[Any]], path: str) -> int:
    """The number of rows that were written under the names of the columns."""
    head: list[list[Any]] = []
    for row in rows:
        head.append(row)
        if len(head) == LOOKED:
            break
    if not head:
        return 0
    at = max(range(len(head)), key=lambda n: (sum(map(_is_filled, head[n])), -n))
    # Names stand above the first full row; a title or a note above them has fewer cells.
    full = sum(map(_is_filled, head[at]))
    first = next(n for n, row in enumerate(head) if sum(map(_is_filled, row)) >= max(1, full * 0.6))
    names = [str(_cell(cell)).strip() for cell in head[first]]
    body = head[first + 1 :]
    used = _used(names, body)
    written = 0
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([names[n] or f"Column {_letter(n)}" for n in used])
        for row in _chained(body, rows):
            if any(map(_is_filled, row)):
                writer.writerow([_cell(row[n]) if n < len(row) else "" for n in used])
                written += 1
    return written


def _chained(first: Iterable[list[Any]], then: Iterable[list[Any]]) -> Iterator[list[Any]]:
    yield from first
    yield from then


def _used(names: list[str], body: list[list[Any]]) -> list[int]:
    """The columns with a name, or with cells in the first rows."""
    return [
        n for n, name in enumerate(names) if name or any(n < len(row) and _is_filled(row[n]) for row in body)
    ]


def _is_filled(cell: Any) -> bool:
    return cell is not None and cell != ""


def _cell(cell: Any) -> str:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))  # a phone number or a zip code comes as 5125550100.0
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return "" if cell is None else str(cell)


def _letter(n: int) -> str:
    """`A` … `Z`, `AA` …, as the column is called in the workbook."""
    return (_letter(n // LETTERS - 1) if n >= LETTERS else "") + chr(ord("A") + n % LETTERS)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
