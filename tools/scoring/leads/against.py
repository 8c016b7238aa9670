"""What are leads held against: the profile learned from outcomes, or that of an analysis?"""

import numpy as np

from store.errors import NotFound
from store.features import FeatureKind, FeatureTable
from store.population.population import Population
from store.population.shard import Shard
from store.workspace import Workspace
from tools.audience.expression import canonical, parse
from tools.audience.selection import Selection, bound, selected, size
from tools.profiles.kept import document_of, learned_fit, profile_meant
from tools.scoring.conversion.model import ConversionModel
from tools.scoring.fit.learning import learn_fit
from tools.scoring.fit.profile import FitProfile
from tools.scoring.fit.queries import FitQuery
from tools.scoring.learned import ScoredProfile, Scorer, published_scorer, save_fit, saved_fit
from tools.scoring.population_features import population_features

OTHERS = 50_000  # people whom the customers of an analysis are told apart from, evenly spaced
NOTHING = FitProfile(
    criteria=[], disqualifiers=[], knots=[], ideal_rows=0, others_rows=0, columns=0, tested=0
)
MOST_IDEAL = 100_000  # customers read; more say nothing more


def scorer_named(workspace: Workspace, name: str) -> Scorer:
    """The scorer of this name: `outcomes` for what was learned from them, or a profile or an analysis.

    A profile is named by its id or its name, an analysis by its id. Raises NotFound.
    """
    if name == "outcomes":
        return published_scorer(workspace)
    if name.startswith("fit_"):
        return Scorer(name, _known_fit(workspace, name))
    if name.startswith("icp_"):
        return Scorer(name, fit_of_analysis(workspace, name))
    return scorer_of_profile(workspace, name)


def scorer_of_profile(workspace: Workspace, name: str) -> Scorer:
    """The scorer of an ideal customer profile, by its newest revision. Raises NotFound and BadInput."""
    try:
        profile = profile_meant(workspace, name)
    except NotFound:
        raise _unknown() from None
    document = document_of(workspace, profile)
    learned = learned_fit(workspace, document)
    return Scorer(
        profile.profile_id, learned or NOTHING, profile=ScoredProfile(document, profile.revision, learned)
    )


def _known_fit(workspace: Workspace, model_id: str) -> FitProfile:
    try:
        return saved_fit(workspace, model_id)
    except NotFound:
        raise _unknown() from None


def fit_of_analysis(workspace: Workspace, analysis_id: str) -> FitProfile:
    """The fit profile of an analysis: its customers against other people. Learned once, then kept.

    Raises NotFound for an analysis that is not there, or is of another warehouse.
    """
    try:
        analysis = workspace.artifacts.document("analysis", analysis_id)
    except NotFound:
        raise _unknown() from None
    if analysis["warehouse"] != workspace.warehouse.name:
        raise _unknown()
    try:
        return saved_fit(workspace, analysis_id)
    except NotFound:
        profile = _learned(workspace, analysis_id, analysis["compared_with"]["expression"])
        save_fit(workspace, analysis_id, profile)
        return profile


def _learned(workspace: Workspace, analysis_id: str, among: str | None) -> FitProfile:
    population = workspace.population
    customers = workspace.artifacts.people("customers", analysis_id)
    ideal = customers[:: max(1, -(-len(customers) // MOST_IDEAL))]
    universe = Selection(canonical(bound(parse(among), population.catalogue)) if among else None)
    return learn_fit(
        population_features(population, ideal),
        people_beside(population, customers, universe),
        FitQuery(ideal_word="customers", others_word="other people"),
    )


def people_beside(
    population: Population, customers: np.ndarray, universe: Selection | None = None
) -> FeatureTable:
    """People of the universe who are no customers, evenly spaced, by what the population knows of them."""
    universe = universe or Selection(None)
    step = max(1, size(population, universe) // OTHERS)
    others = np.setdiff1d(np.concatenate(population.ask(_spaced, universe, step)), customers)
    return population_features(population, others)


def _spaced(shard: Shard, universe: Selection, step: int) -> np.ndarray:
    numbers = np.asarray(selected(shard, universe).to_array(), dtype=np.int64)[::step]
    return np.asarray(shard.person_ids[numbers])


def _unknown() -> NotFound:
    return NotFound(
        "There is no such profile",
        where="icp_profiles",
        instead="Give `outcomes` for the one learned from outcomes, a profile by name or id, or the id of an "
        "analysis: `fieldmark profiles list` and `fieldmark analyses` name them.",
    )


def columns_of(scorer: Scorer) -> dict[str, FeatureKind]:
    """Every column that the scorer reads, and of what kind it is."""
    parts = (*scorer.fit.criteria, *scorer.fit.disqualifiers)
    found: dict[str, FeatureKind] = {part.scale.name: part.scale.kind for part in parts}
    for model in (scorer.conversion, scorer.churn, scorer.expansion):
        found |= read_by(model)
    return found


def read_by(model: ConversionModel | None) -> dict[str, FeatureKind]:
    """The columns that a model of chances reads, and of what kind each is."""
    return {plan.name: plan.kind for plan in model.fitted.design.plans} if model else {}  # type: ignore[misc]  # kinds of features
