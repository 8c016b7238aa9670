"""Profiles are made, copied, shared, looked back on and scored against in a conversation."""

from pathlib import Path

import pytest

from agent.conversation.conversation import Conversation
from agent.planner.planner import plan
from store.workspace import Workspace
from tests.agent.conversation.conftest import Plans, step

NAME = "Mid-market"
HELD = {"name": NAME, "industries": ["Software"], "company_size": "50-200 employees"}


@pytest.fixture
def said(us: Workspace, plans: Plans) -> Conversation:
    """A conversation in which a profile was made by hand."""
    talk = Conversation(us, planner=plans)
    plans.means("make", step("create_icp_profile", **HELD))
    assert talk.say("make").status == "done"
    return talk


def test_a_profile_made_by_hand_is_told_with_what_it_looks_for(us: Workspace, plans: Plans) -> None:
    plans.means("make", step("create_icp_profile", **HELD))
    reply = Conversation(us, planner=plans).say("make")
    assert reply.status == "done", reply.text
    assert f"**{NAME}**, revision 1: only you see it." in reply.text
    assert "- Industry: Software\n- Company size: 50 to 200" in reply.text
    assert reply.results[0]["icp_profile_id"].startswith("profile_")


def test_sharing_waits_for_a_yes(said: Conversation, plans: Plans) -> None:
    plans.means("share", step("share_icp_profile", icp_profile=NAME))
    assert said.say("share").status == "waiting"
    reply = said.say("yes")
    assert "revision 2: everyone in your organisation sees it" in reply.text


def test_a_copy_is_private_and_has_a_name_of_its_own(said: Conversation, plans: Plans) -> None:
    plans.means("copy", step("clone_icp_profile", icp_profile=NAME, name="Mid-market EU"))
    assert "**Mid-market EU**, revision 1: only you see it." in said.say("copy").text


def test_its_history_is_told_compared_and_gone_back_to(said: Conversation, plans: Plans) -> None:
    plans.means("share", step("share_icp_profile", icp_profile=NAME))
    said.say("share")
    said.say("yes")
    plans.means("history", step("icp_profile_history", icp_profile=NAME))
    told = said.say("history").text
    assert f"**{NAME}** has 2 revisions that you can see" in told
    assert "Revision 2, 2026-03-02: shared with the organisation" in told
    plans.means("compare", step("icp_profile_history", icp_profile=NAME, compare=(1, 2)))
    assert "Nothing differs between the two." in said.say("compare").text
    plans.means("back", step("icp_profile_history", icp_profile=NAME, restore=1))
    assert said.say("back").status in ("done", "waiting")


def test_best_customers_that_were_sent_make_a_profile(us: Workspace, plans: Plans, tmp_path: Path) -> None:
    """20 customers of Software with 100 to 119 employees."""
    file = tmp_path / "best.csv"
    rows = [f"{at},Software,{100 + at}" for at in range(20)]
    file.write_text("id,industry,employees\n" + "\n".join(rows) + "\n")
    plans.means("make", step("create_icp_profile", file="best.csv", name="Best"))
    reply = Conversation(us, planner=plans).say("make", file)
    assert reply.status == "done", reply.text
    assert "- Industry: Software" in reply.text


def test_leads_of_a_file_are_scored_against_it_by_name(
    said: Conversation, plans: Plans, tmp_path: Path
) -> None:
    file = tmp_path / "leads.csv"
    file.write_text("id,industry,employees\nideal,SaaS,120\nnot,Retail,9\n")
    plans.means("score", step("score_leads", file="leads.csv", icp_profiles=[NAME]))
    reply = said.say("score", file)
    assert reply.status == "done", reply.text
    assert [(one["lead"], one["score"]) for one in reply.results[0]["sample"]] == [("ideal", 100), ("not", 0)]


def test_one_that_is_not_there_is_refused(said: Conversation, plans: Plans) -> None:
    plans.means("history", step("icp_profile_history", icp_profile="Enterprise"))
    reply = said.say("history")
    assert reply.status == "refused"
    assert "There is no such profile" in reply.text


@pytest.mark.parametrize(
    ("sentence", "beginning"),
    [
        (
            "Make a profile called Mid-market for software companies with 50 to 200 employees",
            "**Mid-market**",
        ),
        ("Copy the profile Mid-market as Mid-market EU", "**Mid-market EU**"),
        ("Show the history of the profile Mid-market", "**Mid-market** has"),
    ],
)
def test_sentences_come_to_an_answer(us: Workspace, sentence: str, beginning: str) -> None:
    talk = Conversation(us, planner=plan)
    first = "Make a profile called Mid-market for software companies with 50 to 200 employees"
    if sentence != first:
        talk.say(first)
    reply = talk.say(sentence)
    assert reply.status == "done", reply.text
    assert reply.text.startswith(beginning)
