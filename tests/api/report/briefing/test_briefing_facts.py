"""Every form of a briefing says the same, and no number that the briefing does not hold."""

import re

import pytest

from agent.briefing_result import Briefing
from api.report.briefing import mail_of, markdown_of, pdf_of, slack_of, teams_of
from benchmarks.planted_briefings import changed_briefing, first_briefing, unchanged_briefing
from tests.api.report.briefing import briefing_facts as seen

BRIEFINGS = {"changes": changed_briefing(), "first": first_briefing(), "unchanged": unchanged_briefing()}
FOOTER = re.compile(r"\d+ / \d+")
FORMS = ("mail", "text", "slack", "teams", "markdown", "pdf")


def said_by(form: str, briefing: Briefing) -> str:
    """What a reader of the form sees, addresses apart."""
    links = seen.LINKS
    if form == "mail":
        return seen.visible(mail_of(briefing, links).html)
    if form == "text":
        return re.sub(r"https://\S+", "", mail_of(briefing, links).text)
    if form == "slack":
        return seen.slack_said(slack_of(briefing, links))
    if form == "teams":
        return seen.teams_said(teams_of(briefing, links))
    if form == "markdown":
        return seen.markdown_said(markdown_of(briefing, links))
    return FOOTER.sub("", seen.pdf_said(pdf_of(briefing)))


@pytest.mark.parametrize("kind", BRIEFINGS)
@pytest.mark.parametrize("form", FORMS)
def test_every_form_holds_every_fact(form: str, kind: str) -> None:
    said = seen.alike(said_by(form, BRIEFINGS[kind]))
    missing = [fact for fact in seen.facts_of(BRIEFINGS[kind]) if seen.alike(fact) not in said]
    assert not missing


@pytest.mark.parametrize("kind", BRIEFINGS)
@pytest.mark.parametrize("form", FORMS)
def test_no_form_says_a_number_that_the_briefing_does_not_hold(form: str, kind: str) -> None:
    briefing = BRIEFINGS[kind]
    counted = {str(at) for at in range(1, 13)} if form not in ("markdown", "pdf") else {"1", "2", "3"}
    said = seen.numbers_of(said_by(form, briefing).replace("-", " "))
    known = seen.known_numbers(briefing) | {
        part for each in seen.known_numbers(briefing) for part in each.split("-")
    }
    assert said - known - counted == set()


@pytest.mark.parametrize("form", FORMS)
def test_a_fact_that_is_left_out_would_be_noticed(form: str) -> None:
    briefing = BRIEFINGS["changes"]
    other = briefing.model_copy(update={"risk": "A risk of its own, at 77.7 %"})
    said = seen.alike(said_by(form, briefing))
    assert any(seen.alike(fact) not in said for fact in seen.facts_of(other))
    assert "77.7" in seen.numbers_of(said_by(form, other)) - seen.known_numbers(briefing)


def test_the_planted_changes_and_no_other_are_told() -> None:
    """Logistics rises by 12 points and retail falls by 13 among 2,400 deals; three industries stay."""
    assert [each.key for each in BRIEFINGS["changes"].changes] == [
        "industry:Logistics:up",
        "industry:Retail:down",
    ]


def test_a_briefing_without_changes_is_short() -> None:
    mail = mail_of(BRIEFINGS["unchanged"], seen.LINKS)
    assert not mail.images
    assert len(mail.text.splitlines()) < 40
    assert len(slack_of(BRIEFINGS["unchanged"], seen.LINKS).blocks) <= 8
