"""One lead is typed in and held against a profile."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, Field

from api.access.visit import Reader
from api.pages.here import Chosen, workspace_here, workspace_if_any
from api.pages.profiles.reaching import choices
from api.pages.rendering import page
from store.errors import BadInput
from tools.profiles.lists.row_reasons import lead_reasons
from tools.scoring.leads.against import columns_of, scorer_named

USUAL = ("industry", "employees", "country", "job_title", "technologies")
NUMBERS = ("employees",)
MOST = 30


class Typed(BaseModel):
    """A lead as a form brings it: names and values of attributes, in the same order."""

    model_config = ConfigDict(extra="ignore")

    profile: str = Field(max_length=120)
    column: list[str] = Field(default_factory=list, max_length=MOST)
    value: list[str] = Field(default_factory=list, max_length=MOST)

    def values(self) -> dict[str, object]:
        """The attributes that were filled in; digits alone are a number."""
        pairs = zip(self.column, self.value, strict=False)
        return {name: _read(name, told.strip()) for name, told in pairs if name.strip() and told.strip()}


def _read(name: str, told: str) -> object:
    if name in ("technologies", "signals"):
        return [part.strip() for part in told.split(",") if part.strip()]
    plain = told.replace(",", "") if name in NUMBERS else told
    return float(plain) if plain.isascii() and plain.replace(".", "", 1).isdigit() else told


def add_single(router: APIRouter) -> None:
    """Add `/profiles/lead`."""

    @router.get("/profiles/lead")
    def lead(
        visit: Reader,
        request: Request,
        chosen: Chosen,
        profile: Annotated[str, Query(max_length=120)] = "",
    ) -> HTMLResponse:
        """The form."""
        workspace = workspace_if_any(visit, chosen)
        found = choices(visit, workspace) if workspace else []
        wanted = profile or (found[0].value if found else "")
        columns = list(USUAL)
        if workspace is not None and wanted and not wanted.startswith("profile_"):
            columns = [name for name in columns_of(scorer_named(workspace, wanted)) if "\n" not in name][
                :MOST
            ]
        return page(
            request,
            "profiles/single/lead.html.j2",
            screen="profiles",
            choices=found,
            wanted=wanted,
            columns=columns,
            usual=USUAL,
            has_warehouse=workspace is not None,
        )

    @router.post("/profiles/lead")
    def score_lead(
        visit: Reader, request: Request, chosen: Chosen, typed: Annotated[Typed, Form()]
    ) -> HTMLResponse:
        """Its score with every reason; nothing is kept."""
        values = typed.values()
        if not values:
            raise BadInput(
                "Nothing is known of this lead", where="value", instead="Fill in one field or more."
            )
        reasons, notes = lead_reasons(workspace_here(visit, chosen), typed.profile, values)
        return page(
            request,
            "profiles/single/scored.html.j2",
            screen="profiles",
            reasons=reasons,
            notes=notes,
        )
