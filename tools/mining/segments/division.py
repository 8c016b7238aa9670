"""Which division of the customers accounts best for what they hold together?"""

from collections.abc import Mapping, Sequence

import numpy as np

from tools.mining.evidence.statistics import Floats, Ints
from tools.mining.findings import Trait
from tools.mining.queries import SegmentQuery
from tools.mining.rows.membership import Membership, pack, popcount
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.segments.features import FEWEST_FEATURES, Features, telling_traits
from tools.mining.segments.mixture import Mixture, fitted
from tools.mining.segments.scores import Ground
from tools.mining.segments.search import (
    BACKGROUND,
    Assigned,
    Division,
    Fit,
    Search,
    enough,
    in_canonical_order,
    whole,
)

__all__ = ["BACKGROUND", "Division", "accounted", "divided", "enough", "in_canonical_order"]

# A division by the told sets has to account for them so much better than one by all telling traits.
BETTER = 1.1


def divided(
    customers: Membership,
    population: PopulationCounts,
    traits: Mapping[int, Trait],
    query: SegmentQuery,
    sets: Sequence[Sequence[int]] = (),
) -> Division:
    """The segments of the customers, in whatever order they are given.

    sets: codes of the sets that mining tells, with what goes along with them. Kinds of many marks are found
    by all traits that meet more than elsewhere, kinds of three marks by the sets themselves; of both
    divisions the one is given that accounts for the sets (see `accounted`), in doubt the first.
    """
    features = telling_traits(customers, population, traits, query)
    told = [places for codes in sets if len(places := _places(customers, codes)) > 1]
    by_traits = _by_traits(customers, features, traits, query)
    of_sets = _of_sets(features, told)
    if len(of_sets.places) < FEWEST_FEATURES:
        return by_traits
    by_sets = _BySets(customers, of_sets, traits, query, told).division()
    better = accounted(customers, told, by_sets.labels) > BETTER * accounted(
        customers, told, by_traits.labels
    )
    return by_sets if better else by_traits


def accounted(customers: Membership, sets: Sequence[Ints], labels: Ints) -> float:
    """How well segments tell who has the sets, 0..1: the mean over sets, by their customers.

    Of each set (places in customers.codes) the highest correlation (phi) of having it and of being in
    one segment. One segment of all tells nothing, and segments that cut across the sets tell little.
    """
    total = customers.total
    masks = [pack(labels == number) for number in range(labels.max() + 1)]
    sizes = np.array([int((labels == number).sum()) for number in range(labels.max() + 1)]) / total
    weight = told = 0.0
    for members in sets:
        cover = customers.cover(members)
        share = int(popcount(cover)) / total
        both = np.array([int(popcount(cover & mask)) for mask in masks]) / total
        spread = np.sqrt(share * (1 - share) * sizes * (1 - sizes))
        phi = np.divide(both - share * sizes, spread, out=np.zeros(len(masks)), where=spread > 0)
        weight, told = weight + share, told + share * max(0.0, float(phi.max()))
    return told / weight if weight else 0.0


def _by_traits(
    customers: Membership, features: Features, traits: Mapping[int, Trait], query: SegmentQuery
) -> Division:
    if len(features.places) < FEWEST_FEATURES:
        why = f"no structure: fewer than {FEWEST_FEATURES} traits are more frequent than in the population"
        return whole(customers.total, why, [])
    return Search(customers, features, traits, query).division()


def _places(customers: Membership, codes: Sequence[int]) -> Ints:
    known = np.array(codes)[np.isin(codes, customers.codes)]
    return np.sort(np.searchsorted(customers.codes, known))


def _of_sets(features: Features, sets: Sequence[Ints]) -> Features:
    """The traits of the sets alone, as far as they follow from no stronger one, and no common ones."""
    members = np.concatenate([np.empty(0, dtype=np.int64), *sets])
    places = np.sort(features.candidates[np.isin(features.candidates, members)])
    return Features(places, places, places[:0], features.baseline, own=True)


class _BySets(Search):
    """A search that begins with the customers of the sets, by the traits of the sets.

    Nothing is told from what everybody shares: with three marks a kind, a trait that comes along
    with a mark in everybody would explain the kind away.
    """

    enough_gain = 0.95
    chosen_by = "from the sets that they hold together, least BIC"

    def __init__(
        self,
        customers: Membership,
        features: Features,
        traits: Mapping[int, Trait],
        query: SegmentQuery,
        sets: Sequence[Ints],
    ) -> None:
        super().__init__(customers, features, traits, query)
        self.sets = sets

    def tried(self) -> tuple[list[Mixture], Fit]:
        fit = Fit(self, self.features.places)
        return self.mixtures_of(fit.ground, self._beginnings(fit.ground)), fit

    def settled(self, fit: Fit, mixture: Mixture) -> tuple[Fit, Mixture, Assigned]:
        mixture = fitted(fit.ground.of(fit.cells(self.sample)), mixture, self.query.max_iterations)
        return fit, mixture, fit.assigned(mixture)

    def _beginnings(self, ground: Ground) -> list[Floats]:
        """Shares of the traits among the customers of each set, as far as its traits take part."""
        held, found = ground.held, []
        for members in self.sets:
            columns = np.flatnonzero(np.isin(self.features.places, members))
            rows = held[:, columns].all(axis=1)
            if len(columns) > 1 and rows.any():
                found.append(held[rows].mean(axis=0))
        return found
