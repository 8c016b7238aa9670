"""Is a trait more frequent among the customers, or only more often known of them?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tools.mining.evidence.statistics import (
    Floats,
    Ints,
    as_p_values,
    benjamini_hochberg,
    log_p_depleted,
    log_p_enriched,
)
from tools.mining.rows.membership import Membership, popcount

# Coverage that differs by this factor, by more than chance, makes shares of all people misleading.
UNEVEN = 1.15
SURE = 0.001


@dataclass(frozen=True)
class Coverage:
    """Of whom a value of the trait's attribute is recorded, by trait: customers (M,), people (M,).

    uneven (M,): of clearly more, or fewer, customers than people. A blank is no "No": where half of the
    people gave no answer and all customers did, both "Yes" and "No" are twice as frequent among these. An
    attribute of which only one value is ever recorded, or of which a person may have several, tells nothing
    of who answered: its traits count as recorded of everybody.
    """

    customers: Ints
    people: Ints
    uneven: NDArray[np.bool_]

    @classmethod
    def of(cls, customers: Membership, variables: Ints, sizes: Ints, people: int) -> "Coverage":
        """sizes (M,) of the population's `people`; variables (M,) as of `variables_of`."""
        counts = customers.counts()
        many = variables.max(initial=-1) + 1
        answered = np.bincount(variables, counts, many).astype(np.int64)
        recorded = np.bincount(variables, sizes, many).astype(np.int64)
        values = np.bincount(variables, minlength=many)
        telling = (values > 1) & (recorded <= people) & (answered <= customers.total)
        for variable in np.flatnonzero(telling):
            rows = customers.bits[variables == variable]
            telling[variable] = popcount(np.bitwise_or.reduce(rows, axis=0)) == answered[variable]
        answered = np.where(telling, answered, customers.total)
        recorded = np.where(telling, recorded, people)
        uneven = _uneven(answered, customers.total, recorded, people)
        return cls(answered[variables], recorded[variables], uneven[variables])

    def enriched(self, counts: Ints, sizes: Ints, min_lift: float, q: float) -> NDArray[np.bool_]:
        """Whether the trait is more frequent among those of whom it is known too; true where all is even."""
        log_p = log_p_enriched(counts, self.customers, sizes, self.people)
        return ~self.uneven | ((self.lift(counts, sizes) >= min_lift) & (self._q(log_p) <= q))

    def depleted(self, counts: Ints, sizes: Ints, max_lift: float, q: float) -> NDArray[np.bool_]:
        """Whether it is rarer among them too."""
        log_p = log_p_depleted(counts, self.customers, sizes, self.people)
        return ~self.uneven | ((self.lift(counts, sizes) <= max_lift) & (self._q(log_p) <= q))

    def lift(self, counts: Ints, sizes: Ints) -> Floats:
        """Share among the customers of whom it is known / share among the people of whom it is known."""
        share = counts / np.maximum(self.customers, 1)
        return share / (np.maximum(sizes, 0.5) / np.maximum(self.people, 1))

    def _q(self, log_p: Floats) -> Floats:
        """Over the traits of uneven attributes, which alone are tested this second time."""
        return benjamini_hochberg(np.where(self.uneven, as_p_values(log_p), 1.0), int(self.uneven.sum()))


def _uneven(answered: Ints, customers: int, recorded: Ints, people: int) -> NDArray[np.bool_]:
    ratio = (answered / max(customers, 1)) / (np.maximum(recorded, 0.5) / max(people, 1))
    log_p = np.minimum(
        log_p_enriched(answered, customers, np.maximum(recorded, answered), people),
        log_p_depleted(answered, customers, np.maximum(recorded, answered), people),
    )
    return ((ratio >= UNEVEN) | (ratio <= 1 / UNEVEN)) & (as_p_values(log_p) <= SURE)
