"""What an analysis of outcomes says: every part of it, or why a part is missing."""

from datetime import datetime

from pydantic import BaseModel, Field

from agent.analysis import Figure
from agent.requests import OutcomeTopic
from store.outcomes.outcome_table import UnitKind
from store.records.learned import ModelKind
from tools.declaration import ToolResult
from tools.outcomes.leaks import Leak
from tools.outcomes.measures.findings import OutcomeMeasures, OutcomeOverview
from tools.outcomes.patterns.findings import AntiPatternReport, CustomerReport, EmergingReport, LossReport
from tools.scoring.conversion.report import ConversionReport
from tools.scoring.fit.profile import FitProfile
from tools.scoring.gate.compare import GateDecision
from tools.scoring.gate.drift_findings import DriftReport
from tools.scoring.value.report import ValueReport


class LearnedChance(BaseModel):
    """A model of chances that was learned, and whether it is used."""

    kind: ModelKind
    model_id: str
    report: ConversionReport
    gate: GateDecision
    replaces: str | None = Field(default=None, description="The model that was in use before.")

    @property
    def in_use(self) -> bool:
        return self.gate.published


class OutcomeAnalysis(ToolResult):
    """What the outcomes of a warehouse say."""

    outcome_analysis_id: str
    warehouse: str
    about: OutcomeTopic
    created_at: datetime
    data_hash: str = Field(description="Of all records; the same records, however loaded, have the same.")
    unit: UnitKind
    headline: str
    summary: list[str]
    overview: OutcomeOverview
    leaks: list[Leak] = Field(description="Columns known only afterwards; the refused ones took no part.")
    criteria: FitProfile | None = None
    criteria_in_words: str = Field(default="", description="The criteria as sales reads them, Markdown.")
    models: list[LearnedChance] = Field(default_factory=list)
    value: ValueReport | None = None
    drift: DriftReport | None = None
    anti_patterns: AntiPatternReport | None = None
    losses: LossReport | None = None
    churn: CustomerReport | None = None
    expansion: CustomerReport | None = None
    emerging: EmergingReport | None = None
    measures: OutcomeMeasures | None = Field(
        default=None, description="Of the newest outcomes, by scores that were learned from the older ones."
    )
    not_told: dict[str, str] = Field(
        default_factory=dict, description="Parts that are missing, and why nothing can be said."
    )
    warnings: list[str] = Field(default_factory=list)
    provenance: list[Figure] = Field(default_factory=list)
    seed: int
    code_version: str
    from_cache: bool = Field(default=False, description="Found again: the same records, asked the same.")
