"""A warehouse of a few people with a plan and a size, loaded again as often as a test likes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.destinations import Destination, Destinations, Keys
from store.outcomes.ledger import ledger_of
from store.outcomes.records_sent import OutcomeRecord
from store.records import OutboxMessage
from store.records.newest import newest
from store.workspace import Workspace
from tools.standing.findings import AudienceRefreshed, KeptAudience
from tools.standing.keep_audience import keep_audience
from tools.standing.queries import KeepAudience, RefreshStanding
from tools.standing.refresh import refresh_standing

COLUMNS = {
    "id": {"kind": "person_id", "domain": "id"},
    "plan": {"kind": "category", "domain": "purchase"},
    "size": {"kind": "category", "domain": "purchase"},
    "email": {"kind": "identifier", "identifier": "email"},
}
People = dict[int, str]  # `Pro L`: the plan and the size of each id


class Crowd:
    """The warehouse `crowd` of a house, and what tests do to it."""

    def __init__(self, load: Callable[..., Workspace], folder: Path) -> None:
        self._load, self.folder = load, folder
        self.workspace: Workspace

    def are(self, people: People) -> Workspace:
        """Load these people, in the place of whoever was there."""
        rows = [
            f"{number},{traits.replace(' ', ',')},person{number}@example.org"
            for number, traits in people.items()
        ]
        text = "\n".join(["id,plan,size,email", *rows]) + "\n"
        self.workspace = self._load(text, COLUMNS, warehouse="crowd")
        return self.workspace

    def clusters(self, expression: str) -> str:
        """`plan=Pro AND size=L` in hashes."""
        found = []
        for part in expression.split():
            name, _, value = part.partition("=")
            cluster = self.workspace.population.catalogue.valued(name, value) if value else None
            found.append(cluster.cluster_hash if cluster else part)
        return " ".join(found)

    def has_destination(self, name: str = "ads") -> str:
        """A folder to which files go."""
        folder = self.folder / name
        made = Destination(name=name, url=f"file://{folder}", created_at=self.workspace.now())
        Destinations(self.workspace.home).add(made, Keys(), [self.folder])
        return name

    def keep(self, expression: str, name: str = "best", **given: Any) -> KeptAudience:
        """Keep an expression as standing."""
        asked = {"name": name, "expression": self.clusters(expression), **given}
        return keep_audience(self.workspace, KeepAudience.model_validate(asked))

    def refresh(self, mode: str = "yes", **given: Any) -> AudienceRefreshed:
        """The only standing audience, made anew."""
        asked = RefreshStanding.model_validate({"mode": mode, **given})
        (found,) = refresh_standing(self.workspace, asked).audiences
        return found

    def files(self, name: str = "ads") -> dict[str, list[str]]:
        """The lines of each file at the destination, by what its name says after the hash."""
        found = {}
        for path in sorted((self.folder / name).glob("*.csv")):
            found[path.name] = path.read_text("utf-8").splitlines()
        return found


@pytest.fixture
def crowd(load: Callable[..., Workspace], tmp_path: Path) -> Crowd:
    folder = tmp_path / "out"
    folder.mkdir()
    return Crowd(load, folder)


def reasons(moved: list[Any]) -> dict[str, int]:
    """How many people for each reason."""
    return {each.reason: each.people for each in moved}


@pytest.fixture
def won() -> Callable[..., None]:
    """Records that deals with these people were won, or still are open."""

    def record(workspace: Workspace, ids: list[int], outcome: str = "won", **attributes: Any) -> None:
        records = [
            OutcomeRecord.model_validate(
                {
                    "record_id": f"{outcome}-{number}",
                    "unit_id": str(number),
                    "outcome": outcome,
                    **({} if outcome == "open" else {"decided_at": "2026-02-20"}),
                    "opened_at": "2026-01-10",
                    **attributes,
                }
            )
            for number in ids
        ]
        ledger_of(workspace.warehouse).record(records, "person", workspace.now())

    return record


def told(workspace: Workspace) -> list[dict[str, Any]]:
    """What was told of synced audiences, oldest first."""
    rows = newest(
        workspace.database,
        OutboxMessage,
        OutboxMessage.created_at,
        OutboxMessage.message_id,
        100,
        event="audience.synced",
    )
    return [row.payload["data"] for row in reversed(rows)]
