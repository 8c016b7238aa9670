"""Who were the most valuable buyers, and what did they look like before they bought?"""

import base64
import json
from dataclasses import dataclass

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import BadFile, BadInput, TooFewCustomers
from store.features import FeatureTable
from tools.behaviour.icp.analysis import customer_segments
from tools.behaviour.icp.lead_columns import CATEGORIES, lead_columns
from tools.behaviour.icp.lead_counts import LeadCounts, lead_counts
from tools.behaviour.icp.probability import HighValue, learn_high_value
from tools.behaviour.segmentation.queries import SegmentationQuery
from tools.behaviour.segmentation.segments import Segmentation
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.queries import FitQuery
from tools.scoring.value.learn import learn_value
from tools.scoring.value.model import ValueModel, load
from tools.scoring.value.queries import ValueQuery

FORMAT = "fieldmark icp 1"


class IcpQuery(BaseModel):
    """Who counts as ideal, and how many users are learned from."""

    model_config = ConfigDict(extra="forbid")

    high_share: float = Field(
        default=0.2, gt=0, le=0.5, description="Share of the buyers after the cut-off who are of high value."
    )
    few_high: int = Field(
        default=50, ge=5, le=10_000, description="Users of high value below which a warning is given."
    )
    most_users: int = Field(
        default=50_000,
        ge=1_000,
        le=2_000_000,
        description="Users learned from, drawn by seed if more.",
    )
    segmentation: SegmentationQuery = Field(
        default_factory=SegmentationQuery, description="Of the customers."
    )
    trees: int = Field(default=60, ge=10, le=1_000, description="Trees of the models of revenue.")
    seed: int = Field(default=0, ge=0, description="Of the samples and folds.")


@dataclass(frozen=True)
class IcpModel:
    """What a lead is scored by. Learned from behaviour up to a day and the revenue after it alone."""

    fit: FitProfile
    high_value: HighValue
    value: ValueModel
    segmentation: Segmentation
    levels: dict[str, list[str]]  # of the categories, as the users have them
    counts: LeadCounts  # what the counts of a lead are where they are not known
    mean_value: float  # revenue of a user in the target window
    threshold: float  # revenue in the target window from which a user is of high value
    warnings: list[str]

    def dump(self) -> bytes:
        """The model as JSON bytes, its trees as a skops file within."""
        return json.dumps(
            {
                "format": FORMAT,
                "fit": self.fit.model_dump(),
                "high_value": self.high_value.model_dump(),
                "value": base64.b64encode(self.value.dump()).decode(),
                "segmentation": self.segmentation.model_dump(),
                "levels": self.levels,
                "counts": self.counts.model_dump(),
                "mean_value": self.mean_value,
                "threshold": self.threshold,
                "warnings": self.warnings,
            }
        ).encode()


def load_icp(content: bytes) -> IcpModel:
    """The model that `dump` wrote. Raises BadFile for anything else."""
    try:
        kept = json.loads(content)
        if kept["format"] != FORMAT:
            raise ValueError
        return IcpModel(
            fit=FitProfile.model_validate(kept["fit"]),
            high_value=HighValue.model_validate(kept["high_value"]),
            value=load(base64.b64decode(kept["value"])),
            segmentation=Segmentation.model_validate(kept["segmentation"]),
            levels=kept["levels"],
            counts=LeadCounts.model_validate(kept["counts"]),
            mean_value=kept["mean_value"],
            threshold=kept["threshold"],
            warnings=kept["warnings"],
        )
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise BadFile("The file is no model of ideal customers", instead="Learn it again.") from error


def learn_icp(
    users: FeatureTable, future_revenue: np.ndarray | None = None, query: IcpQuery | None = None
) -> IcpModel:
    """What tells users of high value, learned from buyers and non-buyers alike.

    users: behaviour up to a cut-off, of all users. future_revenue: of each in the window after it; by default
    the column target_revenue. High value is the top fifth of those who bought in that window, so that no
    revenue is both a feature and the target. Raises BadInput without that revenue or without any of a lead's
    six columns, TooFewCustomers where fewer than five users bought.
    """
    query = query or IcpQuery()
    future = _future(users, future_revenue)
    columns = lead_columns(users)
    if not columns.features:
        raise BadInput("No column of the users is known of a lead", instead="Give sessions or a country.")
    buyers = future > 0
    if buyers.sum() < 5:
        raise TooFewCustomers(
            f"{int(buyers.sum())} users bought after the cut-off",
            instead="5 are needed; take an earlier cut-off.",
        )
    threshold = float(np.quantile(future[buyers], 1 - query.high_share, method="inverted_cdf"))
    high = future >= threshold
    drawn = _drawn(high, query)
    table, ideal = columns.take(drawn), high[drawn]
    words = FitQuery(ideal_word="high-value users", others_word="other users")
    return IcpModel(
        fit=learn_fit(table.take(ideal), table.take(~ideal), words),
        high_value=learn_high_value(table, ideal, query.seed),
        value=learn_value(
            (table, future[drawn]), ValueQuery(purpose="groups", trees=query.trees, seed=query.seed)
        ),
        segmentation=customer_segments(users, query.segmentation),
        levels={name: _levels(columns, name) for name in CATEGORIES},
        counts=lead_counts(table),
        mean_value=float(future.mean()),
        threshold=threshold,
        warnings=_warnings(high, query),
    )


def _future(users: FeatureTable, given: np.ndarray | None) -> np.ndarray:
    column = users.find("target_revenue")
    if given is None and column is None:
        raise BadInput(
            "The revenue after the cut-off is not known",
            where="target_revenue",
            instead="Load the events with a cut-off that leaves days after it.",
        )
    future = np.asarray(given if given is not None else column.values if column else [], dtype=np.float64)
    if len(future) != users.rows:
        raise BadInput(f"There are {len(future):,} revenues for {users.rows:,} users", where="future_revenue")
    # A refund in the window may leave less than nothing; nothing was earned then.
    return np.maximum(np.nan_to_num(future, nan=0.0, posinf=0.0), 0.0)


def _drawn(high: np.ndarray, query: IcpQuery) -> np.ndarray:
    """Users drawn evenly, so that rates and totals stay what they are."""
    if len(high) <= query.most_users:
        return np.arange(len(high))
    rng = np.random.default_rng(query.seed)
    return np.sort(rng.choice(len(high), query.most_users, replace=False))


def _levels(columns: FeatureTable, name: str) -> list[str]:
    found = columns.find(name)
    return list(found.levels) if found else []


def _warnings(high: np.ndarray, query: IcpQuery) -> list[str]:
    count = int(high.sum())
    if count >= query.few_high:
        return []
    return [f"Only {count} users are of high value: scores and probabilities are drawn to the average."]
