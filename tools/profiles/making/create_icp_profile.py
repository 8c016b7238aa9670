"""How is a profile made?"""

from typing import Any

from pydantic import Field, model_validator

from store.workspace import Workspace
from tools.declaration import ToolQuery
from tools.profiles.changing.update_icp_profile import checked_document
from tools.profiles.content.document import (
    CompanySize,
    Origin,
    Phrases,
    ProfileCriterion,
    ProfileDocument,
    Weights,
)
from tools.profiles.kept import ProfileResult, Visibility, keep_new
from tools.profiles.making.propose_icp_profile import ProposeIcpProfile, propose_icp_profile

HOW = {
    "analysis_id": "made from an analysis",
    "outcomes": "made from the outcomes",
    "rows": "made from best customers",
}


class CreateIcpProfile(ToolQuery):
    """What a new profile holds: written by hand, taken from a proposal, or made from data at once."""

    name: str | None = Field(default=None, min_length=1, max_length=120, description="Made up when left out.")
    description: str | None = Field(default=None, max_length=4_000)
    industries: Phrases = Field(default_factory=list)
    company_size: CompanySize | str | None = Field(
        default=None, description="`50-200 employees`, `mid-market`, or `min_employees` and `max_employees`."
    )
    geography: Phrases = Field(default_factory=list, description="Countries, regions, states or cities.")
    roles: Phrases = Field(default_factory=list, description="Titles or levels: `VP Sales`, `Director+`.")
    signals: Phrases = Field(default_factory=list)
    disqualifiers: Phrases = Field(default_factory=list)
    weights: Weights | None = None
    criteria: list[ProfileCriterion] = Field(default_factory=list, description="As a proposal has them.")
    origin: Origin | None = Field(default=None, description="Of `criteria`, as the proposal has it.")
    document: ProfileDocument | None = Field(
        default=None, description="A whole proposal, edited or not; then no field of it beside."
    )
    analysis_id: str | None = Field(default=None, max_length=80, description="Take its criteria.")
    outcomes: bool | None = Field(default=None, description="Take the criteria that the outcomes taught.")
    rows: list[dict[str, Any]] | None = Field(default=None, description="Best customers, as proposed from.")
    visibility: Visibility = "private"

    @model_validator(mode="after")
    def _one_way(self) -> "CreateIcpProfile":
        if len(self._data_given()) > 1:
            raise ValueError("give one of `analysis_id`, `outcomes` and `rows`")
        if self.document is not None and (self._data_given() or self._written()):
            raise ValueError("give a `document`, or its fields, not both")
        return self

    def _data_given(self) -> list[str]:
        return [name for name in HOW if getattr(self, name)]

    def _written(self) -> dict[str, Any]:
        """The fields of the document that were given."""
        names = [name for name in ProfileDocument.model_fields if name != "name"]
        return {name: value for name in names if (value := getattr(self, name))}

    def proposal(self) -> ProposeIcpProfile | None:
        """What to make it from, where that is data."""
        given = self._data_given()
        return ProposeIcpProfile.model_validate({given[0]: getattr(self, given[0])}) if given else None


def create_icp_profile(workspace: Workspace, query: CreateIcpProfile) -> ProfileResult:
    """A new ideal customer profile, private unless it is shared: written by hand, or made from data.

    What is written beside an analysis, the outcomes or rows goes before what they propose.
    """
    shared = query.visibility == "shared"
    if query.document is not None:
        return keep_new(workspace, query.document, how="made", shared=shared)
    given: dict[str, Any] = {}
    how = "written by hand"
    if (proposal := query.proposal()) is not None:
        given = propose_icp_profile(workspace, proposal).document.model_dump()
        how = HOW[query._data_given()[0]]
    given |= {name: _plain(value) for name, value in query._written().items()}
    given["name"] = query.name or given.get("name") or _name(given)
    return keep_new(workspace, checked_document(given), how=how, shared=shared)


def _plain(value: Any) -> Any:
    return value.model_dump() if hasattr(value, "model_dump") else value


def _name(given: dict[str, Any]) -> str:
    """A name from what was written: `Software, DACH`."""
    words = [*given.get("industries", [])[:2], *given.get("geography", [])[:1], *given.get("roles", [])[:1]]
    return (", ".join(words) or "Ideal customers")[:120]
