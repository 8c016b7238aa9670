"""What a reader says changes the next briefing once it is accepted, until it is taken back."""

from datetime import timedelta
from pathlib import Path

from agent.briefing_result import Briefing
from benchmarks.closed_loop.house import FIRST_MONDAY, Loop
from benchmarks.closed_loop.weeks import SITE, Accounts
from store.accounts.numbering import account_number

TRACE = "00000000-0000-4000-8000-00000000feed"


def _next(loop: Loop, days: int) -> Briefing:
    loop.at(FIRST_MONDAY + timedelta(weeks=2, days=days))
    return loop.tool("run_briefing", sync="yes")


def test_an_account_that_sales_knows_better_is_not_called_first(loop: Loop) -> None:
    first = loop.briefings()[-1].call_first[0].unit_id
    loop.at(FIRST_MONDAY + timedelta(weeks=2, days=1))
    said = {"workflow_id": TRACE, "kind": "bad_score", "message": "They went out of business.", "lead": first}
    feedback = loop.tool("submit_feedback", **said).feedback_id
    waiting = _next(loop, 1)
    assert (waiting.feedback.received, waiting.feedback.waiting) == (1, 1)
    assert first in {each.unit_id for each in waiting.call_first}

    loop.at(FIRST_MONDAY + timedelta(weeks=2, days=1, hours=1))
    loop.tool("decide_feedback", feedback_id=feedback, decision="accept")
    obeyed = _next(loop, 2)
    assert first not in {each.unit_id for each in obeyed.call_first}
    assert obeyed.feedback.effects == ["One account is not named to be called first."]
    assert "not named to be called first" in obeyed.markdown

    loop.at(FIRST_MONDAY + timedelta(weeks=2, days=2, hours=1))
    loop.tool("decide_feedback", feedback_id=feedback, decision="reopen")
    back = _next(loop, 3)
    assert [each.unit_id for each in back.call_first] == [each.unit_id for each in waiting.call_first]
    assert back.feedback.effects == []


def test_a_wrong_match_is_split_and_undone(loop: Loop, three_weeks: Path) -> None:
    row = Accounts.read(three_weeks / "accounts.csv").rows[4]
    wanted = {"id_type": "id", "identifiers": [row[SITE]]}
    person = account_number(row["Record ID"])
    before = _matched(loop, wanted)
    assert before == [person]
    split = {"person_id": person, "id_type": "id", "value": row[SITE]}
    made = loop.tool("split_match", **split)
    assert _matched(loop, wanted) != [person]
    loop.tool("undo_correction", correction_id=made.correction_id)
    assert _matched(loop, wanted) == before


def _matched(loop: Loop, wanted: dict) -> list[int]:
    found = loop.tool("resolve_identities", **wanted)
    return [int(each["person_id"]) for each in found.identities]
