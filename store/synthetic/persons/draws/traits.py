"""Who has which flag and which affinity? Logistic in the factors, with the shares of attributes.csv."""

from dataclasses import dataclass

import numpy as np

from store.synthetic.persons.draws.factors import FACTORS, weights
from store.synthetic.tables import Attribute, attributes

# Best first, so that code 0 is the strongest.
AFFINITY_LEVELS = ["High", "Medium", "Low"]
AFFINITY_SHARES = [0.22, 0.40, 0.38]


@dataclass(frozen=True)
class Traits:
    """Flags and affinities, and what makes their shares right: `bias` of a flag, `cuts` of an affinity."""

    flags: list[Attribute]
    flag_weights: np.ndarray
    bias: np.ndarray
    affinities: list[Attribute]
    affinity_weights: np.ndarray
    cuts: np.ndarray


def calibrated_traits(factors: np.ndarray, head_row: np.ndarray) -> Traits:
    """Traits whose shares over these people (rows of factors) are those of attributes.csv.

    `head_row` is the row of each person's head of household, whose flags some of theirs are.
    """
    flags = [attribute for attribute in attributes() if attribute.kind == "flag" and attribute.loadings]
    affinities = [attribute for attribute in attributes() if attribute.domain == "affinity"]
    flag_weights = weights([flag.loadings for flag in flags], FACTORS)
    is_shared = np.array([flag.is_shared_by_household for flag in flags])
    scores = np.where(is_shared, factors[head_row] @ flag_weights, factors @ flag_weights)
    affinity_weights = weights([affinity.loadings for affinity in affinities], FACTORS)
    noisy = factors @ affinity_weights
    noisy += np.random.default_rng(0).standard_normal(noisy.shape, dtype=np.float32)
    return Traits(
        flags,
        flag_weights,
        _bias(scores, np.array([flag.share for flag in flags])),
        affinities,
        affinity_weights,
        -np.quantile(-noisy, np.cumsum(AFFINITY_SHARES)[:-1], axis=0),
    )


def _bias(scores: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """What to add to each column so that the mean of its logistic is the share (Newton's method)."""
    bias = np.log(shares / (1 - shares))
    for _ in range(12):
        probability = 1 / (1 + np.exp(-(scores + bias)))
        bias += (shares - probability.mean(axis=0)) / (probability * (1 - probability)).mean(axis=0)
    return bias.astype(np.float32)


def draw_flags(rng: np.random.Generator, traits: Traits, factors: np.ndarray, head_row: np.ndarray) -> dict:
    """Flag name -> who has it. Flags of a household are its head's."""
    odds_against = factors @ traits.flag_weights
    odds_against += traits.bias
    np.exp(-odds_against, out=odds_against)
    odds_against += 1
    odds_against *= rng.random(odds_against.shape, dtype=np.float32)
    holds = {flag.name: odds_against[:, column] < 1 for column, flag in enumerate(traits.flags)}
    for flag in traits.flags:
        if flag.is_shared_by_household:
            holds[flag.name] = holds[flag.name][head_row]
    holds["has_mortgage"] &= holds["is_home_owner"]
    holds["owns_investments"] |= holds["is_investor"]
    return holds


def draw_affinities(rng: np.random.Generator, traits: Traits, factors: np.ndarray) -> dict[str, np.ndarray]:
    """Affinity name -> the place in AFFINITY_LEVELS of each person."""
    scores = factors @ traits.affinity_weights
    scores += rng.standard_normal(scores.shape, dtype=np.float32)
    return {
        affinity.name: (scores[:, column, None] < traits.cuts[:, column]).sum(axis=1, dtype=np.int8)
        for column, affinity in enumerate(traits.affinities)
    }
