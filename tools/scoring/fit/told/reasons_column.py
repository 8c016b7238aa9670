"""Why does each of many rows score as it does, in a line?"""

import numpy as np

from store.features import FeatureTable
from tools.scoring.fit.profile import GOOD_EVIDENCE, FitProfile
from tools.scoring.fit.scoring import coded

MOST_FOR, MOST_AGAINST = 3, 2
# A criterion (of 60) and a bin (of 12) in ten bits: five of them and a disqualifier fit in 63.
BITS = 10


def reasons_column(profile: FitProfile, table: FeatureTable, rows: np.ndarray | None = None) -> list[str]:
    """A line for each row: up to three reasons for, two against, strongest first, and what disqualifies it.

    rows: numbers or a mask, in the order wanted; all when left out. Rows with the same reasons share one
    text, which is written once: `Employees 50 to 499, Industry Software; against: Country DE`.
    """
    chosen = table if rows is None else table.take(rows)
    if not profile.criteria:
        return ["nothing sets these rows apart"] * chosen.rows
    from tools.scoring.fit.kernels import strongest  # compiled code takes a second to load

    said = _said(profile)
    keys = np.empty(chosen.rows, dtype=np.int64)
    for start, codes, fired in coded(profile, chosen):
        ruled = (fired.astype(np.int64) + 1) << (BITS * (MOST_FOR + MOST_AGAINST))
        keys[start : start + codes.shape[1]] = ruled | strongest(
            codes, said, GOOD_EVIDENCE, MOST_FOR, MOST_AGAINST, BITS
        )
    distinct, place = np.unique(keys, return_inverse=True)
    texts = np.array([_text(profile, int(key)) for key in distinct] or [""], dtype=object)
    return texts[place].tolist()


def _said(profile: FitProfile) -> np.ndarray:
    said = np.zeros((len(profile.criteria), max(len(each.bins) for each in profile.criteria)))
    for at, each in enumerate(profile.criteria):
        said[at, : len(each.bins)] = [one.evidence for one in each.bins]
    return said


def _text(profile: FitProfile, key: int) -> str:
    tokens = [(key >> (BITS * at)) & ((1 << BITS) - 1) for at in range(MOST_FOR + MOST_AGAINST)][::-1]
    words = [_words(profile, token) for token in tokens]
    good = ", ".join(each for each in words[:MOST_FOR] if each)
    bad = ", ".join(each for each in words[MOST_FOR:] if each)
    text = "; against: ".join((good, bad)) if bad and good else f"against: {bad}" if bad else good
    ruled = (key >> (BITS * (MOST_FOR + MOST_AGAINST))) - 1
    if ruled >= 0:
        each = profile.disqualifiers[ruled]
        text = f"walk away: {each.scale.told} {each.words}" + (f"; {text}" if text else "")
    return text or "nothing speaks for it or against it"


def _words(profile: FitProfile, token: int) -> str:
    if not token:
        return ""
    criterion = profile.criteria[(token - 1) // 16]
    return f"{criterion.scale.told} {criterion.bins[(token - 1) % 16].words}"
