"""The steps of run_briefing that judge what is new, and bring what rests on the models up to date."""

from typing import Any

from agent.changes.briefing.earlier import data_keys_of, earlier_ones, heard, known_keys
from agent.changes.briefing.found import changes_found, outcomes_found
from agent.changes.briefing.parts import effects, refreshed
from agent.changes.judged import judged
from agent.nodes.step import Step, begin, end
from agent.requests import RunBriefing
from agent.state import BriefingState


def judge(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Tell what is new from what was told in the last 13 weeks, and choose three of the new ones."""
    workspace = begin(state, runtime, "judge")
    query = RunBriefing.model_validate(state["query"])
    earlier = earlier_ones(workspace, state["run_id"])
    known = heard(workspace, earlier, query.schedule_id or "", state["recipient_ids"], sent=query.send)
    found, outcomes = changes_found(workspace, state), outcomes_found(workspace, state)
    left_out = effects(workspace).clusters_left_out
    made = judged(found, outcomes, known_keys(known), _links(state), left_out)
    data_known, data_lately = data_keys_of(known, workspace.now())
    made = made.model_copy(update={"data_known": data_known, "data_lately": data_lately})
    workspace.artifacts.save_document("judged", state["run_id"], made.model_dump(mode="json"))
    end(runtime, "judge", len(made.new))
    nothing_before = found is None and not (state["has_outcomes"] and state["since"])
    return {"judged_key": state["run_id"], "changed": bool(made.told), "is_first": nothing_before}


def _links(state: BriefingState) -> tuple[str, str]:
    """The pages of the comparison, and of what was learned from outcomes."""
    pair = state["series"] if len(state["series"]) > 1 else None
    learned = state.get("outcome_analysis")
    return (
        f"/briefings/compare?before={pair[1]}&after={pair[0]}" if pair else "",
        f"/outcomes/{learned}" if learned else "/outcomes",
    )


def refresh(state: BriefingState, runtime: Step) -> dict[str, Any]:
    """Bring tiers and standing audiences up to date, or tell what would change."""
    workspace = begin(state, runtime, "refresh")
    sync = RunBriefing.model_validate(state["query"]).sync
    if sync == "no":
        end(runtime, "refresh", 0)
        return {}
    # What waits for a yes is only looked at: it is written once somebody said so.
    found = refreshed(workspace, state, "dry_run" if state["asks"] else sync)
    end(runtime, "refresh", len(found.audiences))
    return {"refreshed_key": state["run_id"]}
