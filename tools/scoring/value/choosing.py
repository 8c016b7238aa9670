"""Which candidate foretells best, on spend that none has seen?"""

from dataclasses import dataclass

import numpy as np

from tools.mining.findings import Estimate
from tools.scoring.value.candidates import Rows
from tools.scoring.value.queries import ValueQuery
from tools.scoring.value.report import CandidateScore, Decile

Z95 = 1.959964
MEANS = ("everybody the same", "bgnbd", "poisson boosting", "two-part boosting", "mean blend")


@dataclass(frozen=True)
class HeldOut:
    """Customers whose spend is known and had no part in the forecasts."""

    rows: Rows
    spent: np.ndarray
    unit: float  # mean spend expected of a customer
    forecasts: dict[str, np.ndarray]

    @property
    def scale(self) -> float:
        return max(float(self.spent.mean()), 1e-12)

    def errors(self, name: str) -> np.ndarray:
        """Absolute errors / mean spend."""
        return np.abs(self.forecasts[name] - self.spent) / self.scale


def rank_correlation(forecast: np.ndarray, spent: np.ndarray) -> float | None:
    """Spearman's; None where one side is constant."""
    from scipy.stats import rankdata

    if len(spent) < 2 or forecast.min() == forecast.max() or spent.min() == spent.max():
        return None
    return float(np.corrcoef(rankdata(forecast), rankdata(spent))[0, 1])


def top_share(forecast: np.ndarray, spent: np.ndarray, share: float = 0.1) -> float:
    """Share of the true top tenth in the top tenth by forecast; of equals the first."""
    count = max(1, int(len(spent) * share))
    best = np.argsort(-spent, kind="stable")[:count]
    mine = np.argsort(-forecast, kind="stable")[:count]
    return len(np.intersect1d(best, mine)) / count


def scores(windows: list[HeldOut], query: ValueQuery) -> list[CandidateScore]:
    """Every candidate over all windows; in the order in which they were fitted."""
    found = [_score(name, windows, query) for name in windows[0].forecasts]
    lowest = _lowest(found)
    return [
        each if each.name == lowest.name else each.model_copy(update={"behind": _gap(windows, each, lowest)})
        for each in found
    ]


def _score(name: str, windows: list[HeldOut], query: ValueQuery) -> CandidateScore:
    bias = float(np.mean([each.forecasts[name].sum() / len(each.spent) / each.scale - 1 for each in windows]))
    ranks = [rank_correlation(each.forecasts[name], each.spent) for each in windows]
    known = [rank for rank in ranks if rank is not None]
    suits = query.purpose == "customers" or name in MEANS
    return CandidateScore(
        name=name,
        error=float(np.mean([each.errors(name).mean() for each in windows])),
        rank_correlation=float(np.mean(known)) if known else None,
        top_tenth_share=float(np.mean([top_share(each.forecasts[name], each.spent) for each in windows])),
        total_bias=bias,
        eligible=suits and abs(bias) <= query.max_total_bias,
    )


def _lowest(found: list[CandidateScore]) -> CandidateScore:
    eligible = [each for each in found if each.eligible]
    if eligible:
        return min(eligible, key=lambda each: each.error)
    return min(found, key=lambda each: abs(each.total_bias))


def _gap(windows: list[HeldOut], one: CandidateScore, lowest: CandidateScore) -> Estimate:
    gaps = [each.errors(one.name) - each.errors(lowest.name) for each in windows]
    value = float(np.mean([gap.mean() for gap in gaps]))
    # Windows share customers, so their errors are not taken as independent: the widest stands for all.
    spread = max(float(gap.std()) / np.sqrt(max(len(gap), 1)) for gap in gaps)
    return Estimate(value=value, low=value - Z95 * spread, high=value + Z95 * spread)


def chosen_of(found: list[CandidateScore], query: ValueQuery) -> tuple[str, str]:
    """The name of the best candidate, and why, in words.

    Among the candidates whose held-out total is within max_total_bias the one of the least mean absolute
    error; of those not behind it beyond chance (paired, 95 %) the one that ranks customers best.
    """
    lowest = _lowest(found)
    if not lowest.eligible:
        return lowest.name, (
            f"No candidate's total is within {query.max_total_bias:.0%} on held-out spend; that of "
            f"{lowest.name} is nearest, {lowest.total_bias:+.0%}."
        )
    near = [each for each in found if each.eligible and (each.behind is None or each.behind.low <= 0)]
    best = max(near, key=lambda each: (each.rank_correlation or 0.0, -each.error))
    bound = f"a total within {query.max_total_bias:.0%}"
    why = f"Of those with {bound} {lowest.name} has the lowest error, {lowest.error:.3f} of the mean spend"
    if best.name == lowest.name:
        return best.name, f"{why}; its total is {best.total_bias:+.0%}."
    return best.name, (
        f"{why}; {best.name} ({best.error:.3f}, total {best.total_bias:+.0%}) is not told apart from it and "
        "ranks customers better."
    )


def deciles(windows: list[HeldOut], name: str) -> list[Decile]:
    """Forecast against spend by tenths of the forecast, on the window with the longest horizon."""
    last = max(windows, key=lambda each: each.unit)
    order = np.argsort(last.forecasts[name], kind="stable")
    parts = [part for part in np.array_split(order, 10) if len(part)]
    return [_decile(last, name, part) for part in parts]


def _decile(window: HeldOut, name: str, part: np.ndarray) -> Decile:
    spent = window.spent[part]
    half = Z95 * float(spent.std()) / np.sqrt(len(part))
    mean = float(spent.mean())
    return Decile(
        customers=len(part),
        foretold=float(window.forecasts[name][part].mean()),
        spent=Estimate(value=mean, low=max(mean - half, 0.0), high=mean + half),
    )
