"""How are the parts of an analysis of outcomes called, and its figures written?"""

import re
from typing import Literal

from agent.learning.telling import KINDS
from agent.narration.wording import number, percent
from agent.outcome_analysis import LearnedChance
from tools.mining.findings import Estimate
from tools.outcomes.patterns.customers.tenure import Tenure
from tools.scoring.conversion.report import CandidateScore
from tools.scoring.fit.profile import FitCriterion

UNKNOWN = "–"
PARTS = {
    "criteria": "criteria",
    "conversion": "chance to win",
    "churn": "chance to churn",
    "expansion": "chance to expand",
    "value": "amount if won",
    "drift": "what changed",
    "measures": "win rate by tier",
    "anti_patterns": "who to leave",
    "losses": "why deals are lost",
    "churn patterns": "who leaves",
    "expansion patterns": "who grows",
    "emerging": "newly buying",
}
HAPPENED = {"conversion": "won", "churn": "churned", "expansion": "expanded"}
VERDICTS = {"leave": "leave", "watch": "watch", "pursue": "pursue", "unknown": "not told"}
CALIBRATIONS = {"none": "as it is", "platt": "Platt", "beta": "beta", "isotonic": "isotonic"}
_MARK = re.compile(r"\\([\\`*_\[\]<>|~#+=.)-])")


def part(name: str) -> str:
    """What a part of the analysis is called."""
    return PARTS.get(name, name)


def share(found: Estimate | None) -> str:
    """`31 % (28 % to 33 %)`."""
    if found is None:
        return UNKNOWN
    return f"{percent(found.value)} ({percent(found.low)} to {percent(found.high)})"


def amount(value: float | None, currency: str = "") -> str:
    """`12,300 USD`: three digits, since no interval here is narrower."""
    return UNKNOWN if value is None else f"{number(float(f'{value:.3g}'))} {currency}".strip()


def amounts(found: Estimate | None, currency: str = "") -> str:
    """`12,300 USD (11,000 to 13,400)`."""
    if found is None:
        return UNKNOWN
    return f"{amount(found.value, currency)} ({amount(found.low)} to {amount(found.high)})"


def days(found: Estimate | None) -> str:
    """`54 days (53 to 56)`."""
    if found is None:
        return UNKNOWN
    return f"{number(found.value)} days ({number(found.low)} to {number(found.high)})"


def auc(found: Estimate | None) -> str:
    """`0.69 (0.67 to 0.70)`."""
    return UNKNOWN if found is None else f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def points(found: Estimate | None) -> str:
    """`1.9 (0.7 to 2.1)`, in percentage points."""
    if found is None:
        return UNKNOWN
    return f"{found.value * 100:.1f} ({found.low * 100:.1f} to {found.high * 100:.1f})"


def signed(found: Estimate | None, digits: int = 4) -> str:
    """`+0.0352 (+0.0293 to +0.0411)`."""
    if found is None:
        return UNKNOWN
    low, high = (f"{end:+.{digits}f}" for end in (found.low, found.high))
    return f"{found.value:+.{digits}f} ({low} to {high})"


def p_value(value: float | None) -> str:
    """`0.0312`, `< 0.0001`."""
    if value is None:
        return UNKNOWN
    return "< 0.0001" if value < 1e-4 else f"{value:.4f}"


def unmarked(text: str) -> str:
    """The text as it reads: without the signs that keep Markdown from reading marks in it."""
    return _MARK.sub(r"\1", text)


def candidate(kind: str) -> str:
    """What a kind of model is called."""
    return KINDS.get(kind, kind)


def chosen_score(model: LearnedChance) -> CandidateScore:
    """How the chosen candidate did on held-out rows."""
    report = model.report
    return next(each for each in report.candidates if each.kind == report.chosen)


def use(model: LearnedChance) -> Literal["in use", "kept aside"]:
    """Whether the model is in use."""
    return "in use" if model.in_use else "kept aside"


def evidence(criterion: FitCriterion) -> str:
    """What speaks for a criterion, and which columns say the same."""
    told = (
        f"Found in {percent(criterion.stability)} of the samples that leave records out; "
        f"q {p_value(criterion.q_value)}"
    )
    same = f"; {', '.join(criterion.same_as)} would say the same" if criterion.same_as else ""
    return f"{told}{same}."


def staying(tenure: Tenure) -> str:
    """How long customers stay, in a sentence; nothing where no start is known."""
    if tenure.staying_share is None:
        return ""
    half = (
        f"half have left after {number(tenure.median_days)} days"
        if tenure.median_days is not None
        else "fewer than half have left so far"
    )
    return f"{share(tenure.staying_share)} stay for {number(tenure.horizon_days)} days; {half}."
