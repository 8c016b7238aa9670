"""Every result has its card, every figure of it says where it comes from, and nobody is named in it."""

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from agent.conversation.answering import ANSWERS
from agent.explain.addressed import figure_at
from agent.explain.figure import reads
from agent.explain.known import figures_of_analysis, figures_of_audience
from api.access.visit import visit_of
from api.app import application
from api.pages.cards.of_results import cards_of
from api.pages.figures.prose import dashed
from api.settings import Settings
from store.exports import ExportLink
from tests.api.report.outcomes_made import whole

LINK = re.compile(r'<a class="figure"[^>]* href="(?P<address>[^"]+)">(?P<told>.*?)</a>', re.DOTALL)
FIGURE_AT = re.compile(r"/figures/(?P<kind>\w+)/(?P<id>[\w-]+)/(?P<key>[\w-]+)")


@pytest.fixture
def drawn(answered_house, request_by):
    """Draws the cards of results: `drawn([…], "read", language="de-DE")`."""

    def draw(results, *scopes, language="en-US"):
        request = request_by(*scopes, language=language)
        return str(cards_of(request, visit_of(request), answered_house.workspace("us"), results))

    return draw


@pytest.fixture
def analysis_drawn(drawn, answered):
    return drawn([{"step": 0, "tool": "analyze_customers", "analysis_id": answered.analysis.analysis_id}])


@pytest.fixture
def audience_drawn(drawn, answered):
    return drawn([{"step": 1, "tool": "generate_audience", "audience_id": answered.audience.audience_id}])


def linked(html):
    """Each linked figure: its address, and how it reads without its interval."""
    for found in LINK.finditer(html):
        told = unescape(re.sub(r"<small>.*", "", found["told"], flags=re.DOTALL)).strip()
        yield FIGURE_AT.fullmatch(found["address"]), told


def test_every_figure_of_an_analysis_leads_to_the_very_figure(analysis_drawn, answered):
    figures = figures_of_analysis(answered.analysis)
    checked = 0
    for address, told in linked(analysis_drawn):
        found = figure_at(figures, address["key"])
        assert address["id"] == answered.analysis.analysis_id
        assert told == reads(found) or (told == "< 0.0001" and found.form == "q" and found.value < 1e-4)
        checked += 1
    assert checked > 150


def test_every_figure_of_an_audience_leads_to_the_very_figure(audience_drawn, answered):
    figures = figures_of_audience(answered.audience, None)
    told_of = [(reads(figure_at(figures, at["key"])), told) for at, told in linked(audience_drawn)]
    assert len(told_of) > 8
    assert all(read == told for read, told in told_of)


def test_a_segment_is_told_with_its_size_its_share_its_bars_and_people_like_it(analysis_drawn, answered):
    text = unescape(re.sub(r"<[^>]+>", " ", analysis_drawn))
    for segment in answered.analysis.segments:
        assert segment.name in text
        assert f"What marks “{segment.name}”" in text
    assert analysis_drawn.count("people like them") == len(
        [segment for segment in answered.analysis.segments if segment.audience]
    )
    assert analysis_drawn.count("<svg") == len(answered.analysis.segments) + 2
    assert "What does not matter" in text
    assert "Who they are not" in text
    assert answered.analysis.warnings[0].split()[0] in text


def test_the_same_result_is_drawn_the_same_twice_and_another_has_other_names(drawn, answered):
    one = {"step": 0, "analysis_id": answered.analysis.analysis_id, "tool_trace_id": "t1"}
    first, again = drawn([one]), drawn([one])
    other = drawn([one | {"tool_trace_id": "t2"}])
    ids = [set(re.findall(r' id="(analysis-[^"]+)"', html)) for html in (first, other)]
    assert first == again
    assert not ids[0] & ids[1]


def test_no_name_of_an_element_is_given_twice(analysis_drawn, audience_drawn):
    ids = re.findall(r'\bid="([^"]+)"', analysis_drawn + audience_drawn)
    assert len(ids) == len(set(ids))


def test_whoever_only_reads_is_offered_nothing_that_changes_and_shown_no_person(drawn, answered):
    results = [
        {"step": 0, "analysis_id": answered.analysis.analysis_id},
        {"step": 1, "audience_id": answered.audience.audience_id},
    ]
    reader, owner = drawn(results, "read"), drawn(results)
    for offered in ("Build this audience", "Export for a platform", "Some of them, masked"):
        assert offered in owner
        assert offered not in reader


def test_nobody_can_be_told_from_a_card_of_an_audience(audience_drawn, answered):
    values = [
        value
        for person in answered.audience.sample
        for kinds in person["identifiers"].values()
        for value in kinds.values()
    ]
    assert values
    for value in values:
        assert value not in unescape(audience_drawn)
    for person in answered.audience.sample:
        assert str(person["person_id"]) not in audience_drawn


def test_an_answer_holds_no_style_and_no_script(analysis_drawn, audience_drawn):
    for html in (analysis_drawn, audience_drawn):
        assert not re.search(r"<script|\sstyle=|\son\w+=", html)


def test_what_is_not_kept_any_more_has_no_card(drawn):
    assert drawn([{"step": 0, "analysis_id": "icp_gone"}, {"step": 1, "refused": "NotFound"}]) == ""


CLUSTER = {
    "cluster_id": "1",
    "cluster_hash": "abc123",
    "name": "golf",
    "value": "Yes",
    "size": 12_014,
    "domain": "interest",
    "label": "Interested in golf",
    "sensitive": None,
}
EXPORT = ExportLink(
    url="http://127.0.0.1:8321/exports/1",
    format="csv",
    rows=1_200,
    size_bytes=9,
    expires_at="2026-03-02T09:00:00Z",
).model_dump(mode="json")
KINDS = {
    "traits": (
        {"clusters": [CLUSTER], "total": 3},
        ["Interested in golf", "12,014", "12 %", "1 of 3 traits"],
    ),
    "a trait": (
        {
            "cluster": CLUSTER,
            "share_of_population": 0.12,
            "co_occurring": [
                {"cluster": CLUSTER | {"label": "Sails"}, "together": 5, "share": 0.5, "lift": 2.5}
            ],
        },
        ["Sails", "50 %", "2.5", "expression=abc123"],
    ),
    "people": (
        {
            "total": 1_200,
            "reachable": 900,
            "share_of_population": 0.012,
            "expression": "a AND b",
            "in_words": "follow golf AND own their home",
            "sample": [{"person_id": 77_123, "identifiers": {"email": {"personal": "j•••@example.com"}}}],
            "diagnosis": None,
            "export": EXPORT,
        },
        [
            "People who follow golf and own their home",
            "1,200",
            "1.2 %",
            "j•••@example.com",
            "Download the CSV file",
        ],
    ),
    "recognised": (
        {
            "stats": {"requested": 120, "resolved": 90, "rate": 0.75},
            "persons": [],
            "diagnosis": [{"count": 30, "explanation": "Not known here", "advice": "Look at the form"}],
            "export": None,
        },
        ["90 persons behind 120 identifiers", "75 %", "Not known here", "Look at the form"],
    ),
    "leads": (
        {
            "total": 40,
            "scored": 50,
            "tiers": {"A": 10, "B": 40},
            "profile": "fit_1",
            "criteria": 4,
            "notes": ["Half of them are unknown."],
            "sample": [
                {
                    "lead": "a•••@example.com",
                    "score": 81.4,
                    "tier": "A",
                    "matched": ["Sector"],
                    "missed": [],
                    "unknown": ["Size"],
                    "win_chance": {"value": 0.31, "low": 0.25, "high": 0.38},
                }
            ],
        },
        ["50 leads scored, 40 of them pass", "Tier A", "81", "31 % (25 %–38 %)", "Half of them are unknown."],
    ),
    "changes": (
        {
            "headline": "Two things moved.",
            "before": {"analysis_id": "icp_1"},
            "after": {"analysis_id": "icp_2"},
            "joined": 12,
            "left": 1_005,
            "told": [{"sentence": "Golf is rarer.", "evidence": "33 % before, 25 % now."}],
            "notes": [],
        },
        ["Two things moved.", "1,005", "Golf is rarer.", "/analyses/icp_1"],
    ),
    "a briefing": (
        {
            "briefing_id": "briefing_1",
            "analysis_id": "icp_2",
            "headline": "Quiet week.",
            "changes": [],
            "known": [],
            "notes": [],
            "risk": "Fewer records.",
            "action": None,
        },
        ["Quiet week.", "One risk: Fewer records.", "/briefings/briefing_1"],
    ),
    "a file for a platform": (
        {
            "destination": "google_ads",
            "in_words": "follow golf",
            "people": 1_000,
            "rows": 900,
            "with_email": 800,
            "warnings": [{"severity": "stop", "what": "No consent.", "why": "w", "instead": "Ask for it."}],
        },
        ["File for google ads", "With an e-mail", "stops it", "Ask for it."],
    ),
    "profiles compared": (
        {"before": "One", "after": "Two", "differences": [{"in_words": "Sector: added Retail"}]},
        ["One and Two", "Sector: added Retail"],
    ),
    "an explanation": (
        {
            "about": "figure",
            "found": True,
            "figures": [
                {
                    "what": "lift of golf",
                    "form": "ratio",
                    "value": 2.7,
                    "low": 2.6,
                    "high": 2.9,
                    "tool": "mining.lift",
                }
            ],
        },
        ["Lift of golf", "2.7", "With 95 % confidence between 2.6 and 2.9.", "mining.lift"],
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_told_in_a_few_lines_has_a_card_too(drawn, kind):
    result, expected = KINDS[kind]
    html = drawn([{"step": 0, "tool": "any"} | result])
    text = re.sub(r"\s+", " ", unescape(re.sub(r"</?(?:small|b)>", "", html)))
    for each in expected:
        assert each in text


def test_a_card_is_written_for_its_reader(drawn):
    html = drawn([{"step": 0} | KINDS["people"][0]], language="de-DE")
    assert "1.200" in html
    assert "1,2 %" in html


def test_a_number_of_the_house_tells_a_person_of_a_sample_from_nobody(drawn):
    assert "77123" not in drawn([{"step": 0} | KINDS["people"][0]])


def test_outcomes_have_a_card_whose_figures_have_addresses(drawn, answered_house):
    found = whole()
    answered_house.artifacts.save_document(
        "outcome_analysis", found.outcome_analysis_id, found.model_dump(mode="json")
    )
    html = drawn([{"step": 0, "outcome_analysis_id": found.outcome_analysis_id}])
    assert found.headline.split("<")[0] in unescape(html)
    assert f"/figures/outcomes/{found.outcome_analysis_id}/" in html
    assert "<script>" not in html


def test_every_kind_of_answer_was_thought_of():
    """Of 35 kinds the text alone tells of feedback, help, single persons, histories, lists, proposals,
    schedules, standing audiences and corrections.
    """
    assert len(ANSWERS) == 35


@pytest.fixture(scope="module")
def client(answered):
    """The pages over the answered house."""
    app = application(Settings(home=answered.home))
    with TestClient(app, base_url="http://127.0.0.1:8321", headers={"Accept": "text/html"}) as opened:
        yield opened


def test_a_figure_is_told_as_a_dialog_and_as_a_page_and_nothing_else_is(client, analysis_drawn, answered):
    address, told = next(linked(analysis_drawn))
    page = client.get(address.string)
    dialog = client.get(address.string, headers={"Fieldmark-Fragment": "1"})
    assert page.status_code == dialog.status_code == 200
    assert told in page.text
    assert "<html" in page.text
    assert dialog.text.lstrip().startswith("<dialog")
    for gone in (
        address.string + "0",
        f"/figures/analysis/icp_gone/{address['key']}",
        "/figures/analysis/..%2f/1",
    ):
        assert client.get(gone).status_code == 404


def test_a_point_that_the_curve_lacks_is_refused_and_an_analysis_that_is_not_there(client, answered):
    id = answered.analysis.analysis_id
    assert client.get(f"/analyses/{id}/point", params={"at": 99, "card": "analysis-0"}).status_code == 404
    assert client.get(f"/analyses/{id}/point", params={"at": 1, "card": '"><b>'}).status_code == 422
    assert client.get("/analyses/icp_gone").status_code == 404
    assert client.get("/analyses", params={"warehouse": "elsewhere"}).status_code == 404


@pytest.mark.parametrize(("ending", "begins"), [("html", "<!doctype html>"), ("md", "# "), ("json", "{")])
def test_an_analysis_is_taken_along_as_a_file(client, answered, ending, begins):
    id = answered.analysis.analysis_id
    answer = client.get(f"/analyses/{id}/report.{ending}")
    assert answer.status_code == 200
    assert answer.text.startswith(begins)
    assert answer.headers["content-disposition"] == f'attachment; filename="{id}.{ending}"'


def test_intervals_are_dashed_so_that_both_ends_are_figures():
    assert dashed("2.7 times (2.6-2.9), from 2 to 3 (1,200-1,400, measured)") == (
        "2.7 times (2.6–2.9), from 2 to 3 (1,200–1,400, measured)"
    )
    assert dashed("$25K-$50K and 2026-03-02") == "$25K-$50K and 2026-03-02"
