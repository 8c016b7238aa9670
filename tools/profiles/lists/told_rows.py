"""What is told of each row of a scored list, column by column?"""

from collections.abc import Sequence

import numpy as np

from store.features import FeatureTable, completed
from tools.scoring.conversion.model import ConversionModel
from tools.scoring.fit.scoring import CONFIDENCES, FitScores, fit_scores
from tools.scoring.fit.told.reasons import disqualified_words
from tools.scoring.fit.told.reasons_column import reasons_column
from tools.scoring.leads.against import read_by
from tools.scoring.leads.given import NOBODY, Leads
from tools.scoring.learned import Scorer

LETTERS = "ABCD"  # of tiers, the best first
Columns = dict[str, np.ndarray | Sequence[object]]


def told_names(leads: Leads) -> Columns:
    """What each row is called, where it stood in the file, and whose it is."""
    rows = leads.table.rows
    persons = leads.persons if leads.persons is not None else np.full(rows, NOBODY, dtype=np.int64)
    return {
        "lead": leads.ids,
        "place": np.arange(1, rows + 1, dtype=np.int32),
        "person_id": [None if one == NOBODY else one for one in persons.tolist()],
    }


def told_by(scorer: Scorer, table: FeatureTable, at: int) -> tuple[Columns, FitScores]:
    """Score, tier, confidence, reasons and what rules out, of each row by the profile at this place."""
    scores = fit_scores(scorer.fit, table)
    tiers, sure = np.array(list(LETTERS), dtype=object), np.array(CONFIDENCES, dtype=object)
    ruled = np.array(
        [*(disqualified_words(scorer.fit, each) for each in range(len(scorer.fit.disqualifiers))), None]
    )
    return {
        f"score_{at}": np.round(scores.score.astype(np.float64), 1),
        f"tier_{at}": tiers[scores.tier].tolist(),
        f"confidence_{at}": sure[scores.confidence].tolist(),
        f"disqualifier_{at}": ruled[scores.disqualifier].tolist(),
        f"reasoning_{at}": reasons_column(scorer.fit, table),
    }, scores


def told_figures(scorer: Scorer, table: FeatureTable) -> dict[str, np.ndarray]:
    """Chances, 0..1, and the amount if won, with their intervals, as far as there are models of them."""
    models = {"win_chance": scorer.conversion, "expansion_chance": scorer.expansion}
    models |= {"churn_chance": scorer.churn}
    found: dict[str, np.ndarray] = {}
    for name, model in models.items():
        if model is not None:
            value, low, high = _chances(model, table)
            found |= {name: value, f"{name}_low": low, f"{name}_high": high}
    if scorer.value is not None:
        values = scorer.value.predict(table)
        found |= {"expected_value": values.value, "expected_value_low": values.low}
        found["expected_value_high"] = values.high
    return {name: np.asarray(each, dtype=np.float64) for name, each in found.items()}


def _chances(model: ConversionModel, table: FeatureTable) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    chances = model.probabilities(completed(table, read_by(model)))
    low, high = model.intervals_of(chances)
    return chances, low, high


def ordered(columns: Columns, rows: np.ndarray) -> Columns:
    """The same columns with the rows in this order."""
    order = rows.tolist()
    return {
        name: values[rows] if isinstance(values, np.ndarray) else [values[row] for row in order]
        for name, values in columns.items()
    }
