"""How much does each column help on held-out rows?"""

from collections.abc import Sequence

import numpy as np

from tools.scoring.conversion.evidence.accuracy import log_losses, paired
from tools.scoring.conversion.evidence.trials import Labelled, Option, Trial
from tools.scoring.conversion.fitting.design import Matrix
from tools.scoring.conversion.fitting.windows import Split
from tools.scoring.conversion.queries import ConversionQuery
from tools.scoring.conversion.report import Importance


def importances(
    found: Trial, option: Option, rows: Labelled, splits: Sequence[Split], query: ConversionQuery
) -> list[Importance]:
    """Rise of the log loss when a column is dealt out anew, of every column, largest first.

    All numbers that come of one column move together. The interval is over held-out rows, the rises of
    one row by several permutations averaged (Breiman 2001; Fisher, Rudin, Dominici 2019). Columns that say
    the same share their importance.
    """
    if found.kind == "base_rate" or not query.permutations:
        return []
    rng = np.random.default_rng(query.seed)
    rises: dict[str, list[np.ndarray]] = {}
    total = sum(len(split.held_out) for split in splits)
    for at, split in enumerate(splits):
        most = max(1, query.most_permuted * len(split.held_out) // total)
        chosen = np.sort(rng.permutation(split.held_out)[:most])
        for name, rise in _rises(found, at, option, rows.take(chosen), query, rng).items():
            rises.setdefault(name, []).append(rise)
    told = [_importance(name, np.concatenate(parts), rows) for name, parts in rises.items()]
    return sorted(told, key=lambda each: (-each.log_loss_rise.value, each.column))


def _rises(
    found: Trial, at: int, option: Option, rows: Labelled, query: ConversionQuery, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    model, calibrator = found.learned[at].model, found.learned[at].calibrators[option]
    if model.kind == "base_rate":
        return {}
    matrix = model.matrix(rows.table)
    before = log_losses(calibrator.probabilities(model.evidence_of(matrix)), rows.happened)
    rises = {}
    for place, name in enumerate(model.design.names):
        columns = matrix.origin == place
        rise = np.zeros(rows.table.rows)
        moved = matrix.values.copy()
        for _ in range(query.permutations):
            moved[:, columns] = matrix.values[rng.permutation(len(moved))][:, columns]
            evidence = model.evidence_of(Matrix(moved, matrix.origin))
            rise += log_losses(calibrator.probabilities(evidence), rows.happened) - before
        rises[name] = rise / query.permutations
    return rises


def _importance(name: str, rise: np.ndarray, rows: Labelled) -> Importance:
    column = rows.table.find(name)
    assert column is not None
    return Importance(column=name, label=column.told, log_loss_rise=paired(rise).estimate)
