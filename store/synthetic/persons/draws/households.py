"""Who lives with whom? Couples, grown children and the children who are too young to be in the file."""

from dataclasses import dataclass

import numpy as np

from store.synthetic.persons.draws.census import People

# Mean number of children under 18 by age of the head of household, for edges of census.AGE_EDGES.
CHILDREN_OF_COUPLES = np.array([0.7, 1.3, 1.7, 0.9, 0.15, 0.02])
CHILDREN_OF_SINGLE_PARENTS = np.array([0.8, 1.4, 1.3, 0.7, 0.1, 0.0])
CHILDREN_OF_OTHERS = 0.08
_CHILD_EDGES = [25, 35, 45, 55, 65]
CHILDREN = ["0", "1", "2", "3", "4", "5+"]
ADULTS = ["1", "2", "3", "4", "5", "6+"]


@dataclass(frozen=True)
class Households:
    """Households of a chunk, numbered from 0 in the order of their people.

    `of_person` and `head_row` have a row for each person; the rest one for each household.
    """

    of_person: np.ndarray
    head_row: np.ndarray
    is_couple: np.ndarray
    children: np.ndarray
    adults: np.ndarray

    def __len__(self) -> int:
        return len(self.children)


def settle(rng: np.random.Generator, people: People) -> tuple[People, Households]:
    """The people in the order of their households, heads first, and the households."""
    home = np.arange(len(people))
    husbands, wives = _couples(rng, people)
    home[wives] = husbands
    children = np.flatnonzero(people.is_with_parents)
    parents = _parents(rng, people, children)
    home[children] = home[parents]
    order = np.lexsort((home != np.arange(len(people)), rng.permutation(len(people))[home]))
    home = home[order]
    is_first = np.concatenate([[True], home[1:] != home[:-1]])
    return people.take(order), _households(rng, people.take(order), is_first)


def _households(rng: np.random.Generator, people: People, is_first: np.ndarray) -> Households:
    of_person = np.cumsum(is_first) - 1
    heads = np.flatnonzero(is_first)
    head = people.take(heads)
    members = np.bincount(of_person)
    # A married head lives with a spouse, in the file or not.
    spouses = np.bincount(of_person, people.is_married)
    adults = members + (head.is_married & (spouses == 1))
    return Households(
        of_person=of_person.astype(np.int32),
        head_row=heads[of_person],
        is_couple=head.is_married,
        children=_children(rng, head),
        adults=np.minimum(adults, len(ADULTS)).astype(np.int8),
    )


def _couples(rng: np.random.Generator, people: People) -> tuple[np.ndarray, np.ndarray]:
    """Husbands and wives of near age and schooling; the longer list is cut at random."""
    men = rng.permutation(np.flatnonzero(people.is_married & ~people.is_female))
    women = rng.permutation(np.flatnonzero(people.is_married & people.is_female))
    pairs = min(len(men), len(women))
    return _by_likeness(rng, people, men[:pairs], older=2.0), _by_likeness(
        rng, people, women[:pairs], older=0.0
    )


def _by_likeness(rng: np.random.Generator, people: People, rows: np.ndarray, older: float) -> np.ndarray:
    likeness = people.age[rows] - older + 1.5 * people.education[rows] + rng.normal(0, 3, len(rows))
    return rows[np.argsort(likeness)]


def _parents(rng: np.random.Generator, people: People, children: np.ndarray) -> np.ndarray:
    """For each grown child at home, somebody about 27 years older; the child alone when there is nobody."""
    elders = np.flatnonzero(~people.is_with_parents & (people.age >= 36))
    if len(elders) == 0:
        return children
    elders = elders[np.argsort(people.age[elders] + rng.random(len(elders)))]
    wanted = people.age[children] + rng.normal(27, 4, len(children))
    # Few are very old: somebody near in the order of ages, or the same elder would have all of these.
    spread = len(elders) // 40 + 1
    place = np.searchsorted(people.age[elders], wanted) + rng.integers(-spread, spread, len(children))
    last = len(elders) - 1
    return elders[np.clip(last - np.abs(last - np.abs(place)), 0, last)]


def _children(rng: np.random.Generator, head: People) -> np.ndarray:
    band = np.digitize(head.age, _CHILD_EDGES)
    mean = np.where(head.is_single_parent, CHILDREN_OF_SINGLE_PARENTS[band], CHILDREN_OF_OTHERS)
    mean = np.where(head.is_married, CHILDREN_OF_COUPLES[band], mean)
    return np.minimum(rng.poisson(mean), len(CHILDREN) - 1).astype(np.int8)
