"""What does each kind of model say of rows, before calibration?"""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from scipy.special import logit

from store.features import FeatureTable
from tools.scoring.conversion.fitting.design import Design, Matrix, learn_design
from tools.scoring.conversion.fitting.elastic import STRENGTHS, learn_path
from tools.scoring.conversion.queries import CandidateKind, ConversionQuery
from tools.scoring.threads import one_thread

ROUNDS = (1 / 16, 1 / 8, 1 / 4, 3 / 8, 1 / 2, 3 / 4, 1)  # of the most trees; where a boosted one may stop
LEAST_LEAF = 20
FEW_LEAVES = 4
CENTRE_ROWS = 2_000


@dataclass(frozen=True)
class Fitted:
    """A model of log odds: of one kind, with what it learned."""

    kind: CandidateKind
    design: Design
    intercept: float
    weights: np.ndarray  # of the design's columns; empty unless linear
    boosting: Any = None  # a HistGradientBoostingClassifier
    strength: float = 0.0
    base: float = 0.0  # log odds of the rate among the rows learned from
    reference: np.ndarray = field(default_factory=lambda: np.empty(0))  # a middling row of the matrix
    centres: np.ndarray = field(default_factory=lambda: np.empty(0))  # mean contribution of each column

    def matrix(self, table: FeatureTable) -> Matrix:
        """What the model reads of these rows."""
        return self.design.for_trees(table) if self.boosting else self.design.for_linear(table)

    def margins_of(self, matrix: Matrix) -> np.ndarray:
        """Log odds of each row of a matrix, float64."""
        if self.boosting is not None:
            with one_thread():
                return np.asarray(self.boosting.decision_function(matrix.values), dtype=np.float64)
        if self.kind == "base_rate":
            return np.full(len(matrix.values), self.intercept)
        return matrix.values @ self.weights + self.intercept

    def margins(self, table: FeatureTable) -> np.ndarray:
        """Log odds of each row, float64."""
        if self.kind == "base_rate":
            return np.full(table.rows, self.intercept)
        return self.margins_of(self.matrix(table))

    def evidence_of(self, matrix: Matrix) -> np.ndarray:
        """Log odds of each row of a matrix beyond those of the rate learned from.

        What is calibrated: the rate of other rows is another, and belongs to the calibration.
        """
        return self.margins_of(matrix) - self.base

    def evidence(self, table: FeatureTable) -> np.ndarray:
        """Log odds of each row beyond those of the rate learned from."""
        return self.margins(table) - self.base

    def contributions_of(self, matrix: Matrix) -> np.ndarray | None:
        """Log odds that each column adds to each row, against their mean in training; rows x columns.

        None of a model whose trees hold interactions: what a column adds there depends on the others.
        """
        if self.kind == "boosting":
            return None
        if self.kind == "base_rate":
            return np.zeros((len(matrix.values), len(self.design.plans)))
        return self._against_reference(matrix) - self.centres

    def _against_reference(self, matrix: Matrix) -> np.ndarray:
        added = np.zeros((len(matrix.values), len(self.design.plans)))
        if self.kind == "linear":
            np.add.at(added.T, matrix.origin, ((matrix.values - self.reference) * self.weights).T)
        if self.kind == "additive":
            row = Matrix(self.reference[None, :].copy(), matrix.origin)
            middling = self.margins_of(row)[0]
            for at in range(len(self.design.plans)):
                alone = np.repeat(row.values, len(matrix.values), axis=0)
                alone[:, matrix.origin == at] = matrix.values[:, matrix.origin == at]
                added[:, at] = self.margins_of(Matrix(alone, matrix.origin)) - middling
        return added


def strengths_of(kind: CandidateKind, query: ConversionQuery) -> np.ndarray:
    """What may be chosen for a kind, the simplest model first: shares of a penalty, or numbers of trees."""
    if kind == "base_rate":
        return np.zeros(1)
    if kind == "linear":
        return STRENGTHS
    return np.unique([max(1, round(share * query.iterations)) for share in ROUNDS]).astype(float)


def tried(
    kind: CandidateKind,
    training: FeatureTable,
    happened: np.ndarray,
    held_out: FeatureTable,
    query: ConversionQuery,
) -> np.ndarray:
    """Log odds of the held-out rows, a row of them for each strength."""
    if kind == "base_rate":
        return np.full((1, held_out.rows), base_odds(happened))
    design = learn_design(training, query)
    if not design.plans:
        return np.full((len(strengths_of(kind, query)), held_out.rows), base_odds(happened))
    if kind == "linear":
        path = learn_path(design.for_linear(training).values, happened, query.l1_share, STRENGTHS)
        return path.weights @ design.for_linear(held_out).values.T + path.intercepts[:, None]
    boosting = _boosted(kind, design.for_trees(training), happened, query.iterations, query)
    wanted = {int(trees) - 1 for trees in strengths_of(kind, query)}
    with one_thread():
        stages = boosting.staged_decision_function(design.for_trees(held_out).values)
        return np.array([np.ravel(margins) for at, margins in enumerate(stages) if at in wanted])


def fitted(
    kind: CandidateKind,
    training: FeatureTable,
    happened: np.ndarray,
    strength: float,
    query: ConversionQuery,
) -> Fitted:
    """One model, learned with this strength."""
    design, base = learn_design(training, query), base_odds(happened)
    if kind == "base_rate" or not design.plans:
        return Fitted("base_rate", design, base, np.empty(0), base=base)
    if kind == "linear":
        steps = np.append(STRENGTHS[strength < STRENGTHS], strength)  # warm starts on the way there
        path = learn_path(design.for_linear(training).values, happened, query.l1_share, steps)
        model = Fitted(kind, design, float(path.intercepts[-1]), path.weights[-1], None, strength, base)
    else:
        boosting = _boosted(kind, design.for_trees(training), happened, int(strength), query)
        model = Fitted(kind, design, 0.0, np.empty(0), boosting, strength, base)
    return model if kind == "boosting" else _centred(model, training)


def _centred(model: Fitted, training: FeatureTable) -> Fitted:
    every = max(1, training.rows // CENTRE_ROWS)
    matrix = model.matrix(training.take(np.arange(0, training.rows, every)))
    # Any row of the training range would do; contributions are told against the mean, not against it.
    model = replace(model, reference=matrix.values[0].copy())
    return replace(model, centres=model._against_reference(matrix).mean(axis=0))


def base_odds(happened: np.ndarray) -> float:
    """Log odds of the rate; both outcomes must occur."""
    return float(logit(happened.mean()))


def _boosted(
    kind: CandidateKind, matrix: Matrix, happened: np.ndarray, trees: int, query: ConversionQuery
) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier

    additive = kind == "additive"
    settings: dict[str, Any] = dict(
        learning_rate=query.learning_rate,
        max_iter=trees,
        max_leaf_nodes=min(FEW_LEAVES, query.leaves) if additive else query.leaves,
        min_samples_leaf=LEAST_LEAF,
        l2_regularization=5.0,
        interaction_cst="no_interactions" if additive else None,
        categorical_features=matrix.categorical,
        early_stopping=False,
        random_state=query.seed,
    )
    with one_thread():
        return HistGradientBoostingClassifier(**settings).fit(matrix.values, happened.astype(np.int8))
