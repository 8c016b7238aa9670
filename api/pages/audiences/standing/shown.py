"""What is shown of a standing audience: who is in it, what moved last, and where it goes?"""

from typing import Any, NamedTuple

from agent.conversation.answers.people import readable
from api.access.visit import Visit
from api.pages.here import warehouses_of
from api.pages.words import text
from store.errors import NotFound, ToolRefused
from store.records.standing import StandingAudience, StandingChange, last_change
from store.workspace import Workspace
from tools.activation.platforms import PLATFORMS
from tools.standing.findings import AudienceRefreshed, MovedPeople, Standing
from tools.standing.kept.shown import definition_now, standing_shown

CHIPS = {"synced": "good", "would_change": "accent", "refused": "bad", "busy": "warn"}


class Told(NamedTuple):
    """Who entered and who left at one time, and what cannot be told of it."""

    entered: list[MovedPeople]
    left: list[MovedPeople]
    note: str


class Shown(NamedTuple):
    """A standing audience of a list. last: its last change; None before the first."""

    standing: Standing
    last: StandingChange | None
    told: Told

    @property
    def form(self) -> str:
        """In whose form it is written."""
        return form_of(self.standing.platform)


def form_of(platform: str) -> str:
    """The platform's name, or that it is a file of ids."""
    titles: dict[str, str] = {name: each.title for name, each in PLATFORMS.items()}
    return titles.get(platform, text("audiences.standing_ids"))


def shown_of(workspace: Workspace, record: StandingAudience) -> Shown:
    """The audience with its last change."""
    last = last_change(workspace.database, record.standing_id)
    return Shown(standing_shown(workspace, record), last, told_of(last))


def told_of(change: StandingChange | None) -> Told:
    """Who moved at this change, and why."""
    why: dict[str, Any] = change.why if change else {}
    entered, left = (
        [MovedPeople.model_validate(each) for each in why.get(side, [])] for side in ("entered", "left")
    )
    return Told(entered, left, str(why.get("note", "")))


def who_now(workspace: Workspace, record: StandingAudience) -> str:
    """Who is in it, in words; empty where the criteria cannot be read any more."""
    try:
        return readable(definition_now(workspace, record).in_words)
    except ToolRefused:
        return ""


def standing_here(visit: Visit, standing_id: str) -> tuple[Workspace, StandingAudience]:
    """The standing audience of this id, and its workspace. Raises NotFound."""
    record = visit.house.database.get(StandingAudience, standing_id)
    if record is None or record.warehouse not in warehouses_of(visit):
        raise NotFound(
            "There is no such standing audience", where="standing audience", instead="Choose one of the list."
        )
    return visit.house.workspace(record.warehouse, visit.principal.actor), record


def would_change(audiences: list[AudienceRefreshed]) -> bool:
    """Whether doing it would change something."""
    return any(each.status == "would_change" for each in audiences)
