"""What came of the deals of one warehouse?"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from pydantic import Field

from store.errors import BadInput, TooMany
from store.outcomes.intake.query import IntakeQuery, IntakeReport
from store.outcomes.intake.reading import Delivery, deliver, read_export, refusals
from store.outcomes.intake.records import Resolve, judge, unit_of
from store.outcomes.ledger_files import MANIFEST, RECORDS, LedgerFolder, LedgerManifest, LoadLine
from store.outcomes.ledger_rows import digest_of, read_rows
from store.outcomes.merging import merge, merged_attributes
from store.outcomes.outcome_table import OUTCOMES, OutcomeTable, UnitKind
from store.outcomes.records_sent import MOST_RECORDS, OutcomeRecord, staged_records
from store.outcomes.shapes.column_file import ColumnFile
from store.population.build.snapshot import told_when_full
from store.population.source.engine import connect, text_sql
from store.warehouse import Warehouse


class LoadReport(IntakeReport):
    """What was recorded."""

    replaced: int = Field(
        description="Records that were there already, and are as this delivery has them now."
    )
    records: int = Field(description="Records of the ledger afterwards.")
    data_hash: str
    warnings: list[str]


class Ledger:
    """The outcome records of one warehouse. Readers see a version whole; one writer at a time."""

    def __init__(self, folder: Path, warehouse: str, erased: Callable[[], np.ndarray] | None = None) -> None:
        """erased: gives the ids of people of whom nothing may be told, nor kept by the next load."""
        self._files = LedgerFolder(folder, warehouse)
        self._erased = erased or (lambda: np.empty(0, dtype=np.int64))

    @property
    def exists(self) -> bool:
        return self._files.exists

    @property
    def manifest(self) -> LedgerManifest:
        """What the version in use says of itself. Raises NotFound when nothing was recorded yet."""
        return self._files.manifest(self._files.current)

    def load(
        self,
        path: Path,
        query: IntakeQuery,
        now: datetime,
        *,
        said: ColumnFile | None = None,
        history: Path | None = None,
        resolve: Resolve | None = None,
        memory_limit: str = "1GB",
    ) -> LoadReport:
        """Record what an export says; rows that say nothing certain are refused, and told.

        said: what a user says of its columns. history: a file of what was known when. resolve: gives the
        person ids of e-mail addresses. Raises BadFile, BadMapping, BadInput, Busy or NoRoom; then the ledger
        is as it was.
        """
        with self._files.writing() as working, told_when_full():
            delivery = read_export(
                path,
                working,
                query,
                now,
                said=said,
                history=history,
                resolve=resolve,
                memory_limit=memory_limit,
            )
            return self._keep(delivery, path.name, now, working, memory_limit)

    def record(
        self,
        records: Sequence[OutcomeRecord],
        unit: UnitKind,
        now: datetime,
        *,
        query: IntakeQuery | None = None,
        resolve: Resolve | None = None,
    ) -> LoadReport:
        """Record these, all or none. Raises BadInput with the places of those that cannot be, or TooMany."""
        if not records:
            raise BadInput("No record was given", where="records", instead="Send one or more.")
        if len(records) > MOST_RECORDS:
            raise TooMany(
                f"{len(records):,} records are more than {MOST_RECORDS:,}",
                where="records",
                instead="Send them in parts, or load a file: `fieldmark outcomes load`.",
            )
        query = (query or IntakeQuery()).model_copy(update={"unit": unit})
        with (
            self._files.writing() as working,
            told_when_full(),
            connect("512MB", working / "spill") as connection,
        ):
            rows = staged_records(connection, records, unit)
            judge(rows, query, ColumnFile(), unit_of(rows, query), now, resolve)
            refused = refusals(rows, lambda row: f"records[{row - 1}]")
            if refused:
                raise BadInput(
                    f"{sum(each.rows for each in refused):,} of {len(records):,} records cannot be recorded: "
                    + "; ".join(f"{each.rows:,} because {each.reason}" for each in refused),
                    where=", ".join(place for each in refused for place in each.places),
                    instead="Correct them and send all of them again: nothing was recorded.",
                )
            delivery = deliver(rows, query, unit, now, working, refused)
            return self._keep(delivery, "records", now, working, "512MB")

    def read(self, now: datetime, last_days: int | None = None, unit: UnitKind | None = None) -> OutcomeTable:
        """The records decided until `now`, oldest decision first, and the open ones after them.

        last_days: only decisions of so many days; open ones stay. unit: accounts or persons; the only kind
        there is when left out. Raises NotFound when nothing was recorded, BadInput when both kinds are there
        and none is named.
        """
        version = self._files.current
        manifest = self._files.manifest(version)
        unit = unit or _only_unit(manifest)
        currencies = manifest.currencies
        table, of_unit = read_rows(
            version / RECORDS, manifest.attributes, unit, main_currency(currencies), len(currencies)
        )
        today = np.datetime64(now.astimezone(UTC).date(), "D")
        is_open = table.are("open")
        kept = of_unit & ~(table.opened_at > today) & (is_open | (table.decided_at <= today))
        if unit == "person":
            kept &= ~np.isin(table.unit_ids, self._erased().astype(np.str_))
        if last_days is not None:
            kept &= is_open | (table.decided_at > today - np.timedelta64(last_days, "D"))
        return table if kept.all() else table.take(kept)

    def warnings(self) -> list[str]:
        """What a reader should know of the records as they are."""
        return _warnings(self.manifest)

    def _keep(
        self, delivery: Delivery, source: str, now: datetime, working: Path, memory_limit: str
    ) -> LoadReport:
        """Merge the delivery with the version in use, and put the new version in its place."""
        before = self.manifest if self.exists else None
        attributes, notes = merged_attributes(before.attributes if before else [], delivery.attributes)
        made = working / "version"
        made.mkdir()
        report = delivery.report
        stamp = now.astimezone(UTC).isoformat(timespec="seconds")
        old = (self._files.current / RECORDS, before.attributes) if before else None
        with connect(memory_limit, working / "spill-merge") as connection:
            new = (delivery.path, delivery.attributes)
            replaced = merge(
                connection, old, new, attributes, (report.shape, stamp), made / RECORDS, self._erased()
            )
            counts = _counts(connection, made / RECORDS)
        line = LoadLine(
            source=source,
            shape=report.shape,
            loaded_at=stamp,
            rows=report.rows,
            recorded=report.recorded,
            replaced=replaced,
        )
        manifest = LedgerManifest(
            version=self._files.new_version(now),
            loaded_at=stamp,
            attributes=attributes,
            data_hash=digest_of(made / RECORDS, attributes),
            loads=[*(before.loads if before else []), line],
            **counts,
        )
        (made / MANIFEST).write_text(manifest.model_dump_json(indent=1))
        self._files.put_in_use(made, manifest.version)
        return LoadReport(
            **report.model_dump(exclude={"notes"}),
            notes=[*report.notes, *notes],
            replaced=replaced,
            records=manifest.records,
            data_hash=manifest.data_hash,
            warnings=_warnings(manifest),
        )


def ledger_of(warehouse: Warehouse) -> Ledger:
    """The ledger of a warehouse, whether or not anything was recorded yet."""

    def erased() -> np.ndarray:
        return warehouse.erasures.ids(warehouse.current_id if warehouse.exists else "")

    return Ledger(warehouse.folder / "outcomes", warehouse.name, erased)


def main_currency(currencies: dict[str, int]) -> str:
    """The currency of most amounts, the first by name of several; blank for none."""
    return min(currencies, key=lambda name: (-currencies[name], name), default="")


def _only_unit(manifest: LedgerManifest) -> UnitKind:
    units: list[UnitKind] = [unit for unit in ("account", "person") if manifest.units.get(unit)]
    if len(units) != 1:
        raise BadInput(
            "The ledger has outcomes of accounts and of persons",
            where="unit",
            instead="Say which: account or person.",
        )
    return units[0]


def _warnings(manifest: LedgerManifest) -> list[str]:
    if len(manifest.currencies) < 2:
        return []
    main = main_currency(manifest.currencies)
    others = sum(count for name, count in manifest.currencies.items() if name != main)
    named = ", ".join(name for name in sorted(manifest.currencies) if name != main)
    return [
        f"Amounts are in several currencies: those of {others:,} records ({named}), and of any without one, "
        f"are left out of every figure; the others are in {main}."
    ]


def _counts(connection: duckdb.DuckDBPyConnection, path: Path) -> dict[str, Any]:
    """How many records, by unit and outcome, and how many amounts in each currency."""
    units = _counted(connection, path, "unit")
    outcomes = _counted(connection, path, "outcome")
    return {
        "records": sum(units.values()),
        "units": units,
        "outcomes": {OUTCOMES[place]: count for place, count in outcomes.items()},
        "currencies": _counted(connection, path, "CASE WHEN amount IS NOT NULL THEN currency END"),
    }


def _counted(connection: duckdb.DuckDBPyConnection, path: Path, cell: str) -> dict[Any, int]:
    file = f"read_parquet({text_sql(str(path))})"
    return dict(
        connection.execute(
            f"SELECT {cell} AS value, count(*) FROM {file} WHERE value IS NOT NULL"  # noqa: S608  # it is quoted
            " GROUP BY value ORDER BY value"
        ).fetchall()
    )
