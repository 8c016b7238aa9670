"""What is recorded of a warehouse: deals, quarters, amounts, cycles, reasons."""

from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from api.pages.outcomes.showing.drawings import quarters_drawn
from api.pages.outcomes.showing.summaries import summary_of
from api.report.outcomes.win_rates import Rate
from store.errors import NotFound
from store.outcomes.ledger import ledger_of
from store.outcomes.outcome_table import UnitKind
from store.workspace import Workspace
from tools.outcomes.record_summary import OutcomeSummary


class RecordedShown(NamedTuple):
    """A summary of the records with its chart; units: the kinds of units that there are."""

    summary: OutcomeSummary
    units: list[UnitKind]
    loaded_at: datetime
    drawing: Markup


def recorded_shown(workspace: Workspace, unit: UnitKind | None, locale: str) -> RecordedShown | None:
    """What is recorded of accounts or persons; None where nothing is. Raises NotFound for a unit without any.

    unit: accounts, where there are both, when left out. locale: of whoever reads the chart.
    """
    ledger = ledger_of(workspace.warehouse)
    if not ledger.exists:
        return None
    manifest = ledger.manifest
    kinds: tuple[UnitKind, ...] = ("account", "person")
    units: list[UnitKind] = [each for each in kinds if manifest.units.get(each)]
    chosen = unit or units[0]
    if chosen not in units:
        raise NotFound("There are no such outcomes here", where="unit", instead=f"There are: {units[0]}.")
    summary = summary_of(workspace, chosen)
    summary.data_hash, summary.warnings = manifest.data_hash, ledger.warnings()
    overall = Rate(summary.overall.won, summary.overall.decided, summary.overall.rate)
    loaded_at = datetime.fromisoformat(manifest.loaded_at)
    return RecordedShown(summary, units, loaded_at, quarters_drawn(summary.quarters, overall, locale))
