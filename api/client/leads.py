"""How are the leads of a file scored by a server, however many they are?"""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from agent.conversation.profiles import rows_of
from agent.customer_requests import request_of_file
from store.artifacts import written_whole
from store.errors import BadFile, BadInput, TooMany
from store.exports import ExportLink
from store.feature_file import read_features
from tools.scoring.score_leads import MOST_ROWS, SAMPLE, ScoredLeads

if TYPE_CHECKING:
    from api.client.fieldmark import Fieldmark

Row = dict[str, Any]
MOST = 200_000  # rows of a file that are read into requests


def rows_sent(path: Path) -> list[Row]:
    """The rows of a CSV, Parquet or JSON Lines file as `score_leads` takes them. Raises BadFile, TooMany.

    `id` is the first column that numbers or names a row, or the row's number.
    """
    file = read_features(path)
    if file.table.rows > MOST:
        raise TooMany(
            f"The file has {file.table.rows:,} rows; {MOST:,} is the most for a server",
            where=path.name,
            instead="Split it, or score it where the house is.",
        )
    named = next(iter(file.ids.values()), None) or []
    rows = rows_of(path, MOST)
    ids = named or [""] * len(rows)
    return [
        {**row, "id": name or f"row {at}"} for at, (row, name) in enumerate(zip(rows, ids, strict=False), 1)
    ]


def score_file(fieldmark: "Fieldmark", path: Path, given: Row, out: Path | None = None) -> ScoredLeads:
    """The leads of a file, scored; all of them in out, the best first, if a `format` is given with it.

    given: the other arguments of `score_leads`. By the file's columns; where the profile reads none of them,
    by its identifiers. More rows than one request holds are sent in several: their best are told together,
    and no one link holds them all.
    """
    rows = rows_sent(path)
    try:
        found = [fieldmark.call("score_leads", given | {"rows": batch}) for batch in _batches(rows)]
    except BadInput as refusal:
        if refusal.where != "leads" or (people := _identified(path)) is None:
            raise
        found = [fieldmark.call("score_leads", given | people)]
    links = [each.export for each in found if each.export]
    if out and len(links) == 1:
        fieldmark.download(links[0], out)
    elif out and links:
        _write_together(fieldmark, links, out, given.get("top"))
    return found[0] if len(found) == 1 else _together(found, given.get("top"))


def _identified(path: Path) -> Row | None:
    """The identifiers of the file as arguments; None where it has none."""
    try:
        return request_of_file(path).arguments
    except BadFile:
        return None


def _batches(rows: list[Row]) -> Iterator[list[Row]]:
    for at in range(0, max(len(rows), 1), MOST_ROWS):
        yield rows[at : at + MOST_ROWS]


def _together(found: list[ScoredLeads], top: int | None) -> ScoredLeads:
    """What was found of each part, as of one."""
    total = sum(each.total for each in found)
    sample = sorted((lead for each in found for lead in each.sample), key=lambda lead: -lead.score)
    return found[0].model_copy(
        update={
            "total": total if top is None else min(total, top),
            "scored": sum(each.scored for each in found),
            "tiers": {tier: sum(each.tiers[tier] for each in found) for tier in found[0].tiers},
            "sample": sample[: min(SAMPLE, top or SAMPLE)],
            "notes": list(dict.fromkeys(note for each in found for note in each.notes)),
            "export": None,
        }
    )


def _write_together(fieldmark: "Fieldmark", links: list[ExportLink], out: Path, top: int | None) -> None:
    with TemporaryDirectory() as folder:
        parts = [Path(folder) / str(at) for at in range(len(links))]
        for link, part in zip(links, parts, strict=True):
            fieldmark.download(link, part)
        rows = [row for part in parts for row in _read(part, links[0].format)]
    best = sorted(rows, key=lambda row: -float(row["score"]))[:top]  # equal ones as they were given
    out.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(out) as beside, beside.open("w", encoding="utf-8", newline="") as file:
        if links[0].format == "csv":
            told = csv.DictWriter(file, dict.fromkeys(name for row in best for name in row), restval="")
            told.writeheader()
            told.writerows(best)
        else:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in best)


def _read(part: Path, format: str) -> list[Row]:
    with part.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)) if format == "csv" else [json.loads(line) for line in file]
