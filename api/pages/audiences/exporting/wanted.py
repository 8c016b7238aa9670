"""Which file of an audience is wanted, as the form of the dialog says it?"""

from collections.abc import Iterable
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import BadInput
from tools.activation.platforms import PlatformName

LONGEST = 2_000


class Wanted(BaseModel):
    """The platform and what may be in the file."""

    model_config = ConfigDict(frozen=True)

    destination: PlatformName = "google_customer_match"
    countries: Literal["all", "consent", "others"] = "all"
    special_ad_category: Literal["", "housing", "employment", "credit"] = ""
    company: str = Field(default="", max_length=255)
    delivery: str = Field(default="", max_length=40)
    target_size: int | None = Field(default=None, ge=1, le=10_000_000_000)

    def query(self) -> str:
        """The same as one text, for the form that says yes."""
        given = {name: value for name, value in self.model_dump().items() if value not in ("", None)}
        return urlencode(given)

    def arguments(self, audience_id: str, workflow_id: str, accept: Iterable[str]) -> dict[str, Any]:
        """The arguments of `export_audience`; its files are found by the workflow of the audience."""
        given = {name: value for name, value in self.model_dump().items() if value not in ("", None)}
        return {**given, "audience_id": audience_id, "workflow_id": workflow_id, "accept": list(accept)}


def wanted_of(pairs: Iterable[tuple[str, str]]) -> Wanted:
    """What these pairs want; empty ones count as left out. Raises BadInput that names fields alone."""
    given = {name: value for name, value in pairs if name in Wanted.model_fields and value.strip()}
    try:
        return Wanted.model_validate(given)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False, include_context=False)
        told = "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in wrong[:3])
        raise BadInput(
            f"This does not fit: {told}", where="export", instead="Change it, then look again."
        ) from None


def wanted_again(query: str) -> Wanted:
    """What `Wanted.query` wrote. Raises BadInput."""
    return wanted_of(parse_qsl(query[:LONGEST], max_num_fields=20))
