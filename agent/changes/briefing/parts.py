"""What of models, audiences, calls and feedback is told?"""

from typing import TYPE_CHECKING

from agent.briefing_result import AudienceTold, CallFirst, FeedbackTold, Moved, Rescored
from agent.state import BriefingState
from store.workspace import Workspace

if TYPE_CHECKING:
    from datetime import datetime

    from store.outcomes.outcome_table import UnitKind
    from tools.feedback.applied import FeedbackEffects
    from tools.standing.findings import AudienceRefreshed, StandingRefreshed, TiersRescored
    from tools.standing.queries import Mode

MOST_CALLS = 12
MOST_CALLS_QUIET = 3
MOST_REASONS = 2


def refreshed(workspace: Workspace, state: BriefingState, mode: "Mode") -> "StandingRefreshed":
    """Tiers and standing audiences brought up to date, or what would change, kept with the briefing."""
    from tools.standing.queries import RefreshStanding
    from tools.standing.refresh import refresh_standing

    asked = RefreshStanding(mode=mode, run_id=state["run_id"], seed=state["query"]["seed"])
    found = refresh_standing(workspace, asked)
    workspace.artifacts.save_document("refreshed", state["run_id"], found.model_dump(mode="json"))
    return found


def audiences_told(workspace: Workspace, refreshed: "StandingRefreshed | None") -> list[AudienceTold]:
    """The standing audiences whose people, or accounts, were looked at."""
    if refreshed is None:
        return []
    looked_at = [each for each in refreshed.audiences if not each.refused and each.status != "paused"]
    if not looked_at:
        return []
    from tools.standing.people.now import Now

    unit = Now(workspace).unit if workspace.warehouse.exists else "person"
    return [_audience(each, unit) for each in looked_at]


def _audience(each: "AudienceRefreshed", unit: "UnitKind") -> AudienceTold:
    return AudienceTold(
        name=each.name,
        unit=unit,
        people=each.people,
        people_before=each.people_before,
        entered=[Moved(people=moved.people, why=moved.why) for moved in each.entered],
        left=[Moved(people=moved.people, why=moved.why) for moved in each.left],
        synced=each.synced,
        is_dry_run=each.is_dry_run,
    )


def refused_audiences(refreshed: "StandingRefreshed | None") -> list[str]:
    """Why an audience could not be made anew; what else is to be known of them."""
    if refreshed is None:
        return []
    return [
        *(f"{each.name}: {each.refused}" for each in refreshed.audiences if each.refused),
        *refreshed.notes,
    ]


def rescored_told(found: "TiersRescored | None") -> Rescored | None:
    """How many are in another tier than before."""
    if found is None:
        return None
    return Rescored(scored=found.scored, moved=found.moved, flows=found.flows, routing=found.routing)


def calls_told(workspace: Workspace, left_out: frozenset[str], *, is_quiet: bool) -> list[CallFirst]:
    """Whom to call first, but whom accepted feedback leaves out; nobody where nothing was learned.

    is_quiet: nothing changed, so that the briefing is short, and its list too.
    """
    from tools.standing.call_first import call_first

    most = MOST_CALLS_QUIET if is_quiet else MOST_CALLS
    wanted = call_first(workspace, most + len(left_out))
    kept = [each for each in wanted if each.unit_id not in left_out][:most]
    return [
        CallFirst(
            unit_id=each.unit_id,
            tier=each.tier,
            score=each.score,
            reasons=each.reasons[:MOST_REASONS],
            doubt=each.doubt,
        )
        for each in kept
    ]


def feedback_told(workspace: Workspace, since: "datetime | None") -> FeedbackTold:
    """What was said since, and what came of it."""
    from tools.feedback.applied import feedback_since

    found = feedback_since(workspace, since)
    return FeedbackTold.model_validate(found.model_dump())


def effects(workspace: Workspace) -> "FeedbackEffects":
    """What accepted feedback changes."""
    from tools.feedback.applied import effects_on

    return effects_on(workspace)
