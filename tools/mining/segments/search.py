"""Into how many parts do the customers fall by these traits, and who belongs to which?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import silhouette_score

from tools.mining.evidence.statistics import Floats, Ints
from tools.mining.evidence.variables import SUSPECTED, TELLING_LIFT, variables_of
from tools.mining.findings import Trait
from tools.mining.queries import SegmentQuery
from tools.mining.rows.membership import Membership
from tools.mining.segments import factors
from tools.mining.segments.features import FEWEST_FEATURES, Features
from tools.mining.segments.kernels import add_where_held, likelihood_gains
from tools.mining.segments.mixture import Mixture, fitted, mixtures, of_rows
from tools.mining.segments.scores import LEAST_GAIN, Ground, Scores, cell_counts, spread
from tools.mining.segments.stability import agreement, few, stabilities

# Distances grow with the square of the rows; the mean over these is within a hundredth.
SILHOUETTE_ROWS = 2_000
BLOCK_ROWS = 65_536
BACKGROUND = -1
# Steps of EM beside factors at most.
FACTOR_STEPS = 30
# A number of segments is enough when it brings the BIC this far from none to its minimum: what a
# further one adds is then a seam between two.
ENOUGH_GAIN = 0.99


# The kind of each customer, -1 for the background, and its posterior.
Assigned = tuple[Ints, NDArray[np.float32]]


@dataclass(frozen=True)
class Division:
    """labels (n,): segment of each customer; certainty (n,): its posterior; why so many; what was tried."""

    labels: Ints
    certainty: NDArray[np.float32] | None
    chosen_by: str
    candidates: list[dict[str, float]]
    stability: Floats


def in_canonical_order(customers: Membership, seed: int) -> Ints:
    """Customers by a hash of what they have, whatever order they come in; equal ones are side by side."""
    weights = np.random.default_rng(seed).integers(1, 2**63, len(customers.codes)).astype(np.uint64)
    sums = np.zeros((customers.total, 1), dtype=np.uint64)
    add_where_held(customers.bits, weights[:, None], 0, sums)
    return np.argsort(sums[:, 0], kind="stable")


def enough(bics: Sequence[float], gain: float = ENOUGH_GAIN) -> int:
    """The place of the least number that has this part of the gain from the first BIC to the lowest."""
    lowest = min(bics)
    target = bics[0] - gain * (bics[0] - lowest)
    return next(place for place, bic in enumerate(bics) if bic <= target)


class Search:
    """One search: a few rows choose traits and number, more fit the kinds, all are assigned."""

    enough_gain = ENOUGH_GAIN
    chosen_by = "least BIC"

    def __init__(
        self, customers: Membership, features: Features, traits: Mapping[int, Trait], query: SegmentQuery
    ) -> None:
        self.customers, self.features, self.query = customers, features, query
        self.variables = variables_of(customers.codes, traits)
        # Only rows of these attributes are looked at from here on.
        self.places = np.union1d(features.candidates, features.common)
        order = in_canonical_order(customers.only(self.places), query.seed)
        self.sample = order[spread(len(order), query.fit_rows)]
        few_rows = self.sample[spread(len(self.sample), query.choose_rows)]
        self.held = np.zeros((len(few_rows), len(customers.codes)), dtype=np.uint8)
        self.held[:, self.places] = customers.only(self.places).subset(few_rows).rows()
        self.floor = max(query.min_size, int(np.ceil(query.min_share * customers.total)))

    def division(self) -> Division:
        tried, fit = self.tried()
        chosen = enough([each.bic for each in tried], self.enough_gain)
        candidates = [self._told(each, fit.ground) for each in tried[1:]]
        total, mixture = self.customers.total, tried[chosen]
        if chosen == 0:
            return whole(total, "no structure: the population describes the customers best", candidates)
        fit, mixture, (kinds, certainty) = self.settled(fit, mixture)
        number = _numbers(kinds, mixture.kinds, self.floor)
        labels = number[kinds + 1]
        if labels.max() == BACKGROUND:
            return whole(total, f"no structure: no part reaches {self.floor} customers", candidates)
        if labels.max() == 0 and (labels == BACKGROUND).sum() < self.floor:
            return whole(total, "no structure: one kind describes the customers best", candidates)
        return self._judged(fit, mixture, number, candidates, labels, certainty)

    def settled(self, fit: "Fit", mixture: Mixture) -> tuple["Fit", Mixture, Assigned]:
        """The kinds fitted to more rows or beside factors, with their traits; who is of which."""
        query = self.query
        columns = np.concatenate([fit.places, fit.common])
        held = np.ascontiguousarray(self.held[:, columns])
        found = factors.settled(
            held,
            self.features.baseline[columns],
            mixture,
            mixture.posterior(fit.ground),
            steps=min(FACTOR_STEPS, query.max_iterations),
            most=query.max_features,
        )
        if found is None:
            mixture = fitted(fit.ground.of(fit.cells(self.sample)), mixture, query.max_iterations)
            return fit, mixture, fit.assigned(mixture)
        order, told = found
        columns = columns[order]
        posterior = told.posterior(np.ascontiguousarray(held[:, order]))
        again = Fit(self, columns[: told.first])
        kept, few_told = told.deciding()
        chosen = self.customers.only(columns[kept])
        rows = np.arange(len(kept))

        def posterior_of(start: int, stop: int) -> NDArray[np.float32]:
            return few_told.posterior(chosen.rows(rows, start, stop))

        return again, of_rows(again.ground, posterior), _likeliest(chosen.total, posterior_of)

    def _judged(
        self,
        fit: "Fit",
        mixture: Mixture,
        number: Ints,
        candidates: list[dict[str, float]],
        labels: Ints,
        certainty: NDArray[np.float32],
    ) -> Division:
        query = self.query
        each = stabilities(few(fit.ground, query.stability_rows), mixture, draws=query.draws, seed=query.seed)
        stable = np.zeros(labels.max() + 1)
        stable[number[1:][number[1:] >= 0]] = each[number[1:] >= 0]
        unstable = np.flatnonzero(stable < query.min_stability) if query.draws else np.zeros(0, np.int64)
        if len(unstable) == len(stable):
            why = "no structure: every part dissolves when the customers are drawn anew"
            return whole(len(labels), why, candidates)
        if mixture.kinds <= len(candidates):
            candidates[mixture.kinds - 1]["agreement"] = agreement(fit.ground, mixture, seed=query.seed)
        tried = f"{mixture.kinds} of 1 to {len(candidates)}"
        within = f"within {100 * (1 - self.enough_gain):.0f} %"
        why = f"{self.chosen_by} ({within}) at {tried}, over {len(fit.places)} traits"
        if not self.features.own:
            why += "; other people fall into such parts as well"
        if len(unstable):
            told = ", ".join(str(one) for one in unstable)
            why += f"; dissolving when the customers are drawn anew: segment {told}"
        return Division(labels, certainty, why, candidates, stable if query.draws else stable[:0])

    def tried(self) -> tuple[list[Mixture], "Fit"]:
        """Mixtures by number of kinds over the traits that differ between the kinds of a first division."""
        fit = Fit(self, self.features.places)
        tried = self.mixtures_of(fit.ground)
        chosen = tried[enough([each.bic for each in tried])]
        if not self.features.own or chosen.kinds == 0:
            return tried, fit
        telling = fit.telling(chosen)
        if len(telling) < FEWEST_FEATURES or np.array_equal(telling, fit.places):
            return tried, fit
        again = Fit(self, telling)
        return self.mixtures_of(again.ground), again

    def mixtures_of(self, ground: Ground, beginnings: Sequence[Floats] = ()) -> list[Mixture]:
        query = self.query
        most = max(1, min(query.max_segments, self.customers.total // self.floor))
        options = {"restarts": query.restarts, "max_iterations": query.max_iterations, "seed": query.seed}
        return list(mixtures(ground, most, beginnings, **options))

    def _told(self, mixture: Mixture, ground: Ground) -> dict[str, float]:
        rows = few(ground, SILHOUETTE_ROWS)
        labels, held = mixture.assigned(rows), rows.held.astype(np.float32)
        parts = np.unique(labels)
        within = sum(float(((held[labels == p] - held[labels == p].mean(axis=0)) ** 2).sum()) for p in parts)
        apart = float(silhouette_score(held, labels)) if 2 <= len(parts) < len(held) else 0.0
        return {
            "k": float(mixture.kinds),
            "bic": mixture.bic,
            "silhouette": apart,
            "inertia": within / len(held),
        }


class Fit:
    """The customers by these traits, beside what they share with everybody."""

    def __init__(self, search: Search, places: NDArray[np.intp]) -> None:
        self.search, self.places = search, np.sort(places)
        self.common = self._unbound()
        common = search.held[:, self.common].astype(np.float32)
        held, baseline = search.held, search.features.baseline
        self.scores = Scores.of(common, held[:, self.places], baseline[self.common])
        self.ground = self.scores.ground(common, held[:, self.places], baseline[self.places])

    def telling(self, mixture: Mixture) -> NDArray[np.intp]:
        """Traits whose share differs between the kinds, among customers alike in what all people share."""
        search = self.search
        every = np.union1d(search.features.candidates, self.common)
        common, baseline = search.held[:, self.common].astype(np.float32), search.features.baseline
        scores = Scores.of(common, search.held[:, every], baseline[self.common])
        ground = scores.ground(common, search.held[:, every], baseline[every])
        counts = cell_counts(ground.cells, mixture.posterior(self.ground), len(ground.centres))
        rows = len(ground.cells)
        gains = likelihood_gains(counts, ground.centres, ground.usual, ground.overall) / rows
        chance = mixture.kinds * np.log(rows) / (2 * rows)
        # Two thirds stay: what all people share shows in the traits that take no part, or not at all.
        most = max(len(self.places), len(every) // 3) if scores.levels > 1 else len(every)
        most = min(search.query.max_features, most)
        best = np.argsort(-gains, kind="stable")[:most]
        return np.sort(every[best[gains[best] > max(LEAST_GAIN, chance)]])

    def cells(self, rows: Ints) -> NDArray[np.uint8]:
        """Cells of these customers."""
        chosen = self.search.customers.only(np.concatenate([self.places, self.common])).subset(rows)
        return self._cells(chosen, 0, len(rows))

    def assigned(self, mixture: Mixture) -> Assigned:
        """The likeliest kind of each customer (-1: background), and its posterior."""
        chosen = self.search.customers.only(np.concatenate([self.places, self.common]))

        def posterior_of(start: int, stop: int) -> NDArray[np.float32]:
            return mixture.posterior(self.ground.of(self._cells(chosen, start, stop)))

        return _likeliest(chosen.total, posterior_of)

    def _cells(self, chosen: Membership, start: int, stop: int) -> NDArray[np.uint8]:
        features = len(self.places)
        components = np.zeros((stop - start, self.scores.weights.shape[1]), dtype=np.float32)
        add_where_held(chosen.bits[features:], self.scores.weights, start // 64, components)
        return self.scores.cells(components, chosen.rows(np.arange(features), start, stop))

    def _unbound(self) -> NDArray[np.intp]:
        """Common traits, and candidates left out, that neither imply nor follow from one of the traits."""
        search, held = self.search, self.search.held
        if not search.features.own:
            return search.features.common
        spare = np.setdiff1d(np.union1d(search.features.common, self._left_out()), self.places)
        other = search.variables[spare][:, None] != search.variables[self.places]
        both = held[:, spare].T.astype(np.float32) @ held[:, self.places].astype(np.float32)
        ones, twos = held[:, spare].sum(axis=0)[:, None], held[:, self.places].sum(axis=0)
        implied = (both >= SUSPECTED * np.minimum(ones, twos)) & (
            both * len(held) >= TELLING_LIFT * ones * twos
        )
        return spare[(other & ~implied).all(axis=1)]

    def _left_out(self) -> NDArray[np.intp]:
        """Candidates that a first division has shown to differ between no kinds; none before it."""
        features = self.search.features
        first = np.array_equal(self.places, np.sort(features.places))
        return features.candidates[:0] if first else features.candidates


def _likeliest(total: int, posterior_of: Callable[[int, int], NDArray[np.float32]]) -> Assigned:
    """The likeliest kind of each customer (-1: background), and its posterior, block by block."""
    kinds = np.empty(total, dtype=np.int64)
    certainty = np.empty(total, dtype=np.float32)
    for start in range(0, total, BLOCK_ROWS):
        block = slice(start, min(start + BLOCK_ROWS, total))
        posterior = posterior_of(block.start, block.stop)
        kinds[block] = posterior.argmax(axis=1) - 1
        certainty[block] = posterior.max(axis=1)
    return kinds, certainty


def _numbers(kinds: Ints, most: int, floor: int) -> Ints:
    """Segment of each kind, the background first: by size from 0; those under the floor are background."""
    sizes = np.bincount(kinds + 1, minlength=most + 1)[1:]
    order = [int(kind) for kind in np.argsort(-sizes, kind="stable") if sizes[kind] >= floor]
    number = np.full(most + 1, BACKGROUND, dtype=np.int64)
    number[np.array(order, dtype=np.intp) + 1] = np.arange(len(order))
    return number


def whole(total: int, why: str, candidates: list[dict[str, float]]) -> Division:
    """One segment of all customers, for this reason."""
    return Division(np.zeros(total, dtype=np.int64), None, why, candidates, np.zeros(0))
