"""The outcomes that a run learns from: read once, without what could only be known afterwards."""

from dataclasses import dataclass, replace

import numpy as np

from agent.requests import AnalyzeOutcomes
from agent.state import OutcomeState, RunContext
from store.accounts.numbering import account_number
from store.errors import BadInput, Conflict
from store.outcomes.ledger import ledger_of
from store.outcomes.outcome_table import OutcomeTable
from store.workspace import Workspace
from tools.outcomes.leaks import Leak, without_leaks
from tools.scoring.population_features import population_features


@dataclass(frozen=True)
class Recorded:
    """Outcomes with the attributes that may be learned from."""

    outcomes: OutcomeTable
    leaks: list[Leak]
    notes: list[str]

    @property
    def decided(self) -> np.ndarray:
        """Rows of the won and the lost whose day is known."""
        return np.flatnonzero(self.outcomes.are("won", "lost") & ~np.isnat(self.outcomes.decided_at))


def recorded(state: OutcomeState, context: RunContext) -> Recorded:
    """The outcomes of this run, kept between its steps. Raises Conflict where they changed meanwhile."""
    if "recorded" not in context.held:
        query = AnalyzeOutcomes.model_validate(state["query"])
        found = read_outcomes(context.workspace, query)
        if ledger_of(context.workspace.warehouse).manifest.data_hash != state["data_hash"]:
            raise Conflict(
                "Outcomes were recorded since this run began", where="outcomes", instead="Begin it again."
            )
        context.held["recorded"] = found
    return context.held["recorded"]


def read_outcomes(workspace: Workspace, query: AnalyzeOutcomes) -> Recorded:
    """The outcomes that a request is about. Raises NotFound where none were recorded.

    A column that tells the outcome almost alone is left out whatever is asked; one that only has the name of
    something known afterwards is left out unless it is to be kept.
    """
    ledger = ledger_of(workspace.warehouse)
    read = ledger.read(workspace.now(), query.last_days, query.unit)
    outcomes, notes = _with_attributes(workspace, read)
    _require_known(query.keep, outcomes)
    outcomes, leaks = without_leaks(outcomes)
    suspected = [leak.column for leak in leaks if leak.verdict == "warned" and leak.column not in query.keep]
    outcomes = replace(outcomes, features=outcomes.features.without(suspected))
    return Recorded(outcomes, leaks, [*ledger.warnings(), *notes])


def _require_known(columns: list[str], outcomes: OutcomeTable) -> None:
    unknown = sorted(set(columns) - set(outcomes.features.names))
    if unknown:
        raise BadInput(
            "The outcomes have no such column",
            where=", ".join(unknown),
            instead=f"They have {', '.join(outcomes.features.names) or 'none'}.",
        )


def _with_attributes(workspace: Workspace, outcomes: OutcomeTable) -> tuple[OutcomeTable, list[str]]:
    """Records that came without attributes have those of the population."""
    if outcomes.features.names or not workspace.warehouse.exists:
        return outcomes, []
    table = population_features(workspace.population, numbers_of(outcomes))
    if not any(feature.known().any() for feature in table.features):
        return outcomes, []
    made = workspace.population.manifest.created_at[:10]
    note = (
        f"The records have no attributes of their own: those of the snapshot of {made} were taken. What "
        "changed between a decision and that day is not as it was known then, so figures may flatter."
    )
    return replace(outcomes, features=table), [note]


def numbers_of(outcomes: OutcomeTable) -> np.ndarray:
    """The numbers that they have in a population, int64; -1, which nobody has, for an id that is none."""
    texts = [str(text) for text in outcomes.unit_ids.tolist()]
    if outcomes.unit == "account":
        return np.array([account_number(text) for text in texts], dtype=np.int64)
    is_number = [text.isascii() and text.isdigit() and len(text) < 19 for text in texts]
    return np.array(
        [int(t) if good else -1 for t, good in zip(texts, is_number, strict=True)], dtype=np.int64
    )
