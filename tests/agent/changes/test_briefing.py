"""Briefings of a club: the first, one with news, one without, and those that cannot be given."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np
import pytest
from sqlmodel import select

from agent import CATALOGUE
from agent.briefing import briefing_graph
from agent.briefing_result import Briefing
from agent.nodes.briefing import comparing
from agent.requests import RunBriefing
from agent.run_briefing import BRIEFING, resume_briefing, start_briefing
from agent.runs.running import resume, run, saved_state
from agent.state import Cancelled, NeedsApproval, RunContext
from store.errors import BadInput, NotFound
from store.records.recipients import BriefingDelivery
from store.workspace import Workspace
from tests.agent.changes.conftest import Club, first_members, people, with_wine_lovers
from tools.calls import call, tool_named


def briefed(workspace: Workspace, **arguments: object) -> Briefing:
    found = call(tool_named(CATALOGUE, "run_briefing"), workspace, arguments)
    assert isinstance(found, Briefing)
    return found


def test_without_an_analysis_it_is_refused_with_what_to_do(club: Club) -> None:
    rows = people()
    workspace = club.week(rows, first_members(rows))
    with pytest.raises(NotFound, match=r"nothing to tell of `club` yet.*Begin with `fieldmark analyze`"):
        briefed(workspace)


def test_a_first_briefing_says_what_is_known(club: Club) -> None:
    rows = people()
    workspace = club.week(rows, first_members(rows))
    only = club.analysed(workspace)
    found = briefed(workspace)
    assert found.kind == "first"
    assert found.headline == only.headline
    assert found.known
    assert found.action is not None
    assert only.recommendations[0].action in found.action
    assert (found.analysis_id, found.compared_with, found.changes) == (only.analysis_id, None, [])
    assert not found.analysed_again


def test_news_come_with_evidence_a_risk_and_one_thing_to_do(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    before = club.analysed(workspace, members)
    after = club.analysed(workspace, with_wine_lovers(rows, members))
    found = briefed(workspace)
    assert found.kind == "changes"
    assert 1 <= len(found.changes) <= 3 <= max(3, found.significant)
    assert any("enjoy wine" in change.sentence for change in found.changes)
    assert all("q " in change.evidence for change in found.changes)
    assert found.risk
    assert found.action is not None
    assert found.action.startswith("Make your audiences again")
    assert (found.analysis_id, found.compared_with) == (after.analysis_id, before.analysis_id)
    assert found.since == before.created_at


def test_when_nothing_changed_it_is_short_and_says_so(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    for _ in range(2):
        club.analysed(workspace, members)
    found = briefed(workspace)
    assert found.kind == "unchanged"
    assert found.headline.startswith("Nothing significant changed")
    assert (found.changes, found.risk, found.action) == ([], None, None)
    assert len(found.markdown) < 400


def test_newer_data_is_analysed_before_it_is_told(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    last = club.analysed(club.week(rows, members))
    workspace = club.week(rows, with_wine_lovers(rows, members))
    found = briefed(workspace)
    assert found.analysed_again
    assert found.compared_with == last.analysis_id
    assert found.analysis_id not in ("", last.analysis_id)
    kept = workspace.database.analyses("club")
    assert {record.analysis_id for record in kept} == {found.analysis_id, last.analysis_id}
    assert any("enjoy wine" in change.sentence for change in found.changes)
    again = briefed(workspace)
    assert not again.analysed_again
    assert again.analysis_id == found.analysis_id


def test_a_list_of_customers_is_not_analysed_again_for_newer_data(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    only = club.analysed(club.week(rows, members), members)
    found = briefed(club.week(rows, members))
    assert (found.kind, found.analysis_id, found.analysed_again) == ("first", only.analysis_id, False)


def test_an_older_snapshot_that_was_put_back_in_use_is_no_newer_data(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    older = club.week(rows, members).warehouse.current_id
    workspace = club.week(rows, members)
    club.analysed(workspace)
    workspace.warehouse.use(older)
    assert not briefed(workspace).analysed_again


def test_analyses_of_other_customers_are_passed_over(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    mine = [club.analysed(workspace, members[at:]).analysis_id for at in range(2)]
    club.analysed(workspace)  # the same people, given by an outcome
    others = np.setdiff1d(np.arange(3_000), members)[:300]
    stranger = club.analysed(workspace, others)
    assert briefed(workspace).analysis_id == stranger.analysis_id
    assert briefed(workspace).kind == "first"
    found = briefed(workspace, icp_profile=mine[0])
    assert (found.analysis_id, found.compared_with) == (mine[1], mine[0])


def test_an_unknown_profile_is_not_found(club: Club) -> None:
    rows = people()
    workspace = club.week(rows, first_members(rows))
    club.analysed(workspace)
    with pytest.raises(NotFound, match="no such analysis in `club`"):
        briefed(workspace, icp_profile="Golfers of Ohio")


def test_feedback_that_came_in_since_is_counted(club: Club, clock: Callable[[], datetime]) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    feedback = tool_named(CATALOGUE, "submit_feedback")
    said = {"workflow_id": "w-1", "kind": "other", "message": "Well done."}
    call(feedback, workspace, said)
    club.analysed(workspace, members)
    club.analysed(workspace, members)
    call(feedback, workspace, said)
    assert briefed(workspace).feedback.received == 1


def test_markdown_holds_all_that_is_told(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    club.analysed(workspace, members)
    club.analysed(workspace, with_wine_lovers(rows, members))
    found = briefed(workspace)
    lines = found.markdown.splitlines()
    assert lines[0].startswith("# ")
    assert sum(line[:2] in ("1.", "2.", "3.") for line in lines) == len(found.changes)
    assert any(line.startswith("**Risk.**") for line in lines)
    assert any(line.startswith("**To do.**") for line in lines)
    assert "$" not in found.markdown


def test_a_briefing_that_was_cancelled_goes_on_with_the_analysis_that_it_began(
    club: Club, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = people()
    members = first_members(rows)
    club.analysed(club.week(rows, members))
    workspace = club.week(rows, with_wine_lovers(rows, members))
    with monkeypatch.context() as patched:
        patched.setattr(comparing, "compared", _cancelled)
        with pytest.raises(Cancelled):
            start_briefing(workspace, RunBriefing())
    assert len(workspace.database.analyses("club")) == 2
    (run_id,) = {path.stem for path in workspace.home.glob("artifacts/request/briefing_*")}
    told: list[str] = []
    found = resume_briefing(workspace, run_id, lambda step, done, of: told.append(step))
    assert found.analysed_again
    assert len(workspace.database.analyses("club")) == 2
    assert found.analysis_id == f"icp_{run_id.partition('_')[2]}"
    assert told[0] == "find"


def _cancelled(*_: object) -> None:
    raise Cancelled


def _to_be_sent(workspace: Workspace) -> dict[str, object]:
    query = RunBriefing(send=True, recipients=["ann@example.com", "bob@example.com"])
    return BRIEFING.first_state(workspace, "briefing_1", query)


@pytest.mark.parametrize("yes", [True, False])
def test_where_somebody_wants_to_be_asked_it_waits_for_a_yes_and_names_no_recipient(
    club: Club, yes: bool
) -> None:
    rows = people()
    workspace = club.week(rows, first_members(rows))
    only = club.analysed(workspace)
    asking = RunContext(workspace, approval="ask")
    with pytest.raises(NeedsApproval) as asked:
        run(briefing_graph(), _to_be_sent(workspace), asking)
    assert asked.value.what == {"action": "send", "recipients": 2, "headline": only.headline}
    assert "example.com" not in json.dumps(saved_state(briefing_graph(), "briefing_1", workspace))
    assert not list(workspace.home.glob("artifacts/briefing/*"))
    resume(briefing_graph(), "briefing_1", asking, answer={"approved": yes})
    found = Briefing.model_validate(workspace.artifacts.document("briefing", "briefing_1"))
    assert found.approved is yes
    assert found.recipients == (2 if yes else 0)
    assert len(deliveries(workspace)) == found.recipients


def deliveries(workspace: Workspace) -> list[BriefingDelivery]:
    with workspace.database.session() as session:
        return list(session.exec(select(BriefingDelivery)))


def test_one_that_is_sent_is_given_to_each_recipient_once_and_nothing_holds_an_address(club: Club) -> None:
    rows = people()
    workspace = club.week(rows, first_members(rows))
    club.analysed(workspace)
    found = briefed(
        workspace, send=True, recipients=["ann@example.com", "bob@example.com", "ann@example.com"]
    )
    assert found.recipients == 2
    assert {each.briefing_id for each in deliveries(workspace)} == {found.briefing_id}
    kept = [path for path in (workspace.home / "artifacts").rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if b"example.com" in path.read_bytes()]
    BRIEFING.finish(found.briefing_id, RunContext(workspace))
    assert len(deliveries(workspace)) == 2


def test_a_recipient_that_cannot_be_is_refused_before_anything_is_done(club: Club) -> None:
    rows = people()
    workspace = club.week(rows, first_members(rows))
    club.analysed(workspace)
    with pytest.raises(BadInput, match=r"recipients\[1\]") as refusal:
        briefed(workspace, send=True, recipients=["ann@example.com", "bob at example"])
    assert "bob" not in str(refusal.value)
    assert not list(workspace.home.glob("artifacts/briefing/*"))
    assert not list(workspace.home.glob("artifacts/request/*"))


def test_one_that_is_only_shown_asks_nobody(club: Club) -> None:
    rows = people()
    workspace = club.week(rows, first_members(rows))
    club.analysed(workspace)
    assert briefed(workspace).approved is None


def test_the_state_is_small_and_plain(club: Club) -> None:
    rows = people()
    members = first_members(rows)
    workspace = club.week(rows, members)
    club.analysed(workspace, members)
    club.analysed(workspace, with_wine_lovers(rows, members))
    with pytest.raises(NeedsApproval):
        run(briefing_graph(), _to_be_sent(workspace), RunContext(workspace, approval="ask"))
    state = saved_state(briefing_graph(), "briefing_1", workspace)
    assert len(json.dumps(state)) < 5_000
    assert state["changed"] is True


def test_the_day_of_a_briefing_is_the_house_clocks(club: Club, clock: Callable[[], datetime]) -> None:
    rows = people()
    workspace = club.week(rows, first_members(rows))
    club.analysed(workspace)
    found = briefed(workspace)
    assert found.created_at == clock() == datetime(2026, 3, 9, 9, tzinfo=UTC)
    assert "9 March 2026" in found.markdown
