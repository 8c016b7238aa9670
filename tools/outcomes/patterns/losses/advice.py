"""How is a loss pattern told, and what is advised?"""

from collections.abc import Sequence
from typing import Literal

from tools.mining.findings import Estimate
from tools.outcomes.measures.estimates import days, percent
from tools.outcomes.patterns.compared import clearly
from tools.outcomes.patterns.findings import Compared, LossCondition
from tools.outcomes.patterns.queries import LossQuery

Recommendation = Literal["qualify out", "playbook", "watch"]
MOST_NAMED = 3


def recommended(
    conditions: Sequence[LossCondition],
    cycle: Compared | None,
    dark: Compared | None,
    back: Estimate | None,
    query: LossQuery,
) -> Recommendation:
    """What the figures advise.

    qualify out: they can be told beforehand, and either surely do not come back, or (where that is not
    recorded) go dark, more often than others. playbook: they take clearly longer, go dark without a sign
    beforehand, or can be told beforehand and do come back. watch: the rest.
    """
    goes_dark = clearly(dark) and dark is not None and dark.value.value >= query.go_dark_share
    more_dark = goes_dark and dark is not None and (not dark.others or dark.value.value > dark.others.value)
    returns = back is not None and back.low > query.hopeless_return_rate
    hopeless = more_dark if back is None else back.high < query.hopeless_return_rate
    if conditions and hopeless:
        return "qualify out"
    known_to_return = returns and bool(conditions)
    return "playbook" if known_to_return or more_dark or _is_long(cycle, query) else "watch"


def _is_long(cycle: Compared | None, query: LossQuery) -> bool:
    if cycle is None or cycle.others is None or not clearly(cycle):
        return False
    return cycle.value.value >= query.long_cycle_ratio * cycle.others.value


def pattern_words(reason: str, conditions: Sequence[LossCondition]) -> str:
    """`Lost for "budget": more often when Employees under 50, or when Industry is Retail.`"""
    if not conditions:
        return f'Lost for "{reason}": no condition tells these losses from others.'
    named = ", or when ".join(each.words for each in conditions[:MOST_NAMED])
    return f'Lost for "{reason}": more often when {named}.'


def typical_words(
    cycle: Compared | None, dark: Compared | None, back: Estimate | None, at: Estimate | None
) -> str:
    """`180 days to the decision (others 60); 40 % go dark; 15 % buy later, at 60 % of the first amount.`"""
    parts = []
    if cycle:
        others = f" (other losses {days(cycle.others)})" if cycle.others else ""
        parts.append(f"{days(cycle.value)} to the decision{others}")
    if dark:
        parts.append(f"{percent(dark.value.value)} go dark")
    if back:
        price = f", at {percent(at.value)} of the first amount" if at and back.value else ""
        parts.append(f"{percent(back.value)} buy later{price}")
    text = "; ".join(parts) or "neither cycles nor what came after are recorded"
    return f"{text[0].upper()}{text[1:]}."


def advice(
    choice: Recommendation, reason: str, conditions: Sequence[LossCondition], back: Estimate | None
) -> str:
    """What to do, in a sentence."""
    sign = conditions[0].words if conditions else ""
    if choice == "qualify out":
        return f"Ask before the first offer whether this holds: {sign}. If it does, leave the deal."
    if choice == "playbook":
        whom = f" where {sign}" if sign else ""
        return (
            f'Keep a playbook of its own for "{reason}"{whom}: these deals take another course than others.'
        )
    if back and back.value:
        return (
            f'Stay in touch after a loss for "{reason}": {percent(back.value)} buy later, and nothing else '
            "tells these deals apart."
        )
    return f'Go on recording "{reason}": nothing yet tells these losses apart clearly enough to act.'
