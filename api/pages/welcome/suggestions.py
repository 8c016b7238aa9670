"""Which three questions can be asked of this warehouse, and are answered?"""

import math
from collections.abc import Iterator
from itertools import islice

from agent.narration.wording import number
from api.access.visit import Visit
from api.pages.words import text
from store.outcomes.ledger import ledger_of
from store.population.catalogue import Cluster
from store.population.domains import CONTACT_DOMAINS
from store.population.population import Population
from store.workspace import Workspace

MOST = 3
# Shares of the people that make a question worth asking: few enough to say something, enough to count.
SMALLEST, LARGEST = 0.03, 0.6
TELLING = 0.15  # the share that is liked best: larger ones are analysed for longer, and differ less
FEWEST = 200  # people of a trait; of fewer an analysis says little
DOMAINS = ("interest", "household", "lifestyle", "purchase", "financial")  # asked about first, in this order
AUDIENCE_SHARE = 0.02  # of everybody, as the size of an audience to try


def suggestions(visit: Visit, workspace: Workspace) -> list[str]:
    """Three questions at most, in words that the planner reads: about outcomes, traits and audiences.

    They need `people run`, as the chat does; without it there are none.
    """
    if not (visit.principal.may("people") and visit.principal.may("run")):
        return []
    return list(islice(_questions(workspace), MOST))


def _questions(workspace: Workspace) -> Iterator[str]:
    has_people, has_outcomes = workspace.warehouse.exists, ledger_of(workspace.warehouse).exists
    if has_people:
        yield from _of_people(workspace.population, 1 if has_outcomes else MOST)
    if has_outcomes:
        yield text("welcome.ask_win_rate")
        yield text("welcome.ask_losses")
        yield text("welcome.ask_records")


def _of_people(population: Population, most: int) -> Iterator[str]:
    clusters = population.catalogue.clusters
    outcome = next((each for each in clusters if _is_outcome(each, population.persons)), None)
    traits = _traits(clusters, population.persons)
    if outcome is not None:
        yield text("welcome.ask_common", trait=outcome.phrase)
        most -= 1
    yield from islice(_of_traits(traits, population.persons, outcome is None), most)


def _of_traits(traits: list[Cluster], people: int, with_common: bool) -> Iterator[str]:
    if len(traits) >= 2:
        yield text("welcome.ask_count", first=traits[0].phrase, second=traits[1].phrase)
    if traits and with_common:
        yield text("welcome.ask_common", trait=traits[0].phrase)
    if len(traits) >= 2:
        size = number(_rounded(people * AUDIENCE_SHARE))
        yield text("welcome.ask_audience", size=size, first=traits[1].phrase, second=traits[0].phrase)
    elif traits:
        yield text("welcome.ask_one", trait=traits[0].phrase)


def _is_outcome(cluster: Cluster, people: int) -> bool:
    return not cluster.mined and cluster.value == "Yes" and FEWEST <= cluster.size <= LARGEST * people


def _traits(clusters: list[Cluster], people: int) -> list[Cluster]:
    """Telling flags: the best of each domain in the order of the domains, then the others."""
    least, most = max(SMALLEST * people, FEWEST), LARGEST * people
    flags = [each for each in clusters if _is_flag(each) and least <= each.size <= most]
    flags.sort(key=lambda each: (abs(math.log(each.size / people / TELLING)), each.name))
    first_of: dict[str, Cluster] = {}
    for each in flags:
        first_of.setdefault(each.domain, each)
    firsts = [first_of[domain] for domain in DOMAINS if domain in first_of]
    return firsts + [each for each in flags if each not in firsts]


def _is_flag(cluster: Cluster) -> bool:
    is_trait = cluster.mined and cluster.domain not in CONTACT_DOMAINS and not cluster.sensitive
    return is_trait and cluster.value == "Yes" and bool(cluster.phrase)


def _rounded(size: float) -> int:
    """One leading figure, as people say sizes: 2,000 of 1,834."""
    figures = max(len(str(int(size))) - 1, 0)
    return max(round(size / 10**figures) * 10**figures, 1)
