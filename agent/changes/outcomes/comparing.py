"""What changed in who buys since the last briefing?"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from agent.learning.models import fitted_profile, won_or_lost
from agent.learning.recorded import Recorded, read_outcomes
from agent.requests import AnalyzeOutcomes
from store.errors import ToolRefused
from store.outcomes.ledger import ledger_of
from store.outcomes.outcome_table import UnitKind
from store.records.learned import learned_models
from store.workspace import Workspace
from tools.scoring.fit.profile import FitProfile
from tools.scoring.learned import saved_fit

if TYPE_CHECKING:
    from tools.outcomes.changes.findings import OutcomeChanges
    from tools.outcomes.changes.queries import OutcomeChangesQuery

WEEK_DAYS = 7  # two briefings of one week compare the same days
FEWEST = 20  # won, and lost, records that a profile for the comparison is learned from
LONGEST_DAYS = 91  # a briefing after a long silence looks back no further


def asked_of(workspace: Workspace, seed: int) -> AnalyzeOutcomes:
    """What is asked of the outcomes; where there are some of accounts and of persons, those with more."""
    units = ledger_of(workspace.warehouse).manifest.units
    unit: UnitKind = "account" if units.get("account", 0) >= units.get("person", 0) else "person"
    both = all(units.get(each) for each in ("account", "person"))
    return AnalyzeOutcomes(unit=unit if both else None, seed=seed)


def has_outcomes(workspace: Workspace) -> bool:
    """Whether any outcome is recorded."""
    ledger = ledger_of(workspace.warehouse)
    return ledger.exists and ledger.manifest.records > 0


def compared_outcomes(
    workspace: Workspace, since: datetime | None, level: float, seed: int
) -> "OutcomeChanges":
    """What changed in who buys, of whole days: until yesterday.

    since: when the last briefing was made. Tiers are by a profile that learned from none of the outcomes
    compared, neither those of now nor those before: it would flatter what it has learned from.
    """
    from tools.outcomes.changes.outcome_changes import outcome_changes
    from tools.outcomes.changes.queries import OutcomeChangesQuery

    asked = asked_of(workspace, seed)
    found = read_outcomes(workspace, asked)
    until = workspace.now().date() - timedelta(1)
    query = OutcomeChangesQuery(until=until, since=_since(since, until), level=level)
    scores = _scores(workspace, found, _first_day(query, until), seed)
    return outcome_changes(found.outcomes, query, scores[0], scores[1])


def _first_day(query: "OutcomeChangesQuery", until: date) -> date:
    """The first of the days that are compared."""
    longest = max(query.windows_days[-1], (until - query.since).days if query.since else 0)
    return until - timedelta(longest + query.before_days)


def _since(since: datetime | None, until: date) -> date | None:
    """The last day that the last briefing told of, a week to a quarter back."""
    if since is None:
        return None
    told = since.date() - timedelta(1)
    return max(min(told, until - timedelta(WEEK_DAYS)), until - timedelta(LONGEST_DAYS))


def _scores(
    workspace: Workspace, found: Recorded, first: date, seed: int
) -> tuple[FitProfile | None, np.ndarray | None]:
    """A profile of what was decided before a day, and the score of each record by it; None where too few."""
    from tools.scoring.fit.scoring import fit_scores

    try:
        fit = _kept_profile(workspace, first) or _profile_until(found, first, seed)
        return (
            (fit, fit_scores(fit, found.outcomes.features).score.astype(np.float64))
            if fit and fit.criteria  # without one everybody has the same score
            else (None, None)
        )
    except ToolRefused:  # too few to learn from, or a column has become one of another kind
        return None, None


def _kept_profile(workspace: Workspace, first: date) -> FitProfile | None:
    """The newest profile that was in use and has learned from nothing since that day."""
    for each in learned_models(workspace.database, workspace.warehouse.name):
        until = each.learned_until
        if each.kind == "fit" and each.status != "aside" and until and until.date() < first:
            return saved_fit(workspace, each.model_id)
    return None


def _profile_until(found: Recorded, first: date, seed: int) -> FitProfile | None:
    lesson = won_or_lost(found)
    older = lesson.take(lesson.days < np.datetime64(first, "D"))
    won = int(older.happened.sum())
    return fitted_profile(older, seed) if min(won, len(older.happened) - won) >= FEWEST else None
