"""Which traits say the same by construction, so that their meeting is no news?"""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import Ints
from tools.mining.findings import Trait
from tools.mining.rows.membership import Membership
from tools.mining.rows.population_counts import PopulationCounts
from tools.mining.sets.itemsets import co_occurrence

# One trait implies another when this share of the people who have it have the other too.
IMPLIED = 0.995
# The customers are few: what may be an implication is asked of the population from this share on.
SUSPECTED = 0.98
# Below this lift an implication only says that nearly everybody has the other trait.
TELLING_LIFT = 1.15
# A variable determines another when values that imply one of the other's cover this share of it.
DETERMINED = 0.5

Pairs = NDArray[np.bool_]


def variables_of(codes: NDArray[np.int32], traits: Mapping[int, Trait]) -> Ints:
    """A number for each code, the same for the values of one variable."""
    names = [traits[int(code)].name for code in codes]
    return np.unique(names, return_inverse=True)[1].astype(np.int64)


def same_variable(variables: Ints) -> Pairs:
    """[a, b] is True where both are values of one variable."""
    return variables[:, None] == variables[None, :]


def implications(
    customers: Membership, population: PopulationCounts, sizes: Ints, together: Ints | None = None
) -> Pairs:
    """[a, b] is True where having a means having b: in the population, and a lift above 1.15 here.

    Among few customers a strong motif looks like an implication, so the population decides: one
    batch of exact counts for the pairs that the customers leave in doubt.
    """
    together = co_occurrence(customers) if together is None else together
    counts = np.diag(together)
    expected = np.outer(counts, counts) / customers.total
    suspected = (together > 0) & (together >= SUSPECTED * counts[:, None])
    suspected &= together >= TELLING_LIFT * expected
    np.fill_diagonal(suspected, False)
    first, second = np.nonzero(np.triu(suspected | suspected.T))
    implied = np.zeros(together.shape, dtype=np.bool_)
    if len(first):
        pairs = np.column_stack([customers.codes[first], customers.codes[second]])
        both = population.set_sizes([tuple(pair) for pair in pairs.tolist()])
        implied[first, second] = both >= IMPLIED * sizes[first]
        implied[second, first] = both >= IMPLIED * sizes[second]
    return implied


def dependent(variables: Ints, implied: Pairs, counts: Ints) -> Pairs:
    """Pairs that may not meet in one set: of one variable, or of two where one determines the other.

    So an age range goes with no generation, and a ZIP area with no state: nor do the few values of
    them that straddle a border.
    """
    variables = np.unique(variables, return_inverse=True)[1]
    # Sums of ones: exact in floating point, whose products are a hundred times as fast as of integers.
    member = np.eye(variables.max(initial=-1) + 1)[variables]
    implies = implied.astype(np.float64) @ member > 0
    covered = (member * counts[:, None]).T @ implies.astype(np.float64)
    whole = np.maximum(member.T @ counts, 1)
    determined = covered >= DETERMINED * whole[:, None]
    bound = (determined | determined.T)[np.ix_(variables, variables)]
    return bound | implied | implied.T | same_variable(variables)


def one_per_variable(places: Iterable[int], variables: Ints) -> list[int]:
    """The places whose variable has not come before, in their order."""
    seen: dict[int, int] = {}
    for place in places:
        seen.setdefault(int(variables[place]), int(place))
    return list(seen.values())


def without_implied(places: Iterable[int], implied: Pairs) -> list[int]:
    """The places that neither imply nor follow from one that came before."""
    kept: list[int] = []
    for place in places:
        if not (implied[place, kept].any() or implied[kept, place].any()):
            kept.append(int(place))
    return kept
