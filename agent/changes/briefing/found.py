"""What did the steps of this briefing find?"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from agent.analyses import saved_analysis
from agent.changes.judged import Judged
from agent.changes.result import Changes
from agent.state import BriefingState
from store.records.learned import learned_models
from store.workspace import Workspace

if TYPE_CHECKING:
    from agent.analysis import Analysis
    from agent.outcome_analysis import OutcomeAnalysis
    from tools.outcomes.changes.findings import OutcomeChange, OutcomeChanges
    from tools.scoring.fit.profile import FitProfile
    from tools.standing.findings import StandingRefreshed


def changes_found(workspace: Workspace, state: BriefingState) -> Changes | None:
    """What changed between the two analyses; None where there are no two."""
    key = state.get("changes_key")
    return Changes.model_validate(workspace.artifacts.document("changes", key)) if key else None


def outcomes_found(workspace: Workspace, state: BriefingState) -> "OutcomeChanges | None":
    """What changed in who buys; None without outcomes."""
    from tools.outcomes.changes.findings import OutcomeChanges

    key = state.get("outcomes_key")
    return (
        OutcomeChanges.model_validate(workspace.artifacts.document("outcome_changes", key)) if key else None
    )


@dataclass(frozen=True)
class Found:
    """All that the steps before left behind, each read when it is asked for."""

    workspace: Workspace
    state: BriefingState

    @cached_property
    def changes(self) -> Changes | None:
        return changes_found(self.workspace, self.state)

    @cached_property
    def outcomes(self) -> "OutcomeChanges | None":
        return outcomes_found(self.workspace, self.state)

    @cached_property
    def judged(self) -> Judged:
        document = self.workspace.artifacts.document("judged", self.state.get("judged_key", ""))
        return Judged.model_validate(document)

    @cached_property
    def analysis(self) -> "Analysis | None":
        series = self.state["series"]
        return saved_analysis(self.workspace.artifacts, series[0]) if series else None

    @cached_property
    def learned(self) -> "OutcomeAnalysis | None":
        from agent.analyze_outcomes import OUTCOMES

        run_id = self.state.get("outcome_analysis")
        return OUTCOMES.saved(self.workspace, run_id) if run_id else None

    @cached_property
    def fit(self) -> "FitProfile | None":
        """The profile in use, whichever run learned it; None without one, or where it found no criterion."""
        from tools.scoring.learned import saved_fit

        now = self.workspace.now()
        for each in learned_models(self.workspace.database, self.workspace.warehouse.name):
            if each.kind == "fit" and each.status != "aside" and each.created_at <= now:
                fit = saved_fit(self.workspace, each.model_id)
                return fit if fit.criteria else None
        return None

    @cached_property
    def refreshed(self) -> "StandingRefreshed | None":
        from tools.standing.findings import StandingRefreshed

        key = self.state.get("refreshed_key")
        if not key:
            return None
        return StandingRefreshed.model_validate(self.workspace.artifacts.document("refreshed", key))

    @property
    def moved(self) -> "list[OutcomeChange]":
        """The changes in who buys that are told as new, in their order."""
        by_key = {each.key: each for each in self.outcomes.changes} if self.outcomes else {}
        keys = [each.told.key for each in self.judged.told]
        return [by_key[key] for key in keys if key in by_key]

    @property
    def is_newly_learned(self) -> bool:
        """Whether something was learned from the outcomes since the last briefing."""
        since = self.state["since"]
        learned = self.learned
        return learned is not None and (not since or learned.created_at > datetime.fromisoformat(since))
