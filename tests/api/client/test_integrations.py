"""The integrations do what they say, against a house that is served in a process of its own."""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from api.app import application
from api.settings import Settings
from benchmarks.own_server import OwnServer

FOLDER = Path(__file__).parents[3] / "docs" / "integrations"
WORKFLOWS = sorted(FOLDER.glob("*.json"))
BASE = "={{ $('Settings').first().json.base_url }}"
NODES = {
    "manualTrigger": 1,
    "set": 3.4,
    "httpRequest": 4.2,
    "code": 2,
    "splitInBatches": 3,
    "if": 2.2,
    "wait": 1.1,
}
# What an expression of a body stands for, by the argument that it is given to.
SAMPLES: dict[str, Any] = {
    "workflow_id": "00000000-0000-4000-8000-000000000001",
    "id_type": "email",
    "identifiers": ["person1@example.com"],
    "person_ids": [9007199254740993],
    "cluster_names": ["gender"],
    "expression": "a AND b",
}


@pytest.fixture
def emails(consumers: Path, tmp_path: Path) -> Path:
    """Addresses of a customer file, and some of nobody: one a line."""
    with (consumers / "people" / "customers" / "golf_homeowners.csv").open() as file:
        found = [cell for row in csv.reader(file) for cell in row if re.fullmatch(r"\S+@\S+", cell)]
    out = tmp_path / "emails.txt"
    out.write_text("\n".join([*found[:1_200], "nobody1@example.com", "nobody2@example.com"]) + "\n")
    return out


class Receiver(ThreadingHTTPServer):
    """A webhook that keeps what it is sent."""

    def __init__(self) -> None:
        self.batches: list[list[dict[str, Any]]] = []
        self.keys: list[str] = []
        receiver = self

        class Hears(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.batches.append(body["profiles"])
                receiver.keys.append(self.headers["Idempotency-Key"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        super().__init__(("127.0.0.1", 0), Hears)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as hook:
        thread = threading.Thread(target=hook.serve_forever)
        thread.start()
        yield hook
        hook.shutdown()
        thread.join()


def ran(*command: str | Path, server: str) -> str:
    """What a script says."""
    environment = {
        **os.environ,
        "FIELDMARK_SERVER": server,
        "FIELDMARK_POLL_SECONDS": "0.2",
        "PYTHONPATH": str(FOLDER.parents[1]),
        "no_proxy": "127.0.0.1",
    }
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def _with_curl() -> bool:
    return all(shutil.which(each) for each in ("bash", "curl", "jq"))


def commands(name: str, emails: Path, server: str, *more: str) -> dict[str, list[str | Path]]:
    """The same work as a script for curl and as one for Python."""
    python = [sys.executable, FOLDER / f"{name}.py", emails, *more, "--server", server, "--warehouse", "us"]
    return {"py": python, "sh": ["bash", FOLDER / f"{name}.sh", emails, "us", *more]}


@pytest.mark.parametrize("language", ["py", "sh"])
def test_the_analysis_ends_in_a_file_of_people(own_house: OwnServer, emails: Path, language: str) -> None:
    if language == "sh" and not _with_curl():
        pytest.skip("bash, curl and jq are needed")
    said = ran(*commands("icp_analysis", emails, own_house.url)[language], server=own_house.url)
    given = len(emails.read_text().split())
    said = said.replace(",", "")
    told = re.search(rf"(\d+) persons of {given}", said)
    assert told
    resolved = int(told[1])
    assert 0 < resolved < given
    assert f"{resolved} profiles" in said
    rows = (emails.parent / "people_like_them.csv").read_text().splitlines()
    assert f"{len(rows) - 1} rows" in said
    assert len(rows) > 100


@pytest.mark.parametrize("language", ["py", "sh"])
def test_every_profile_reaches_the_webhook_once(
    own_house: OwnServer, emails: Path, receiver: Receiver, language: str
) -> None:
    if language == "sh" and not _with_curl():
        pytest.skip("bash, curl and jq are needed")
    hook = f"http://127.0.0.1:{receiver.server_port}/people"
    said = ran(*commands("identity_enrichment", emails, own_house.url, hook)[language], server=own_house.url)
    people = [profile["person_id"] for batch in receiver.batches for profile in batch]
    assert len(people) == len(set(people)) > 700
    assert all(len(batch) <= 1_000 for batch in receiver.batches)
    assert len(set(receiver.keys)) == len(receiver.batches)
    assert f"{len(people):,} profiles posted" in said or f"{len(people)} profiles posted" in said


@pytest.fixture(params=WORKFLOWS, ids=[path.stem for path in WORKFLOWS])
def workflow(request: pytest.FixtureRequest) -> dict[str, Any]:
    return json.loads(request.param.read_text())


@pytest.fixture(scope="module")
def openapi(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return application(Settings(home=tmp_path_factory.mktemp("openapi"))).openapi()


def asking(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes that ask this house."""
    return [
        node
        for node in workflow["nodes"]
        if node["type"].endswith("httpRequest") and node["parameters"]["url"].startswith(BASE)
    ]


def test_there_are_two_workflows() -> None:
    assert [path.stem for path in WORKFLOWS] == ["n8n_icp_analysis", "n8n_identity_enrichment"]


def test_each_connection_joins_nodes_that_are_there_and_each_node_is_reached(
    workflow: dict[str, Any],
) -> None:
    names = [node["name"] for node in workflow["nodes"]]
    assert len(names) == len(set(names))
    ends = {
        end["node"]
        for ways in workflow["connections"].values()
        for outputs in ways["main"]
        for end in outputs
    }
    assert set(workflow["connections"]) <= set(names)
    assert ends == set(names[1:])  # the first is the trigger
    said = json.dumps(workflow, ensure_ascii=False)
    assert set(re.findall(r"\$\('([^']+)'\)", said)) <= set(names)


def test_each_node_is_of_a_kind_and_version_that_n8n_has(workflow: dict[str, Any]) -> None:
    for node in workflow["nodes"]:
        assert node["typeVersion"] == NODES[node["type"].removeprefix("n8n-nodes-base.")]


def test_the_address_is_in_one_place_and_no_secret_anywhere(workflow: dict[str, Any]) -> None:
    said = json.dumps(workflow)
    assert said.count("http://127.0.0.1:8321") == 1
    assert "sk_live" not in said
    assert "Bearer" not in said
    for node in asking(workflow):
        assert node["credentials"] == {"httpHeaderAuth": {"id": None, "name": "Fieldmark key"}}
        assert (node["retryOnFail"], node["maxTries"]) == (True, 5)


def test_each_request_is_one_of_the_api_and_its_body_fits(
    workflow: dict[str, Any], openapi: dict[str, Any]
) -> None:
    nodes = asking(workflow)
    assert len(nodes) >= 4
    for node in nodes:
        given = node["parameters"]
        method = given.get("method", "GET").lower()
        path = given["url"].removeprefix(BASE)
        operation = _operation(openapi, method, path)
        if method == "post":
            body = _body(given["jsonBody"])
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            found = Draft202012Validator(schema | {"components": openapi["components"]})
            assert not list(found.iter_errors(body)), node["name"]
            headers = {each["name"] for each in given["headerParameters"]["parameters"]}
            assert "Idempotency-Key" in headers


def _operation(openapi: dict[str, Any], method: str, path: str) -> dict[str, Any]:
    plain = re.sub(r"\{\{.*?\}\}", "x", path)
    for template, methods in openapi["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", template), plain) and method in methods:
            return methods[method]
    raise AssertionError(f"{method} {path} is no route")


def _body(expression: str) -> dict[str, Any]:
    """The body with a sample in the place of each expression; what is written out stays as it is."""
    inner = re.fullmatch(r"=\{\{ JSON\.stringify\(\{ (.*) \}\) \}\}", expression)
    assert inner, expression
    found: dict[str, Any] = {}
    for name, value in re.findall(r"(\w+): (\[[^\]]*\]|\"[^\"]*\"|\d+|\$[^,]*)(?:, |$)", inner[1]):
        found[name] = SAMPLES[name] if value.startswith("$") else json.loads(value)
    return found
