"""What moves many traits at once? Demographics and ten latent ways of living that depend on them.

The correlations are the same for everybody: they are the background that any group shares.
"""

import numpy as np

from store.synthetic.persons.draws.census import People
from store.synthetic.persons.draws.households import Households

DEMOGRAPHICS = ["age", "income", "education", "urban", "female", "kids", "couple"]
LIFESTYLES: dict[str, dict[str, float]] = {
    "wellness": {"female": 0.2, "education": 0.25, "income": 0.15, "age": -0.1},
    "outdoors": {"urban": -0.35, "female": -0.12, "age": -0.1},
    "domestic": {"female": 0.3, "couple": 0.2, "kids": 0.1, "age": 0.15},
    "tech": {"age": -0.4, "female": -0.2, "education": 0.2, "urban": 0.1},
    "culture": {"education": 0.4, "age": 0.2, "urban": 0.2, "female": 0.15},
    "sport": {"female": -0.3, "income": 0.1, "age": -0.15},
    "motor": {"female": -0.35, "urban": -0.25, "education": -0.2},
    "style": {"female": 0.4, "age": -0.25, "urban": 0.2, "income": 0.1},
    "finance": {"income": 0.4, "age": 0.3, "education": 0.2, "female": -0.1},
    "family": {"kids": 0.5, "couple": 0.25},
}
FACTORS = [*DEMOGRAPHICS, *LIFESTYLES]

_AGE_MEAN, _AGE_DEVIATION = 46.8, 17.4
_SCHOOLING_MEAN, _SCHOOLING_DEVIATION = 2.0, 1.55
_KIDS_SHARE, _COUPLE_SHARE = 0.3, 0.57


def factors_of(
    rng: np.random.Generator, people: People, households: Households, income: np.ndarray, urbanity: np.ndarray
) -> np.ndarray:
    """A row for each person, a column for each of FACTORS, about standard each.

    `income` (a score) and `urbanity` have a row for each household.
    """
    home = households.of_person
    known = np.empty((len(people), len(DEMOGRAPHICS)), dtype=np.float32)
    known[:, 0] = (people.age - _AGE_MEAN) / _AGE_DEVIATION
    known[:, 1] = np.clip(income[home], -3, 3)
    known[:, 2] = (people.education - _SCHOOLING_MEAN) / _SCHOOLING_DEVIATION
    known[:, 3] = np.clip(urbanity[home], -3, 3)
    known[:, 4] = np.where(people.is_female, 1, -1)
    known[:, 5] = _standard(households.children[home] > 0, _KIDS_SHARE)
    known[:, 6] = _standard(households.is_couple[home], _COUPLE_SHARE)
    pull = weights([LIFESTYLES[name] for name in LIFESTYLES], DEMOGRAPHICS)
    own = rng.standard_normal((len(people), len(LIFESTYLES)), dtype=np.float32)
    return np.hstack([known, known @ pull + own * np.sqrt(1 - (pull**2).sum(axis=0))])


def weights(loadings: list[dict[str, float]], factors: list[str]) -> np.ndarray:
    """Loadings as a matrix: a row for each factor, a column for each set of loadings."""
    matrix = np.zeros((len(factors), len(loadings)), dtype=np.float32)
    for column, loading in enumerate(loadings):
        for factor, weight in loading.items():
            matrix[factors.index(factor), column] = weight
    return matrix


def _standard(holds: np.ndarray, share: float) -> np.ndarray:
    return (holds - share) / np.sqrt(share * (1 - share))
