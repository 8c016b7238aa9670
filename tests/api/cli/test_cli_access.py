"""Keys, members and organisations from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli import app

PASSWORD = "correct horse battery"


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable:
    monkeypatch.setenv("FIELDMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    return lambda *words, **options: CliRunner().invoke(app, list(words), **options)


def as_json(result) -> dict:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_key_is_shown_once_alone_on_stdout(command):
    made = command("keys", "create", "--name", "nightly", "--role", "viewer")
    assert made.exit_code == 0
    secret = made.stdout.strip()
    assert len(secret) == 51
    listed = command("keys", "list")
    assert secret not in listed.output
    assert secret[:12] in listed.stdout
    (key,) = json.loads(command("keys", "list", "--json").stdout)
    assert (key["name"], key["role"], key["scopes"]) == ("nightly", "viewer", ["read"])
    assert "Revoked" in command("keys", "revoke", key["key_id"]).stdout
    assert "before" in command("keys", "revoke", key["key_id"]).stdout
    assert command("keys", "revoke", "key_none").exit_code == 3
    actions = [entry["action"] for entry in json.loads(command("audit", "--json").stdout)]
    assert actions == ["key.revoked", "key.made"]


def test_scopes_and_days_of_a_key(command):
    made = as_json(command("keys", "create", "--scope", "read", "--days", "30", "--json"))
    assert (made["role"], made["scopes"]) == ("analyst", ["read"])
    assert made["expires_at"] > made["created_at"]
    assert command("keys", "create", "--role", "viewer", "--scope", "people").exit_code == 2


def test_a_member_is_added_with_a_password_from_stdin(command):
    added = as_json(
        command("members", "add", "Ann@Example.com", "--role", "admin", "--json", input=PASSWORD + "\n")
    )
    assert (added["email"], added["role"]) == ("ann@example.com", "admin")
    assert PASSWORD not in str(added)
    assert command("members", "role", added["member_id"], "viewer").exit_code == 2  # the last admin
    assert command("members", "remove", added["member_id"]).exit_code == 2
    as_json(command("members", "add", "b@example.com", "--role", "admin", "--no-password", "--json"))
    assert command("members", "password", added["member_id"], input="another password\n").exit_code == 0
    assert command("members", "remove", added["member_id"]).exit_code == 0
    assert [each["email"] for each in json.loads(command("members", "list", "--json").stdout)] == [
        "b@example.com"
    ]


@pytest.mark.parametrize("given", ["", "\n", "short\n"])
def test_no_password_and_a_short_one_add_nobody(command, given):
    refused = command("members", "add", "ann@example.com", input=given)
    assert refused.exit_code == 2
    assert "ann@" not in refused.output
    assert json.loads(command("members", "list", "--json").stdout) == []


def test_an_organisation_has_its_own_members_and_keys(command, monkeypatch):
    made = as_json(
        command("organisations", "create", "Second", "--admin", "ann@example.com", "--no-password", "--json")
    )
    name = made["organisation_id"]
    assert json.loads(command("organisations", "list", "--json").stdout) == [made]
    assert json.loads(command("members", "list", "--json").stdout) == []
    assert len(json.loads(command("members", "list", "--organisation", name, "--json").stdout)) == 1
    monkeypatch.setenv("FIELDMARK_ORGANISATION", name)
    as_json(command("keys", "create", "--json"))
    monkeypatch.delenv("FIELDMARK_ORGANISATION")
    assert json.loads(command("keys", "list", "--json").stdout) == []
    assert command("keys", "list", "--organisation", "org_none").exit_code == 3


def test_an_organisation_whose_admin_is_no_address_is_not_made(command):
    assert command("organisations", "create", "Second", "--admin", "ann", "--no-password").exit_code == 2
    assert json.loads(command("organisations", "list", "--json").stdout) == []
