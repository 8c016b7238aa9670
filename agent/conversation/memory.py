"""What does a conversation have in mind between turns: ids and settings, nobody's values?"""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent.analysis import Analysis
from agent.audience_result import AudienceResult
from agent.outcome_analysis import OutcomeAnalysis
from agent.planner.plan import ConversationState, Plan
from agent.requests import AudienceQuery
from tools.declaration import ToolResult
from tools.profiles.kept import ProfileResult


class Memory(BaseModel):
    """What later turns can refer to. `state.asked` is kept apart, with the identifiers that it may hold."""

    model_config = ConfigDict(extra="forbid")

    state: ConversationState = Field(default_factory=ConversationState)
    audience_id: str | None = Field(default=None, description="The last audience.")
    outcome_analysis_id: str | None = Field(default=None, description="The last analysis of outcomes.")
    speaks_of_outcomes: bool = Field(
        default=False, description="Whether outcomes were spoken of after customers and audiences."
    )
    workflow_id: str | None = Field(default=None, description="Of the last turn that did something.")

    def learn(self, tool: str, arguments: dict[str, Any], result: ToolResult) -> None:
        """Take in what a step gave."""
        if isinstance(result, OutcomeAnalysis):
            self.outcome_analysis_id = result.outcome_analysis_id
        if isinstance(result, OutcomeAnalysis | Analysis | AudienceResult):
            self.speaks_of_outcomes = isinstance(result, OutcomeAnalysis)
        if isinstance(result, ProfileResult):
            self.state.icp_profile = result.profile.document.name
        if isinstance(result, Analysis):
            self._learn_analysis(result)
        elif isinstance(result, AudienceResult):
            self.audience_id = result.audience_id
            self.expect(tool, arguments | {"format": "none"})  # a file is asked for each time

    def _learn_analysis(self, analysis: Analysis) -> None:
        if self.state.analysis_id != analysis.analysis_id:
            self.state.previous_analysis_id = self.state.analysis_id
        self.state.analysis_id = analysis.analysis_id
        self.state.segments = [segment.name for segment in analysis.segments]
        self.audience_id = None  # it was made from another analysis

    def expect(self, tool: str, arguments: dict[str, Any]) -> None:
        """Take in what was asked for, so that `the same but …` has something to change."""
        if tool == "generate_audience":
            given = {name: value for name, value in arguments.items() if name != "workflow_id"}
            try:
                self.state.audience = AudienceQuery.model_validate(given)
            except ValidationError:
                return  # the tool itself will say what does not fit
        named = arguments.get("icp_profile") or arguments.get("name")
        if isinstance(named, str) and "icp_profile" in tool:
            self.state.icp_profile = named


class Pending(BaseModel):
    """Plans that wait for somebody, as they are: they may hold identifiers, so they are no record."""

    asked: Plan | None = None
    waiting: Plan | None = None
    held: bool = Field(
        default=False, description="Whether the plan is to be seen before any of it runs, also the harmless."
    )
    file: str | None = Field(default=None, description="Where the file lies that nobody has read yet.")

    @property
    def wants_file(self) -> bool:
        """Whether a plan that waits would read the file, or may once its question is answered."""
        waiting = self.waiting.steps if self.waiting else []
        return self.asked is not None or any(step.arguments.get("file") for step in waiting)

    @property
    def is_empty(self) -> bool:
        return self.asked is None and self.waiting is None and self.file is None
