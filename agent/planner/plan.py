"""What a plan is: tool calls with typed arguments, or a question back, or a polite no."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from agent.requests import AudienceQuery

MOST_CHARACTERS = 8_000  # of a message; more is an upload


class UnderstoodTrait(BaseModel):
    """Words of the message, and the cluster they were taken for."""

    said: str
    name: str
    value: str
    cluster_hash: str


class PlanStep(BaseModel):
    """One call of one tool."""

    tool: str
    arguments: dict[str, Any] = Field(
        description="As the tool takes them. `$steps.0.analysis_id` stands for what an earlier step gives."
    )
    in_words: str = Field(description="What the step does, for whoever confirms it.")
    needs_approval: str | None = Field(
        default=None, description="Why somebody must say yes first: it sends something out, or it costs."
    )


class Plan(BaseModel):
    """What would be done. With `ask`, the steps are what is understood so far."""

    steps: list[PlanStep] = Field(default_factory=list)
    ask: str | None = Field(default=None, description="What must be known before the plan can run.")
    decline: str | None = Field(default=None, description="Why this is not for Fieldmark to do.")
    understood: list[UnderstoodTrait] = Field(default_factory=list)


class Uploaded(BaseModel):
    """A file that came with the message; its rows are read when the plan runs."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=255)
    rows: int | None = None


class ConversationState(BaseModel):
    """What earlier turns left to refer to: ids and settings, nothing of a person."""

    model_config = ConfigDict(extra="forbid")

    analysis_id: str | None = Field(default=None, description="The last analysis.")
    previous_analysis_id: str | None = Field(default=None, description="The one before it.")
    segments: list[str] = Field(
        default_factory=list, description="Names of the segments of the last analysis."
    )
    audience: AudienceQuery | None = Field(
        default=None, description="The last audience, as it was asked for."
    )
    icp_profile: str | None = Field(default=None, description="The profile spoken of last, by name or id.")
    asked: Plan | None = Field(default=None, description="A plan that waits for the answer to its question.")
