"""A house in which every part of the settings has something to show."""

from datetime import timedelta

from store.records import Feedback, ModelCall, UsageEntry
from store.records.access.keys import make_key
from store.records.access.members import Member, add_member
from store.records.access.passwords import password_hash
from store.records.outbox import OutboxDelivery, OutboxMessage
from store.records.usage import add_usage
from store.records.webhooks import WebhookEndpoint, add_endpoint
from store.workspace import House
from tools import TOOLS
from tools.calls import call, tool_named

PASSWORD = "correct horse battery"
LONG_URL = "https://receiver.example.com/" + "a-long-path-without-a-blank/" * 5
FACTS = {
    "people": "own their home",
    "figures": [{"name": "lift", "told": "3.1 (2.6-3.7)", "value": 3.14159265}],
}


def furnish(house: House, warehouse: str = "us") -> str:
    """Fill the house; the id of a workflow that refused a call too."""
    keys(house)
    members(house)
    webhook(house)
    model_calls(house)
    usage(house)
    return calls(house, warehouse)


def keys(house: House) -> None:
    now = house.now()
    for number, days in enumerate((3, 200, None)):
        make_key(
            house.database,
            key_id=f"key_{number}",
            name=f"Key {number} of a program with a rather long name",
            role="analyst",
            now=now,
            created_by="local",
            expires_at=now + timedelta(days=days) if days else None,
        )


def members(house: House) -> None:
    hashed = password_hash(PASSWORD)
    for role in ("admin", "viewer", "analyst"):
        add_member(
            house.database,
            Member(
                member_id=f"member_{role}",
                email=f"{role}@example.com",
                name=f"Member {role}",
                role=role,
                password_hash=hashed,
                created_at=house.now(),
            ),
        )


def webhook(house: House) -> None:
    """A receiver that fails, with a message that was given up."""
    now = house.now()
    add_endpoint(
        house.database,
        WebhookEndpoint(
            endpoint_id="hook_1", url=LONG_URL, secret="sealed", failing_since=now, created_at=now
        ),
    )
    message = OutboxMessage(message_id="msg_1", key="told_1", event="job.done", created_at=now)
    house.database.add(message)
    house.database.add(
        OutboxDelivery(
            delivery_id="dlv_1",
            message_id="msg_1",
            endpoint_id="hook_1",
            event="job.done",
            status="dead",
            attempts=10,
            last_status=500,
            last_error="refused",
            created_at=now,
        )
    )


def model_calls(house: House, many: int = 3) -> None:
    for number in range(many):
        house.database.keep(
            ModelCall(
                call_id=f"icp_1-segment-{number}-1",
                run_id="icp_1",
                workflow_id="wf_model",
                warehouse="us",
                told=f"segment-{number}",
                attempt=1,
                prompt="segment",
                prompt_version="v1",
                model="a-model",
                facts=FACTS,
                answer="People who own their home, 3.1 times as many.",
                outcome="kept" if number else "refused",
                reasons=[] if number else ["4.2 is not in the facts"],
                tokens_in=300,
                tokens_out=60,
                milliseconds=812.5,
                created_at=house.now(),
            )
        )


def usage(house: House) -> None:
    """300 rows scored on each of the last three days by one key, and 40 identifiers resolved."""
    now = house.now()
    for ago in range(3):
        at = now - timedelta(days=ago)
        entry = {"at": at, "actor": "key_1", "workflow_id": "wf_used"}
        scored = UsageEntry(entry_id=f"scored_{ago}", what="rows_scored", units=300, credits=150.0, **entry)
        add_usage(house.database, scored)
    resolved = UsageEntry(
        entry_id="resolved",
        at=now,
        actor="local",
        what="identifiers_resolved",
        units=40,
        workflow_id="wf_used",
    )
    add_usage(house.database, resolved)


def calls(house: House, warehouse: str) -> str:
    workspace = house.workspace(warehouse)
    listed = call(tool_named(TOOLS, "list_clusters"), workspace, {"limit": 5})
    said = {"workflow_id": listed.workflow_id, "tool_trace_id": listed.tool_trace_id, "kind": "stale_data"}
    call(
        tool_named(TOOLS, "submit_feedback"),
        workspace,
        {**said, "message": "Half of these moved.\nLook again."},
    )
    house.database.add(
        Feedback(
            feedback_id="feedback_2",
            warehouse=warehouse,
            workflow_id=listed.workflow_id,
            kind="other",
            message="Thank you",
            created_at=house.now(),
            status="done",
        )
    )
    return listed.workflow_id
