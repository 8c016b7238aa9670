"""What a briefing says. Every form (mail, Slack, page, PDF, Markdown, JSON) is drawn from this alone."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

from agent.changes.result import ToldChange
from tools.declaration import ToolResult
from tools.mining.findings import Estimate
from tools.outcomes.measures.findings import Tier

Unit = Literal["share", "times", "money", "days", "count"]


class Words(BaseModel):
    """The words of a briefing."""

    kind: Literal["first", "changes", "unchanged"]
    headline: str
    changes: list[ToldChange] = Field(
        default_factory=list, max_length=3, description="The surest, at most three."
    )
    known: list[str] = Field(default_factory=list, description="Of a first briefing: what is known.")
    risk: str | None = None
    action: str | None = None
    expected_impact: str | None = Field(default=None, description="What the action is expected to bring.")
    action_by: Literal["template", "model"] = Field(
        default="template", description="Whose words the action and its impact are."
    )


class Bar(BaseModel):
    """One row of a chart."""

    label: str
    now: Estimate
    before: Estimate | None = None


class Chart(BaseModel):
    """A chart as figures: each form draws it, and shows the table where it cannot."""

    key: str
    title: str
    unit: Unit
    bars: list[Bar] = Field(min_length=1, max_length=12)
    says: str = Field(description="What it shows, in a sentence: its text alternative.")


class TierTold(BaseModel):
    """How a tier does in the longest span that was compared, and before it."""

    tier: Tier
    won: int
    lost: int
    days: int | None = Field(
        default=None, description="Length of that span; none: of the newest deals, by scores of the older."
    )
    win_rate: Estimate | None = None
    win_rate_before: Estimate | None = None
    contract_value: Estimate | None = None
    contract_value_before: Estimate | None = None
    cycle_days: Estimate | None = None
    cycle_days_before: Estimate | None = None
    accounts: int | None = Field(default=None, description="Accounts or people of the population in it now.")
    accounts_before: int | None = None
    moved: list[str] = Field(default_factory=list, description="Which figures moved beyond chance.")


class CallFirst(BaseModel):
    """An account to call, why, and what speaks against it."""

    unit_id: str
    tier: Tier
    score: float
    reasons: list[str] = Field(max_length=2)
    doubt: str | None = None


class ModelTold(BaseModel):
    """A model that was learned, and whether it is used."""

    kind: str
    published: bool
    why: str
    tested: bool = Field(default=True, description="False: too few new outcomes to try it on.")


class Moved(BaseModel):
    """So many people entered or left for one reason."""

    people: int
    why: str


class AudienceTold(BaseModel):
    """A standing audience, before and now."""

    name: str
    unit: Literal["person", "account"] = Field(default="person", description="What `people` counts.")
    people: int
    people_before: int | None = None
    entered: list[Moved] = Field(default_factory=list)
    left: list[Moved] = Field(default_factory=list)
    synced: str | None = Field(default=None, description="The destination it was written to.")
    is_dry_run: bool = False


class Rescored(BaseModel):
    """Accounts or people whose tier changed because the model did."""

    scored: int
    moved: int
    flows: dict[str, int] = Field(default_factory=dict, description="`B>A`: how many.")
    routing: list[str] = Field(default_factory=list, description="Whom to give them to, in words.")


class FeedbackTold(BaseModel):
    """What was said since the last briefing, and what came of it."""

    received: int = 0
    accepted: int = 0
    declined: int = 0
    waiting: int = 0
    effects: list[str] = Field(default_factory=list, description="What accepted feedback changed here.")


class Battlecard(BaseModel):
    """One page for a seller before a call."""

    title: str
    when: str = Field(description="Whom it is for.")
    say: list[str]
    beware: list[str] = Field(default_factory=list)


class Appendix(BaseModel):
    """For sales: who qualifies, and how to speak with them."""

    qualification: str = Field(default="", description="The criteria as sales reads them, Markdown.")
    battlecards: list[Battlecard] = Field(default_factory=list)


class Proof(BaseModel):
    """How sure the briefing is of what it tells."""

    yearly_false_alarm: float = Field(
        description="Chance that a whole year of briefings without any change tells one."
    )
    level: float = Field(description="False discovery rate of this one, which is that chance's part of it.")
    tests: int = Field(default=0, description="How many tests the q-values are over.")
    compared: dict[str, int] = Field(default_factory=dict)
    windows: list[str] = Field(default_factory=list, description="Which spans were compared, in words.")


class MadeFrom(BaseModel):
    """What the same briefing would be made from again."""

    snapshot_id: str = ""
    outcomes_hash: str = Field(default="", description="Of all outcome records.")
    analyses: list[str] = Field(default_factory=list)
    outcome_analysis_id: str | None = None
    seed: int = 0
    code_version: str = ""
    prompts: dict[str, str] = Field(default_factory=dict, description="Version of each prompt that was used.")
    reused: list[str] = Field(default_factory=list, description="Parts that had not changed and were kept.")


class Briefing(ToolResult, Words):
    """This week's briefing, in a minute's reading; the rest is for who wants to know more."""

    briefing_id: str
    warehouse: str
    created_at: datetime
    purpose: Literal["briefing", "alert"] = "briefing"
    schedule_id: str = ""
    slot: str = Field(default="", description="The local time for which it was due, where it was scheduled.")
    missed: int = Field(default=0, description="Slots before this one that nobody was there for.")
    analysis_id: str | None = Field(default=None, description="The analysis that it tells of.")
    compared_with: str | None = Field(default=None, description="The analysis before it.")
    outcome_analysis_id: str | None = None
    since: datetime | None = Field(default=None, description="When what it is compared with was made.")
    analysed_again: bool = Field(description="Newer data was analysed for it.")
    significant: int = Field(description="How many changes are significant and new, told here or not.")
    significant_keys: list[str] = Field(
        default_factory=list, description="Of all that is significant, told before or not."
    )
    continuing: list[ToldChange] = Field(
        default_factory=list, description="Told in an earlier briefing, and still so."
    )
    notes: list[str] = Field(description="What to keep in mind when reading this.")
    data_notes: list[str] = Field(
        default_factory=list, description="How the data changed: not the customers, nor the market."
    )
    data_keys: list[str] = Field(
        default_factory=list, description="Of all that changed in the data, told before or not."
    )
    charts: list[Chart] = Field(default_factory=list)
    tiers: list[TierTold] = Field(default_factory=list)
    currency: str = ""
    call_first: list[CallFirst] = Field(default_factory=list, max_length=12)
    models: list[ModelTold] = Field(default_factory=list)
    rescored: Rescored | None = None
    audiences: list[AudienceTold] = Field(default_factory=list)
    feedback: FeedbackTold = Field(default_factory=FeedbackTold)
    appendix: Appendix = Field(default_factory=Appendix)
    proof: Proof | None = None
    made_from: MadeFrom = Field(default_factory=MadeFrom)
    approved: bool | None = Field(
        default=None, description="Whether sending it was allowed; none: not asked."
    )
    recipients: int = Field(default=0, description="To how many it was given to be sent.")
    markdown: str = Field(description="The whole as Markdown.")
