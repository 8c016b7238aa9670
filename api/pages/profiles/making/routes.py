"""A new profile: written by hand, or reviewed line by line as data suggests it."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from fastapi.responses import HTMLResponse

from api.access.visit import Reader, Runner
from api.pages.here import Chosen, workspace_here, workspace_if_any
from api.pages.profiles.making.proposal import Reviewed, accepted, rows_of, suggested_lines, table_of
from api.pages.profiles.one.editing import Sent, document_sent
from api.pages.profiles.reaching import MOST_ANALYSES, answer, told
from api.pages.rendering import gone_to, page
from store.errors import BadInput
from store.records import Analysis
from store.records.learned import published_model
from store.records.newest import newest


def add_making(router: APIRouter) -> None:
    """Add `/profiles/new`, what suggests one, and what makes it."""

    @router.get("/profiles/new")
    def new(
        visit: Reader,
        request: Request,
        chosen: Chosen,
        analysis: Annotated[str, Query(max_length=80)] = "",
        outcomes: bool = False,
    ) -> HTMLResponse:
        """The ways to make one."""
        workspace = workspace_if_any(visit, chosen)
        analyses, has_outcomes = [], False
        if workspace is not None:
            at, key, name = Analysis.created_at, Analysis.analysis_id, workspace.warehouse.name
            analyses = newest(workspace.database, Analysis, at, key, MOST_ANALYSES, warehouse=name)[
                :MOST_ANALYSES
            ]
            has_outcomes = published_model(workspace.database, name, "fit") is not None
        return page(
            request,
            "profiles/making/new.html.j2",
            screen="profiles",
            has_warehouse=workspace is not None,
            analysis=analysis,
            outcomes=outcomes,
            analyses=analyses,
            has_outcomes=has_outcomes,
            sent=Sent(),
            criteria=[],
        )

    @router.post("/profiles/propose")
    def propose(
        visit: Runner,
        request: Request,
        chosen: Chosen,
        analysis: Annotated[str, Form(max_length=80)] = "",
        outcomes: Annotated[bool, Form()] = False,
        customers: Annotated[UploadFile | None, File()] = None,
        others: Annotated[UploadFile | None, File()] = None,
    ) -> HTMLResponse:
        """What the data suggests, with its evidence; nothing is saved."""
        given: dict = {}
        if analysis:
            given = {"analysis_id": analysis}
        elif outcomes:
            given = {"outcomes": True}
        elif customers is not None and customers.filename:
            given = {"rows": rows_of(table_of(customers), "customers")}
            if others is not None and others.filename:
                given["others"] = rows_of(table_of(others), "others")
        else:
            raise BadInput(
                "Nothing was given", where="customers", instead="Choose a file of your best customers."
            )
        found = told(visit, chosen, "propose_icp_profile", **given)
        return page(
            request,
            "profiles/making/proposal.html.j2",
            screen="profiles",
            found=found,
            lines=suggested_lines(found),
            json=found.document.model_dump_json(),
        )

    @router.post("/profiles/review")
    def create_reviewed(visit: Runner, chosen: Chosen, sent: Annotated[Reviewed, Form()]) -> HTMLResponse:
        """Make a profile of the accepted lines."""
        given = {"document": accepted(sent).model_dump(mode="json"), "visibility": sent.visibility}
        made = answer(workspace_here(visit, chosen), "create_icp_profile", **given)
        return gone_to(f"/profiles/{made.icp_profile_id}")

    @router.post("/profiles")
    def create(visit: Runner, chosen: Chosen, sent: Annotated[Sent, Form()]) -> HTMLResponse:
        """Make one that was written by hand."""
        document = document_sent(sent, None)
        given = {"document": document.model_dump(mode="json"), "visibility": sent.visibility}
        made = answer(workspace_here(visit, chosen), "create_icp_profile", **given)
        return gone_to(f"/profiles/{made.icp_profile_id}")
