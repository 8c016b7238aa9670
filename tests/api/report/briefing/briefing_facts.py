"""What each form of a briefing says, as text that can be compared, and briefings that are hard to lay out."""

import itertools
import json
import re
import tomllib
import unicodedata
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.resources import files
from io import BytesIO
from typing import Any

from hypothesis import strategies as st
from pypdf import PdfReader

from agent.briefing_result import (
    Appendix,
    AudienceTold,
    Bar,
    Battlecard,
    Briefing,
    CallFirst,
    Chart,
    FeedbackTold,
    ModelTold,
    Moved,
    Proof,
    Rescored,
    TierTold,
)
from agent.changes.result import ToldChange
from agent.narration.wording import number, percent, ratio
from api.report.briefing import Links, SlackForm, TeamsForm, told
from tools.mining.findings import Estimate

LINKS = Links(
    page="https://fieldmark.example/briefings/b1?a=1&b=2",
    unsubscribe="https://fieldmark.example/unsubscribe/u1",
    feedback="https://fieldmark.example/feedback/f1",
)
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
HOSTILE = st.text(
    alphabet="<>&*_`|[]()#$@{}\\\"'~\n\r\t\x00\x1b\u202e\u200b\ue000\ufffe%:/ aZ9é漢😀",
    max_size=60,
)


# What each form says


class _Visible(HTMLParser):
    """The text of a page that a reader meets: not of styles, but of the alternatives of pictures."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("style", "title")
        if tag == "img":
            self.said.append(dict(attrs).get("alt") or "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(data)


def visible(html: str) -> str:
    """The text of the HTML."""
    page = _Visible()
    page.feed(html)
    return " ".join(page.said)


def slack_texts(form: SlackForm) -> list[str]:
    """Every text of the blocks, as they are."""
    return [
        text["text"] if isinstance(text, dict) else text
        for block in form.blocks
        for each in block.get("elements", [block])
        for text in [each["text"]]
    ]


def slack_said(form: SlackForm) -> str:
    """What a reader of Slack sees."""
    whole = re.sub(r"<https?://[^|>\s]*\|([^>]*)>", r"\1", " ".join(slack_texts(form)))
    for sign, shown in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        whole = whole.replace(sign, shown)
    return whole.replace("*", "").replace("_", "").replace("＿", "_").replace("∗", "*")


def teams_said(form: TeamsForm) -> str:
    """What a reader of Teams sees."""
    leaves = _leaves(form.payload)
    return " ".join(after for name, after in itertools.pairwise(leaves) if name == "text")


def markdown_said(markdown: str) -> str:
    """The Markdown without marks and addresses."""
    whole = re.sub(r"\]\(<[^>]*>\)", "", markdown)
    whole = re.sub(r"(?<!\\)\*\*", "", whole)
    return re.sub(r"\\(.)", r"\1", whole)


def pdf_said(pdf: bytes) -> str:
    """The text of all pages."""
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def alike(text: str) -> str:
    """The text without anything that layout changes: spaces, ligatures, capitals of titles."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def facts_of(briefing: Briefing) -> list[str]:
    """Everything that every form of the briefing has to say."""
    what = told(briefing)
    facts = [what.about, what.headline, what.action, what.impact, what.risk, *what.known, *what.after_changes]
    facts += [part for change in what.changes for part in (change.sentence, change.evidence)]
    for call in what.calls:
        facts += [call.unit, call.tier, call.score, *call.reasons, call.doubt]
    for row in what.tiers.rows if what.tiers else []:
        facts += [part for cell in row.cells for part in (cell.now, cell.interval, cell.before)]
    for drawn in what.charts:
        facts += [drawn.title, drawn.says]
        facts += [part for row in drawn.rows for part in (row.label, row.now_value, row.before_value)]
    facts += [line for section in what.sections for line in (section.title, *section.lines)]
    facts += what.proof
    return [fact for fact in facts if fact]


# Which numbers a form may say


def numbers_of(text: str) -> set[str]:
    """The numbers of a text."""
    return set(NUMBER.findall(text))


def known_numbers(briefing: Briefing) -> set[str]:
    """Every number of the briefing's JSON as it may be written, and those of the texts around it."""
    texts = tomllib.loads(files("api.report.briefing.told").joinpath("texts.toml").read_text())
    known = numbers_of(json.dumps(texts, ensure_ascii=False))
    for leaf in _leaves(json.loads(briefing.model_dump_json(exclude={"markdown"}))):
        known |= _written(leaf) if isinstance(leaf, int | float) else numbers_of(str(leaf))
    for at in (briefing.created_at, briefing.since):
        known |= {str(at.day), str(at.year)} if at else set()
    return known


def _leaves(found: Any) -> list[Any]:
    if isinstance(found, dict):
        return [leaf for name, each in found.items() for leaf in [name, *_leaves(each)]]
    if isinstance(found, list):
        return [leaf for each in found for leaf in _leaves(each)]
    return [found]


def _written(value: float) -> set[str]:
    rounded = float(f"{value:.3g}")
    told_ = [percent(value), ratio(value), number(value), number(rounded), f"{value:g}"]
    told_.append(percent(value).replace(".0 %", " %").replace("0 %", " %") if value else "0")
    return {each for one in told_ for each in numbers_of(one)}


# Briefings that are hard to lay out

FIGURE = st.floats(-1e9, 1e9, allow_nan=False) | st.sampled_from([0.0, 1.0, float("nan"), float("inf")])
ESTIMATE = st.builds(Estimate, value=FIGURE, low=FIGURE, high=FIGURE)
LINES = st.lists(HOSTILE, max_size=12)
CHANGE = st.builds(ToldChange, sentence=HOSTILE, evidence=HOSTILE, link=HOSTILE)
BAR = st.builds(Bar, label=HOSTILE, now=ESTIMATE, before=st.none() | ESTIMATE)
TIER = st.builds(
    TierTold,
    tier=st.sampled_from("ABCD"),
    win_rate=st.none() | ESTIMATE,
    contract_value=st.none() | ESTIMATE,
    moved=st.lists(st.sampled_from(["win_rate", "value", "cycle"]), max_size=3),
)
CALL = st.builds(
    CallFirst,
    unit_id=HOSTILE,
    tier=st.sampled_from("ABCD"),
    score=st.floats(0, 100),
    reasons=st.lists(HOSTILE, max_size=2),
    doubt=st.none() | HOSTILE,
)
BRIEFINGS = st.builds(
    Briefing,
    workflow_id=st.just("w"),
    briefing_id=HOSTILE,
    kind=st.sampled_from(["first", "changes", "unchanged"]),
    warehouse=HOSTILE,
    headline=HOSTILE,
    created_at=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    changes=st.lists(CHANGE, max_size=3),
    known=LINES,
    risk=st.none() | HOSTILE,
    action=st.none() | HOSTILE,
    expected_impact=st.none() | HOSTILE,
    charts=st.lists(
        st.builds(
            Chart,
            key=HOSTILE,
            title=HOSTILE,
            unit=st.sampled_from(["share", "times", "money", "days", "count"]),
            bars=st.lists(BAR, min_size=1, max_size=12),
            says=HOSTILE,
        ),
        max_size=2,
    ),
    tiers=st.lists(TIER, max_size=4),
    currency=HOSTILE,
    call_first=st.lists(CALL, max_size=12),
    notes=LINES,
    data_notes=LINES,
    appendix=st.builds(
        Appendix,
        qualification=HOSTILE,
        battlecards=st.lists(
            st.builds(Battlecard, title=HOSTILE, when=HOSTILE, say=LINES, beware=LINES), max_size=2
        ),
    ),
)


def huge_briefing(sign: str = "&") -> Briefing:
    """Everything as long as it may be, of a sign that takes several bytes in every form."""
    long = f"{sign * 40} " * 100
    estimate = Estimate(value=123_456_789.0, low=100_000_000.0, high=150_000_000.0)
    change = ToldChange(sentence=long, evidence=long, link="/" + "x" * 900)
    call = CallFirst(unit_id=long, tier="A", score=99.9, reasons=[long, long], doubt=long)
    bars = [Bar(label=long, now=estimate, before=estimate) for _ in range(12)]
    return Briefing(
        workflow_id="w",
        briefing_id="briefing_1",
        kind="changes",
        warehouse=long,
        headline=long,
        created_at=datetime(2026, 11, 23, 7, tzinfo=UTC),
        changes=[change] * 3,
        known=[long] * 50,
        risk=long,
        action=long,
        expected_impact=long,
        analysed_again=True,
        significant=1_000,
        continuing=[change] * 50,
        notes=[long] * 100,
        data_notes=[long] * 100,
        charts=[Chart(key="c", title=long, unit="money", bars=bars, says=long)] * 8,
        tiers=[
            TierTold(tier=tier, won=10**9, lost=10**9, win_rate=estimate, contract_value=estimate)
            for tier in ("A", "B", "C", "D")
        ],
        currency=long,
        call_first=[call] * 12,
        models=[ModelTold(kind=long, published=True, why=long)] * 20,
        rescored=Rescored(scored=10**9, moved=10**9, flows={"A>B": 10**6}, routing=[long] * 50),
        audiences=[AudienceTold(name=long, people=10**9, entered=[Moved(people=1, why=long)] * 50)] * 50,
        feedback=FeedbackTold(received=10**6, effects=[long] * 50),
        appendix=Appendix(
            qualification=f"- {long}\n" * 50,
            battlecards=[Battlecard(title=long, when=long, say=[long] * 20)] * 10,
        ),
        proof=Proof(yearly_false_alarm=0.05, level=0.001, compared={long: 5}, windows=[long] * 5),
        markdown="",
    )
