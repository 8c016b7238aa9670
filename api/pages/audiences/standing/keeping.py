"""By which dialog does an audience become one that is kept up to date?"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, cast
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from agent import CATALOGUE
from api.access.visit import PeopleRunner, Visit
from api.pages.audiences.kept.one import KeptAudience, kept_one
from api.pages.here import require_warehouse
from api.pages.rendering import gone_to, page
from store.destinations import Destinations
from store.errors import BadInput
from store.workspace import Workspace
from tools.activation.platforms import PLATFORMS, PlatformName
from tools.activation.queries import ExportedAudience
from tools.calls import call, tool_named
from tools.standing import catalogue
from tools.standing.findings import KeptAudience as Kept

FOLDER, LONGEST = "audiences/standing", 2_000
PLAIN = "plain"


class Chosen(BaseModel):
    """Where its files go and in whose form."""

    model_config = ConfigDict(frozen=True)

    destination: str = Field(default="", max_length=40)
    platform: PlatformName = PLAIN
    identifier_type: Literal["email", "phone", "address", "maid"] = "email"
    target_size: int | None = Field(default=None, ge=1, le=10_000_000_000)
    with_customers: Literal["", "yes"] = ""
    countries: Literal["all", "consent", "others"] = "all"
    special_ad_category: Literal["", "housing", "employment", "credit"] = ""
    company: str = Field(default="", max_length=255)

    @property
    def _given(self) -> dict[str, Any]:
        return {name: value for name, value in self.model_dump().items() if value not in ("", None)}

    def query(self) -> str:
        """The same as one text, for the form that keeps it."""
        return urlencode(self._given)

    def kept_as(self, audience_id: str, name: str, accept: Sequence[str]) -> dict[str, Any]:
        """The arguments of `keep_audience`."""
        given = {key: value for key, value in self._given.items() if key != "with_customers"}
        given["platform"] = self.platform if self.destination and self.platform != PLAIN else ""
        leaves_out = not self.with_customers
        return {
            **given,
            "name": name,
            "audience_id": audience_id,
            "leave_out_won": leaves_out,
            "accept": list(accept),
        }

    def looked_at_as(self, audience_id: str, workflow_id: str) -> dict[str, Any]:
        """The arguments of `export_audience` that tell what to know of such a file, and write nothing."""
        names = ("target_size", "countries", "special_ad_category", "company")
        given = {name: value for name, value in self._given.items() if name in names}
        about = {"audience_id": audience_id, "workflow_id": workflow_id, "preflight": True}
        return {**given, **about, "destination": self.platform}


def chosen_of(pairs: Iterable[tuple[str, str]]) -> Chosen:
    """What these pairs choose; empty ones count as left out. Raises BadInput that names fields alone."""
    given = {name: value for name, value in pairs if name in Chosen.model_fields and value.strip()}
    try:
        return Chosen.model_validate(given)
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False, include_context=False)
        told = "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in wrong[:3])
        raise BadInput(
            f"This does not fit: {told}", where="standing audience", instead="Change it, then try again."
        ) from None


def keeping_pages() -> APIRouter:
    """`/audiences/{audience_id}/standing`: the dialog, what is told before, and keeping it."""
    router = APIRouter()

    @router.get("/audiences/{audience_id}/standing")
    def dialog(request: Request, visit: PeopleRunner, audience_id: str) -> HTMLResponse:
        """The dialog: a name, a destination, a form."""
        words = {
            "kept": kept_one(visit, audience_id),
            "platforms": PLATFORMS.values(),
            "wanted": Chosen(),
            "destinations": [each.name for each in Destinations(visit.house.home).all()],
        }
        return page(request, f"{FOLDER}/dialog.html.j2", screen="audiences", **words)

    @router.get("/audiences/{audience_id}/standing/check")
    def check(request: Request, visit: PeopleRunner, audience_id: str) -> HTMLResponse:
        """What to know before it is kept so."""
        kept = kept_one(visit, audience_id)
        wanted = chosen_of(request.query_params.multi_items())
        found = _preflight(visit, kept, wanted) if wanted.destination else None
        stops = [each.code for each in found.warnings if each.severity == "stop"] if found else []
        words = {"kept": kept, "wanted": wanted, "found": found, "stops": list(dict.fromkeys(stops))}
        return page(request, f"{FOLDER}/check.html.j2", screen="audiences", **words)

    @router.post("/audiences/{audience_id}/standing")
    def keep(
        visit: PeopleRunner,
        audience_id: str,
        name: Annotated[str, Form(max_length=80)],
        wanted: Annotated[str, Form(max_length=LONGEST)] = "",
        accept: Annotated[list[str] | None, Form()] = None,
    ) -> HTMLResponse:
        """Keep it up to date from now on; nothing is written before the first refresh."""
        kept = kept_one(visit, audience_id)
        chosen = chosen_of(parse_qsl(wanted, max_num_fields=20))
        given = chosen.kept_as(kept.record.result_id, name.strip(), accept or ())
        made = cast(Kept, call(catalogue.KEEP, _here(visit, kept), given))
        return gone_to(f"/audiences/standing/{made.standing.standing_id}")

    return router


def _here(visit: Visit, kept: KeptAudience) -> Workspace:
    return visit.house.workspace(require_warehouse(visit, kept.record.warehouse), visit.principal.actor)


def _preflight(visit: Visit, kept: KeptAudience, wanted: Chosen) -> ExportedAudience:
    given = wanted.looked_at_as(kept.record.result_id, kept.record.workflow_id)
    return cast(ExportedAudience, call(tool_named(CATALOGUE, "export_audience"), _here(visit, kept), given))
