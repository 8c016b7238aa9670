"""What would be recorded of a file? It is read into a ledger that is thrown away."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, get_args

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from agent.conversation.answers.people import masked_value
from store.errors import BadFile, BadInput, BadMapping, ToolRefused
from store.features import Feature
from store.outcomes.intake.query import IntakeQuery
from store.outcomes.ledger import Ledger, LoadReport
from store.outcomes.outcome_table import OUTCOMES, OutcomeKind, OutcomeTable, UnitKind
from store.outcomes.shapes.column_file import ColumnFile
from store.outcomes.shapes.shape import Role
from store.population.source import open_source
from store.workspace import Workspace
from tools.outcomes.persons_by_email import email_resolver
from tools.outcomes.record_summary import OutcomeSummary, summarise

FIRST_ROWS, SHOWN_ATTRIBUTES = 5, 5
# The roles that a reader may correct; the others follow the form of the file.
SAID: tuple[Role, ...] = ("outcome", "decided_at", "opened_at", "amount", "lost_reason", "account_id")
KINDS: tuple[OutcomeKind, ...] = get_args(OutcomeKind)
CURRENCY = "^([A-Z]{3})?$"


class Said(BaseModel):
    """What somebody says of the columns of a file, where it was not recognised rightly."""

    model_config = ConfigDict(extra="forbid")

    columns: dict[Role, str] | None = Field(default=None, description="None: as recognised.")
    stages: dict[str, str] = Field(
        default_factory=dict, description="The outcome that a stage means; blank: none."
    )
    day_first: bool | None = None
    currency: str = Field(default="", pattern=CURRENCY, description="Of all amounts: EUR.")

    def column_file(self) -> ColumnFile:
        """The same as a file of columns says it. Raises BadInput for a stage that means no outcome."""
        stages: dict[OutcomeKind, list[str]] = {}
        for stage, means in self.stages.items():
            if means and means not in KINDS:
                raise BadInput("There is no such outcome", where="means", instead=", ".join(KINDS))
            if means:
                stages.setdefault(means, []).append(stage)  # type: ignore[arg-type]  # one of KINDS
        return ColumnFile(
            columns=self.columns or {}, stages=stages, day_first=self.day_first, currency=self.currency
        )


class RecordShown(NamedTuple):
    """One record as it would be kept; what tells who it is is masked."""

    unit: str
    outcome: str
    opened: str
    decided: str
    amount: float | None
    attributes: list[str]


class Look(NamedTuple):
    """What would be recorded; problem: why nothing can be."""

    headers: list[str]
    rows: int
    said: Said
    problem: ToolRefused | None = None
    report: LoadReport | None = None
    summary: OutcomeSummary | None = None
    attributes: tuple[str, ...] = ()
    first: tuple[RecordShown, ...] = ()

    def header_of(self, role: Role) -> str:
        """The header that is read as this role; blank for none."""
        if self.said.columns is not None and role in self.said.columns:
            return self.said.columns[role]
        return self.report.columns.get(role, "") if self.report else ""


def look(
    workspace: Workspace, path: Path, said: Said, memory_limit: str, unit: UnitKind | None = None
) -> Look:
    """What a file holds and what would be recorded of it; nothing is kept.

    Raises BadFile for a file that is no table. What else is wrong is told in the look, to be corrected.
    """
    try:
        with open_source([path], memory_limit=memory_limit) as source:
            headers, rows = list(source.columns), source.rows
    except BadFile as problem:
        raise _without_path(problem, path) from None
    with TemporaryDirectory(prefix="fieldmark-look-") as folder:
        ledger = Ledger(Path(folder), workspace.warehouse.name)
        try:
            report = ledger.load(
                path,
                IntakeQuery(unit=unit),
                workspace.now(),
                said=said.column_file(),
                resolve=email_resolver(workspace),
                memory_limit=memory_limit,
            )
        except (BadFile, BadInput, BadMapping) as problem:
            return Look(headers, rows, said, _without_path(problem, path))
        table = ledger.read(workspace.now())
        shown = table.features.features[:SHOWN_ATTRIBUTES]
        first = tuple(_record(table, row, shown) for row in range(min(FIRST_ROWS, table.rows)))
        names = tuple(each.told for each in shown)
        return Look(headers, rows, said, None, report, summarise(table), names, first)


def _without_path(problem: ToolRefused, path: Path) -> ToolRefused:
    """The problem as the one who sent the file may read it: where it lies here is nothing to them."""
    where = problem.where.replace(str(path), path.name)
    return type(problem)(problem.what, where=where, instead=problem.instead)


def _record(table: OutcomeTable, row: int, attributes: tuple[Feature, ...]) -> RecordShown:
    amount = float(table.amounts[row])
    return RecordShown(
        masked_value("id", str(table.unit_ids[row])),
        OUTCOMES[int(table.outcomes[row])],
        _day(table.opened_at[row]),
        _day(table.decided_at[row]),
        None if np.isnan(amount) else amount,
        [_cell(each, row) for each in attributes],
    )


def _day(day: np.datetime64) -> str:
    return "" if np.isnat(day) else str(day)


def _cell(column: Feature, row: int) -> str:
    """The value of a column of one row; blank where it is unknown.

    A word that one record alone has could be a name, so it is masked.
    """
    one = column.take(np.array([row]))
    if not one.known()[0]:
        return ""
    if one.kind == "number":
        return f"{float(one.values[0]):,.6g}"
    counts = np.bincount(column.values[column.values >= 0], minlength=len(column.levels))
    levels = [(column.levels[int(code)], int(counts[int(code)])) for code in one.values]
    return ", ".join(level if count > 1 else masked_value("word", level) for level, count in levels)
