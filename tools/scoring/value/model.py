"""What will these customers spend? A learned forecast, kept and asked."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from store.errors import BadFile, BadInput
from store.features import FeatureTable
from store.transactions import Transactions
from tools.scoring.value.candidates import Fitted, Rows
from tools.scoring.value.design import Design
from tools.scoring.value.intervals import Bands
from tools.scoring.value.purchases.ground import Ground
from tools.scoring.value.purchases.history import histories
from tools.scoring.value.purchases.rfm import purchase_days
from tools.scoring.value.report import ValueReport

FORMAT = "fieldmark value 1"
# What a file of boosted trees may hold besides numbers and texts; all from scikit-learn and numpy.
TRUSTED = (
    "numpy.dtype",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn._loss._loss.CyHalfGammaLoss",
    "sklearn._loss._loss.CyHalfPoissonLoss",
    "sklearn._loss._loss.CyHalfSquaredError",
    "sklearn._loss._loss.CyPinballLoss",
    "sklearn._loss.link.IdentityLink",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogLink",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss.loss.HalfGammaLoss",
    "sklearn._loss.loss.HalfPoissonLoss",
    "sklearn._loss.loss.HalfSquaredError",
    "sklearn._loss.loss.PinballLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
)


@dataclass(frozen=True)
class Values:
    """Spend over the horizon with its interval, one a customer."""

    value: np.ndarray
    low: np.ndarray
    high: np.ndarray
    customers: np.ndarray  # codes of the transactions, or numbers of the rows
    alive: np.ndarray | None = None  # P(still a customer), of purchases


@dataclass(frozen=True)
class ValueModel:
    """The mean of its members' forecasts, with conformal bounds."""

    members: list[Fitted]
    bands: Bands
    report: ValueReport
    design: Design | None = None  # of the columns beside the purchases, or of all
    ground: Ground | None = None  # of purchases
    unit: float = 1.0

    def predict(
        self,
        source: Transactions | FeatureTable,
        *,
        columns: FeatureTable | None = None,
        as_of: int | None = None,
    ) -> Values:
        """Forecasts for customers of what the model was learned from: purchases or features.

        as_of: the day since 1970-01-01 up to which purchases count; the newest by default. columns: what else
        is known, a row for each of the transactions' ids. Raises BadInput for the other kind of source.
        """
        if isinstance(source, Transactions) != (self.ground is not None):
            wanted = "purchases" if self.ground else "features"
            raise BadInput("The model was learned from another kind of source", instead=f"Give it {wanted}.")
        if isinstance(source, FeatureTable):
            matrix = self.design.matrix(source) if self.design else np.empty((source.rows, 0))
            return self.predict_rows(matrix)
        day = as_of if as_of is not None else int(source.days.max(initial=0))
        customers, history = histories(purchase_days(source), day)
        if self.design is not None and columns is None:
            columns = FeatureTable(len(source.ids), ())
        if self.design is not None and columns is not None:
            history = np.column_stack((history, self.design.matrix(columns)[customers]))
        return self.predict_rows(history, customers)

    def predict_rows(self, columns: np.ndarray, customers: np.ndarray | None = None) -> Values:
        """Forecasts for rows that are columns already, as `design` and `histories` make them."""
        rows = Rows(columns, self.ground)
        value = self.point(rows)
        low, high = self.bands.around(value, self.unit)
        places = np.arange(len(columns)) if customers is None else customers
        alive = None if self.ground is None else self.ground.alive(columns)
        return Values(value, low, high, places, alive)

    def point(self, rows: Rows) -> np.ndarray:
        """The forecasts alone."""
        if not len(rows.columns):
            return np.empty(0)
        return np.mean([member.predict(rows) for member in self.members], axis=0)

    def dump(self) -> bytes:
        """The model as bytes: JSON where it holds no trees, else a skops file."""
        import sklearn

        head = {
            "format": FORMAT,
            "scikit_learn": sklearn.__version__,
            "members": [[each.name, each.factor, len(each.trees)] for each in self.members],
            "bands": self.bands.model_dump(),
            "report": self.report.model_dump(),
            "design": self.design.model_dump() if self.design else None,
            "ground": self.ground.model_dump() if self.ground else None,
            "unit": self.unit,
        }
        trees = [tree for each in self.members for tree in each.trees]
        if not trees:
            return json.dumps(head).encode()
        from skops.io import dumps

        return dumps({"head": json.dumps(head), "trees": trees})


def load(content: bytes) -> ValueModel:
    """The model that `dump` wrote. Raises BadFile for anything else, and for another scikit-learn's trees."""
    head, trees = _read(content)
    try:
        left, members = list(trees), []
        for name, factor, count in head["members"]:
            members.append(Fitted(name, factor, [left.pop(0) for _ in range(count)]))
        return ValueModel(
            members=members,
            bands=Bands.model_validate(head["bands"]),
            report=ValueReport.model_validate(head["report"]),
            design=Design.model_validate(head["design"]) if head["design"] else None,
            ground=Ground.model_validate(head["ground"]) if head["ground"] else None,
            unit=head["unit"],
        )
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise BadFile("The file holds no complete model of value", instead="Learn it again.") from error


def _read(content: bytes) -> tuple[dict[str, Any], list[Any]]:
    try:
        if content[:1] == b"{":
            head, trees = json.loads(content), []
        else:
            from skops.io import loads

            kept = loads(content, trusted=list(TRUSTED))
            head, trees = json.loads(kept["head"]), kept["trees"]
    except Exception as error:  # skops tells of a broken file by whatever breaks first
        raise BadFile("The file is no model of value", instead="Learn it again.") from error
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadFile("The file is no model of value", instead="Learn it again.")
    if trees:
        import sklearn

        if head["scikit_learn"] != sklearn.__version__:
            raise BadFile(
                f"Learned with scikit-learn {head['scikit_learn']}, and here is {sklearn.__version__}",
                instead="Learn it again.",
            )
    return head, trees
