"""A report is one file that needs nothing else, says what the analysis says, and runs nothing."""

import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from agent import CATALOGUE
from agent.analysis import Analysis
from agent.backtest import Backtest, BacktestRow
from api.report import html_report, markdown_report, write_report
from store.errors import BadInput
from store.workspace import Workspace
from tools.calls import call, tool_named

ROWS = 2_000


@pytest.fixture(scope="module")
def columns() -> dict[str, dict]:
    return {
        "golf": {
            "kind": "flag",
            "domain": "interest",
            "label": "Golf <script>alert(1)</script>",
            "phrase": "follow golf",
        },
        "home": {
            "kind": "flag",
            "domain": "lifestyle",
            "label": "Home <script>alert(1)</script>",
            "phrase": "own their home",
        },
        "age": {"kind": "number", "domain": "demographic", "bins": [30.0, 50.0]},
        "won": {"kind": "outcome", "domain": "purchase", "values": {"1": "Yes", "0": "No"}},
    }


@pytest.fixture
def analysis(load, columns: dict[str, dict]) -> Analysis:
    """One in eight wins; of those who follow golf and own their home, one in two."""
    lines = ["golf,home,age,won"]
    for row in range(ROWS):
        golf, home = row % 4 == 0, row % 3 == 0
        won = row % 24 < 12 if golf and home else row % 8 == 1
        lines.append(f"{'yes' if golf else ''},{'yes' if home else ''},{20 + row % 50},{int(won)}")
    workspace: Workspace = load("\n".join(lines) + "\n", columns, "wins")

    found = call(tool_named(CATALOGUE, "analyze_customers"), workspace, {"outcome": {"attribute": "won"}})
    assert isinstance(found, Analysis)
    return found


class Elements(HTMLParser):
    """The tags of a page and their attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_the_page_runs_nothing_and_asks_nobody(analysis: Analysis) -> None:
    elements = Elements(html_report(analysis)).found
    assert "script" not in {tag for tag, _ in elements}
    for _, attributes in elements:
        assert not [name for name in attributes if name.startswith("on")]
        assert not [value for name, value in attributes.items() if name in ("src", "href") and value]


def test_names_from_the_data_are_text(analysis: Analysis) -> None:
    page = html_report(analysis)
    assert "Home <script>" not in page
    assert html.escape("Home <script>") in page


def test_charts_have_a_text_alternative_and_take_the_pages_ink(analysis: Analysis) -> None:
    page = html_report(analysis)
    figures = [attributes for tag, attributes in Elements(page).found if tag == "figure"]
    assert figures
    assert all(attributes.get("role") == "img" and attributes.get("aria-label") for attributes in figures)
    assert "currentColor" in page


def test_every_form_tells_the_headline_and_the_strategies(analysis: Analysis, tmp_path: Path) -> None:
    for ending in ("html", "md", "json"):
        write_report(analysis, tmp_path / "deep" / f"report.{ending}")
        text = (tmp_path / "deep" / f"report.{ending}").read_text()
        assert analysis.headline in html.unescape(text)
        for way in analysis.strategies:
            assert way.strategy in text.lower()


def test_the_json_form_is_the_analysis(analysis: Analysis, tmp_path: Path) -> None:
    write_report(analysis, tmp_path / "report.json")
    assert Analysis.model_validate(json.loads((tmp_path / "report.json").read_text())) == analysis


def test_a_backtest_is_shown_where_there_is_one(analysis: Analysis) -> None:
    rate = {"value": 0.2, "low": 0.1, "high": 0.3}
    held = Backtest(
        sentences=["Nobody was seen."],
        rows=[BacktestRow(name="Precision", people=50, customers=10, rate=rate, lift=2.0, promised=2.5)],  # type: ignore[arg-type]  # pydantic reads the dict
    )
    assert "Did it hold?" not in html_report(analysis)
    for text in (html_report(analysis, held), markdown_report(analysis, held)):
        assert "Did it hold?" in text
        assert "Nobody was seen." in text


def test_tables_of_the_markdown_have_as_many_cells_in_every_row(analysis: Analysis) -> None:
    width = 0
    for line in markdown_report(analysis).splitlines():
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert width in (0, cells), line
        width = cells


def test_another_ending_is_refused(analysis: Analysis, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.html, \.md or \.json"):
        write_report(analysis, tmp_path / "report.pdf")
