"""Which result is a figure of, and what is it?"""

from datetime import datetime
from typing import Literal, NamedTuple

from agent.analyses import saved_analysis
from agent.audience_result import AudienceResult
from agent.explain.addressed import figure_at
from agent.explain.explanation import ExplainedFigure
from agent.explain.known import figures_of_analysis, figures_of_audience
from agent.explain.known_outcomes import figures_of_outcomes
from agent.outcome_analysis import OutcomeAnalysis
from store.artifacts import Artifacts

Kind = Literal["analysis", "audience", "outcomes"]


class Source(NamedTuple):
    """The result that a figure stands in: what it is called, where it is shown, what it was made from."""

    name: str
    address: str
    snapshot_id: str = ""
    seed: int | None = None
    made_at: datetime | None = None


class Found(NamedTuple):
    """A figure, and its result."""

    figure: ExplainedFigure
    source: Source


def figure_found(artifacts: Artifacts, kind: Kind, id: str, key: str) -> Found:
    """The figure of this key. Raises NotFound for a result or a figure that is not there."""
    figures, source = READ[kind](artifacts, id)
    return Found(figure_at(figures, key), source)


def _of_analysis(artifacts: Artifacts, id: str) -> tuple[list[ExplainedFigure], Source]:
    found = saved_analysis(artifacts, id)
    source = Source(found.headline, f"/analyses/{id}", found.snapshot_id, found.seed, found.created_at)
    return figures_of_analysis(found), source


def _of_audience(artifacts: Artifacts, id: str) -> tuple[list[ExplainedFigure], Source]:
    found = AudienceResult.model_validate(artifacts.document("audience", id))
    return figures_of_audience(found, None), Source(found.why, f"/audiences/{id}")


def _of_outcomes(artifacts: Artifacts, id: str) -> tuple[list[ExplainedFigure], Source]:
    found = OutcomeAnalysis.model_validate(artifacts.document("outcome_analysis", id))
    source = Source(found.headline, f"/outcomes/{id}", "", found.seed, found.created_at)
    return figures_of_outcomes(found), source


READ = {"analysis": _of_analysis, "audience": _of_audience, "outcomes": _of_outcomes}
