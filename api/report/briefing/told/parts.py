"""What are the parts of a told briefing?"""

from pydantic import BaseModel, Field

from agent.briefing_result import Battlecard, Chart


class Line(BaseModel):
    """A change: what happened, what it rests on, and where its figure stands."""

    sentence: str
    evidence: str = ""
    link: str = Field(default="", description="A path of the house, from `/`.")


class Row(BaseModel):
    """One row of a chart in words."""

    label: str
    now: str
    before: str = ""
    now_value: str = Field(default="", description="Without its interval.")
    before_value: str = ""


class Drawn(BaseModel):
    """A chart: what to draw, and the same as a table."""

    chart: Chart
    title: str
    says: str
    rows: list[Row]

    @property
    def columns(self) -> int:
        """How many columns the table has besides the labels."""
        return 2 if any(row.before for row in self.rows) else 1


class Cell(BaseModel):
    """A figure of a tier."""

    now: str
    interval: str = ""
    before: str = ""
    moved: bool = False


class TierRow(BaseModel):
    """A tier and its figures, in the order of the table's columns."""

    tier: str
    cells: list[Cell]


class TierTable(BaseModel):
    """All tiers."""

    columns: list[str]
    rows: list[TierRow]
    key: str


class Call(BaseModel):
    """An account to call."""

    unit: str
    tier: str
    score: str
    reasons: list[str]
    doubt: str = ""
    fit: str = Field(default="", description="Tier and score together.")


class Section(BaseModel):
    """Some lines under a title."""

    title: str
    lines: list[str]


class AppendixTold(BaseModel):
    """For sales."""

    qualification: str = Field(default="", description="Markdown.")
    battlecards: list[Battlecard] = Field(default_factory=list)


class Told(BaseModel):
    """A briefing as it is read."""

    is_short: bool = Field(description="Nothing changed: the form is short.")
    subject: str
    preheader: str
    about: str
    warehouse: str
    headline: str
    changes: list[Line] = Field(default_factory=list)
    after_changes: list[str] = Field(default_factory=list)
    known: list[str] = Field(default_factory=list)
    action: str = ""
    action_title: str = Field(default="", description="Which says whose words they are, if a model's.")
    impact: str = ""
    risk: str = ""
    charts: list[Drawn] = Field(default_factory=list)
    calls: list[Call] = Field(default_factory=list)
    tiers: TierTable | None = None
    sections: list[Section] = Field(default_factory=list)
    proof: list[str] = Field(default_factory=list)
    made_from: str = ""
    appendix: AppendixTold = Field(default_factory=AppendixTold)
