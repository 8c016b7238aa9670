"""Which traits of a population does a profile ask for?"""

from dataclasses import dataclass
from itertools import combinations

from store.errors import NotFound
from store.population.catalogue import Catalogue, Cluster
from tools.audience.expression import Expression, Not, Term, all_of, any_of, canonical
from tools.profiles.content.document import LABELS, ProfileDocument
from tools.profiles.matching.columns import READS, kind_of
from tools.profiles.matching.sizes import in_size, size_range
from tools.profiles.scoring.judges import has_phrase, judge_of, ruled_out_values
from tools.profiles.scoring.learned import adjusted
from tools.scoring.fit.profile import GOOD_EVIDENCE, FitCriterion, FitProfile


@dataclass(frozen=True)
class Wanted:
    """Values of one dimension that are looked for, as clusters, and how much the dimension counts."""

    label: str
    weight: float
    clusters: list[Cluster]

    @property
    def expression(self) -> Expression:
        return any_of(Term(str(each.code)) for each in self.clusters)


@dataclass(frozen=True)
class ProfileTraits:
    """What a population has of a profile, the weightiest first, what rules out, and what it lacks."""

    wanted: list[Wanted]
    ruled_out: list[Cluster]
    lacking: list[str]


def traits_of(document: ProfileDocument, learned: FitProfile | None, catalogue: Catalogue) -> ProfileTraits:
    """The clusters that a profile asks for. Raises NotFound where the population has none of them."""
    written = document.written
    share = 1 - document.weights.criteria if learned and document.criteria and written else 1.0
    whole = sum(getattr(document.weights, each) for each in written)
    found = []
    for dimension in written:
        judge = judge_of(document, dimension)
        kinds = READS[dimension]
        fits = [each for each in catalogue.clusters if kind_of(each.name) in kinds and judge(_cells(each))]
        if dimension == "signals":
            fits += [
                each
                for each in catalogue.clusters
                if each not in fits and any(has_phrase(_cells(each), phrase) for phrase in document.signals)
            ]
        weight = share * getattr(document.weights, dimension) / whole
        found.append(Wanted(LABELS[dimension], weight, fits))
    read = {kind for each in written for kind in READS[each]}
    fit = adjusted(learned, document.criteria) if learned and document.criteria else None
    for criterion in fit.criteria if fit else []:
        if kind_of(criterion.scale.name) not in read:
            clusters = _good(criterion, catalogue)
            weight = criterion.weight * (1 - share if written else 1.0)
            found.append(Wanted(criterion.scale.told, weight, clusters))
    wanted = sorted((each for each in found if each.clusters), key=lambda each: -each.weight)
    if not wanted:
        raise NotFound(
            "The population has no trait that the profile asks for",
            where="icp_profile_id",
            instead="`list_clusters` shows what it knows; or score leads against the profile instead.",
        )
    out = [
        each
        for each in catalogue.clusters
        if any(ruled_out_values(_cells(each), phrase) for phrase in document.disqualifiers)
    ]
    return ProfileTraits(wanted, out, [each.label for each in found if not each.clusters])


def _cells(cluster: Cluster) -> dict[str, tuple[str, ...]]:
    return {cluster.name: (cluster.value,)}


def _good(criterion: FitCriterion, catalogue: Catalogue) -> list[Cluster]:
    """The clusters of values that speak for somebody."""
    scale = criterion.scale
    good = [at for at, each in enumerate(criterion.bins) if at and each.evidence >= GOOD_EVIDENCE]
    clusters = catalogue.named(scale.name)
    if scale.kind == "set":
        return [each for each in clusters if each.value == scale.value] if 2 in good else []
    if scale.kind == "category":
        values = {value for at in good if at <= len(scale.groups) for value in scale.groups[at - 1]}
        return [each for each in clusters if each.value in values]
    ends = [-float("inf"), *scale.edges, float("inf")]
    ranges = [(max(ends[at - 1], 0.0), ends[at]) for at in good]
    return [
        each
        for each in clusters
        if (band := size_range(each.value)) and any(in_size(band, one) for one in ranges)
    ]


def joined(found: ProfileTraits, strategy: str) -> Expression:
    """What is asked for as an expression: the three weightiest dimensions together for precision.

    Any two of the four weightiest for hybrid, any of all for reach; nobody who is ruled out.
    """
    terms = [each.expression for each in found.wanted]
    if strategy == "precision" or len(terms) == 1:
        asked = all_of(terms[:3])
    elif strategy == "hybrid" and len(terms) > 2:
        asked = any_of(all_of(pair) for pair in combinations(terms[:4], 2))
    else:
        asked = all_of(terms) if strategy == "hybrid" else any_of(terms)
    without = [Not(Term(str(each.code))) for each in found.ruled_out]
    return canonical(all_of([asked, *without]) if without else asked)
