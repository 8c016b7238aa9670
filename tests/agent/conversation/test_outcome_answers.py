"""Each part of what outcomes say is told with its evidence, and what cannot be said with its reason."""

import json
import re

import pytest

from agent.conversation.answers import outcomes
from agent.conversation.answers.answer import Answer
from agent.outcome_analysis import OutcomeAnalysis
from agent.requests import OutcomeTopic
from tools.mining.findings import Estimate
from tools.outcomes.leaks import Leak
from tools.outcomes.patterns.findings import CustomerReport, EmergingSegment

TOPICS: tuple[OutcomeTopic, ...] = (
    "overview",
    "criteria",
    "anti_patterns",
    "losses",
    "churn",
    "expansion",
    "emerging",
)


def told(found: OutcomeAnalysis, about: OutcomeTopic, *asked: str) -> Answer:
    return outcomes.answer(found.model_copy(update={"about": about}), {"outcomes": list(asked)})


@pytest.mark.parametrize("about", TOPICS)
def test_every_answer_begins_with_the_headline_and_how_many_were_won(
    learned: OutcomeAnalysis, about: OutcomeTopic
) -> None:
    answer = told(learned, about)
    assert answer.text.startswith(f"**{learned.headline}**")
    assert learned.overview.sentence in answer.text
    assert answer.shown["outcome_analysis_id"] == learned.outcome_analysis_id
    assert 0 < len(answer.follow_ups) <= 3


def test_criteria_are_told_with_weight_shares_of_both_sides_and_what_the_newest_deals_say(
    learned: OutcomeAnalysis,
) -> None:
    """Planted: companies of 50-499 and in software or health are won more often."""
    text = told(learned, "criteria").text
    assert learned.criteria is not None
    assert learned.measures is not None
    first = learned.criteria.criteria[0]
    assert first.scale.name == "employees"
    assert re.search(r"\*\*Employees\*\* \(must have, weight \d+ %\): 50 to 499\. \d+ % of the won", text)
    assert "Software or Health" in text
    assert f"{first.q_value:.1g}" in text
    assert "Win rate by tier: A" in text
    assert "Why deals are lost" not in text


def test_losses_are_told_by_reason_with_who_how_and_what_to_do(learned: OutcomeAnalysis) -> None:
    """Planted: of the small companies 70 % are lost for the price, and nobody else is."""
    text = told(learned, "losses").text
    assert learned.losses is not None
    price = next(one for one in learned.losses.patterns if one.reason == "Price")
    assert f"**Price**: {price.losses} losses" in text
    assert "Employees under 50: 100 % of these losses" in text
    assert price.advice in text


def test_anti_patterns_are_told_with_what_would_make_them_pay(learned: OutcomeAnalysis) -> None:
    text = told(learned, "anti_patterns").text
    assert learned.anti_patterns is not None
    for one in learned.anti_patterns.patterns[:8]:
        assert one.sentence.replace("*", "") in text
        assert one.pursuit.sentence in text


def test_who_buys_more_is_told_with_the_risk_ratio(learned: OutcomeAnalysis) -> None:
    """Planted: customers with Snowflake buy more."""
    text = told(learned, "expansion").text
    assert "Technologies include Snowflake" in text
    assert re.search(r"That is [\d.]+ times the risk of the others \([\d.]+-[\d.]+\)", text)
    assert "were not observed for all of 365 days" in text


def test_a_part_that_is_missing_says_why(learned: OutcomeAnalysis) -> None:
    why = "Of 90 customers 14 churned. At least 20 are needed."
    lacking = learned.model_copy(update={"churn": None, "not_told": {"churn patterns": why, "churn": why}})
    text = told(lacking, "churn").text
    assert f"What goes with leaving; the chance that a customer leaves: {why}" in text
    assert text.count(why) == 1
    assert why not in told(lacking, "losses").text
    assert why in told(lacking, "overview").text


def test_an_answer_tells_only_why_its_own_parts_are_missing(learned: OutcomeAnalysis) -> None:
    lacking = learned.model_copy(
        update={"criteria": None, "losses": None, "not_told": {"criteria": "Few.", "losses": "No reasons."}}
    )
    assert "Why deals are lost: No reasons." in told(lacking, "losses").text
    assert "Few." not in told(lacking, "losses").text
    assert "Who to look for: Few." in told(lacking, "criteria").text


def test_where_nothing_stands_out_it_says_so_and_how_much_was_tested(learned: OutcomeAnalysis) -> None:
    """4 conditions, 2 pairs and 1 triple are 7."""
    assert learned.emerging is not None
    nobody = learned.emerging.model_copy(
        update={"segments": [], "tested": {"conditions": 4, "pairs": 2, "triples": 1}}
    )
    text = told(learned.model_copy(update={"emerging": nobody}), "emerging").text
    assert "As to who newly buys, nothing stands out beyond chance; 7 conditions" in text


def test_who_newly_buys_is_told_with_the_growth_of_their_share(learned: OutcomeAnalysis) -> None:
    """30 of 60 won now, 10 of 100 before: 50 % / 10 % = 5 times."""
    share, before = Estimate(value=0.5, low=0.38, high=0.62), Estimate(value=0.1, low=0.06, high=0.17)
    segment = EmergingSegment(
        conditions=[],
        words="Trial is yes",
        p_value=1e-8,
        q_value=2e-6,
        sentence="Trial is yes: 30 of 60 won.",
        won=30,
        won_before=10,
        share_of_volume=share,
        share_before=before,
        growth=Estimate(value=5, low=2.7, high=9.3),
        share_of_revenue=None,
        share_of_decided=share,
        share_of_decided_before=before,
        win_rate=None,
        win_rate_before=None,
        win_rate_p=None,
        cause="more are asked",
        evidence="e",
        recommendation="Look closer.",
    )
    assert learned.emerging is not None
    grown = learned.emerging.model_copy(update={"segments": [segment]})
    answer = told(learned.model_copy(update={"emerging": grown}), "emerging")
    assert (
        "Trial is yes: 30 of 60 won. That is 5.0 times its former share (2.7-9.3), q-value 2e-06."
        " Look closer."
    ) in answer.text
    assert answer.shown["emerging"]["segments"][0]["won"] == 30


@pytest.mark.parametrize(
    ("asked", "parts"),
    [
        ([], ("criteria", "losses", "churn", "expansion")),
        (["lost"], ("losses", "anti_patterns")),
        (["churned", "expanded"], ("churn", "expansion")),
        (["won"], ("criteria", "emerging")),
    ],
)
def test_an_overview_is_narrowed_by_the_outcomes_asked_about(
    asked: list[str], parts: tuple[str, ...]
) -> None:
    assert outcomes.parts_asked("overview", asked) == parts
    assert outcomes.parts_asked("losses", asked) == ("losses",)


def test_an_overview_of_the_lost_tells_nothing_of_the_rest(learned: OutcomeAnalysis) -> None:
    text = told(learned, "overview", "lost").text
    assert "**Why deals are lost**" in text
    assert "**Least worth pursuing**" in text
    assert "Who to look for" not in text
    assert "Snowflake" not in text


def test_columns_known_too_late_are_told_before_anything_is_relied_on(learned: OutcomeAnalysis) -> None:
    leaks = [
        Leak(column="signed_at", verdict="refused", kind="name", why="It is the day of the contract."),
        Leak(column="last_call", verdict="warned", kind="name", why="It sounds late."),
    ]
    text = told(learned.model_copy(update={"leaks": leaks}), "losses").text
    assert "signed_at took no part. It is the day of the contract." in text
    assert "last_call was left out. It sounds late. If it was known before, ask again" in text
    kept = outcomes.answer(
        learned.model_copy(update={"leaks": leaks, "about": "losses"}), {"keep": ["last_call"]}
    )
    assert "last_call was kept, as you asked. It sounds late." in kept.text


def test_what_was_written_into_the_records_is_shown_as_text(learned: OutcomeAnalysis) -> None:
    assert learned.losses is not None
    order = "[pay](http://bad.example) **now** <script>"
    evil = learned.losses.patterns[0].model_copy(update={"reason": order, "pattern": order, "conditions": []})
    losses = learned.losses.model_copy(update={"patterns": [evil]})
    text = told(learned.model_copy(update={"losses": losses}), "losses").text
    assert "<script>" not in text.replace("\\<", "")
    assert "[pay]" not in text
    assert "\\[pay\\]" in text


def test_what_is_shown_leaves_out_what_intervals_are_made_from(learned: OutcomeAnalysis) -> None:
    shown = json.dumps(told(learned, "criteria").shown)
    assert "resampled" not in shown
    assert "by_tier" in shown
    assert "by_period" not in shown
    assert len(shown) < 30_000


def test_an_analysis_without_anything_but_counts_is_told(learned: OutcomeAnalysis) -> None:
    bare = learned.model_copy(
        update={
            "criteria": None,
            "models": [],
            "measures": None,
            "anti_patterns": None,
            "losses": None,
            "churn": None,
            "expansion": None,
            "emerging": None,
            "overview": learned.overview.model_copy(update={"win_rate": None}),
            "not_told": {"criteria": "No lost record."},
        }
    )
    for about in TOPICS:
        answer = told(bare, about)
        assert answer.text.startswith("**")
        assert answer.follow_ups == ["What can you do?"]


def test_churn_is_told_with_reasons_and_how_long_customers_stay(learned: OutcomeAnalysis) -> None:
    """The expansion of the planted deals, told as if it were churn."""
    assert learned.expansion is not None
    stay = Estimate(value=0.84, low=0.77, high=0.89)
    report = CustomerReport.model_validate(
        learned.expansion.model_dump()
        | {
            "what": "churned",
            "tenure": learned.expansion.tenure.model_dump() | {"staying_share": stay.model_dump()},
            "reasons": {"Price": {"value": 0.2, "low": 0.1, "high": 0.3}},
            "signals": [],
        }
    )
    text = told(learned.model_copy(update={"churn": report}), "churn").text
    assert "84 % of customers stay for 365 days (77 % to 89 %)." in text
    assert "The reasons recorded most: Price (20 %)." in text
    assert "As to what goes with leaving, nothing stands out beyond chance" in text
