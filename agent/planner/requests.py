"""What can be planned beside the tools of the catalogue: each request, its words and its schema."""

from typing import Literal

from pydantic import Field

from agent.requests import AnalyzeOutcomes as AnalyzeOutcomes
from agent.requests import AnalyzeQuery
from agent.requests import CompareAnalyses as CompareAnalyses
from agent.requests import ProfileName as ProfileName
from agent.requests import RunBriefing as RunBriefing
from tools.declaration import ToolQuery
from tools.schedules.asked import ScheduleBriefing as ScheduleBriefing
from tools.scoring.score_leads import ScoreLeads


class CreateIcpProfile(ToolQuery):
    """Make an ideal customer profile from an analysis, from a file of customers, or by hand."""

    name: str | None = None
    analysis_id: str | None = None
    file: str | None = None
    description: str | None = None
    industries: list[str] = Field(default_factory=list)
    company_size: str | None = Field(default=None, description="As it was said: `50-200 employees`.")
    geography: list[str] = Field(default_factory=list)
    roles: list[str] = Field(default_factory=list)
    signals: list[str] = Field(default_factory=list)
    disqualifiers: list[str] = Field(default_factory=list)


class CloneIcpProfile(ToolQuery):
    """Copy a profile under another name."""

    icp_profile: ProfileName | None = None
    name: str | None = Field(default=None, description="Of the copy.")


class ShareIcpProfile(ToolQuery):
    """Share a profile with the organisation, or make it private again."""

    icp_profile: ProfileName | None = None
    visibility: Literal["shared", "private"] = "shared"


class IcpProfileHistory(ToolQuery):
    """The revisions of a profile; two of them compared, or one restored."""

    icp_profile: ProfileName | None = None
    compare: tuple[int, int] | None = Field(default=None, description="Two revisions.")
    restore: int | None = Field(default=None, description="A revision to go back to.")


class Explain(ToolQuery):
    """Where a figure comes from, what a term means, why something was chosen, how sure we are."""

    about: Literal["figure", "term", "segment", "trait", "audience", "confidence", "difference", "privacy"]
    subject: str | None = Field(
        default=None, description="The words asked about: `3.1`, `lift`, `segment 2`."
    )
    analysis_id: str | None = Field(
        default=None,
        max_length=80,
        description="The analysis asked about, of customers or of outcomes; the newest when left out.",
    )
    previous_analysis_id: str | None = Field(
        default=None, max_length=80, description="With `difference`: the one compared with; the one before."
    )
    audience_id: str | None = Field(
        default=None, max_length=80, description="The audience asked about, beside its analysis."
    )


class Help(ToolQuery):
    """What can be asked for."""

    topic: str | None = None


class ScoreFile(ScoreLeads):
    """Score the leads of an uploaded file, or leads given in words, against one to three profiles."""

    file: str | None = Field(default=None, description="An uploaded file, by name.")

    def sources(self) -> list[str]:
        """The ways in which the leads were given, the file among them."""
        return [*super().sources(), *(["file"] if self.file is not None else [])]


class AnalyzeFile(AnalyzeQuery):
    """analyze_customers, of an uploaded file or of customers given in words."""

    file: str | None = Field(default=None, description="An uploaded file, by name.")

    def sources(self) -> list[str]:
        """The ways in which the customers were given, the file among them."""
        return [*super().sources(), *(["file"] if self.file is not None else [])]
