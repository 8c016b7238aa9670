"""What an analysis of customers says: every part of it, with where each figure comes from."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from tools.audience.expression_curve import CurvePoint
from tools.audience.measured import FindingAudience
from tools.audience.strategies import Strategy
from tools.declaration import ToolResult
from tools.identity.diagnosis import MatchProblem
from tools.mining.findings import AntiPattern, Criterion, Estimate, LiftReport, SegmentFinding
from tools.scoring.ranking import FrontierPoint

NarratedBy = Literal["template", "model", "both"]  # whose words a text is in; both: a part each


class MatchStatistics(BaseModel):
    """From what was given to the customers who were analysed."""

    source: Literal["identifiers", "person_ids", "outcome"]
    requested: int
    matched: int = Field(description="Of what was given, how much led to anybody.")
    resolved: int = Field(description="Distinct persons.")
    rate: float = Field(description="resolved / requested; a person given by two identifiers counts once.")
    below_quality: int = Field(description="Resolved with a lower quality than asked for, and left out.")
    outside: int = Field(default=0, description="Resolved, but not among the people compared with.")
    analysed: int
    diagnosis: list[MatchProblem] | None = None


class Comparison(BaseModel):
    """Whom the customers are compared with."""

    people: int
    in_words: str
    expression: str | None = None
    base_rate: Estimate | None = Field(
        default=None, description="Share of them who are customers; with outcomes."
    )


class SegmentFigure(BaseModel):
    """A number of the population, in the middle of a segment and in the middle of everybody."""

    label: str
    unit: str
    median: float
    customers_median: float
    population_median: float
    people: int = Field(description="People of the segment who have the number.")


class Segment(SegmentFinding):
    """A segment with its name and its figures."""

    name: str
    description: str
    share: Estimate = Field(description="Of the customers; Wilson interval.")
    figures: list[SegmentFigure]
    expression: str | None = Field(
        default=None, description="Its strongest traits together, in cluster hashes."
    )
    audience: FindingAudience | None = Field(
        default=None, description="The expression that best tells its members, sized and measured."
    )
    narrated_by: NarratedBy = "template"


class Recommendation(BaseModel):
    """Something to do, and what may be expected of it."""

    segment: str
    priority: Literal["high", "medium", "low"]
    action: str
    expected_impact: str
    narrated_by: NarratedBy = "template"


class NarratedAntiPattern(AntiPattern):
    """Who they are not, in words."""

    description: str
    narrated_by: NarratedBy = "template"


class Narration(BaseModel):
    """What became of the texts that a language model was asked for."""

    model: str
    asked: int = Field(description="Texts: a name, a description, an action, an impact, an explanation.")
    kept: int = Field(description="Those in which every figure, trait and direction was right.")
    refused: dict[str, int] = Field(description="Findings whose last answer broke a rule, by rule.")
    failed: dict[str, int] = Field(description="Findings that came back without words, by reason.")
    calls: int
    tokens_in: int
    tokens_out: int
    cost: float
    prompt_versions: dict[str, str] = Field(description="First 12 hex digits of the sha256 of each prompt.")


class Figure(BaseModel):
    """Where a figure comes from."""

    figure: str
    tool: str
    inputs: str
    formula: str


class Analysis(ToolResult):
    """The ideal customer profile of a set of customers."""

    analysis_id: str
    warehouse: str
    snapshot_id: str
    created_at: datetime
    headline: str
    summary: list[str]
    match: MatchStatistics
    compared_with: Comparison
    lift: LiftReport
    segments: list[Segment]
    segments_chosen_by: str
    background: Segment | None = None
    criteria: list[Criterion]
    anti_patterns: list[NarratedAntiPattern]
    strategies: list[Strategy]
    curve: list[CurvePoint] = Field(
        default_factory=list, description="Expressions from the surest audience to the widest."
    )
    mark_audiences: list[FindingAudience] = Field(
        default_factory=list, description="The people who bear each field mark, in their order."
    )
    frontier: list[FrontierPoint]
    recommendations: list[Recommendation]
    warnings: list[str]
    provenance: list[Figure]
    narrated_by: Literal["template", "model"] = "template"
    narration: Narration | None = None
    seed: int
    code_version: str
