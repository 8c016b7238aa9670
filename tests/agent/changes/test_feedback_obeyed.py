"""What is accepted changes the next analysis, which says so; opened again it changes nothing."""

from typing import Any, cast

import numpy as np
import pytest

from agent.analysis import Analysis
from agent.compare_analyses import compare_analyses
from agent.narration.obeying import told_by_template
from agent.requests import CompareAnalyses
from store.workspace import Workspace
from tests.agent.changes.conftest import Club, first_members, people
from tools.calls import call
from tools.declaration import tool
from tools.feedback.applied import effects_on
from tools.feedback.decide_feedback import DecideFeedback, decide_feedback
from tools.feedback.submit_feedback import FeedbackResult, submit_feedback
from tools.identity.corrections.keeping import UndoCorrection, undo_correction
from tools.identity.corrections.merge_persons import MergePersons, merge_persons

ROWS = people()
MEMBERS = first_members(ROWS)


@pytest.fixture
def opened(club: Club) -> Workspace:
    return club.week(ROWS, MEMBERS)


def accepted(workspace: Workspace, kind: str, **about: Any) -> str:
    name = about.pop("name", None)
    arguments = {"workflow_id": "w", "kind": kind, "message": "x", **about}
    made = cast(FeedbackResult, call(tool(submit_feedback), workspace, arguments)).feedback_id
    decide_feedback(workspace, DecideFeedback(feedback_id=made, decision="accept", name=name))
    return made


def reopened(workspace: Workspace, feedback_id: str) -> None:
    decide_feedback(workspace, DecideFeedback(feedback_id=feedback_id, decision="reopen"))


def golf(workspace: Workspace) -> str:
    found = workspace.population.catalogue.valued("golf", "Yes")
    assert found is not None
    return found.cluster_hash


def golfers_in(analysis: Analysis) -> int:
    """Members who play golf, as the analysis counted them; 0 where it does not look at golf."""
    marks = analysis.lift.top_attributes
    return next((one.customers for one in marks if (one.trait.name, one.trait.value) == ("golf", "Yes")), 0)


def notes(analysis: Analysis) -> list[str]:
    return [each for each in analysis.warnings if "changed this" in each]


def told(analysis: Analysis) -> dict[str, Any]:
    return analysis.model_dump(mode="json", exclude={"analysis_id", "workflow_id", "created_at"})


def test_a_useless_cluster_is_not_mined_until_the_feedback_is_opened_again(
    club: Club, opened: Workspace
) -> None:
    before = club.analysed(opened, MEMBERS)
    assert golfers_in(before) == int(ROWS["golf"][MEMBERS].sum())
    assert notes(before) == []
    feedback = accepted(opened, "useless_cluster", cluster=golf(opened))
    during = club.analysed(opened, MEMBERS)
    assert golfers_in(during) == 0
    assert golf(opened) not in during.model_dump_json()
    assert notes(during) == ["One accepted note changed this: one cluster is not mined."]
    reopened(opened, feedback)
    assert told(club.analysed(opened, MEMBERS)) == told(before)


def test_a_value_that_is_wrong_of_a_person_does_not_count(club: Club, opened: Workspace) -> None:
    """Two golfers among the members have the value taken away, somebody who is no member as well."""
    players = MEMBERS[ROWS["golf"][MEMBERS]]
    stranger = int(np.setdiff1d(np.flatnonzero(ROWS["golf"]), MEMBERS)[0])
    for person in (int(players[0]), int(players[-1]), stranger):
        accepted(opened, "wrong_attribute", person_id=person, cluster=golf(opened))
    found = club.analysed(opened, MEMBERS)
    assert golfers_in(found) == len(players) - 2
    assert notes(found) == ["2 accepted notes changed this: 2 values of people do not count in analyses."]


def test_a_segment_has_the_name_it_was_given_and_another_is_not_told(club: Club, opened: Workspace) -> None:
    before = club.analysed(opened, MEMBERS)
    named = [segment for segment in before.segments if segment.traits]
    assert named, "the club has segments"
    first = named[0]
    feedback = accepted(opened, "bad_segment", segment=first.name, name="Players of the club")
    after = club.analysed(opened, MEMBERS)
    same = next(each for each in after.segments if each.segment_id == first.segment_id)
    assert same.name == "Players of the club"
    assert first.name not in {each.segment for each in after.recommendations}
    assert notes(after) == ["One accepted note changed this: one segment has the name it was given."]
    reopened(opened, feedback)
    feedback = accepted(opened, "bad_segment", segment=first.name)
    hidden = club.analysed(opened, MEMBERS)
    assert first.name not in {each.name for each in hidden.segments}
    assert first.name not in {each.segment for each in hidden.recommendations}
    assert len(hidden.segments) == len(before.segments) - 1
    assert notes(hidden) == ["One accepted note changed this: one segment is not told."]
    reopened(opened, feedback)
    assert told(club.analysed(opened, MEMBERS)) == told(before)


def test_the_text_of_a_segment_is_left_to_the_template(club: Club, opened: Workspace) -> None:
    analysis = club.analysed(opened, MEMBERS)
    [first, *_] = [segment for segment in analysis.segments if segment.traits]
    assert told_by_template(analysis, effects_on(opened)) == set()
    accepted(opened, "bad_text", subject=f"segment-{first.segment_id}")
    assert told_by_template(analysis, effects_on(opened)) == {f"segment-{first.segment_id}"}


@pytest.mark.parametrize("by_outcome", [False, True])
def test_two_ids_of_one_person_count_once(club: Club, opened: Workspace, by_outcome: bool) -> None:
    given = None if by_outcome else MEMBERS
    before = club.analysed(opened, given)
    kept, other = int(MEMBERS[0]), int(MEMBERS[1])
    made = merge_persons(opened, MergePersons(person_id=kept, other_person_id=other))
    during = club.analysed(opened, given)
    assert (before.match.analysed, during.match.analysed) == (400, 399)
    assert during.match.resolved == 399
    assert "Corrected matches are obeyed: one merge." in during.warnings
    undo_correction(opened, UndoCorrection(correction_id=made.correction_id))
    assert told(club.analysed(opened, given)) == told(before)


def segments_told(workspace: Workspace) -> tuple[set[str | None], list[str]]:
    """Names of the segments that a comparison of the last two analyses looks at, and what it tells."""
    found = compare_analyses(workspace, CompareAnalyses())
    names = {name for each in found.segments for name in (each.name_before, each.name_after)}
    return names, [each.sentence for each in found.told]


def test_a_segment_that_was_hidden_is_not_gone_and_shown_again_it_is_no_news(
    club: Club, opened: Workspace
) -> None:
    before = club.analysed(opened, MEMBERS)
    [first, *_] = [segment for segment in before.segments if segment.traits]
    feedback = accepted(opened, "bad_segment", segment=first.name)
    club.analysed(opened, MEMBERS)
    assert segments_told(opened) == ({each.name for each in before.segments} - {first.name}, [])
    reopened(opened, feedback)
    club.analysed(opened, MEMBERS)
    names, told = segments_told(opened)
    assert first.name in names
    assert told == []


def test_a_segment_that_was_renamed_is_the_same_segment(club: Club, opened: Workspace) -> None:
    before = club.analysed(opened, MEMBERS)
    [first, *_] = [segment for segment in before.segments if segment.traits]
    accepted(opened, "bad_segment", segment=first.name, name="Players of the club")
    club.analysed(opened, MEMBERS)
    found = compare_analyses(opened, CompareAnalyses())
    (same,) = [each for each in found.segments if each.name_after == "Players of the club"]
    assert (same.change, same.name_before, same.overlap) == ("kept", first.name, 1.0)
    assert {each.change for each in found.segments} == {"kept"}
