"""The templates of outcomes, filled with what an analysis of them says."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from agent.markdown import plain
from agent.narration import wording
from agent.outcome_analysis import LearnedChance, OutcomeAnalysis
from api.report.outcomes import words
from tools.mining.findings import Estimate
from tools.outcomes.measures.findings import OutcomeMeasures, Trend
from tools.outcomes.patterns.findings import CustomerReport
from tools.scoring.conversion.report import ReliabilityPoint
from tools.scoring.fit.profile import FitCriterion
from tools.scoring.fit.told.sales_text import HEADINGS
from tools.scoring.gate.drift_findings import DriftReport

if TYPE_CHECKING:  # it takes a while to import, and most commands write no page
    from jinja2 import Environment

LONGEST = 2_000  # characters of one text in Markdown


def outcome_html(found: OutcomeAnalysis) -> str:
    """The analysis as one self-contained page: no script, no outside file."""
    from api.report.outcomes import charts  # altair takes a second to import, and most commands draw nothing

    sizes = {"wide": charts.WIDE, "narrow": charts.NARROW}
    criteria = found.criteria.criteria if found.criteria else []
    cells = found.measures.by_tier if found.measures else []
    drawn = {
        "criteria_charts": {size: charts.criteria_chart(criteria, width) for size, width in sizes.items()},
        "tier_charts": {size: charts.tier_chart(cells, width) for size, width in sizes.items()},
        "reliability_charts": [
            {size: charts.reliability_chart(_points(each), width) for size, width in sizes.items()}
            for each in found.models
        ],
    }
    page = _environment(loads="html").get_template("outcomes.html.j2").render(_told(found) | drawn)
    return re.sub(r"(?<=\d) %", "\u00a0%", page)  # no figure without its sign on a line


def _points(model: LearnedChance) -> list[ReliabilityPoint]:
    """What to draw of a model; nothing where everybody has the same chance."""
    return model.report.reliability if model.report.is_model else []


def outcome_markdown(found: OutcomeAnalysis) -> str:
    """The analysis as Markdown, for a wiki or a mail. Names that came from data keep no mark of their own."""
    return _environment(loads="markdown").get_template("outcomes.md.j2").render(_told(found))


def _told(found: OutcomeAnalysis) -> dict[str, Any]:
    cells = found.measures.by_tier if found.measures else []
    chance = next((each for each in found.models if each.kind == "conversion" and each.report.is_model), None)
    return {
        "found": found,
        "ideal": found.criteria.ideal_word if found.criteria else "won",
        "others": found.criteria.others_word if found.criteria else "lost",
        "chance": words.chosen_score(chance) if chance else None,
        "by_tier": _by_tier(found.criteria.criteria if found.criteria else []),
        "any_values": any(cell.contract_value for cell in cells),
        "any_cycles": any(cell.cycle_days for cell in cells),
        "sentences": _of_all(found.measures) if found.measures else [],
        "customers": _customers(found),
        "changes": _changes(found.drift) if found.drift else [],
    }


def _by_tier(criteria: list[FitCriterion]) -> list[tuple[int, str, list[FitCriterion]]]:
    """The criteria of each tier that has any, with its heading."""
    found = [(tier, heading, [c for c in criteria if c.tier == tier]) for tier, heading in HEADINGS.items()]
    return [each for each in found if each[2]]


def _of_all(measures: OutcomeMeasures) -> list[str]:
    """The sentences that no part of the section tells by itself."""
    parts = [part.sentence for part in (measures.market, measures.pipeline) if part]
    return [each for each in measures.sentences if each not in parts]


def _customers(found: OutcomeAnalysis) -> list[tuple[str, str, CustomerReport]]:
    given = (("Who leaves", "leaves", found.churn), ("Who grows", "grows", found.expansion))
    return [(title, mark, report) for title, mark, report in given if report]


def _changes(drift: DriftReport) -> list[tuple[str, str, list[str]]]:
    """What changed in the data, the population and the customers: a title, what it means, and the words."""
    customers: list[str] = []
    if drift.customers:
        rate = drift.customers.rate
        if rate.moved:
            alike, before = wording.percent(rate.expected_after), wording.percent(rate.before.value)
            customers.append(
                f"{words.share(rate.after)} were won; of rows alike it would have been {alike} before, "
                f"and of all it was {before}."
            )
        customers += [each.words for each in drift.customers.effects if each.moved]
        customers += [f"Among the won: {each.words}" for each in drift.customers.winners if each.moved]
    population = [each.words for each in drift.population if each.moved]
    recorded = [each.words for each in drift.data]
    return [
        ("The data", "Recorded otherwise than before: look there first.", recorded),
        ("The deals that come in", "Other deals than before, won or lost.", population),
        ("Who is won", "Deals alike fare otherwise than before.", customers),
    ]


def _trend(trend: Trend) -> str:
    """What completes `it …` for a figure over the tiers from D to A."""
    steady = trend.direction == "no trend"
    told = "shows no trend over the tiers" if steady else f"{trend.direction} from D to A"
    return f"{told} ({trend.test}, p {words.p_value(trend.p_value)})"


def _width(share: Estimate) -> str:
    """How long a bar is, in percent of the room."""
    return f"{min(max(share.value, 0.0), 1.0) * 100:.1f}"


def _day(day: date) -> str:
    return f"{day:%d %B %Y}".lstrip("0")


def _marked(value: object) -> object:
    """Every text in Markdown without marks of its own; figures are texts too, and have none."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return plain(value, LONGEST)
    return value


@cache
def _environment(*, loads: str) -> "Environment":
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

    shared: dict[str, Any] = {} if loads == "html" else {"finalize": _marked}
    environment = Environment(
        loader=ChoiceLoader(
            [PackageLoader("api.report.outcomes", "templates"), PackageLoader("api.report", "templates")]
        ),
        autoescape=loads == "html",  # noqa: S701  # Markdown is no HTML; the page escapes everything
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        **shared,
    )
    environment.filters |= _FILTERS
    return environment


_FILTERS: dict[str, Callable[..., Any]] = {
    "percent": wording.percent,
    "ratio": wording.ratio,
    "number": wording.number,
    "interval": wording.interval,
    "capitalised": lambda text: text[:1].upper() + text[1:],
    "share": words.share,
    "amount": words.amount,
    "amounts": words.amounts,
    "days": words.days,
    "auc": words.auc,
    "p_value": words.p_value,
    "points": words.points,
    "signed": words.signed,
    "part": words.part,
    "candidate": words.candidate,
    "happened": lambda kind: words.HAPPENED[kind],
    "evidence": words.evidence,
    "staying": words.staying,
    "unmarked": words.unmarked,
    "use": words.use,
    "chosen_score": words.chosen_score,
    "trend": _trend,
    "width": _width,
    "day": _day,
}
