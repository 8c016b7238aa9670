"""Outcomes and leads in a conversation: asked in words, told with progress, explained, and masked."""

from pathlib import Path

import pytest

from agent.conversation.conversation import Conversation, planned
from agent.conversation.turn import Event
from agent.planner.plan import ConversationState, Uploaded
from store.customer_file import read_customers
from store.workspace import Workspace
from tests.agent.conversation.conftest import Plans, step
from tests.agent.conversation.planted_ledger import record_planted

LEADS = """email,employees,industry,trial
jane@example.com,120,Software,Yes
bill@example.com,4,Travel,No
mary@example.com,,Health,
"""


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    file = tmp_path / "leads.csv"
    file.write_text(LEADS)
    return file


@pytest.fixture
def spoken(learned_us: Workspace, plans: Plans) -> Conversation:
    return Conversation(learned_us, planner=plans)


def test_an_analysis_of_outcomes_tells_how_far_it_is(us: Workspace, plans: Plans) -> None:
    """12 deals are too few to learn from, which is told as well."""
    record_planted(us, deals=12)
    plans.means("outcomes", step("analyze_outcomes"))
    heard: list[Event] = []
    reply = Conversation(us, planner=plans).say("outcomes", watch=heard.append)
    assert reply.status == "done"
    parts = [event.body.get("part") for event in heard if event.kind == "progress"]
    assert [one for one in dict.fromkeys(parts) if one] == ["read", "find_patterns", "publish"]
    assert heard[-2].kind == "answer"
    assert "What cannot be said, and why" in reply.text
    assert "10 of either are the fewest" in reply.text


def test_where_a_figure_of_the_answer_comes_from_can_be_asked(spoken: Conversation, plans: Plans) -> None:
    plans.means("losses", step("analyze_outcomes", about="losses", outcomes=["lost"]))
    answer = spoken.say("losses")
    assert answer.status == "done"
    rate = answer.follow_ups[-1].removeprefix("Where does the ").removesuffix(" come from?")
    plans.means("where", step("explain", about="figure", subject=rate))
    reply = spoken.say("where")
    assert reply.text.startswith(f"**{rate}**: win rate: won / won and lost.")
    assert "Worked out: " in reply.text
    assert "Wilson 95 % interval" in reply.text


def test_why_a_criterion_counts_and_how_sure_it_all_is_can_be_asked(
    spoken: Conversation, plans: Plans
) -> None:
    plans.means("criteria", step("analyze_outcomes", about="criteria"))
    plans.means("why", step("explain", about="trait", subject="employees"))
    plans.means("sure", step("explain", about="confidence"))
    spoken.say("criteria")
    why = spoken.say("why").text
    assert why.startswith("**Employees** carries ")
    assert "50 to 499: +" in why
    sure = spoken.say("sure").text
    assert "The chance of winning: AUC 0." in sure
    assert "where chance alone could give" in sure


def test_the_second_question_is_answered_from_what_was_learned_before(
    spoken: Conversation, plans: Plans
) -> None:
    plans.means("losses", step("analyze_outcomes", about="losses", outcomes=["lost"]))
    plans.means("churn", step("analyze_outcomes", about="churn", outcomes=["churned"]))
    first, second = spoken.say("losses").results[0], spoken.say("churn").results[0]
    assert first["outcome_analysis_id"] == second["outcome_analysis_id"]
    assert (first["about"], second["about"]) == ("losses", "churn")
    assert second["from_cache"]


def test_the_rows_of_a_file_are_scored_by_their_own_columns(
    spoken: Conversation, plans: Plans, sent: Path
) -> None:
    """120 employees in software is what wins; 4 in travel is what loses; of the third little is known."""
    plans.means("score", step("score_leads", file="leads.csv", icp_profiles=["outcomes"]))
    reply = spoken.say("score", sent)
    assert reply.status == "done"
    assert reply.text.startswith("**3 leads scored** against the profile learned from your outcomes")
    assert reply.text.index("jane@example.com") < reply.text.index("mary@example.com")
    assert "bill@example.com" not in reply.text
    assert "A doubt: nothing is known of Employees" in reply.text
    assert reply.results[0]["tiers"]["D"] == 1
    assert reply.results[0]["scored"] == 3


def test_nobody_who_was_scored_is_kept(
    spoken: Conversation, plans: Plans, sent: Path, learned_us: Workspace
) -> None:
    plans.means("score", step("score_leads", file="leads.csv"))
    spoken.say("score", sent)
    files = [learned_us.home / "fieldmark.db", learned_us.home / "fieldmark.db-wal"]
    kept = "\n".join(file.read_bytes().decode("utf-8", "replace") for file in files if file.exists())
    assert "jane@" not in kept
    assert "Employees 120" not in kept
    assert "fit score" in kept


def test_scores_as_a_file_wait_for_a_yes(
    spoken: Conversation, plans: Plans, sent: Path, learned_us: Workspace
) -> None:
    plans.means("score", step("score_leads", file="leads.csv", icp_profiles=["outcomes"], format="csv"))
    assert spoken.say("score", sent).status == "waiting"
    assert [*learned_us.home.glob("exports/*.csv")] == []
    ready = spoken.say("yes")
    assert "The file is ready: 3 rows, CSV" in ready.text
    (written,) = learned_us.home.glob("exports/*.csv")
    assert written.read_text().splitlines()[0].startswith("lead,score,tier,match_confidence,win_chance")


def test_a_file_of_identifiers_is_scored_by_what_the_population_knows(
    learned_us: Workspace, plans: Plans, golfers: Path, tmp_path: Path
) -> None:
    """Against an analysis of customers, whose columns are those of the population."""
    talk = Conversation(learned_us, planner=plans)
    plans.means("analyse", step("analyze_customers", file="g.csv"))
    analysis_id = talk.say("analyse", golfers).results[0]["analysis_id"]
    emails = next(group.values for group in read_customers(golfers).groups if group.id_type == "email")
    short = tmp_path / "short.csv"
    short.write_text("\n".join(["email", *emails[:20]]) + "\n")
    plans.means("score", step("score_leads", file="short.csv", analysis_id=analysis_id))
    reply = talk.say("score", short)
    assert reply.status == "done", reply.text
    assert "against the profile of an analysis of customers" in reply.text
    assert reply.results[0]["scored"] > 0
    assert "@" in reply.text


def test_a_profile_by_a_name_that_is_not_there_is_refused_with_what_there_is_instead(
    spoken: Conversation, plans: Plans, sent: Path, learned_us: Workspace
) -> None:
    plans.means("score", step("score_leads", file="leads.csv", icp_profiles=["Enterprise"], format="csv"))
    assert spoken.say("score", sent).status == "waiting"
    reply = spoken.say("yes")
    assert reply.status == "refused"
    assert "There is no such profile" in reply.text
    assert "the one learned from outcomes" in reply.text
    assert [*learned_us.home.glob("exports/*.csv")] == []


def test_a_file_without_any_column_of_the_profile_is_refused(
    spoken: Conversation, plans: Plans, tmp_path: Path
) -> None:
    file = tmp_path / "other.csv"
    file.write_text("colour,height\nred,1\nblue,2\nred,3\n")
    plans.means("score", step("score_leads", file="other.csv", icp_profiles=["outcomes"]))
    reply = spoken.say("score", file)
    assert reply.status == "refused"
    assert "none of the columns that the profile reads" in reply.text


def test_without_anything_learned_scoring_says_what_to_do(us: Workspace, plans: Plans, sent: Path) -> None:
    plans.means("score", step("score_leads", file="leads.csv", icp_profiles=["outcomes"]))
    reply = Conversation(us, planner=plans).say("score", sent)
    assert reply.status == "refused"
    assert "No profile was learned from outcomes" in reply.text


@pytest.mark.parametrize(
    ("sentence", "tool"),
    [
        ("Why do we lose deals?", "analyze_outcomes"),
        ("What criteria separate won from lost deals?", "analyze_outcomes"),
        ("Which anti-patterns show up in our outcomes?", "analyze_outcomes"),
        ("What do churned customers have in common?", "analyze_outcomes"),
        ("Which traits go with expansion?", "analyze_outcomes"),
        ("Which patterns are emerging in the outcomes?", "analyze_outcomes"),
        ("Where does the 46 % come from?", "explain"),
        ("What does fit score mean?", "explain"),
        ("How sure are you?", "explain"),
    ],
)
def test_what_is_suggested_after_outcomes_works(own_us: Workspace, sentence: str, tool: str) -> None:
    plan = planned(sentence, ConversationState(), None, own_us)
    assert (plan.ask, plan.decline) == (None, None)
    assert [one.tool for one in plan.steps] == [tool]


def test_with_the_real_planner_a_sent_list_is_scored_without_a_question_back(
    learned_us: Workspace, sent: Path
) -> None:
    plan = planned("score these leads please", ConversationState(), Uploaded(name="leads.csv"), learned_us)
    assert plan.ask is None
    assert plan.steps[0].arguments == {"file": "leads.csv", "icp_profiles": ["outcomes"]}
    reply = Conversation(learned_us).say("score these leads please", sent)
    assert reply.status == "done"
    assert "**Call these first**" in reply.text
