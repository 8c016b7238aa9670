"""Which dimensions did each row match, and which did it miss?"""

import numpy as np

from store.features import FeatureTable
from tools.scoring.fit.profile import GOOD_EVIDENCE, FitProfile
from tools.scoring.fit.scoring import coded


def dimension_tags(profile: FitProfile, table: FeatureTable) -> tuple[list[str], list[str]]:
    """The dimensions with a value to look for, and those with one to avoid, of each row: `Industry; Role`.

    Rows with the same tags share one text, which is written once.
    """
    names = [each.scale.told for each in profile.criteria]
    marks = np.zeros((table.rows, len(names)), dtype=np.int8)
    for start, codes, _ in coded(profile, table):
        for at, each in enumerate(profile.criteria):
            said = np.array([one.evidence for one in each.bins])
            mark = (said >= GOOD_EVIDENCE).astype(np.int8) - (said <= -GOOD_EVIDENCE).astype(np.int8)
            marks[start : start + codes.shape[1], at] = mark[codes[at]]
    distinct, place = np.unique(marks, axis=0, return_inverse=True)
    told = [_told(distinct, place.reshape(-1), names, side) for side in (1, -1)]
    return told[0], told[1]


def _told(distinct: np.ndarray, place: np.ndarray, names: list[str], side: int) -> list[str]:
    texts = [
        "; ".join(name for name, mark in zip(names, row, strict=True) if mark == side) for row in distinct
    ]
    return [texts[at] for at in place.tolist()]
