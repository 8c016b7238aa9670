"""What does a file of rows of any kind say of each of them, as typed columns?"""

from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Named
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from store.errors import BadInput
from store.features import Feature, FeatureTable
from store.outcomes.columns import Plan, attributes_of, days_before_sql, moment_sql, outcomes_of
from store.outcomes.encoding import encoded
from store.population.mapping import Mapping, propose
from store.population.source import Source, open_source
from store.population.source.cells import missing_sql
from store.population.source.engine import name_sql, told

BATCH_ROWS = 100_000


@dataclass(frozen=True)
class FeatureFile:
    """A file's rows as features, with what identifies them kept apart.

    `ids` are the columns that number or name a row (ids and e-mail addresses), as text, blank where missing.
    `outcomes` are columns that look like the result of something (y, churned): never features.
    `left_out` tells why each of the other columns is no feature.
    """

    table: FeatureTable
    ids: dict[str, list[str]]
    outcomes: FeatureTable
    left_out: dict[str, str]
    notes: list[str]


def read_features(
    path: Path,
    *,
    moment: datetime | None = None,
    leave_out: Sequence[str] = (),
    memory_limit: str = "1GB",
) -> FeatureFile:
    """The rows of a CSV, Parquet or JSON Lines file as features, in the file's order.

    Numbers, yes/no, categories and lists become features. Identifiers, names and free text do not. A date
    becomes the days from it to `moment` (unknown where it lies after), and is left out without one.
    Raises BadFile for a file that cannot be read, with its place, and BadInput for a column to leave out
    that is not there.
    """
    with open_source([path], memory_limit=memory_limit) as source:
        _refuse_unknown(leave_out, source)
        proposal = propose(source)
        plan = attributes_of(source, proposal, set(leave_out))
        plan.left_out |= dict.fromkeys(leave_out, "it was asked to leave it out")
        _settle_dates(plan, moment)
        results = outcomes_of(proposal.mapping, set(leave_out))
        ids = {name: missing_sql(name, proposal.mapping) for name in _naming(proposal.mapping, leave_out)}
        features, named = _read(source, plan, results, ids)
        known = len(plan.attributes)
        return FeatureFile(
            FeatureTable(source.rows, tuple(features[:known])),
            named,
            FeatureTable(source.rows, tuple(features[known:])),
            plan.left_out,
            proposal.notes,
        )


def _refuse_unknown(names: Sequence[str], source: Source) -> None:
    unknown = [name for name in names if name not in source.columns]
    if unknown:
        raise BadInput(
            "The file has no such column",
            where=", ".join(unknown),
            instead=f"Its columns are {', '.join(source.columns)}.",
        )


def _settle_dates(plan: Plan, moment: datetime | None) -> None:
    """Count the days of dates to the moment, or leave them out where there is none."""
    for name in sorted(plan.dated):
        if moment is None:
            plan.left_out[plan.read_from[name]] = "it is a date, and no moment was given to count its days to"
        else:
            plan.cells[name] = days_before_sql(plan.cells[name], moment_sql(moment))
    if moment is None:
        plan.attributes = [each for each in plan.attributes if each.name not in plan.dated]


def _naming(mapping: Mapping, leave_out: Sequence[str]) -> list[str]:
    """Columns by which a row can be found again."""
    return [
        name
        for name, column in mapping.columns.items()
        if name not in leave_out and (column.kind == "person_id" or column.identifier in ("id", "email"))
    ]


def _read(
    source: Source, plan: Plan, results: Plan, ids: Named[str, str]
) -> tuple[list[Feature], dict[str, list[str]]]:
    """The features of both plans and the columns of ids, in one pass over the file."""
    attributes = [*plan.attributes, *results.attributes]
    sql_of = plan.cells | results.cells
    cells = [
        *(f"{sql_of[each.name]} AS {name_sql(f'a:{each.name}')}" for each in attributes),
        *(f"{sql} AS {name_sql(f'i:{name}')}" for name, sql in ids.items()),
    ]
    named: dict[str, list[str]] = {name: [] for name in ids}
    if not cells:
        return [], named
    with told(str(source.parts[0].path)):
        found = source.connection.sql(f"SELECT {', '.join(cells)} FROM {source.sql}")  # noqa: S608  # names are quoted
        reader = found.to_arrow_reader(BATCH_ROWS)
        features = encoded(_kept(reader, named), attributes, "a:")
    return features, named


def _kept(reader: pa.RecordBatchReader, named: dict[str, list[str]]) -> Iterator[pa.RecordBatch]:
    """The batches, each one's ids noted on the way."""
    for batch in reader:
        for name, values in named.items():
            values += [value or "" for value in batch.column(f"i:{name}").to_pylist()]
        yield batch
