"""Which matches were corrected, and which feedback is one made from?"""

from typing import Any, NamedTuple

from api.access.visit import Visit
from api.pages.settings.matches.seen import masked_id
from api.rest.form.paging import Page, Turned, page_of
from store.errors import BadInput
from store.records import Feedback
from store.records.corrections import Correction
from store.records.feedback import feedback_named
from store.records.newest import Place, newest
from tools.identity.corrections.list_corrections import CorrectionLine, line_of


class Corrected(NamedTuple):
    """A correction as the list shows it: persons masked."""

    line: CorrectionLine
    person: str
    other: str

    @property
    def evidence(self) -> dict[str, Any]:
        """Counts, as they were when it was made."""
        return self.line.evidence


def corrections_page(visit: Visit, warehouse: str, pages: Turned) -> Page[Corrected]:
    """Corrections of a warehouse, newest first, those that were taken back too."""
    at, key = Correction.created_at, Correction.correction_id
    rows = newest(visit.house.database, Correction, at, key, pages.limit, pages.after, warehouse=warehouse)
    return page_of(rows, pages.limit, lambda row: Place(row.created_at, row.correction_id), _shown)


def _shown(row: Correction) -> Corrected:
    other = "" if row.other_person_id is None else masked_id(row.other_person_id)
    return Corrected(line_of(row), masked_id(row.person_id), other)


def wrong_match_named(visit: Visit, feedback_id: str) -> Feedback:
    """The feedback that says that a match is wrong. Raises NotFound, or BadInput for one of another kind."""
    said = feedback_named(visit.house.database, feedback_id)
    if said.kind != "wrong_match":
        raise BadInput(
            "This feedback is not about a match",
            where="feedback",
            instead="Decide about it on its own page.",
        )
    return said
