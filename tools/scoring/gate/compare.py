"""May a new model take the place of the published one?"""

from typing import Literal, NamedTuple, Protocol

import numpy as np
from pydantic import BaseModel, Field

from store.errors import BadInput
from store.features import FeatureTable
from tools.mining.findings import Estimate
from tools.scoring.conversion.evidence.accuracy import (
    auc_difference,
    calibration_error,
    calibration_interval,
    log_losses,
    paired,
)
from tools.scoring.gate.queries import GateQuery

__all__ = ["GateDecision", "GateQuery", "compare_models"]


class Model(Protocol):
    """Anything that gives each row a probability."""

    def probabilities(self, table: FeatureTable) -> np.ndarray: ...


Reason = Literal["log_loss", "auc", "more_off", "calibration"]


class GateDecision(BaseModel):
    """Whether the new model is published, and the figures behind it."""

    decision: Literal["publish", "keep_aside"]
    why: str
    reasons: list[Reason] = Field(default_factory=list, description="What speaks against the new one.")
    tested: bool = Field(description="False: too few new outcomes to test anything.")
    rows: int
    happened: int
    log_loss_difference: Estimate | None = Field(
        default=None, description="New - old, nats a row, paired; below 0 the new one is better."
    )
    auc_difference: Estimate | None = Field(
        default=None, description="New - old; DeLong. Above 0 the new one is better."
    )
    p_worse_log_loss: float | None = Field(default=None, description="One-sided, of a higher log loss.")
    p_worse_auc: float | None = Field(default=None, description="One-sided, of a lower AUC.")
    calibration_error: Estimate | None = Field(default=None, description="Of the new one; bootstrap.")
    calibration_difference: Estimate | None = Field(
        default=None, description="New - old; bootstrap of rows for both at once."
    )

    @property
    def published(self) -> bool:
        return self.decision == "publish"


class _Size(NamedTuple):
    rows: int
    happened: int


def compare_models(
    new: Model,
    old: Model | None,
    table: FeatureTable,
    happened: np.ndarray,
    query: GateQuery | None = None,
) -> GateDecision:
    """Publish or keep aside, on outcomes that neither model was trained on.

    The new one is kept aside where a one-sided test finds its log loss higher or its AUC lower (each at half
    the level, so that an equally good model is refused at most at the level), where its calibration error
    is above the old one's beyond chance, or beyond chance above the bound and not below the old one's.
    With too few new outcomes the published one stays; where none is, the new one is published untested.
    The caller vouches that the rows are new, and decided after those learned from.
    """
    query = query or GateQuery()
    outcomes = np.asarray(happened)
    if outcomes.dtype != bool or outcomes.shape != (table.rows,):
        raise BadInput(f"Outcomes are not yes or no, one for each of {table.rows:,} rows", where="happened")
    size = _Size(table.rows, int(outcomes.sum()))
    if min(outcomes.sum(), (~outcomes).sum()) < query.least_each:
        return _untested(old is None, size, query)
    p = _probabilities(new, table)
    error = calibration_interval(p, outcomes, query.bins, query.resamples, query.seed)
    if old is None:
        return _alone(error, size, query)
    return _against(p, _probabilities(old, table), outcomes, error, size, query)


def _probabilities(model: Model, table: FeatureTable) -> np.ndarray:
    p = np.asarray(model.probabilities(table), dtype=np.float64)
    if p.shape != (table.rows,) or not np.all((p >= 0) & (p <= 1)):
        raise BadInput("A model's probabilities are not one within 0..1 for each row", where="model")
    return p


def _untested(first: bool, size: _Size, query: GateQuery) -> GateDecision:
    yes, no = size.happened, size.rows - size.happened
    few = (
        f"Only {yes:,} of the new outcomes happened and {no:,} did not, of {query.least_each} that are needed"
    )
    if first:
        why = f"{few}; no model is published, so this one is, untested."
        return GateDecision(decision="publish", why=why, tested=False, rows=size.rows, happened=size.happened)
    return GateDecision(
        decision="keep_aside",
        why=f"{few}; the published model stays.",
        tested=False,
        rows=size.rows,
        happened=size.happened,
    )


def _alone(error: Estimate, size: _Size, query: GateQuery) -> GateDecision:
    off = error.low > query.most_calibration_error
    bound = 100 * query.most_calibration_error
    told = f"Its calibration error is {_points(error)}, against a bound of {bound:g}"
    why = f"{told}, which it exceeds." if off else f"It is the first model. {told}."
    decision = "keep_aside" if off else "publish"
    return GateDecision(
        decision=decision,
        why=why,
        reasons=["calibration"] if off else [],
        tested=True,
        calibration_error=error,
        rows=size.rows,
        happened=size.happened,
    )


def _against(
    new: np.ndarray,
    old: np.ndarray,
    happened: np.ndarray,
    error: Estimate,
    size: _Size,
    query: GateQuery,
) -> GateDecision:
    loss = paired(log_losses(new, happened) - log_losses(old, happened))
    auc = auc_difference(new, old, happened)
    p_auc = auc._replace(mean=-auc.mean).p_above
    calibration = _calibration_difference(new, old, happened, query)
    reasons: dict[Reason, str] = {}
    if loss.p_above <= query.level / 2:
        reasons["log_loss"] = f"its log loss is higher by {_told(loss.estimate)}"
    if p_auc <= query.level / 2:
        reasons["auc"] = f"its AUC is lower: {_told(auc.estimate)}"
    if calibration.low > 0:
        reasons["more_off"] = f"its calibration error is higher by {_told(calibration)}"
    elif error.low > query.most_calibration_error and calibration.high >= 0:
        bound = 100 * query.most_calibration_error
        reasons["calibration"] = f"its calibration error of {_points(error)} is above {bound:g}"
    why = _words(list(reasons.values()), loss.estimate, auc.estimate, size)
    return GateDecision(
        decision="keep_aside" if reasons else "publish",
        why=why,
        reasons=list(reasons),
        tested=True,
        log_loss_difference=loss.estimate,
        auc_difference=auc.estimate,
        p_worse_log_loss=loss.p_above,
        p_worse_auc=p_auc,
        calibration_error=error,
        calibration_difference=calibration,
        rows=size.rows,
        happened=size.happened,
    )


def _words(reasons: list[str], loss: Estimate, auc: Estimate, size: _Size) -> str:
    on = f"On {size.rows:,} new outcomes"
    if reasons:
        return f"{on} the new model is kept aside: {'; '.join(reasons)}."
    better = "better" if loss.high < 0 else "not worse"
    return (
        f"{on} the new model is {better} than the published one: log loss {_told(loss)}, AUC {_told(auc)} "
        "(new - old)."
    )


def _points(share: Estimate) -> str:
    """A mean gap of rates, in percentage points."""
    low, high = (max(0.0, 100 * edge) for edge in (share.low, share.high))
    return f"{100 * share.value:.1f} percentage points (95 %: {low:.1f} to {high:.1f})"


def _told(found: Estimate) -> str:
    return f"{found.value:+.4f} (95 %: {found.low:+.4f} to {found.high:+.4f})"


def _calibration_difference(
    new: np.ndarray, old: np.ndarray, happened: np.ndarray, query: GateQuery
) -> Estimate:
    """By the bootstrap of rows, both models on the same ones; percentiles moved onto the value.

    Resampling raises the error of both alike, and nearly cancels; what is left of it is taken away.
    """
    rng = np.random.default_rng(query.seed)
    rows = len(happened)
    value = calibration_error(new, happened, query.bins) - calibration_error(old, happened, query.bins)
    drawn = np.empty(query.resamples)
    for at in range(query.resamples):
        sample = rng.integers(0, rows, rows)
        drawn[at] = calibration_error(new[sample], happened[sample], query.bins)
        drawn[at] -= calibration_error(old[sample], happened[sample], query.bins)
    low, high = np.quantile(drawn, (0.025, 0.975)) - (drawn.mean() - value)
    return Estimate(value=value, low=float(low), high=float(high))
