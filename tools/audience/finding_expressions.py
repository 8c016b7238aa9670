"""Who in the population is like a segment or bears a field mark, as an expression with its exact size?"""

from collections.abc import Sequence

import numpy as np

from store.population.population import Population
from tools.audience.joint_counts import JointCounts
from tools.audience.measured import FindingAudience, Reached, code_of, share_estimate, worded
from tools.audience.selection import Selection
from tools.audience.telling_expressions import Telling, best_telling
from tools.mining.evidence.statistics import Ints, information
from tools.mining.findings import FieldMark
from tools.mining.rows.counting import BitmapCounts, trait_of
from tools.mining.rows.membership import Membership, pack

TRAITS = 12  # that an expression may be made of: 4,096 combinations
FEWEST = 5  # members from whom an expression is made
LEAST_LIFT = 1.1  # of a trait that it is made of


def segment_audiences(
    population: Population,
    made_from: Membership,
    made_labels: Ints,
    measured_on: Membership,
    measured_labels: Ints,
    customers: np.ndarray,
    universe: Selection,
    *,
    held_out: bool,
) -> dict[int, FindingAudience]:
    """For each segment the expression that best tells its members; without those that no traits tell.

    made_labels, measured_labels: the segment of each row, below 0 for none. Made from the members in
    one half, measured on those in the other: recall of the members, lift over the population, precision
    among the customers. The segments themselves may have been found among all. customers: person ids.
    """
    sizes = _sizes(population, universe, made_from)
    found = {}
    for segment in np.unique(made_labels[made_labels >= 0]).tolist():
        mine = made_labels == segment
        codes = _strongest(made_from, mine, sizes)
        if not codes or not (measured_labels == segment).any():
            continue
        joint = JointCounts.of(population, codes, universe, customers)
        telling = best_telling(joint, joint.customers(made_from, mine))
        if telling is not None:
            rows = measured_labels == segment
            found[segment] = _segment_audience(population, joint, telling, measured_on, rows, held_out)
    return found


def _sizes(population: Population, universe: Selection, customers: Membership) -> tuple[Ints, int]:
    """People of each cluster of the membership, and people in all."""
    counts = BitmapCounts(population, None if universe.is_everyone else universe)
    return np.asarray(counts.sizes(customers.codes)), counts.total


def _strongest(customers: Membership, mine: np.ndarray, sizes: tuple[Ints, int]) -> list[int]:
    """Codes of the traits that tell these customers most from the population."""
    people, total = sizes
    members = int(mine.sum())
    having = customers.counts(within=pack(mine))
    share, usual = having / max(1, members), np.clip(people / max(1, total), 1e-12, 1 - 1e-12)
    worth = np.where((having >= FEWEST) & (share >= LEAST_LIFT * usual), information(share, usual), 0.0)
    order = np.argsort(-worth, kind="stable")[:TRAITS]
    return [int(customers.codes[at]) for at in order if worth[at] > 0]


def _segment_audience(
    population: Population,
    joint: JointCounts,
    telling: Telling,
    customers: Membership,
    mine: np.ndarray,
    held_out: bool,
) -> FindingAudience:
    held = joint.holding(telling.alternatives)
    members = joint.customers(customers, mine)
    hits = int(members[held].sum())
    reached = Reached(
        int(joint.people[held].sum()),
        int(joint.fresh[held].sum()),
        joint.total,
        hits,
        int(members.sum()),
        held_out,
    )
    catalogue = population.catalogue
    words = worded([joint.codes_of(each) for each in telling.alternatives], catalogue)
    if telling.at_least:
        codes = joint.codes_of(int(np.bitwise_or.reduce(telling.alternatives)))
        named = ", ".join(trait_of(catalogue[code]).phrase for code in codes)
        words["in_words"] = f"at least {telling.at_least} of these {len(codes)}: {named}"
    return FindingAudience(
        **words,
        **reached.figures(),
        precision=share_estimate(hits, int(joint.customers(customers)[held].sum())),
    )


def mark_audiences(
    population: Population,
    marks: Sequence[FieldMark],
    measured_on: Membership,
    customers: np.ndarray,
    universe: Selection,
    *,
    held_out: bool,
) -> list[FindingAudience]:
    """For each field mark the people who have all of its traits, in the order of the marks.

    held_out: whether measured_on had no part in finding the marks. customers: person ids, sorted.
    """
    sets = [tuple(sorted(code_of(trait) for trait in mark.traits)) for mark in marks]
    everyone = BitmapCounts(population, None if universe.is_everyone else universe)
    others = BitmapCounts(population, Selection(universe.expression, universe.location, customers))
    people, fresh = everyone.set_sizes(sets), others.set_sizes(sets)
    return [
        FindingAudience(
            **worded([codes], population.catalogue),
            **Reached(
                int(people[at]),
                int(fresh[at]),
                everyone.total,
                measured_on.count_of(np.searchsorted(measured_on.codes, codes)),
                measured_on.total,
                held_out,
            ).figures(),
        )
        for at, codes in enumerate(sets)
    ]
