"""Feedback is accepted, declined and opened again; what it changes is told beforehand and kept as typed."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from pydantic import ValidationError

from store.errors import BadInput, Conflict, NotFound
from store.records import Feedback
from store.records.access.audit import entries_of
from store.workspace import Workspace
from tests.conftest import Clock
from tools.calls import call
from tools.declaration import tool
from tools.feedback.applied import alike, changed_this, effects_on, feedback_since, matched, sentences
from tools.feedback.decide_feedback import DecideFeedback, decide_feedback
from tools.feedback.effects import ClusterLeftOut, SegmentNamed
from tools.feedback.list_feedback import FeedbackLine, ListFeedback, list_feedback
from tools.feedback.submit_feedback import FeedbackResult, submit_feedback
from tools.privacy.erase_person import erase_person
from tools.privacy.person import AboutPerson

COLUMNS = {
    "id": {"kind": "person_id"},
    "email": {"kind": "identifier", "identifier": "email"},
    "pet": {"kind": "category", "domain": "lifestyle"},
}
TEXT = "id,email,pet\n1,person1@example.com,cat\n2,person2@example.com,dog\n3,person3@example.com,cat\n"


@pytest.fixture
def three(load: Callable[..., Workspace]) -> Workspace:
    return load(TEXT, COLUMNS)


def said(workspace: Workspace, kind: str = "other", **about: Any) -> str:
    arguments = {"workflow_id": "w", "kind": kind, "message": "As it is written.", **about}
    return cast(FeedbackResult, call(tool(submit_feedback), workspace, arguments)).feedback_id


def decided(workspace: Workspace, feedback_id: str, decision: Any = "accept", **more: Any) -> FeedbackLine:
    return decide_feedback(
        workspace, DecideFeedback(feedback_id=feedback_id, decision=decision, **more)
    ).feedback


def cats(workspace: Workspace) -> str:
    found = workspace.population.catalogue.valued("pet", "cat")
    assert found is not None
    return found.cluster_hash


def with_analysis(workspace: Workspace) -> None:
    """An analysis of workflow `w` with one segment, marked by traits a, b and c, and one anti-pattern."""
    from store.records import Analysis

    segment = {
        "segment_id": 4,
        "name": "Cat people",
        "traits": [{"trait": {"cluster_hash": c}} for c in "abc"],
    }
    pattern = {"traits": [{"cluster_hash": "d"}]}
    kept = {"segments": [segment], "anti_patterns": [pattern]}
    workspace.artifacts.save_document("analysis", "icp_1", kept)
    workspace.database.add(
        Analysis(
            analysis_id="icp_1",
            workflow_id="w",
            warehouse="small",
            snapshot_id="",
            created_at=workspace.now(),
            customers=3,
            headline="",
        )
    )


def test_each_kind_tells_beforehand_what_accepting_does_and_keeps_it_typed(three: Workspace) -> None:
    with_analysis(three)
    cluster = cats(three)
    expected: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = [
        (
            {"kind": "wrong_attribute", "person_id": 1, "cluster": cluster},
            {},
            {"kind": "value_not_counted", "cluster_hash": cluster},
        ),
        (
            {"kind": "useless_cluster", "cluster": cluster},
            {},
            {"kind": "cluster_left_out", "cluster_hash": cluster},
        ),
        (
            {"kind": "bad_segment", "segment": "cat people"},
            {"name": "At home"},
            {"kind": "segment_named", "traits": ["a", "b", "c"], "name": "At home"},
        ),
        (
            {"kind": "bad_segment", "segment": "Cat people"},
            {},
            {"kind": "segment_not_told", "traits": ["a", "b", "c"]},
        ),
        ({"kind": "bad_score", "lead": "Account 17"}, {}, {"kind": "row_left_out", "unit_id": "Account 17"}),
        ({"kind": "bad_score", "person_id": 2}, {}, {"kind": "row_left_out", "unit_id": "2"}),
        (
            {"kind": "bad_text", "subject": "segment-4"},
            {},
            {"kind": "text_by_template", "subject": "segment", "traits": ["a", "b", "c"]},
        ),
        (
            {"kind": "bad_text", "subject": "anti_pattern-0"},
            {},
            {"kind": "text_by_template", "subject": "anti_pattern", "traits": ["d"]},
        ),
        (
            {"kind": "bad_text", "subject": "headline"},
            {},
            {"kind": "text_by_template", "subject": "headline", "traits": []},
        ),
        (
            {"kind": "stale_data"},
            {},
            {
                "kind": "data_note",
                "snapshot_id": three.population.snapshot_id,
                "said": "stale_data",
                "cluster_hash": "",
            },
        ),
        ({"kind": "other", "change": "win_rate:industry=logistics:up"}, {}, {"kind": "noted"}),
    ]
    for about, more, effect in expected:
        feedback_id = said(three, **about)
        [line] = list_feedback(three, ListFeedback(feedback_id=feedback_id)).feedback
        assert (line.status, line.created_by) == ("new", "local")
        assert line.effect_preview
        assert "does not say" not in line.effect_preview
        dry = decided(three, feedback_id, dry_run=True, **more)
        assert dry.effect == effect
        [line] = list_feedback(three, ListFeedback(feedback_id=feedback_id)).feedback
        assert line.status == "new"
        done = decided(three, feedback_id, reason="Right.", **more)
        assert (done.status, done.effect, done.reason, done.decided_by) == (
            "accepted",
            effect,
            "Right.",
            "local",
        )
        assert done.effect_preview == ""


@pytest.mark.parametrize(
    "kind", ["wrong_attribute", "useless_cluster", "bad_segment", "bad_score", "bad_text"]
)
def test_feedback_that_does_not_say_enough_is_only_noted_and_says_so_beforehand(
    three: Workspace, kind: str
) -> None:
    feedback_id = said(three, kind)
    [line] = list_feedback(three, ListFeedback(feedback_id=feedback_id)).feedback
    assert "does not say which" in line.effect_preview
    assert decided(three, feedback_id).effect == {"kind": "noted"}


def test_a_wrong_match_is_not_accepted_without_a_correction(three: Workspace) -> None:
    feedback_id = said(three, "wrong_match", person_id=1)
    with pytest.raises(Conflict, match="split_match"):
        decided(three, feedback_id)
    assert decided(three, feedback_id, "decline", reason="It is right.").status == "declined"


def test_a_decision_is_made_once_and_opened_again(three: Workspace) -> None:
    feedback_id = said(three, "useless_cluster", cluster=cats(three))
    with pytest.raises(Conflict, match="is open"):
        decided(three, feedback_id, "reopen")
    decided(three, feedback_id)
    assert effects_on(three).clusters_left_out == {cats(three)}
    for again in ("accept", "decline"):
        with pytest.raises(Conflict, match="accepted already"):
            decided(three, feedback_id, again, reason="x")
    back = decided(three, feedback_id, "reopen")
    assert (back.status, back.effect, back.decided_by, back.decided_at) == ("new", {}, "", None)
    assert effects_on(three).clusters_left_out == frozenset()
    actions = [entry.action for entry in entries_of(three.database, 10)]
    assert sorted(actions) == ["feedback.accepted", "feedback.reopened"]


def test_what_does_not_fit_a_decision_is_refused(three: Workspace) -> None:
    with pytest.raises(NotFound, match="no such feedback"):
        decided(three, "feedback_none")
    feedback_id = said(three)
    for wrong in (
        {"decision": "decline"},
        {"decision": "decline", "reason": "x", "name": "y"},
        {"name": "a\nb"},
    ):
        with pytest.raises(ValidationError):
            decided(three, feedback_id, **{"decision": "accept", **wrong})
    with pytest.raises(BadInput, match="segment is given a name"):
        decided(three, feedback_id, name="Friends")
    segment = said(three, "bad_segment", segment="Nobody's")
    with pytest.raises(NotFound, match="No analysis"):
        decided(three, segment)
    with pytest.raises(BadInput, match="at most"):
        said(three, lead="Account 1", subject="headline")


def test_feedback_is_listed_by_status_and_kind_in_pages(three: Workspace, clock: Clock) -> None:
    made = []
    for kind in ("other", "stale_data", "other"):
        clock.advance(minutes=1)
        made.append(said(three, kind))
    decided(three, made[2], "decline", reason="No.")
    first = list_feedback(three, ListFeedback(limit=2))
    assert [each.feedback_id for each in first.feedback] == [made[2], made[1]]
    rest = list_feedback(three, ListFeedback(limit=2, cursor=first.next_cursor))
    assert ([each.feedback_id for each in rest.feedback], rest.next_cursor) == ([made[0]], None)
    assert [e.feedback_id for e in list_feedback(three, ListFeedback(kind="other")).feedback] == [
        made[2],
        made[0],
    ]
    assert [e.feedback_id for e in list_feedback(three, ListFeedback(status="new")).feedback] == [
        made[1],
        made[0],
    ]


def test_what_was_said_and_decided_since_is_counted_and_told_without_names(
    three: Workspace, clock: Clock
) -> None:
    """Before: one accepted, one waits. Since: one came and was accepted, one was declined."""
    early, waits, refused = said(three, "bad_score", lead="Account 1"), said(three), said(three)
    decided(three, early)
    since = three.now()
    clock.advance(minutes=1)
    late = said(three, "wrong_attribute", person_id=1, cluster=cats(three))
    decided(three, late)
    decided(three, refused, "decline", reason="No.")
    found = feedback_since(three, since)
    assert (found.received, found.accepted, found.declined, found.waiting) == (1, 1, 1, 1)
    assert found.effects == ["One value of a person does not count in analyses."]
    every = feedback_since(three, None)
    assert (every.received, every.accepted, every.waiting) == (4, 2, 1)
    assert len(every.effects) == 2
    assert waits
    assert feedback_since(three, since + timedelta(days=1)).effects == []


def test_a_gap_in_the_data_is_told_until_a_newer_snapshot_is_loaded(
    three: Workspace, load: Callable[..., Workspace], clock: Clock
) -> None:
    decided(three, said(three, "missing_data", cluster=cats(three)))
    decided(three, said(three, "missing_data", cluster=cats(three)))  # the same gap is told once
    [note] = effects_on(three).data_notes
    assert "are missing" in note
    assert "2026-03-02" in note
    assert "As it is written" not in note
    clock.advance(days=1)
    assert effects_on(load(TEXT, COLUMNS)).data_notes == []


def test_a_person_who_is_erased_is_named_by_no_feedback(three: Workspace) -> None:
    mine = [
        said(three, "wrong_attribute", person_id=1, cluster=cats(three)),
        said(three, "bad_score", lead="1"),
        said(three, "wrong_match", person_id=1, message="person1@example.com is somebody else"),
    ]
    decided(three, mine[0])
    decided(three, mine[1])
    other = said(three, "bad_score", person_id=2)
    erase_person(three, AboutPerson(person_id=1))
    for feedback_id in mine:
        kept = three.database.get(Feedback, feedback_id)
        assert kept is not None
        assert (kept.person_id, kept.subject, kept.effect) == (None, "", {})
        assert kept.message == "Forgotten with the person it was about."
    assert effects_on(three).rows_left_out == frozenset()
    kept = three.database.get(Feedback, other)
    assert kept is not None
    assert kept.person_id == 2


def test_segments_are_the_same_where_at_least_half_of_their_traits_are() -> None:
    """{a, b, c} and {b, c, d} have 2 of 4 in common; {a} and {a, b, c} 1 of 3."""
    assert alike("abc", "bcd") == 0.5
    assert alike("a", "abc") == pytest.approx(1 / 3)
    assert alike("", "") == 0
    assert matched(["abc"], ["bcd", "abc"]) == {0: 1}
    assert matched(["abc", "abc"], ["abc"]) == {0: 0}
    assert matched(["a"], ["abc"]) == {}
    assert matched([], ["a"]) == {}


def test_what_changed_is_said_in_one_sentence() -> None:
    effects = [ClusterLeftOut(cluster_hash="a"), SegmentNamed(traits=["a"], name="Secret name")]
    assert changed_this([]) == []
    assert changed_this(effects[:1]) == ["One accepted note changed this: one cluster is not mined."]
    assert changed_this([*effects, *effects[:1]]) == [
        "3 accepted notes changed this: 2 clusters are not mined; one segment has the name it was given."
    ]
    assert sentences(effects) == ["One cluster is not mined.", "One segment has the name it was given."]
