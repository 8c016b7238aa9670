"""Probabilities of an outcome against scikit-learn's plain models, on random and on later rows."""

import argparse
import csv
import gzip
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel

from store import examples
from store.features import Feature, FeatureTable, category, number
from tools.scoring.conversion.conversion import ConversionQuery, learn_conversion
from tools.scoring.conversion.evidence.accuracy import (
    calibration_error,
    calibration_interval,
    log_losses,
    paired,
    ranking,
    reliability,
)
from tools.scoring.conversion.fitting.design import DesignQuery, learn_design
from tools.scoring.conversion.report import ReliabilityPoint

BINS, SEED, HELD_OUT = 10, 0, 0.3
BANK = Path(examples.__file__).with_name("bank_marketing.csv.gz")


class ConversionRow(BaseModel):
    """One model on one split of one file."""

    work: str
    split: str
    model: str
    learned_from: int
    rows: int
    rate: float
    auc: float
    log_loss: float
    log_loss_error: float
    calibration_error: float
    calibration_low: float
    calibration_high: float
    cpu_s: float
    chosen: str = ""
    reliability: list[ReliabilityPoint]


Labelled = tuple[FeatureTable, np.ndarray]
Probabilities = Callable[[FeatureTable], np.ndarray]


def measure(folder: Path | None) -> Iterator[ConversionRow]:
    """Every model on every file that is there; the shipped one in order of time, too."""
    bank = read(BANK, "y", "yes", {"duration"}, {"unknown"})
    yield from _models("bank", "random", bank, *_random(bank[0].rows))
    cut = int((1 - HELD_OUT) * bank[0].rows)
    yield from _models("bank", "last 30 %", bank, np.arange(cut), np.arange(cut, bank[0].rows))
    if folder:
        telco = read(folder / "telco_churn_ibm.csv", "Churn", "Yes", {"customerID"}, {"", " "})
        yield from _models("telco", "random", telco, *_random(telco[0].rows))
        saas = read(folder / "saas_churn_pysurvival.csv", "churned", "1.0", set(), {""})
        yield from _models("saas", "random", saas, *_random(saas[0].rows))


def read(path: Path, label: str, yes: str, left_out: set[str], unknown: set[str]) -> Labelled:
    """Columns of a CSV file and whether the label says yes; a column is of numbers if all its values are."""
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as file:
        rows = list(csv.DictReader(file))
    columns = [
        _column(name, [None if row[name] in unknown else row[name] for row in rows])
        for name in rows[0]
        if name not in {label, *left_out}
    ]
    return FeatureTable(len(rows), tuple(columns)), np.array([row[label] == yes for row in rows])


def _column(name: str, values: list[str | None]) -> Feature:
    try:
        return number(name, [None if value is None else float(value) for value in values])
    except ValueError:
        return category(name, values)


def _random(rows: int) -> tuple[np.ndarray, np.ndarray]:
    order = np.random.default_rng(SEED).permutation(rows)
    cut = int((1 - HELD_OUT) * rows)
    return np.sort(order[:cut]), np.sort(order[cut:])


def _models(
    work: str, split: str, labelled: Labelled, training: np.ndarray, held_out: np.ndarray
) -> Iterator[ConversionRow]:
    table, happened = labelled
    learners = {"ours": _ours(split), "LogisticRegression": _logistic, "HistGradientBoosting": _boosting}
    for name, learner in learners.items():
        began = time.process_time()
        probabilities, chosen = learner(table.take(training), happened[training])
        p = probabilities(table.take(held_out))
        yield ConversionRow(
            work=work,
            split=split,
            model=name,
            learned_from=len(training),
            cpu_s=time.process_time() - began,
            chosen=chosen,
            **_figures(p, happened[held_out]),
        )


def _figures(p: np.ndarray, happened: np.ndarray) -> dict[str, Any]:
    interval = calibration_interval(p, happened, BINS, 200, SEED)
    loss = paired(log_losses(p, happened))
    return {
        "rows": len(p),
        "rate": float(happened.mean()),
        "auc": ranking(p, happened).auc,
        "log_loss": loss.mean,
        "log_loss_error": loss.error,
        "calibration_error": calibration_error(p, happened, BINS),
        "calibration_low": interval.low,
        "calibration_high": interval.high,
        "reliability": reliability(p, happened, BINS),
    }


def _ours(split: str) -> Callable[[FeatureTable, np.ndarray], tuple[Probabilities, str]]:
    def learned(table: FeatureTable, happened: np.ndarray) -> tuple[Probabilities, str]:
        # The file of contacts is in order of time and tells no year: every row counts as a step of its own.
        days = np.datetime64("2008-01-01") + np.arange(table.rows) if split != "random" else None
        model = learn_conversion(table, happened, days, ConversionQuery(seed=SEED, permutations=0))
        calibration = "" if model.calibrator.kind == "none" else f", {model.calibrator.kind}"
        centred = ", centred" if model.calibrator.shift else ""
        return model.probabilities, f"{model.report.chosen}{calibration}{centred}"

    return learned


def _logistic(table: FeatureTable, happened: np.ndarray) -> tuple[Probabilities, str]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    design = learn_design(table, DesignQuery(knots=0, rare_rows=1))
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1_000))
    model.fit(design.for_linear(table).values, happened)
    return lambda rows: model.predict_proba(design.for_linear(rows).values)[:, 1], ""


def _boosting(table: FeatureTable, happened: np.ndarray) -> tuple[Probabilities, str]:
    from sklearn.ensemble import HistGradientBoostingClassifier

    design = learn_design(table, DesignQuery(rare_rows=1, most_levels=250))
    matrix = design.for_trees(table)
    settings: dict[str, Any] = {"categorical_features": matrix.categorical, "random_state": SEED}
    model = HistGradientBoostingClassifier(**settings).fit(matrix.values, happened)
    return lambda rows: model.predict_proba(design.for_trees(rows).values)[:, 1], ""


def _line(row: ConversionRow) -> str:
    error = f"{row.calibration_error:.4f} ({row.calibration_low:.4f}-{row.calibration_high:.4f})"
    loss = f"{row.log_loss:.4f} ± {row.log_loss_error:.4f}"
    named = f"{row.work:6} {row.split:10} {row.model:21} {row.auc:.3f}"
    return f"{named} {loss:>16} {error:>23} {row.cpu_s:6.1f}  {row.chosen}"


def main() -> None:
    """Prints the rows as a table; with --json also writes them, reliability points and all, to a file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="file for the rows and their reliability points")
    arguments = parser.parse_args()
    folder = os.environ.get("FIELDMARK_DATA")
    rows = []
    print("work   split      model                   AUC         log loss          ECE (95 %)  CPU s")
    for row in measure(Path(folder) if folder else None):
        rows.append(row)
        print(_line(row), flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps([row.model_dump() for row in rows], indent=1))


if __name__ == "__main__":
    main()
