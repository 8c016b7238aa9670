"""The fit score of many rows, against scikit-learn on the same columns."""

from collections.abc import Callable, Iterator
from statistics import median

import numpy as np

from benchmarks.measuring import Row, seconds, side_by_side, timed
from benchmarks.populations import Progress
from store.features import Feature, FeatureTable
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.scoring import fit_scores
from tools.scoring.fit.told.reasons import single
from tools.scoring.fit.told.reasons_column import reasons_column

SEED = 5
NUMBERS, CATEGORIES, LEVELS = 10, 10, 20
LEARNED = 100_000  # rows that both learn from
SHARES = (0.1, 0.3, 1.0)
SINGLES = 300


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Ten numbers and ten categories of 20 levels, a tenth unknown; both have learned from the same 100,000.

    The peer is a pipeline of KBinsDiscretizer and OneHotEncoder into a logistic regression: it gives one
    probability a row. Ours gives score, tier, confidence (of ten scorecards), disqualifier and what is known.
    """
    table, won = _accounts(people, SEED)
    first, labels = _accounts(min(people, LEARNED), SEED + 1)
    profile, ours_s = timed(lambda: learn_fit(first.take(labels), first.take(~labels)))
    peer, peer_s = timed(lambda: _peer(first, labels))
    note = _quality(profile, table, won, peer)
    yield Row(
        work="learn a fit profile",
        size=f"{first.rows:,} rows, {len(first.names)} columns",
        ours_s=ours_s,
        peer_name="scikit-learn pipeline, fitted once",
        peer_s=peer_s,
        ratio=peer_s / ours_s,
        note=note,
    )
    sizes = sorted({max(1, int(people * share)) for share in SHARES})
    for done, rows in enumerate(sizes):
        progress("fit", done, len(sizes))
        yield _scored(profile, table.take(np.arange(rows)), peer)
    progress("fit", len(sizes), len(sizes))
    reasons_s = seconds(lambda: reasons_column(profile, table))
    yield Row(work="fit reasons, a line each", size=f"{table.rows:,} rows", ours_s=reasons_s)
    yield _one(profile, table, peer)


def _accounts(rows: int, seed: int) -> tuple[FeatureTable, np.ndarray]:
    """Accounts of which every column tells something of who is won."""
    rng = np.random.default_rng(seed)
    features: list[Feature] = []
    odds = np.zeros(rows)
    for at in range(NUMBERS):
        values = rng.lognormal(0, 1, rows)
        odds += 0.5 * ((values > 0.5) & (values < 2))
        values[rng.random(rows) < 0.1] = np.nan
        features.append(Feature(f"number_{at}", "number", values))
    for at in range(CATEGORIES):
        codes = rng.integers(0, LEVELS, rows).astype(np.int32)
        odds += 0.5 * (codes % 5 == 0)
        codes[rng.random(rows) < 0.1] = -1
        levels = tuple(f"Level {level}" for level in range(LEVELS))
        features.append(Feature(f"category_{at}", "category", codes, levels))
    return FeatureTable(rows, tuple(features)), rng.random(rows) < 1 / (1 + np.exp(4.0 - odds))


def _matrix(table: FeatureTable) -> np.ndarray:
    """What the peer reads: all columns as numbers, the unknown as -1."""
    return np.column_stack([np.nan_to_num(each.values, nan=-1.0) for each in table.features])


def _peer(table: FeatureTable, won: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    from sklearn.compose import ColumnTransformer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import KBinsDiscretizer, OneHotEncoder

    bins = KBinsDiscretizer(6, encode="onehot", quantile_method="averaged_inverted_cdf", random_state=0)
    numbers, categories = slice(0, NUMBERS), slice(NUMBERS, NUMBERS + CATEGORIES)
    columns = ColumnTransformer(
        [("numbers", bins, numbers), ("categories", OneHotEncoder(handle_unknown="ignore"), categories)]
    )
    pipeline = make_pipeline(columns, LogisticRegression(max_iter=300)).fit(_matrix(table), won)
    return lambda rows: pipeline.predict_proba(rows)[:, 1]


def _quality(
    profile: FitProfile, table: FeatureTable, won: np.ndarray, peer: Callable[[np.ndarray], np.ndarray]
) -> str:
    from sklearn.metrics import roc_auc_score

    judged = table.take(np.arange(min(table.rows, LEARNED)))
    labels = won[: judged.rows]
    if labels.all() or not labels.any():
        return ""
    ours = roc_auc_score(labels, fit_scores(profile, judged).score)
    theirs = roc_auc_score(labels, peer(_matrix(judged)))
    return f"AUC of new rows {ours:.3f}, the peer's {theirs:.3f}; {len(profile.criteria)} criteria"


def _scored(profile: FitProfile, table: FeatureTable, peer: Callable[[np.ndarray], np.ndarray]) -> Row:
    matrix = _matrix(table)
    return side_by_side(
        "fit scores",
        f"{table.rows:,} rows, {len(table.names)} columns",
        lambda: fit_scores(profile, table),
        "scikit-learn KBins, one-hot, logistic",
        lambda: peer(matrix),
        runs=3,
    )


def _one(profile: FitProfile, table: FeatureTable, peer: Callable[[np.ndarray], np.ndarray]) -> Row:
    """Medians of many calls, of the first row as raw values."""
    first = table.take(np.array([0]))
    values = {
        each.name: (each.levels[each.values[0]] if each.values[0] >= 0 else None)
        if each.levels
        else float(each.values[0])
        for each in first.features
    }
    matrix = _matrix(first)
    single(profile, values)
    ours_s = median(seconds(lambda: single(profile, values)) for _ in range(SINGLES))
    peer_s = median(seconds(lambda: peer(matrix)) for _ in range(SINGLES // 10))
    return Row(
        work="fit score of one row",
        size="1 row",
        ours_s=ours_s,
        peer_name="scikit-learn KBins, one-hot, logistic",
        peer_s=peer_s,
        ratio=peer_s / ours_s,
        note="ours with reasons and the way to the next tier",
    )
