"""Resolve, analyse and chat with people's identifiers: none is in the log, the records or the checkpoints."""

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.observing.logs import logging_to_stderr

PLANTED = (
    "planted.person@example.com",
    "+1 555 867 5309",
    "15558675309",
    "198.51.100.77",
    "sk_live_planted0",
)
TOOLS = "/v1/tools"


@pytest.fixture
def emails(golfers: Path) -> list[str]:
    """The addresses of 150 people of the population, who are found."""
    return [line.split(",")[0] for line in golfers.read_text().splitlines()[1:]]


def test_identifiers_are_in_no_line_record_or_checkpoint(
    served: TestClient, us, emails: list[str], capfd: pytest.CaptureFixture[str]
) -> None:
    mail, phone, digits, address, key = PLANTED
    given = [*emails, mail]
    headers = {"X-Request-Id": digits, "X-Seen-From": address, "User-Agent": mail, "X-Other": key}
    with logging_to_stderr("debug", "json"):
        asked = {"id_type": "email", "identifiers": given}
        assert served.post(f"{TOOLS}/resolve_identities?q={mail}", json=asked, headers=headers).is_success
        found = served.post(f"{TOOLS}/analyze_customers", json=asked, headers=headers)
        assert found.is_success, found.text
        phones = {"id_type": "phone", "identifiers": [phone, digits, emails[0]]}
        served.post(f"{TOOLS}/resolve_identities", json=phones)
        served.post(f"{TOOLS}/resolve_identities", json={"identifiers": {mail: phone}})
        served.post(f"{TOOLS}/{mail}", json={})
        served.get(f"/v1/traces/{digits}")
        said = f"Find {mail} and {emails[0]}, or call {phone}"
        assert served.post("/v1/chat", json={"message": said}).is_success
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    require_none(json.dumps(lines), [*given, *PLANTED, emails[0].partition("@")[0]])
    assert {line["event"] for line in lines} >= {"request", "call", "step"}
    steps = [line for line in lines if line["event"] == "step"]
    assert {"resolve", "mine", "tell"} <= {line["name"] for line in steps}
    assert all(line["workflow_id"] for line in steps)
    assert all(line["name"] and line["outcome"] == "ok" for line in steps)
    kept = [file for file in us.home.iterdir() if file.is_file() and ".db" in file.name]
    assert {"fieldmark.db", "checkpoints.db"} <= {file.name for file in kept}
    for file in kept:
        require_none(file.read_bytes().decode("latin-1"), [*given, *PLANTED])


def require_none(text: str, identifiers: list[str]) -> None:
    """Fail with how many there are, and with none of them."""
    found = [number for number, each in enumerate(identifiers) if each in text]
    assert not found, f"{len(found)} of {len(identifiers)} identifiers are there: {found[:5]}"
