"""What decides today who is in a standing audience?"""

from typing import Any

from pydantic import BaseModel, Field

from store.errors import NotFound
from store.records.learned import published_model
from store.workspace import Workspace
from tools.activation.plan import kept_plan, selection_of
from tools.audience.selection import Location, as_hashes, in_words
from tools.profiles.kept import PREFIX, document_of, learned_fit, profile_meant
from tools.profiles.scoring.traits import joined, traits_of
from tools.standing.queries import KeepAudience

ANYONE = "anyone"


class Definition(BaseModel):
    """The criteria, as they are resolved."""

    in_words: str
    expression: str | None = Field(default=None, description="In cluster hashes; none for anyone.")
    location: Location | None = None
    customers_left_out_of: str | None = Field(
        default=None, description="The analysis whose customers are not in it."
    )
    leave_out_won: bool = False
    ranked_by: str | None = Field(default=None, description="The fit, analysis or profile that ranks.")
    revision: int | None = Field(default=None, description="Of the profile that it comes from.")
    most: int | None = None


def definition_of(workspace: Workspace, query: KeepAudience) -> Definition:
    """What the audience is made from today. Raises NotFound, BadInput or BadExpression."""
    found = _source(workspace, query)
    found.leave_out_won = query.leave_out_won
    if query.ranked_by is not None:
        found.ranked_by, found.revision = _ranker_id(workspace, query.ranked_by)
        found.in_words = f"the {query.target_size:,} who fit best of {found.in_words}"
    if query.target_size is not None:
        found.most = query.target_size
    return found


def _source(workspace: Workspace, query: KeepAudience) -> Definition:
    if query.audience_id is not None:
        return _of_audience(workspace, query.audience_id)
    if query.analysis_id is not None:
        return _of_analysis(workspace, query, query.analysis_id)
    if query.icp_profile_id is not None:
        return _of_profile(workspace, query, query.icp_profile_id)
    if query.expression is not None:
        return _of_expression(workspace, query.expression, query.location)
    return Definition(in_words=ANYONE)


def _of_expression(workspace: Workspace, text: str, location: Location | None) -> Definition:
    catalogue = workspace.population.catalogue
    expression = selection_of(workspace.population, text).expression
    assert expression is not None  # an empty one does not parse
    return Definition(
        in_words=in_words(expression, catalogue),
        expression=as_hashes(expression, catalogue),
        location=location,
    )


def _of_audience(workspace: Workspace, audience_id: str) -> Definition:
    plan = kept_plan(workspace, audience_id)
    known = plan.model_dump(include={"in_words", "expression", "location", "customers_left_out_of", "most"})
    ranked_by, revision = _ranker_id(workspace, plan.model) if plan.model and plan.most else (None, None)
    return Definition(**known, ranked_by=ranked_by, revision=revision)


def _of_analysis(workspace: Workspace, query: KeepAudience, analysis_id: str) -> Definition:
    analysis = _analysis(workspace, analysis_id)
    ways: list[dict[str, Any]] = analysis["segments" if query.segment else "strategies"]
    wanted = (query.segment or query.strategy).casefold()
    names = ("segment_id", "name") if query.segment else ("strategy",)
    for way in ways:
        if wanted in (str(way[name]).casefold() for name in names):
            told = way.get("audience") if query.segment else way
            if told:
                return Definition(in_words=told["in_words"], expression=told["expression"])
    raise NotFound(
        "The analysis has no such audience",
        where="segment" if query.segment else "strategy",
        instead="Its segments and strategies are in the analysis; a segment without an expression has none.",
    )


def _analysis(workspace: Workspace, analysis_id: str) -> dict[str, Any]:
    name = workspace.warehouse.name
    if analysis_id == "newest":
        newest = workspace.database.analyses(name)
        analysis_id = newest[0].analysis_id if newest else ""
    try:
        found = workspace.artifacts.document("analysis", analysis_id)
    except NotFound:
        found = {}
    if found.get("warehouse") != name:
        raise NotFound(
            f"There is no such analysis in `{name}`",
            where="analysis_id",
            instead="`fieldmark analyses` lists those of a warehouse.",
        )
    return found


def _of_profile(workspace: Workspace, query: KeepAudience, name: str) -> Definition:
    catalogue = workspace.population.catalogue
    profile = profile_meant(workspace, name)
    document = document_of(workspace, profile)
    expression = joined(traits_of(document, learned_fit(workspace, document), catalogue), query.strategy)
    return Definition(
        in_words=in_words(expression, catalogue),
        expression=as_hashes(expression, catalogue),
        revision=profile.revision,
    )


def _ranker_id(workspace: Workspace, name: str) -> tuple[str, int | None]:
    """The fit, analysis or profile that ranks today, and the revision of a profile."""
    if name == "outcomes":
        fit = published_model(workspace.database, workspace.warehouse.name, "fit")
        if fit is None:
            raise NotFound(
                f"No profile was learned from outcomes in `{workspace.warehouse.name}`",
                where="ranked_by",
                instead="Learn one: `fieldmark outcomes learn`.",
            )
        return fit.model_id, None
    if name.startswith(("fit_", "icp_")):
        return name, None
    profile = profile_meant(workspace, name)
    assert profile.profile_id.startswith(PREFIX)  # else it would not be found as one
    return profile.profile_id, profile.revision
