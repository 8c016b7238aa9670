"""Feedback and what is decided about it; corrections of matches, made and taken back."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.access.visit import PeopleReader, PeopleRunner
from api.rest.form.paging import Page, Pages, page_of
from store.records import Feedback
from store.records.corrections import Correction, CorrectionKind, correction_named
from store.records.feedback import FeedbackStatus, feedback_named
from store.records.newest import Place, newest
from tools.feedback.decide_feedback import DecideFeedback, Decision, FeedbackDecided, decide_feedback
from tools.feedback.list_feedback import FeedbackLine, line_of
from tools.feedback.submit_feedback import FeedbackKind
from tools.identity.corrections.keeping import CorrectionUndone, UndoCorrection, undo_correction
from tools.identity.corrections.list_corrections import CorrectionLine
from tools.identity.corrections.list_corrections import line_of as correction_line
from tools.identity.corrections.merge_persons import MergePersons, PersonsMerged, merge_persons
from tools.identity.corrections.split_match import MatchSplit, SplitMatch, split_match

Warehouse = Annotated[str | None, Query(max_length=63, description="Only of this one.")]
Where = Annotated[str | None, Query(max_length=63, description="The warehouse; the only one by default.")]


def feedback_routes() -> APIRouter:
    """`/v1/feedback` and `/v1/corrections`."""
    router = APIRouter(prefix="/v1")
    _add_feedback(router)
    _add_corrections(router)
    return router


def _add_feedback(router: APIRouter) -> None:
    @router.get("/feedback", tags=["traces"])
    def list_feedback(
        visit: PeopleReader,
        pages: Pages,
        warehouse: Warehouse = None,
        status: Annotated[FeedbackStatus | None, Query(description="Only those that are so.")] = None,
        kind: Annotated[FeedbackKind | None, Query(description="Only of this kind.")] = None,
    ) -> Page[FeedbackLine]:
        """Feedback, newest first, each with what accepting it would do."""
        at, key = Feedback.created_at, Feedback.feedback_id
        wanted = {"warehouse": warehouse, "status": status, "kind": kind}
        rows = newest(visit.house.database, Feedback, at, key, pages.limit, pages.after, **wanted)
        return page_of(rows, pages.limit, lambda row: Place(row.created_at, row.feedback_id), line_of)

    @router.get("/feedback/{feedback_id}", tags=["traces"])
    def get_feedback(visit: PeopleReader, feedback_id: str) -> FeedbackLine:
        """One feedback, with what accepting it would do or did."""
        return line_of(feedback_named(visit.house.database, feedback_id))

    @router.post("/feedback/{feedback_id}/decision", tags=["traces"])
    def post_decision(visit: PeopleRunner, feedback_id: str, wanted: Decision) -> FeedbackDecided:
        """The feedback as it is decided: accepted, declined, or open again."""
        said = feedback_named(visit.house.database, feedback_id)
        query = DecideFeedback(feedback_id=said.feedback_id, **wanted.model_dump())
        return decide_feedback(visit.workspace(said.warehouse), query)


def _add_corrections(router: APIRouter) -> None:
    @router.get("/corrections", tags=["matches"])
    def list_corrections(
        visit: PeopleReader,
        pages: Pages,
        warehouse: Warehouse = None,
        kind: Annotated[CorrectionKind | None, Query(description="Only of this kind.")] = None,
    ) -> Page[CorrectionLine]:
        """Corrections of matches, newest first, those that were taken back too."""
        at, key = Correction.created_at, Correction.correction_id
        wanted = {"warehouse": warehouse, "kind": kind}
        rows = newest(visit.house.database, Correction, at, key, pages.limit, pages.after, **wanted)
        return page_of(
            rows, pages.limit, lambda row: Place(row.created_at, row.correction_id), correction_line
        )

    @router.post("/corrections/splits", status_code=201, tags=["matches"])
    def post_split(visit: PeopleRunner, wanted: SplitMatch, warehouse: Where = None) -> MatchSplit:
        """An identifier that is not this person's any more, with the evidence."""
        return split_match(visit.workspace(warehouse), wanted)

    @router.post("/corrections/merges", status_code=201, tags=["matches"])
    def post_merge(visit: PeopleRunner, wanted: MergePersons, warehouse: Where = None) -> PersonsMerged:
        """Two ids that are one person from now on, with the evidence."""
        return merge_persons(visit.workspace(warehouse), wanted)

    @router.post("/corrections/{correction_id}/undo", tags=["matches"])
    def post_undo(visit: PeopleRunner, correction_id: str) -> CorrectionUndone:
        """The correction, taken back."""
        found = correction_named(visit.house.database, correction_id)
        query = UndoCorrection(correction_id=found.correction_id)
        return undo_correction(visit.workspace(found.warehouse), query)
