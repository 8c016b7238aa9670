"""What does a learned model say of rows, and how is it kept?"""

import hashlib
import json
from dataclasses import dataclass

import numpy as np
from pydantic import TypeAdapter

from store.errors import BadFile
from store.features import FeatureTable
from tools.mining.evidence.statistics import wilson_interval
from tools.mining.findings import Estimate
from tools.scoring.conversion.fitting.calibration import Calibrator
from tools.scoring.conversion.fitting.candidates import Fitted
from tools.scoring.conversion.fitting.design import Design
from tools.scoring.conversion.report import ConversionReport

FORMAT = "fieldmark conversion model 1"
# What a file may make besides numbers and text; anything else in it is refused before it is made.
# A partial only binds arguments of a function, which must itself be in this list or in skops's own.
TRUSTED = [
    "functools.partial",
    "sklearn._loss.link.Interval",
    "sklearn._loss.link.LogitLink",
    "sklearn._loss.loss.HalfBinomialLoss",
    "sklearn._loss._loss.CyHalfBinomialLoss",
    "sklearn.ensemble._hist_gradient_boosting.binning._BinMapper",
    "sklearn.ensemble._hist_gradient_boosting.gradient_boosting.HistGradientBoostingClassifier",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.utils.validation.check_array",
]
SURE, LESS_SURE = 0.95, 0.99  # the interval is wider where few outcomes taught the model


@dataclass(frozen=True)
class ConversionModel:
    """Calibrated probabilities of a yes/no outcome, and everything measured about them."""

    fitted: Fitted
    calibrator: Calibrator
    report: ConversionReport
    few: bool = False

    @property
    def columns(self) -> list[str]:
        """Names of the columns that it reads, in the order of `contributions`."""
        return self.fitted.design.names

    def probabilities(self, table: FeatureTable) -> np.ndarray:
        """Of each row, float64, within 0..1. Raises BadInput where a column is missing."""
        return self.calibrator.probabilities(self.fitted.evidence(table))

    def intervals(self, table: FeatureTable) -> tuple[np.ndarray, np.ndarray]:
        """Low and high of each row's probability: the rate, with its error, of rows scored like it.

        The Wilson intervals of the observed rate in the held-out bin where the probability lies, and of
        the probability itself at as many rows, taken together: a bin that is off widens it.
        """
        return self.intervals_of(self.probabilities(table))

    def intervals_of(self, probabilities: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """As `intervals`, of probabilities that are known already."""
        points = self.report.reliability
        middles = np.array([point.predicted_rate for point in points])
        at = np.searchsorted((middles[1:] + middles[:-1]) / 2, probabilities)
        rows = np.array([point.rows for point in points])[at]
        observed = np.array([point.observed_rate.value for point in points])[at]
        confidence = LESS_SURE if self.few else SURE
        own = wilson_interval(probabilities * rows, rows, confidence)
        seen = wilson_interval(observed * rows, rows, confidence)
        return np.minimum(own[0], seen[0]), np.maximum(own[1], seen[1])

    def estimates(self, table: FeatureTable) -> list[Estimate]:
        """Probability and interval of each row."""
        values = self.probabilities(table)
        low, high = self.intervals_of(values)
        return [
            Estimate(value=float(v), low=float(a), high=float(b))
            for v, a, b in zip(values, low, high, strict=True)
        ]

    def contributions(self, table: FeatureTable) -> np.ndarray | None:
        """Log odds that each of `columns` adds to each row before calibration; rows x columns.

        Against the mean training row; their sum and a constant are the row's log odds. None of a model with
        interactions.
        """
        return self.fitted.contributions_of(self.fitted.matrix(table))

    def dump(self) -> bytes:
        """The model as bytes that can be loaded without trusting them."""
        import skops.io
        from sklearn import __version__

        body = skops.io.dumps(
            {
                "design": _DESIGN.dump_json(self.fitted.design).decode(),
                "calibrator": _CALIBRATOR.dump_json(self.calibrator).decode(),
                "report": self.report.model_dump_json(),
                "kind": self.fitted.kind,
                "few": self.few,
                "numbers": [self.fitted.intercept, self.fitted.strength, self.fitted.base],
                "weights": self.fitted.weights,
                "reference": self.fitted.reference,
                "centres": self.fitted.centres,
                "boosting": self.fitted.boosting,
            }
        )
        needs = __version__ if self.fitted.boosting is not None else None
        head = {"format": FORMAT, "scikit_learn": needs, "sha256": hashlib.sha256(body).hexdigest()}
        return json.dumps(head).encode() + b"\n" + body

    @classmethod
    def load(cls, stored: bytes) -> "ConversionModel":
        """The model of a dump.

        Raises BadFile where it is damaged, of another form, or holds trees of another version of
        scikit-learn, whose trees may be read otherwise. Linear models are of no version.
        """
        return _loaded(_body(stored))


_DESIGN = TypeAdapter(Design)
_CALIBRATOR = TypeAdapter(Calibrator)


def _body(stored: bytes) -> bytes:
    line, _, body = stored.partition(b"\n")
    try:
        head = json.loads(line)
    except ValueError:
        head = None
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise BadFile("Not a stored conversion model", instead=f"It begins with “{FORMAT}”.")
    if head.get("sha256") != hashlib.sha256(body).hexdigest():
        raise BadFile("A stored conversion model is damaged", instead="Learn it again.")
    from sklearn import __version__

    if head.get("scikit_learn") not in (None, __version__):
        raise BadFile(
            f"A stored model was learned with scikit-learn {head['scikit_learn']}, and here is {__version__}",
            instead="Learn it again, or install that version.",
        )
    return body


def _loaded(body: bytes) -> ConversionModel:
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    try:
        parts = skops.io.loads(body, trusted=TRUSTED)
        intercept, strength, base = parts["numbers"]
        fitted = Fitted(
            kind=parts["kind"],
            design=_DESIGN.validate_json(parts["design"]),
            intercept=intercept,
            weights=parts["weights"],
            boosting=parts["boosting"],
            strength=strength,
            base=base,
            reference=parts["reference"],
            centres=parts["centres"],
        )
        report = ConversionReport.model_validate_json(parts["report"])
        return ConversionModel(fitted, _CALIBRATOR.validate_json(parts["calibrator"]), report, parts["few"])
    except UntrustedTypesFoundException as error:
        raise BadFile("A stored model holds types that are not allowed", instead="Learn it again.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise BadFile("A stored conversion model lacks a part", instead="Learn it again.") from error
