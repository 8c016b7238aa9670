"""A house with a few people who share e-mails, and something said of each kind."""

from pathlib import Path
from typing import Any

from agent import CATALOGUE
from store.population.mapping import Mapping
from store.workspace import House, Workspace
from tests.conftest import silent
from tools.calls import call, tool_named

NAME = "club"
COLUMNS = {
    "id": {"kind": "person_id"},
    "email": {"kind": "identifier", "identifier": "email"},
    "phone": {"kind": "identifier", "identifier": "phone"},
    "pet": {"kind": "category", "domain": "lifestyle"},
    "city": {"kind": "category", "domain": "lifestyle"},
}
# 1001 and 1002 share an e-mail; 1003 and 1004 are alike in all but their ids.
ROWS = (
    "1001,shared@example.com,+13105550101,cat,Austin",
    "1002,shared@example.com,+13105550102,dog,Boston",
    "1003,third@example.com,+13105550103,dog,Boston",
    "1004,fourth@example.com,+13105550103,dog,Boston",
    "1005,fifth@example.com,,cat,Austin",
)


def load_club(house: House, folder: Path, rows: tuple[str, ...] = ROWS) -> Workspace:
    """The warehouse `club`, loaded with these people."""
    file = folder / "club.csv"
    file.write_text("\n".join(["id,email,phone,pet,city", *rows]) + "\n")
    workspace = house.workspace(NAME)
    mapping = Mapping.model_validate({"columns": COLUMNS})
    workspace.warehouse.load([file], mapping, house.now(), progress=silent, processes=1)
    return workspace


def called(workspace: Workspace, tool: str, **given: Any) -> Any:
    return call(tool_named(CATALOGUE, tool), workspace, given)


def say(workspace: Workspace, kind: str, message: str = "As it is written.", **about: Any) -> str:
    """The id of a feedback on a call that was made for it."""
    listed = called(workspace, "list_clusters", limit=5)
    given = {"workflow_id": listed.workflow_id, "tool_trace_id": listed.tool_trace_id, "kind": kind}
    return called(workspace, "submit_feedback", **given, message=message, **about).feedback_id


def cats(workspace: Workspace) -> str:
    """The hash of having a cat."""
    cluster = workspace.population.catalogue.valued("pet", "cat")
    assert cluster is not None
    return cluster.cluster_hash
