"""How was each kind of figure of an analysis of outcomes made?"""

from agent.analysis import Figure


def provenance() -> list[Figure]:
    """How each kind of figure was made."""
    ledger, decided = "outcome records", "won and lost records, attributes as they were known then"
    return [
        Figure(
            figure="win rate",
            tool="outcomes.overview",
            inputs=ledger,
            formula="won / (won + lost); Wilson 95 % interval, at the number of accounts where they repeat",
        ),
        Figure(
            figure="criteria",
            tool="scoring.learn_fit",
            inputs=decided,
            formula="optimal bins (dynamic programming), evidence as shrunk log odds; weight: share of the "
            "log-likelihood that held-out rows lose without it",
        ),
        Figure(
            figure="fit score",
            tool="scoring.fit_scores",
            inputs="criteria",
            formula="sum of evidence, read off a line: 40 the median of the lost, 60 their 80th percentile, "
            "80 the higher of the won's 25th and the lost's 90th percentile, 100 the best possible row",
        ),
        Figure(
            figure="chance",
            tool="scoring.learn_conversion",
            inputs=decided,
            formula="the simplest of base rate, sparse linear, additive and boosted trees that is not worse "
            "on held-out windows in time; calibrated on rows before them",
        ),
        Figure(
            figure="calibration error",
            tool="scoring.learn_conversion",
            inputs="held-out rows",
            formula="mean |predicted - observed| over ten bins of as many rows; bootstrap 95 % interval",
        ),
        Figure(
            figure="backtest",
            tool="scoring.compare_models",
            inputs="the newest outcomes, which neither model has seen",
            formula="paired one-sided tests of log loss and AUC (DeLong) at 5 %, and of calibration",
        ),
        Figure(
            figure="tiers",
            tool="outcomes.outcome_measures",
            inputs="the newest 30 % of the decided records, by a profile of the older ones",
            formula="win rate (Wilson), contract value (bootstrap), cycle (median) by tier; Cochran-Armitage",
        ),
        Figure(
            figure="patterns",
            tool="outcomes.patterns",
            inputs=ledger,
            formula="Fisher's exact test, one-sided; focused Benjamini-Hochberg over all that could be told",
        ),
    ]
