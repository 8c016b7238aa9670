"""What is a standing audience, as it is shown?"""

from store.records.standing import StandingAudience, last_change
from store.workspace import Workspace
from tools.standing.findings import Standing
from tools.standing.people.definition import Definition, definition_of
from tools.standing.queries import KeepAudience


def asked_of(record: StandingAudience) -> KeepAudience:
    """What it was kept as."""
    return KeepAudience.model_validate(record.query["asked"])


def definition_now(workspace: Workspace, record: StandingAudience) -> Definition:
    """Its criteria today. Those of an audience that was generated stay what they were when it was kept."""
    if record.query["asked"].get("audience_id"):
        return Definition.model_validate(record.query["definition"])
    return definition_of(workspace, asked_of(record))


def standing_shown(workspace: Workspace, record: StandingAudience) -> Standing:
    """The audience with its last change."""
    last = last_change(workspace.database, record.standing_id)
    return Standing(
        definition=asked_of(record),
        people=last.people if last else None,
        changed_at=last.created_at if last else None,
        delivered_to=last.delivered_to if last else "",
        **record.model_dump(
            include={
                "standing_id",
                "name",
                "platform",
                "destination",
                "is_paused",
                "created_by",
                "created_at",
            }
        ),
    )
