"""A warehouse with analyses and outcomes: both are told of, each with its part of the level."""

from datetime import date, timedelta

import pytest

from agent.changes.kept import keep_recorded, recorded_of, settings_of
from agent.requests import RunBriefing
from agent.run_briefing import start_briefing
from store.outcomes.ledger import ledger_of
from store.outcomes.records_sent import OutcomeRecord
from store.workspace import Workspace
from tests.agent.changes.conftest import Club, first_members, people, with_wine_lovers
from tests.conftest import Clock

DAY = date(2026, 3, 1)


def records(unit_ids: list[int], outcome: str, begin: int = 0) -> list[OutcomeRecord]:
    return [
        OutcomeRecord.model_validate(
            {
                "record_id": f"{outcome}-{begin + at}",
                "unit_id": str(unit),
                "outcome": outcome,
                "opened_at": DAY - timedelta(50),
                "decided_at": DAY - timedelta(at % 40),
            }
        )
        for at, unit in enumerate(unit_ids)
    ]


def record(workspace: Workspace, unit_ids: list[int], outcome: str = "won", begin: int = 0) -> None:
    ledger_of(workspace.warehouse).record(records(unit_ids, outcome, begin), "person", workspace.now())


def test_both_are_compared_and_share_the_level(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    club.analysed(workspace, members)
    club.analysed(workspace, with_wine_lovers(rows, members))
    record(workspace, members[:6].tolist())
    found = start_briefing(workspace, RunBriefing())
    assert found.kind == "changes"
    assert any("enjoy wine" in change.sentence for change in found.changes)
    assert found.outcome_analysis_id is not None
    assert found.proof is not None
    kept = workspace.artifacts.document("changes", found.briefing_id)
    compared = workspace.artifacts.document("outcome_changes", found.briefing_id)
    assert kept["q"] == compared["level"] == pytest.approx(found.proof.level / 2)
    assert (
        found.changes[0].link == f"/briefings/compare?before={found.compared_with}&after={found.analysis_id}"
    )
    assert any("decided" in note for note in found.notes)


def test_customers_by_a_recorded_outcome_are_analysed_again_when_more_are_recorded(
    club: Club, clock: Clock
) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    record(workspace, members.tolist())
    only = club.analysed(workspace, members)
    keep_recorded(workspace, only.analysis_id, "won")
    assert settings_of(workspace, only.analysis_id)["recorded"] == "won"
    assert not start_briefing(workspace, RunBriefing()).analysed_again
    more = with_wine_lovers(rows, members)
    record(workspace, sorted(set(more.tolist()) - set(members.tolist())), begin=1_000)
    clock.advance(hours=1)
    found = start_briefing(workspace, RunBriefing())
    assert found.analysed_again
    assert found.compared_with == only.analysis_id
    assert recorded_of(workspace, found.analysis_id or "") is not None
    assert any("enjoy wine" in change.sentence for change in found.changes)
    assert not start_briefing(workspace, RunBriefing()).analysed_again
