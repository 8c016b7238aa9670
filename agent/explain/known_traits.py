"""Which figures are there of traits, of sets of traits and of anti-patterns?"""

from collections.abc import Iterable, Iterator, Sequence

from agent.explain.explanation import ExplainedFigure
from agent.explain.making import divided, estimated, exact
from agent.narration.wording import phrases
from tools.mining.findings import AntiPattern, LiftReport, SetLift, TraitLift

CUSTOMERS = "among the customers"


def trait_figures(
    found: Sequence[TraitLift], group: str, size: int, population: int
) -> Iterator[ExplainedFigure]:
    """Lift, shares and counts of each trait; group: `among the customers`, `in the segment …`; its size."""
    members = "customers" if group == CUSTOMERS else f"customers {group}"
    for one in found:
        who = f"people who {one.trait.phrase}"
        counts = {
            f"{members} who {one.trait.phrase}": one.customers,
            members: size,
            f"people in the population who {one.trait.phrase}": one.population,
            "people in the population": population,
        }
        lift = estimated(f"lift of {who} {group}", "ratio", one.lift, "lift", counts, one.q_value)
        yield lift.model_copy(update={"worked": divided(one.customers, size, one.population, population)})
        yield estimated(f"share of {who} {group}", "share", one.frequency, "frequency", counts)
        yield exact(
            f"share of {who} in the population", "share", one.baseline_share, "baseline share", counts
        )
        yield exact(f"{who} {group}", "count", one.customers, "frequency", counts)
        yield exact(f"{who} in the population", "count", one.population, "baseline share", counts)
        yield exact(f"q-value of {who} {group}", "q", one.q_value, "q-value")


def lost_figures(lift: LiftReport) -> Iterator[ExplainedFigure]:
    """Of what marks the lost: its shares of the lost and of the customers, and how they compare."""
    for one in lift.marks_of_the_lost:
        who = f"people who {one.trait.phrase}"
        counts = {
            "lost with it": one.customers,
            "lost": lift.lost or 0,
            "customers with it": one.population,
            "customers": lift.customers,
        }
        what = f"times as frequent among the lost as among the customers: {who}"
        yield estimated(what, "ratio", one.lift, "against the lost", counts, one.q_value)
        yield estimated(f"share among the lost of {who}", "share", one.frequency, "frequency", counts)
        share = one.baseline_share
        yield exact(
            f"share among the customers, beside the lost, of {who}", "share", share, "frequency", counts
        )


def set_figures(found: Sequence[SetLift], lift: LiftReport) -> Iterator[ExplainedFigure]:
    """Lift, shares and counts of each set."""
    for one in found:
        who = f"people who {phrases(one.traits)}"
        counts = {
            "customers with all of these": one.customers,
            "customers": lift.customers,
            "people in the population with all of these": one.population,
            "people in the population": lift.population,
        }
        over = estimated(
            f"lift of {who} among the customers",
            "ratio",
            one.lift_over_population,
            "lift",
            counts,
            one.q_value,
        )
        yield over.model_copy(
            update={"worked": divided(one.customers, lift.customers, one.population, lift.population)}
        )
        yield estimated(f"share of {who} among the customers", "share", one.frequency, "frequency", counts)
        yield exact(
            f"share of {who} in the population", "share", one.baseline_share, "baseline share", counts
        )
        yield estimated(
            f"how many times as often these traits meet among the customers as by chance: {who}",
            "ratio",
            one.lift,
            "lift",
            counts,
        )


def pattern_figures(pattern: AntiPattern, lift: LiftReport) -> Iterable[ExplainedFigure]:
    """Lift, shares and rate of who they are not."""
    who = f"people who {phrases(pattern.traits)}"
    counts = {
        "customers with these traits": pattern.customers,
        "customers": lift.customers,
        "people in the population with these traits": pattern.population,
        "people in the population": lift.population,
    }
    over = estimated(
        f"lift of {who} among the customers", "ratio", pattern.lift, "lift", counts, pattern.q_value
    )
    worked = divided(pattern.customers, lift.customers, pattern.population, lift.population)
    found = [
        over.model_copy(update={"worked": worked}),
        estimated(f"share of {who} among the customers", "share", pattern.frequency, "frequency", counts),
        exact(f"share of {who} in the population", "share", pattern.baseline_share, "baseline share", counts),
    ]
    if pattern.rate:
        found.append(
            estimated(f"share of {who} who are customers", "share", pattern.rate, "frequency", counts)
        )
    return found
