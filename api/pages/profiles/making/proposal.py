"""What does data suggest, line by line, and what of it was accepted?"""

import csv
import io
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import orjson
from fastapi import UploadFile
from pydantic import BaseModel, ConfigDict, Field

from store.errors import BadFile, BadInput
from store.uploads import safe_name
from store.workbook import is_workbook, written_as_csv
from tools.profiles.changing.update_icp_profile import checked_document
from tools.profiles.content.document import LISTS, ProfileDocument
from tools.profiles.making.propose_icp_profile import MOST_ROWS, ProposedProfile

MOST_BYTES = 4_000_000  # of a proposal as it comes back


class Suggested(NamedTuple):
    """One line that is suggested, and why."""

    key: str  # `industries:0`, `company_size:0`, `criteria:3`
    dimension: str
    value: str
    why: str
    is_proven: bool | None  # None: nobody was compared with


class Reviewed(BaseModel):
    """A proposal as it comes back from its review."""

    model_config = ConfigDict(extra="ignore")

    proposal: str = Field(max_length=MOST_BYTES, description="The document that was suggested, as JSON.")
    name: str = Field(default="", max_length=200)
    line: list[str] = Field(
        default_factory=list, max_length=1_000, description="The lines that were accepted."
    )
    visibility: str = Field(default="private", max_length=10)


def suggested_lines(found: ProposedProfile) -> list[Suggested]:
    """Every written line of the proposal with its evidence."""
    why = {(each.dimension, each.value): each for each in found.evidence}
    lines = []
    for name in (*LISTS, "company_size"):
        wanted = (
            found.document.wanted("company_size") if name == "company_size" else getattr(found.document, name)
        )
        for at, value in enumerate(wanted):
            evidence = why.get((name, value))
            proven = None if evidence is None or evidence.q_value is None else True
            lines.append(
                Suggested(f"{name}:{at}", name, value, evidence.in_words if evidence else "", proven)
            )
    return lines


def accepted(sent: Reviewed) -> ProfileDocument:
    """The proposal with the accepted lines alone. Raises BadInput."""
    try:
        given: dict[str, Any] = orjson.loads(sent.proposal)
    except orjson.JSONDecodeError:
        raise BadInput(
            "The proposal came back broken", where="proposal", instead="Ask for it again."
        ) from None
    whole = checked_document(given if isinstance(given, dict) else {}).model_dump()
    kept = set(sent.line)
    for name in (*LISTS, "criteria"):
        whole[name] = [each for at, each in enumerate(whole[name]) if f"{name}:{at}" in kept]
    if "company_size:0" not in kept:
        whole["company_size"] = None
    if not whole["criteria"]:
        whole["origin"] = None
    return checked_document(whole | {"name": sent.name or whole["name"]})


def table_of(file: UploadFile) -> bytes:
    """The file as CSV: of a workbook its first sheet that holds rows. Raises BadFile and TooMany."""
    name = safe_name(file.filename or "")
    if not is_workbook(name):
        return file.file.read()
    with TemporaryDirectory() as folder:
        workbook, csv_file = Path(folder) / name, Path(folder) / "table"
        with workbook.open("wb") as kept:
            shutil.copyfileobj(file.file, kept)
        written_as_csv(workbook, csv_file)
        return csv_file.read_bytes()


def rows_of(content: bytes, name: str) -> list[dict[str, Any]]:
    """The rows of a CSV of customers, columns of nothing but numbers as numbers. Raises BadFile."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadFile("The file is not UTF-8", where=name, instead="Save it as CSV in UTF-8.") from None
    try:
        dialect: Any = csv.Sniffer().sniff(text[:20_000], ",;\t|")
    except csv.Error:
        dialect = csv.excel
    reader = csv.DictReader(io.StringIO(text), dialect=dialect)
    rows = []
    for row in reader:
        if len(rows) == MOST_ROWS:
            raise BadFile(f"More than {MOST_ROWS:,} rows", where=name, instead="Send a part of them.")
        rows.append({key: value for key, value in row.items() if key and isinstance(value, str) and value})
    if not rows:
        raise BadFile("The file has no rows", where=name, instead="Send a CSV with a header and customers.")
    for column in reader.fieldnames or ():
        _as_numbers(rows, column)
    return rows


def _as_numbers(rows: list[dict[str, Any]], column: str) -> None:
    try:
        numbers = [float(row[column]) for row in rows if column in row]
    except ValueError:
        return
    for row, number in zip([row for row in rows if column in row], numbers, strict=True):
        row[column] = number
