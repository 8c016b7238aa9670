"""What was known of each account or person, and from when on?"""

from pathlib import Path

import duckdb

from store.errors import BadFile
from store.outcomes.columns import Attribute, Plan, attributes_of, days_before_sql
from store.outcomes.intake.cells import figures_sql, id_sql, in_figures_sql, moment_of_sql
from store.outcomes.outcome_table import UnitKind
from store.outcomes.shapes.column_file import ColumnFile
from store.outcomes.shapes.shape import compact
from store.population.mapping import Mapping, propose
from store.population.source import Source, open_source
from store.population.source.cells import missing_sql
from store.population.source.engine import name_sql, text_sql, told

_UNITS: dict[UnitKind, tuple[str, ...]] = {
    "account": ("accountid", "companyid", "organizationid", "organisationid", "recordid", "unitid", "id"),
    "person": ("personid", "customerid", "contactid", "userid", "unitid", "id"),
}
_AS_OF = (
    "asof",
    "asofdate",
    "snapshotdate",
    "snapshotat",
    "validfrom",
    "effectivedate",
    "recordedat",
    "date",
)


def read_history(
    path: Path, unit: UnitKind, said: ColumnFile, folder: Path, memory_limit: str
) -> tuple[Path, Plan]:
    """The history's rows with a unit and a time as a Parquet file in the folder, and its attributes.

    Columns: unit_id, as_of (TIMESTAMP), row, and `a:NAME` for each attribute.
    Raises BadFile where no column tells the unit or the time, or a row's time cannot be read.
    """
    with open_source([path], memory_limit=memory_limit, temp=folder) as source:
        unit_column = _column(source, _UNITS[unit], f"the {unit}", path)
        time_column = _column(source, _AS_OF, "the day from which on a row holds (`as_of`)", path)
        proposal = propose(source)
        plan = attributes_of(source, proposal, {unit_column, time_column})
        marks = Mapping(missing=proposal.mapping.missing, columns={})
        time = missing_sql(time_column, marks)
        day_first = _day_first(source, time, time_column, said)
        cells = [f"{plan.cells[each.name]} AS {name_sql(f'a:{each.name}')}" for each in plan.attributes]
        select = ", ".join(
            [
                f"{id_sql(missing_sql(unit_column, marks))} AS unit_id",
                f"{moment_of_sql(time, day_first)} AS as_of",
                "source_row AS row",
                *cells,
            ]
        )
        kept = folder / "history.parquet"
        with told(str(path)):
            source.connection.execute(
                f"COPY (SELECT {select} FROM {source.sql}) TO {text_sql(str(kept))} (FORMAT parquet)"  # noqa: S608  # names are quoted
            )
        _refuse_timeless(source, kept, path)
    return kept, plan


def _column(source: Source, names: tuple[str, ...], what: str, path: Path) -> str:
    there = {compact(name): name for name in source.columns}
    found = next((there[name] for name in names if name in there), None)
    if found is None:
        raise BadFile(
            f"No column of the history tells {what}",
            where=f"{path}: {', '.join(source.columns)}",
            instead=f"Name one {names[0]}.",
        )
    return found


def _day_first(source: Source, time: str, column: str, said: ColumnFile) -> bool:
    if said.day_first is not None:
        return said.day_first
    counted = ", ".join(
        f"count({figures_sql(time, order)}) FILTER ({in_figures_sql(time)})" for order in (True, False)
    )
    [(day, month)] = source.connection.execute(f"SELECT {counted} FROM {source.sql}").fetchall()  # noqa: S608  # names are quoted
    if day and day == month:
        raise BadFile(
            "Day and month of the history's dates could be swapped",
            where=f'column "{column}"',
            instead="Say which comes first in a file of columns: day_first = true or false.",
        )
    return day > month


def _refuse_timeless(source: Source, kept: Path, path: Path) -> None:
    """A row without a time could belong anywhere; leaving it out would hide a broken export."""
    sql = f"SELECT count(*), min(row) FROM read_parquet({text_sql(str(kept))}) WHERE as_of IS NULL"  # noqa: S608  # the path is quoted
    [(rows, first)] = source.connection.execute(sql).fetchall()
    if rows:
        raise BadFile(
            f"{rows:,} rows of the history have no day that can be read",
            where=f"{path}, {source.place(first)}",
            instead="Write each as 2024-01-31.",
        )


def join_history(connection: duckdb.DuckDBPyConnection, kept: Path, moment: str) -> int:
    """Make the table `known` (source_row, row): for each record, the last row of its history at the moment.

    A row counts from its as_of on, that very moment included. Of several of one moment, the last of the
    file counts. Gives how many records have one.
    """
    connection.execute(
        "CREATE TEMP TABLE known AS SELECT r.source_row, h.row FROM"  # noqa: S608  # the path is quoted
        f" (SELECT source_row, unit_id, {moment} AS moment FROM records WHERE refused IS NULL) r"
        " ASOF JOIN (SELECT unit_id, as_of, max(row) AS row"
        f" FROM read_parquet({text_sql(str(kept))}) WHERE unit_id IS NOT NULL GROUP BY ALL) h"
        " ON r.unit_id = h.unit_id AND r.moment >= h.as_of"
    )
    [(count,)] = connection.execute("SELECT count(*) FROM known").fetchall()
    return count


def attribute_cells(attributes: list[Attribute], dated: set[str], table: str, moment: str) -> list[str]:
    """The SQL of the attributes' cells of this table, dates counted to the moment."""
    cells = []
    for each in attributes:
        cell = f"{table}.{name_sql(f'a:{each.name}')}"
        cell = days_before_sql(cell, moment) if each.name in dated else cell
        cells.append(f"{cell} AS {name_sql(f'a:{each.name}')}")
    return cells
