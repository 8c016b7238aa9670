"""The report of outcomes is one file that needs nothing else, says all that was found, and runs nothing."""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from agent.outcome_analysis import OutcomeAnalysis
from api.report.outcomes import outcome_html, outcome_markdown, words, write_outcome_report
from api.report.outcomes.charts import criteria_chart, reliability_chart, tier_chart
from store.errors import BadInput
from tests.api.report.outcomes_made import EVIL, criterion, measures, near, whole

SECTIONS = (
    "Who to look for",
    "Does the score hold?",
    "How sure are the chances?",
    "Who to leave",
    "Why deals are lost",
    "Who leaves",
    "Who grows",
    "Newly buying",
    "What changed",
    "Columns that may be known only afterwards",
    "What is not told, and why",
    "How each figure was made",
)
# A sentence or a figure of every part of the analysis.
TOLD = (
    "50 and over",
    "under 20 people",
    "Reason of conversion.",
    "Reason of churn.",
    "0.69 (0.67 to 0.71)",
    "118,000 USD (111,000 to 125,000)",
    "494,000 USD (464,000 to 524,000)",
    "rises from D to A",
    "Win rate by tier: A 40 %, D 10 %.",
    "It has the lowest error.",
    "Pursuing them pays from a win rate of 30 %.",
    "Keep a playbook for Timing.",
    "Small: 26 % of these losses.",
    "20 of 90 churned.",
    "88 % (86 % to 90 %) stay for 365 days",
    "Idle: 40 % leave.",
    "20 of 90 expanded.",
    "Make a message for them.",
    "X moved much.",
    "X: it happens less.",
    "20 % (18 % to 22 %) were won",
    "It was filled in afterwards.",
    "won / all",
)


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.text = re.sub(r"\s+", " ", self.text.replace("\u00a0", " "))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += f"{data} "


@pytest.fixture(scope="module")
def found() -> OutcomeAnalysis:
    return whole()


@pytest.fixture(scope="module")
def page(found: OutcomeAnalysis) -> str:
    return outcome_html(found)


def bare(found: OutcomeAnalysis) -> OutcomeAnalysis:
    """The same where nothing could be said but how many records there are."""
    parts = ("criteria", "value", "drift", "measures", "anti_patterns", "losses", "churn", "expansion")
    missing = dict.fromkeys((*parts, "emerging"))
    return found.model_copy(update=missing | {"models": [], "leaks": [], "summary": [], "warnings": []})


def test_the_page_runs_nothing_and_asks_nobody(page: str) -> None:
    tags = Page(page).tags
    assert "script" not in {tag for tag, _ in tags}
    for _, attributes in tags:
        assert not [name for name in attributes if name.startswith("on")]
        assert not [value for name, value in attributes.items() if name in ("src", "href") and value]


def test_names_from_the_data_are_text(page: str) -> None:
    assert "<script" not in page
    assert html.escape(EVIL) in page
    assert EVIL in Page(page).text


def test_markdown_marks_in_names_are_without_effect(found: OutcomeAnalysis) -> None:
    text = outcome_markdown(found)
    assert not re.search(r"(?<!\\)<script", text)
    assert r"Sector \<script\>alert(1)\</script\> \| \`x\`" in text


def test_every_section_stands_in_the_order_in_which_it_is_read(page: str, found: OutcomeAnalysis) -> None:
    headings = [Page(each).text.strip() for each in re.findall(r"<h2[^>]*>.*?</h2>", page, re.DOTALL)]
    assert headings == ["In short", *SECTIONS]
    told = [line[3:] for line in outcome_markdown(found).splitlines() if line.startswith("## ")]
    assert told == ["In short", *SECTIONS]


def test_every_finding_is_told_in_both_forms(page: str, found: OutcomeAnalysis) -> None:
    """118,432 USD has three digits."""
    markdown = outcome_markdown(found)
    text = Page(page).text
    for each in TOLD:
        assert each in text, each
        assert each in markdown, each


def test_every_criterion_has_its_values_shares_and_weight(page: str, found: OutcomeAnalysis) -> None:
    assert found.criteria
    text, markdown = Page(page).text, outcome_markdown(found)
    for each in found.criteria.criteria:
        assert f"{each.scale.told} : {each.good} weight {each.weight:.0%}".replace("0%", "0 %") in text
        assert f"| {each.weight:.0%}".replace("0%", "0 %") in markdown
    assert text.count("74 % (72 % to 76 %)") == 3
    assert text.count("51 % (49 % to 53 %)") == 3


def test_what_the_tiers_would_have_cost_is_told_with_intervals(page: str) -> None:
    text = Page(page).text
    assert "Pursued: A and B 40 60 Left: C and D 10 90" in text
    assert "40 % (38 % to 42 %) of the pursued would have been won." in text
    assert "80 % (78 % to 82 %) of the won would have been pursued (coverage)" in text


def test_a_sentence_of_a_part_is_told_once(page: str) -> None:
    assert Page(page).text.count("1,230,000 USD are open.") == 1


def test_charts_have_a_text_alternative_and_take_the_pages_ink(page: str) -> None:
    figures = [attributes for tag, attributes in Page(page).tags if tag == "figure"]
    assert len(figures) == 4  # weights, tiers, and the reliability of two models
    assert all(each.get("role") == "img" and each.get("aria-label") for each in figures)
    assert page.count("<svg") == 8  # one for a desk and one for a phone of each
    assert "currentColor" in page


def test_criteria_called_alike_have_a_bar_each() -> None:
    one, other = criterion("growth_a", 1, 0.66), criterion("growth_b", 3, 0.34)
    scales = [each.scale.model_copy(update={"label": "Growth"}) for each in (one, other)]
    alike = [
        each.model_copy(update={"scale": scale}) for each, scale in zip((one, other), scales, strict=True)
    ]
    drawn = criteria_chart(alike)
    assert ">Growth (growth_a)<" in drawn
    assert ">Growth (growth_b)<" in drawn
    assert drawn.count(">66 %<") == 1
    assert drawn.count(">34 %<") == 1


def test_pictures_without_two_things_to_compare_are_left_out() -> None:
    assert criteria_chart([criterion("growth", 1, 1.0)]) == ""
    assert tier_chart(measures().by_tier[:2]) == ""
    assert reliability_chart([]) == ""


def test_what_could_not_be_said_leaves_no_empty_section(found: OutcomeAnalysis) -> None:
    nothing = bare(found)
    headings = re.findall(r"<h2[^>]*>(.*?)</h2>", outcome_html(nothing))
    assert headings == ["In short", "What is not told, and why", "How each figure was made"]
    assert "1,050 records" in outcome_markdown(nothing)


def test_a_section_that_found_nothing_says_so(found: OutcomeAnalysis) -> None:
    assert found.anti_patterns
    assert found.emerging
    assert found.criteria
    none = found.model_copy(
        update={
            "anti_patterns": found.anti_patterns.model_copy(update={"patterns": []}),
            "emerging": found.emerging.model_copy(update={"segments": []}),
            "criteria": found.criteria.model_copy(update={"criteria": []}),
        }
    )
    text = Page(outcome_html(none)).text
    assert "No condition goes with a clearly lower win rate, of 9,740 that were tested." in text
    assert "Nobody newly buys" in text
    assert "Nothing that is known beforehand sets the won deals apart" in text


def test_tables_of_the_markdown_have_as_many_cells_in_every_row(found: OutcomeAnalysis) -> None:
    width = 0
    for line in outcome_markdown(found).splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert width in (0, cells), line
        width = cells


def test_the_json_form_is_the_analysis(found: OutcomeAnalysis, tmp_path: Path) -> None:
    write_outcome_report(found, tmp_path / "deep" / "report.json")
    told = json.loads((tmp_path / "deep" / "report.json").read_text())
    assert OutcomeAnalysis.model_validate(told) == found


def test_another_ending_is_refused(found: OutcomeAnalysis, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.html, \.md or \.json"):
        write_outcome_report(found, tmp_path / "report.pdf")
    assert not list(tmp_path.iterdir())


def test_figures_are_written_with_their_intervals() -> None:
    assert words.share(near(0.31)) == "31 % (29 % to 33 %)"
    assert words.amounts(near(118_432, 7_321), "USD") == "118,000 USD (111,000 to 126,000)"
    assert words.days(near(54, 2)) == "54 days (52 to 56)"
    assert words.points(near(0.019, 0.005)) == "1.9 (1.4 to 2.4)"
    assert words.p_value(0.00001) == "< 0.0001"
    assert [form(None) for form in (words.share, words.amount, words.days, words.auc)] == ["–"] * 4


def test_marks_against_markdown_are_not_shown_on_the_page() -> None:
    assert words.unmarked(r"Sector \<b\> \| 1\. C:\temp") == r"Sector <b> | 1. C:\temp"
