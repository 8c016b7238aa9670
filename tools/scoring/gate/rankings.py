"""May a new fit profile take the place of the published one?"""

import numpy as np

from store.errors import BadInput
from tools.mining.findings import Estimate
from tools.scoring.conversion.evidence.accuracy import auc_difference, ranking
from tools.scoring.gate.compare import GateDecision
from tools.scoring.gate.queries import GateQuery


def compare_rankings(
    new: np.ndarray, old: np.ndarray | None, happened: np.ndarray, query: GateQuery | None = None
) -> GateDecision:
    """Publish or keep aside, by how scores rank outcomes that neither was learned from.

    new, old: scores of the same rows; old is None where none is published. The new one is kept aside where a
    one-sided test finds its AUC lower (DeLong). A score promises an order, so calibration takes no part.
    """
    query = query or GateQuery()
    outcomes = np.asarray(happened)
    if outcomes.dtype != bool or outcomes.shape != np.shape(new):
        raise BadInput("Outcomes are not yes or no, one for each score", where="happened")
    yes, rows = int(outcomes.sum()), len(outcomes)
    if min(yes, rows - yes) < query.least_each:
        few = f"Only {yes:,} of the new outcomes happened and {rows - yes:,} did not"
        first = "no profile is published, so this one is, untested"
        told = first if old is None else "the published one stays"
        return GateDecision(
            decision="publish" if old is None else "keep_aside",
            why=f"{few}, of {query.least_each} that are needed; {told}.",
            tested=False,
            rows=rows,
            happened=yes,
        )
    if old is None:
        auc = ranking(new, outcomes).auc
        why = f"It is the first profile. On {rows:,} newer outcomes its AUC is {auc:.2f}."
        return GateDecision(decision="publish", why=why, tested=True, rows=rows, happened=yes)
    difference = auc_difference(new, old, outcomes)
    p_worse = difference._replace(mean=-difference.mean).p_above
    worse = p_worse <= query.level
    return GateDecision(
        decision="keep_aside" if worse else "publish",
        why=_why(worse, difference.estimate, rows),
        reasons=["auc"] if worse else [],
        tested=True,
        rows=rows,
        happened=yes,
        auc_difference=difference.estimate,
        p_worse_auc=p_worse,
    )


def _why(worse: bool, auc: Estimate, rows: int) -> str:
    told = f"AUC {auc.value:+.3f} (95 %: {auc.low:+.3f} to {auc.high:+.3f}, new - old)"
    if worse:
        return f"On {rows:,} new outcomes the new profile is kept aside: it ranks them worse, {told}."
    better = "better" if auc.low > 0 else "not worse"
    return f"On {rows:,} new outcomes the new profile ranks {better} than the published one: {told}."
