"""Whom to call first is told with reasons and a doubt; nothing that says who somebody is is kept."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.conversation.answers import leads
from tools.mining.findings import Estimate
from tools.profiles.lists.score_list import ScoredList
from tools.scoring.fit.told.reasons import FitReason
from tools.scoring.leads.findings import LeadScore
from tools.scoring.score_leads import ScoredLeads

SHARE = Estimate(value=0.5, low=0.4, high=0.6)


def reason(dimension: str, points: float) -> FitReason:
    return FitReason(
        dimension=dimension,
        value="120",
        points=points,
        evidence=points / 20,
        ideal_share=SHARE,
        others_share=SHARE,
        text=f"{dimension} 120: 50 to 499 is 3.7 times as frequent among won (2.6-5.2)",
    )


def lead(name: str = "Account 17", **more: object) -> LeadScore:
    known: dict[str, object] = {
        "lead": name,
        "score": 87.4,
        "tier": "A - Excellent Fit",
        "match_confidence": "high",
        "reasoning": "Employees 50 to 499",
        "reasons_for": [reason("Employees", 25), reason("Industry", 12), reason("Trial", 3)],
        "reasons_against": [],
        "matched": ["Employees"],
        "missed": [],
        "unknown": [],
        "win_chance": Estimate(value=0.84, low=0.63, high=0.97),
    }
    return LeadScore.model_validate(known | more)


def scored(*sample: LeadScore, **more: object) -> ScoredLeads:
    known: dict[str, object] = {
        "total": len(sample),
        "scored": 4,
        "tiers": {"A": 2, "B": 0, "C": 1, "D": 1},
        "profile": "fit_1",
        "criteria": 2,
        "sample": list(sample),
    }
    return ScoredLeads.model_validate(known | more)


def test_a_lead_is_told_with_its_chance_two_reasons_and_a_doubt() -> None:
    text = leads.answer(scored(lead(reasons_against=[reason("Region", -4)])), {}).text
    assert text.startswith(
        "**4 leads scored** against the profile learned from your outcomes (2 criteria): "
        "2 in tier A, 0 in tier B, 1 in tier C and 1 in tier D."
    )
    assert "**Call these first**" in text
    assert "**Account 17**: fit score 87, A - Excellent Fit, high confidence." in text
    assert "Chance to win 84 % (63 % to 97 %)." in text
    assert "For it: Employees 120" in text
    assert "Industry 120" in text
    assert "Trial 120" not in text
    assert "A doubt: Region 120" in text


@pytest.mark.parametrize(
    ("more", "doubt"),
    [
        ({}, "Nothing that is known speaks against it."),
        ({"unknown": ["Employees", "Industry"]}, "A doubt: nothing is known of Employees and Industry."),
        ({"disqualifier": "Region: DE", "unknown": ["Trial"]}, "It is ruled out: Region: DE."),
        ({"reasons_for": []}, "Nothing that is known speaks for it."),
    ],
)
def test_the_doubt_is_what_weighs_most(more: dict[str, object], doubt: str) -> None:
    assert doubt in leads.answer(scored(lead("Account 17", **more)), {}).text


def test_without_a_model_of_chances_none_is_told() -> None:
    assert "Chance" not in leads.answer(scored(lead(win_chance=None)), {}).text


def test_who_is_worth_no_call_is_not_among_those_to_call_first() -> None:
    poor = lead("Account 18", score=20.0, tier="D - Poor Fit")
    both = leads.answer(scored(lead(), poor), {}).text
    assert "Account 18" not in both
    only = leads.answer(scored(poor), {}).text
    assert "**The best of them, none of which fits well**" in only
    assert "Account 18" in only


def test_nobody_to_score_is_told_as_such() -> None:
    answer = leads.answer(scored(scored=0, tiers={"A": 0, "B": 0, "C": 0, "D": 0}), {})
    assert answer.text.startswith("**0 leads scored**")
    assert "Call" not in answer.text


def test_a_profile_without_criteria_says_that_the_order_means_nothing() -> None:
    assert "every lead has the same score" in leads.answer(scored(lead(), criteria=0), {}).text


def test_how_many_pass_is_told_where_it_was_narrowed() -> None:
    assert "1 of them are as good" in leads.answer(scored(lead()), {"tier": "A"}).text
    assert "as good as" not in leads.answer(scored(lead()), {}).text


def test_of_a_lead_that_is_called_by_its_e_mail_little_is_kept() -> None:
    answer = leads.answer(scored(lead("jane@example.com"), notes=["jane@example.com is new."]), {})
    assert "jane@example.com" in answer.text
    assert answer.kept is not None
    for kept in (answer.kept, json.dumps(answer.shown, ensure_ascii=False)):
        assert "jane@" not in kept
        assert "j•••@example.com" in kept
        assert "Employees 120" not in kept
    assert "is not kept with the conversation" in answer.kept
    assert answer.shown["sample"][0]["matched"] == ["Employees"]


@given(st.emails().filter(lambda text: len(text.rsplit("@", 1)[0]) > 2))
def test_no_e_mail_address_is_shown_whole(email: str) -> None:
    local, domain = email.rsplit("@", 1)
    assert leads.masked_lead(email) == f"{local[0]}•••@{domain}"


@pytest.mark.parametrize("name", ["Account 17", "row 12", "4711", "acme.example"])
def test_a_lead_that_is_no_person_keeps_its_name(name: str) -> None:
    assert leads.masked_lead(name) == name


def test_an_analysis_of_customers_is_named_as_what_they_are_held_against() -> None:
    answer = leads.answer(scored(lead(), profile="icp_1"), {})
    assert "against the profile of an analysis of customers" in answer.text
    assert "What does fit score mean?" in answer.follow_ups


def test_a_kept_list_is_told_by_its_tiers_and_names_nobody():
    found = ScoredList(
        list_id="list_1",
        scored=1_200,
        tiers={"A": 200, "B": 0, "C": 300, "D": 700},
        profiles=["Software, DACH", "Retail"],
        notes=["`ann@example.com` is left out."],
    )
    answer = leads.kept_list(found)
    assert "1,200 rows of the list scored** against Software, DACH and Retail: 200 in tier A" in answer.text
    assert "ann@example.com" not in answer.text + json.dumps(answer.shown)
    assert answer.shown["tiers"]["D"] == 700
