"""A briefing in Slack and Teams, within their limits."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings

from agent.briefing_result import Briefing
from api.report.briefing import SlackForm, slack_of, teams_of
from api.report.briefing.slack import escaped
from benchmarks.planted_briefings import changed_briefing
from tests.api.report.briefing.briefing_facts import BRIEFINGS, LINKS, huge_briefing, slack_said, slack_texts

LINK = re.compile(r"<https://fieldmark\.example/[^|<>]*\|[^|<>]*>")


def within_limits(form: SlackForm) -> None:
    """The limits of Block Kit, and nothing that Slack would obey."""
    assert 1 <= len(form.blocks) <= 50
    for block in form.blocks:
        elements = block.get("elements", [])
        assert len(elements) <= (25 if block["type"] == "actions" else 10)
        if block["type"] == "header":
            assert 1 <= len(block["text"]["text"]) <= 150
        for button in elements if block["type"] == "actions" else []:
            assert len(button["action_id"]) <= 75
            assert len(button["text"]["text"]) <= 75
            assert len(button["url"]) <= 3_000
    for text in slack_texts(form):
        assert 1 <= len(text) <= 3_000
    for block in form.blocks:
        if block["type"] in ("section", "context"):
            marked = [block["text"]] if "text" in block else block["elements"]
            for each in marked:
                bare = LINK.sub("", each["text"])
                assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", bare)
                assert bare.count("```") % 2 == 0
    assert len(json.dumps(form.blocks, ensure_ascii=False)) < 30_000


def test_slack_has_the_headline_the_changes_and_the_links() -> None:
    form = slack_of(changed_briefing(), LINKS)
    within_limits(form)
    assert form.blocks[0]["text"]["text"] == changed_briefing().headline
    assert form.blocks[-2]["elements"][0]["url"] == "https://fieldmark.example/briefings/b1?a=1&b=2"
    assert form.text.startswith("Two things changed")


@pytest.mark.parametrize("sign", ["&", "漢", "`", "*", "<"])
def test_a_huge_briefing_is_cut_to_the_limits_of_slack_and_keeps_its_links(sign: str) -> None:
    form = slack_of(huge_briefing(sign), LINKS)
    within_limits(form)
    assert "More of this is on the page" in slack_said(form)
    assert "unsubscribe" in slack_texts(form)[-1]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(BRIEFINGS)
def test_any_briefing_keeps_the_limits_of_slack_and_teams(briefing: Briefing) -> None:
    within_limits(slack_of(briefing, LINKS))
    assert len(json.dumps(teams_of(briefing, LINKS).payload).encode()) < 28_000


def test_nothing_from_data_mentions_or_formats_in_slack() -> None:
    assert escaped("<!channel> *b* _i_ `c` ~s~ a_b & co") == "&lt;!channel&gt; ∗b∗ ＿i＿ ˋcˋ ∼s∼ a_b &amp; co"


@pytest.mark.parametrize("sign", ["&", "漢", '"'])
def test_a_huge_briefing_is_cut_to_what_teams_takes(sign: str) -> None:
    form = teams_of(huge_briefing(sign), LINKS)
    assert len(json.dumps(form.payload).encode()) < 28_000
    card = form.payload["attachments"][0]["content"]
    assert len(card["actions"]) == 3
    assert card["body"][-1]["inlines"][0]["text"].startswith("More of this")
