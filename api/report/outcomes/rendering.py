"""The templates of outcomes, filled with what an analysis of them says."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from agent.markdown import plain
from agent.narration import wording
from agent.outcome_analysis import OutcomeAnalysis
from api.report.outcomes import words
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate
from tools.outcomes.measures.findings import Accuracy, Trend
from tools.outcomes.patterns.findings import CustomerReport
from tools.scoring.fit.profile import FitCriterion
from tools.scoring.fit.told.sales_text import HEADINGS
from tools.scoring.gate.drift_findings import DriftReport

LONGEST = 2_000  # characters of one text in Markdown


def outcome_html(found: OutcomeAnalysis) -> str:
    """The analysis as one self-contained page: no script, no outside file."""
    from api.report.outcomes import charts  # altair takes a second to import, and most commands draw nothing

    drawn = {
        "criteria_chart": charts.criteria_chart(found.criteria.criteria) if found.criteria else "",
        "tier_chart": charts.tier_chart(found.measures.by_tier) if found.measures else "",
        "reliability_charts": [
            charts.reliability_chart(each.report.reliability) if each.report.is_model else ""
            for each in found.models
        ],
    }
    environment = _environment(loads="html")
    return environment.get_template("outcomes.html.j2").render(_told(found) | drawn)


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
        "left_rate": _left_rate(found.measures.accuracy) if found.measures else "",
        "customers": _customers(found),
        "changes": _changes(found.drift) if found.drift else [],
    }


def _by_tier(criteria: list[FitCriterion]) -> list[tuple[int, str, list[FitCriterion]]]:
    """The criteria of each tier that has any, with its heading."""
    found = [(tier, heading, [c for c in criteria if c.tier == tier]) for tier, heading in HEADINGS.items()]
    return [each for each in found if each[2]]


def _left_rate(accuracy: Accuracy) -> str:
    """The win rate of those that were not picked."""
    won, decided = accuracy.false_negatives, accuracy.false_negatives + accuracy.true_negatives
    if not decided:
        return words.UNKNOWN
    low, high = wilson_interval(won, decided)
    return words.share(Estimate(value=won / decided, low=float(low), high=float(high)))


def _customers(found: OutcomeAnalysis) -> list[tuple[str, str, CustomerReport]]:
    given = (("Who leaves", "leaves", found.churn), ("Who grows", "grows", found.expansion))
    return [(title, mark, report) for title, mark, report in given if report]


def _changes(drift: DriftReport) -> list[tuple[str, str, list[str]]]:
    """What changed in the data, the population and the customers: a title, what it means, and the words."""
    customers: list[str] = []
    if drift.customers:
        rate = drift.customers.rate
        if rate.moved:
            customers.append(
                f"{words.share(rate.after)} were won; rows alike would have had "
                f"{wording.percent(rate.expected_after)} before, and all had {wording.percent(rate.before.value)}."
            )
        customers += [each.words for each in drift.customers.effects if each.moved]
        customers += [f"Among the won: {each.words}" for each in drift.customers.winners if each.moved]
    population = [each.words for each in drift.population if each.moved]
    return [
        ("The data", "Recorded otherwise than before: look there first.", [each.words for each in drift.data]),
        ("The deals that come in", "Other deals than before, won or lost.", population),
        ("Who is won", "Deals alike fare otherwise than before.", customers),
    ]


def _trend(trend: Trend) -> str:
    """What completes `it …` for a figure over the tiers from D to A."""
    told = "shows no trend over the tiers" if trend.direction == "no trend" else f"{trend.direction} from D to A"
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
def _environment(*, loads: str) -> Environment:
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
    "part": words.part,
    "candidate": words.candidate,
    "happened": lambda kind: words.HAPPENED[kind],
    "evidence": words.evidence,
    "staying": words.staying,
    "unmarked": words.unmarked,
    "use": words.use,
    "trend": _trend,
    "width": _width,
    "day": _day,
}
