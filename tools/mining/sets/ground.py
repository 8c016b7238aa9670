"""What does the search for sets stand on?"""

from dataclasses import dataclass

import numpy as np

from tools.mining.evidence.statistics import Floats, Ints
from tools.mining.rows.membership import Membership
from tools.mining.sets.itemsets import Sets, co_occurrence
from tools.mining.sets.redundancy import PSEUDO_PERSONS, log_excess


@dataclass(frozen=True)
class Ground:
    """What the search stands on: the customers by their frequent traits, and those traits among people.

    sizes (M,) of `people`; variables (M,); floor: customers that a set needs; together (M, M).
    """

    customers: Membership
    sizes: Ints
    people: int
    variables: Ints
    floor: int
    together: Ints

    @classmethod
    def of(cls, customers: Membership, sizes: Ints, people: int, variables: Ints, floor: int) -> "Ground":
        return cls(customers, sizes, people, variables, floor, co_occurrence(customers))

    @property
    def counts(self) -> Ints:
        return np.diag(self.together)

    def lift(self, sets: Sets) -> Floats:
        total = self.customers.total
        return sets.counts / total / (self.counts[sets.members] / total).prod(axis=1)

    def odds_ratio(self, pairs: Sets) -> Floats:
        """Of the pairs among the customers, half a person added to each cell."""
        one, other = self.counts[pairs.members].T - pairs.counts
        neither = self.customers.total - pairs.counts - one - other
        return (pairs.counts + 0.5) * (neither + 0.5) / ((one + 0.5) * (other + 0.5))

    def excess(self, pairs: Ints, people: Ints) -> tuple[Floats, Floats]:
        """log of the pairs' lift over their lift among other people, and its standard error."""
        first, second = pairs.T
        both = self.together[first, second]
        rest = self.sizes - self.counts
        return log_excess(
            both,
            self.counts[first],
            self.counts[second],
            self.customers.total,
            others=(np.maximum(people - both, 0), rest[first], rest[second], self.others),
        )

    @property
    def others(self) -> int:
        """The people who are no customers."""
        return self.people - self.customers.total

    def usual_lift(self, sets: Sets, people: Ints) -> Floats:
        """Lift of the sets among the other people, shrunk towards 1 by 30 pseudo-persons."""
        shares = self.usual_share()[sets.members].prod(axis=1)
        others = np.maximum(people - sets.counts, 0)
        return (others + PSEUDO_PERSONS) / (shares * self.others + PSEUDO_PERSONS)

    def usual_share(self) -> Floats:
        """Share of the other people who have each trait."""
        return (self.sizes - self.counts) / max(self.others, 1)

    def enrichment(self, sets: Sets, people: Ints) -> Floats:
        return (sets.counts / self.customers.total) / (people / self.people)
