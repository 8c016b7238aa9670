"""How is an amount of money explained as it was told?"""

from agent.explain.explanation import ExplainedFigure
from agent.explain.making import Counts, estimated, exact
from tools.mining.findings import Estimate


def money(
    what: str, amount: Estimate | float, currency: str, source: str, counts: Counts | None = None
) -> ExplainedFigure:
    """An amount, with its interval where it has one, as it is told: to three digits."""
    named = f"{what} ({currency})" if currency else what
    if isinstance(amount, Estimate):
        value, low, high = (_three_digits(one) for one in (amount.value, amount.low, amount.high))
        return estimated(named, "count", Estimate(value=value, low=low, high=high), source, counts)
    return exact(named, "count", _three_digits(amount), source, counts)


def _three_digits(amount: float) -> float:
    return float(f"{amount:.3g}")
