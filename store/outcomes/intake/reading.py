"""An export as records in a file of their own, and what there is to tell of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from store.errors import BadFile
from store.outcomes.columns import Attribute, Plan, moment_sql
from store.outcomes.intake.history import attribute_cells, join_history, read_history
from store.outcomes.intake.query import IntakeQuery, IntakeReport, Refused
from store.outcomes.intake.records import OPEN, UNKNOWN_STAGE, Resolve, judge, unit_of
from store.outcomes.intake.staging import Staged, staged
from store.outcomes.outcome_table import OUTCOMES, UnitKind
from store.outcomes.shapes.column_file import ColumnFile
from store.population.source import open_source
from store.population.source.engine import text_sql

KEPT = (
    "unit, record_id, unit_id, outcome, decided_at, opened_at, amount, currency, went_dark, reasons, products"
)
EXPORTED = (
    "Attributes are as they were when the file was exported; a history (`--history`) tells what was known at "
    "the time."
)
_SHOWN, _SHOWN_STAGES, _STAGE_LENGTH = 5, 20, 60


@dataclass(frozen=True)
class Delivery:
    """Records as they go into a ledger: a Parquet file, and the attributes that it has."""

    path: Path
    attributes: list[Attribute]
    report: IntakeReport


def read_export(
    path: Path,
    folder: Path,
    query: IntakeQuery,
    now: datetime,
    *,
    said: ColumnFile | None = None,
    history: Path | None = None,
    resolve: Resolve | None = None,
    memory_limit: str = "1GB",
) -> Delivery:
    """The export's records as a file in the folder, whatever was refused told.

    Raises BadFile where the file cannot be read, has no shape that is known, or holds no record at all.
    """
    said = said or ColumnFile()
    with open_source([path], memory_limit=memory_limit, temp=folder) as source:
        rows = staged(source, query, said)
        unit = unit_of(rows, query)
        kept = read_history(history, unit, said, folder, memory_limit) if history else None
        judge(rows, query, said, unit, now, resolve)
        refused = refusals(rows, source.place)
        if rows.attributes and not history:
            rows.notes.append(EXPORTED)
        delivery = deliver(rows, query, unit, now, folder, refused, kept)
    if not delivery.report.recorded:
        raise BadFile(
            f"None of the {rows.rows:,} rows can be recorded: "
            + "; ".join(f"{each.rows:,} because {each.reason}" for each in refused),
            where=str(path),
            instead="Correct them, or say in a file of columns what its columns and stages mean.",
        )
    return delivery


def deliver(
    rows: Staged,
    query: IntakeQuery,
    unit: UnitKind,
    now: datetime,
    folder: Path,
    refused: list[Refused],
    history: tuple[Path, Plan] | None = None,
) -> Delivery:
    """Write the judged records with their attributes, each record id once: its last row."""
    connection = rows.connection
    known = "opened_at_time" if query.as_of == "opened" else "decided_at_time"
    today = moment_sql(now.astimezone(UTC).replace(tzinfo=None))
    # Not least(): that passes over what is not known.
    moment = f"(CASE WHEN outcome = {OPEN} OR {known} > {today} THEN {today} ELSE {known} END)"
    if query.as_of == "opened" and "opened_at" not in rows.roles and (history or rows.dated):
        rows.notes.append("No column tells when a deal was opened, so nothing is known of that moment.")
    attributes, cells, joins, with_history = _attributes(rows, history, moment)
    path = folder / "records.parquet"
    connection.execute(
        "CREATE TEMP TABLE lasts AS SELECT max(source_row) AS source_row FROM records"
        " WHERE refused IS NULL GROUP BY record_id"
    )
    select = ", ".join([*(f"records.{name}" for name in KEPT.split(", ")), *cells])
    connection.execute(
        f"COPY (SELECT {select} FROM records SEMI JOIN lasts USING (source_row) {joins})"  # noqa: S608  # names are quoted
        f" TO {text_sql(str(path))} (FORMAT parquet)"
    )
    report = _report(rows, unit, refused, attributes, with_history)
    return Delivery(path, attributes, report)


def _attributes(
    rows: Staged, history: tuple[Path, Plan] | None, moment: str
) -> tuple[list[Attribute], list[str], str, int | None]:
    """The attributes, the SQL of their cells, the joins that these need, and how many have a history."""
    joins = "JOIN raw USING (source_row)"
    if history is None:
        cells = attribute_cells(rows.attributes, rows.dated, "raw", moment)
        return rows.attributes, cells, joins, None
    kept, plan = history
    count = join_history(rows.connection, kept, moment)
    theirs = {each.name for each in plan.attributes}
    own = [each for each in rows.attributes if each.name not in theirs]
    rows.left_out |= dict.fromkeys(
        sorted(theirs & {each.name for each in rows.attributes}), "the history tells it"
    )
    rows.left_out |= {f"{name} (history)": why for name, why in plan.left_out.items()}
    cells = [
        *attribute_cells(own, rows.dated, "raw", moment),
        *attribute_cells(plan.attributes, plan.dated, "h", moment),
    ]
    file = f"read_parquet({text_sql(str(kept))})"
    joins += f" LEFT JOIN known USING (source_row) LEFT JOIN {file} h ON known.row = h.row"
    if own:
        rows.notes.append(
            f"{', '.join(each.name for each in own)}: not in the history, so as they were when the file was "
            "exported."
        )
    return [*own, *plan.attributes], cells, joins, count


def refusals(rows: Staged, place: Callable[[int], str]) -> list[Refused]:
    """The rows that are no records, by reason, the most frequent first."""
    found = rows.connection.execute(
        "SELECT refused, count(*) AS n, min(source_row, $shown) FROM records WHERE refused IS NOT NULL"
        " GROUP BY refused ORDER BY n DESC, refused",
        {"shown": _SHOWN},
    ).fetchall()
    return [Refused(reason=why, rows=n, places=[place(row) for row in first]) for why, n, first in found]


def _report(
    rows: Staged,
    unit: UnitKind,
    refused: list[Refused],
    attributes: list[Attribute],
    with_history: int | None,
) -> IntakeReport:
    connection = rows.connection
    counts = dict(
        connection.execute(
            "SELECT outcome, count(*) FROM records SEMI JOIN lasts USING (source_row) GROUP BY outcome"
        ).fetchall()
    )
    unknown = connection.execute(
        "SELECT left(r_outcome, $length) AS stage, count(*) AS n FROM records WHERE refused = $why"
        " AND NOT contains(r_outcome, '@') GROUP BY stage ORDER BY n DESC, stage LIMIT $most",
        {"length": _STAGE_LENGTH, "why": UNKNOWN_STAGE, "most": _SHOWN_STAGES},
    ).fetchall()
    recorded = sum(counts.values())
    return IntakeReport(
        shape=rows.shape.name,
        unit=unit,
        rows=rows.rows,
        recorded=recorded,
        repeated=rows.rows - sum(each.rows for each in refused) - recorded,
        outcomes={OUTCOMES[place]: counts[place] for place in sorted(counts)},
        columns={role: header for role, header in rows.roles.items()},
        attributes=[each.name for each in attributes],
        left_out=rows.left_out,
        refused=refused,
        unknown_stages=dict(unknown),
        with_history=with_history,
        notes=rows.notes,
    )
