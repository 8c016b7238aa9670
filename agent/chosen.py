"""Which expression an audience is made from, and why it is this one."""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from agent.analyses import saved_analysis
from agent.analysis import Analysis, Segment
from agent.customers import expression_of
from agent.narration.wording import number, percent
from agent.picked_point import Picked, expected, picked_point, point_in_words
from agent.requests import AudienceQuery
from store.errors import BadInput, NotFound
from store.population.catalogue import Catalogue, Cluster
from store.population.population import Population
from store.workspace import Workspace
from tools.audience.expression import Expression, Not, Term, all_of, any_of, canonical
from tools.audience.measured import MeasuredExpression
from tools.audience.selection import Selection
from tools.clusters.meaning import nearest
from tools.profiles.scoring.persons import person_scores
from tools.profiles.scoring.traits import joined, traits_of

RANKED_SHARE = 0.01  # of those selected, that a ranked audience holds when no size was asked for


class Choice(NamedTuple):
    """An expression over cluster codes (None for anyone), the reason for it, and the point that it is."""

    expression: Expression | None
    why: str
    picked: Picked | None = None


def chosen(workspace: Workspace, query: AudienceQuery) -> Choice:
    """The expression of an audience request. Raises NotFound or BadInput when there is none."""
    if query.expression is not None:
        return Choice(
            expression_of(workspace.population, query.expression), "The expression as it was given."
        )
    if query.traits is not None:
        return _from_traits(workspace, query)
    if query.written_profile is not None:
        return _from_profile(workspace, query, query.written_profile)
    analysis = _analysis(workspace, query.profile_id or "")
    if query.segment is not None:
        return _from_segment(workspace, query, _segment(analysis, query.segment))
    if query.strategy == "ranked":
        best = "" if query.target_size else f", and the best {percent(RANKED_SHARE)} are taken"
        why = f"Everybody is ranked by the fit model of {number(analysis.match.analysed)} customers{best}."
        return Choice(None, why)
    return _from_analysis(workspace, query, analysis)


def _from_profile(workspace: Workspace, query: AudienceQuery, name: str) -> Choice:
    """What the population has of what a profile asks for, joined as wide as the strategy says."""
    profile = person_scores(workspace, name).profile
    if query.strategy == "ranked":
        best = "" if query.target_size else f", and the best {percent(RANKED_SHARE)} are taken"
        return Choice(None, f"Everybody is ranked by the profile `{profile.document.name}`{best}.")
    found = traits_of(profile.document, profile.learned, workspace.population.catalogue)
    asked = ", ".join(each.label for each in found.wanted)
    lacking = f"; the population knows nothing of {', '.join(found.lacking)}" if found.lacking else ""
    named = f"`{profile.document.name}` (revision {profile.revision})"
    why = f"What the profile {named} asks for: {asked}{lacking}."
    return Choice(joined(found, query.strategy), why)


def _analysis(workspace: Workspace, analysis_id: str) -> Analysis:
    """The analysis, of this warehouse, which found something."""
    analysis = saved_analysis(workspace.artifacts, analysis_id)
    if analysis.warehouse != workspace.warehouse.name:
        raise NotFound(
            f"There is no such analysis in `{workspace.warehouse.name}`",
            where="analysis_id",
            instead="`fieldmark analyses` lists those of a warehouse.",
        )
    if not analysis.strategies:
        raise NotFound(
            "This analysis found nothing that sets its customers apart, so it has no audience",
            where="analysis_id",
            instead="Analyse more customers, or give an `expression` or `traits`.",
        )
    return analysis


def _from_analysis(workspace: Workspace, query: AudienceQuery, analysis: Analysis) -> Choice:
    picked = picked_point(workspace.population, analysis, query, _around(workspace, query))
    if query.is_on_curve:
        assert picked is not None  # else it was refused
        return Choice(_expression(workspace, picked.point), point_in_words(picked), picked)
    way = next(way for way in analysis.strategies if way.strategy == query.strategy)
    why = f"The {way.strategy} expression of the analysis: it {expected(way)}."
    return Choice(_expression(workspace, way), why, picked)


def _expression(workspace: Workspace, audience: MeasuredExpression) -> Expression:
    return expression_of(workspace.population, audience.expression)


def required(population: Population, query: AudienceQuery) -> list[Expression]:
    """What the user asked for themselves, which is never dropped."""
    asked = [expression_of(population, query.among)] if query.among else []
    return asked + [Not(expression_of(population, key)) for key in query.exclude if key != "customers"]


def left_out(workspace: Workspace, query: AudienceQuery) -> np.ndarray | None:
    """Person ids of the customers where the audience is to be without them. Raises BadInput and NotFound."""
    analysis_id = customers_of(workspace, query)
    return workspace.artifacts.people("customers", analysis_id) if analysis_id else None


def customers_of(workspace: Workspace, query: AudienceQuery) -> str | None:
    """The analysis whose customers are left out; of a profile, the one that its criteria come from."""
    if "customers" not in query.exclude:
        return None
    if query.written_profile is None:
        return query.profile_id
    origin = person_scores(workspace, query.written_profile).profile.document.origin
    if origin is None or origin.kind != "analysis" or origin.warehouse != workspace.warehouse.name:
        raise BadInput(
            "The profile was not made from an analysis of this warehouse, so its customers are not known",
            where="exclude",
            instead="Make the audience from an analysis, or leave out traits of customers.",
        )
    return origin.about


def _around(workspace: Workspace, query: AudienceQuery) -> Selection:
    """Whoever may be in the audience at all."""
    parts = required(workspace.population, query)
    return Selection(all_of(parts) if parts else None, query.location, left_out(workspace, query))


def _segment(analysis: Analysis, wanted: str) -> Segment:
    for segment in analysis.segments:
        if wanted == str(segment.segment_id) or wanted.casefold() == segment.name.casefold():
            return segment
    raise NotFound(
        "The analysis has no such segment",
        where="segment",
        instead=f"It has {', '.join(f'{s.segment_id} ({s.name})' for s in analysis.segments)}.",
    )


def _from_segment(workspace: Workspace, query: AudienceQuery, segment: Segment) -> Choice:
    """The expression that tells the segment best, where it was saved; a wider strategy joins its traits."""
    if query.strategy == "precision" and segment.audience is not None:
        told = expected(segment.audience, "members")
        why = f"The expression that best tells the segment `{segment.name}`: it {told}."
        return Choice(_expression(workspace, segment.audience), why)
    catalogue = workspace.population.catalogue
    clusters = [c for t in segment.traits if (c := catalogue.find(t.trait.cluster_hash))]
    if not clusters:
        raise NotFound(
            "No trait of this segment is in the population any more",
            where="segment",
            instead="Run the analysis again.",
        )
    ranked = ", their people ranked by the fit model" if query.strategy == "ranked" else ""
    return Choice(
        joined_traits(clusters, query.strategy),
        f"The strongest traits of the segment `{segment.name}`{ranked}.",
    )


def _from_traits(workspace: Workspace, query: AudienceQuery) -> Choice:
    clusters = [_cluster(workspace, trait) for trait in query.traits or []]
    words = "; ".join(f"{cluster.name} = {cluster.value}" for cluster in clusters)
    return Choice(joined_traits(clusters, query.strategy), f"The traits as they were understood: {words}.")


def joined_traits(clusters: list[Cluster], strategy: str) -> Expression:
    """Traits as an expression: all of the first three for precision, any two of the first four for hybrid.

    Any of them for reach, and where a model ranks those who have one.
    """
    terms: list[Expression] = [Term(str(cluster.code)) for cluster in clusters]
    if strategy in ("reach", "ranked") or len(terms) == 1:
        return canonical(any_of(terms))
    if strategy == "precision" or len(terms) == 2:
        return canonical(all_of(terms[:3] if strategy == "precision" else terms))
    return canonical(any_of(all_of(pair) for pair in combinations(terms[:4], 2)))


def _cluster(workspace: Workspace, trait: str) -> Cluster:
    catalogue: Catalogue = workspace.population.catalogue
    if (cluster := catalogue.find(trait.strip())) is not None:
        return cluster
    name, given, value = (part.strip() for part in trait.partition("="))
    if given:
        found = catalogue.valued(name, value)
        if found is None:
            values = ", ".join(c.value for c in catalogue.named(name)[:10])
            raise NotFound(
                f"There is no cluster `{name[:60]}` = `{value[:60]}`",
                where="traits",
                instead=f"Its values are {values}." if values else "`list_clusters` gives those there are.",
            )
        return found
    near = nearest(workspace, trait, 1)
    if not near:
        raise BadInput(
            "No cluster is near this trait in meaning", where="traits", instead="Name it as `name=value`."
        )
    return catalogue[near[0]]
