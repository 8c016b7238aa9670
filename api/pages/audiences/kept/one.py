"""What is kept of one audience?"""

from contextlib import suppress
from typing import Any, NamedTuple

from agent.audience_result import AudienceResult
from agent.conversation.answers.audience import CALLED
from agent.conversation.answers.people import readable, sample_shown
from api.access.visit import Visit
from api.pages.audiences.building.tree.groups import tree_of
from api.pages.audiences.building.tree.sentence import sentence
from api.pages.here import warehouses_of
from api.pages.words import text
from store.errors import NotFound, ToolRefused
from store.records import Export
from store.records.kept_results import KeptResult
from store.records.newest import newest
from tools.activation.plan import KIND
from tools.activation.platforms import PLATFORMS
from tools.audience.expression import parse

MOST_FILES = 50


class KeptAudience(NamedTuple):
    """An audience with its record.

    plan: what finds its people again; None of one that was made before plans were kept. sentence: who they
    are, as the builder says it.
    """

    record: KeptResult
    result: AudienceResult
    plan: dict[str, Any] | None
    sentence: str

    @property
    def sample(self) -> list[dict[str, Any]]:
        """Some of them, masked."""
        return sample_shown(list(self.result.sample))

    @property
    def channel(self) -> str:
        """By what they can be reached, as far as the sample tells."""
        kinds = [kind for person in self.result.sample for kind in person["identifiers"]]
        return CALLED.get(kinds[0], "") if kinds else ""

    def form(self, file: Export) -> str:
        """In whose form a file is: the platform's name, else its format."""
        titles: dict[str, str] = {name: platform.title for name, platform in PLATFORMS.items()}
        return titles.get(file.platform, file.format.upper())

    @property
    def builder_query(self) -> dict[str, str]:
        """What the address of the builder needs to begin with it."""
        given = {"warehouse": self.record.warehouse, "expression": self.result.expression or ""}
        place = (self.plan or {}).get("location")
        if place:
            given |= {name: str(place[name]) for name in ("latitude", "longitude", "radius", "unit")}
        return {name: value for name, value in given.items() if value}


def kept_one(visit: Visit, audience_id: str) -> KeptAudience:
    """The audience of this id. Raises NotFound."""
    record = visit.house.database.get(KeptResult, audience_id)
    if record is None or record.kind != "audience":
        raise NotFound("There is no such audience", where="audience", instead="Choose one of the list.")
    result = AudienceResult.model_validate(visit.house.artifacts.document("audience", audience_id))
    try:
        plan = visit.house.artifacts.document(KIND, audience_id)
    except NotFound:
        plan = None
    return KeptAudience(record, result, plan, _sentence(visit, record, result))


def _sentence(visit: Visit, record: KeptResult, result: AudienceResult) -> str:
    """`People who follow golf, but do not own their home.`"""
    if not result.expression:
        return text("audiences.anyone")
    if record.warehouse in warehouses_of(visit):
        catalogue = visit.house.workspace(record.warehouse).population.catalogue
        with suppress(ToolRefused):  # too large for the builder, or a trait that is there no more
            return sentence(tree_of(parse(result.expression)), catalogue)
    return text("audiences.sentence", who=readable(result.in_words))


def files_of(visit: Visit, record: KeptResult) -> list[Export]:
    """The files that were written of it, newest first: they carry its workflow."""
    at, key = Export.created_at, Export.export_id
    database = visit.house.database
    return newest(database, Export, at, key, MOST_FILES, workflow_id=record.workflow_id)[:MOST_FILES]
