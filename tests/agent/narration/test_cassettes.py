"""The cassettes are as they were recorded, of a model that is named, and hold no key and nobody's values."""

import hashlib
import json
import re
from pathlib import Path

import pytest
import yaml

from tests.agent.narration.recorded import CASSETTES, manifest

FILES = sorted(CASSETTES.glob("*/*.yaml"))
MANIFEST = manifest()


def interactions() -> list[tuple[dict, dict]]:
    """Every recorded request, its body parsed, with its response."""
    found = []
    for path in FILES:
        for each in yaml.load(path.read_text(), yaml.CSafeLoader)["interactions"]:
            found.append((json.loads(each["request"]["body"]), each["response"]))
    return found


RECORDED = interactions()


def test_the_manifest_says_what_they_were_recorded_from() -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", MANIFEST["model_sha256"])
    assert all(MANIFEST[name] for name in ("model", "model_file", "server", "recorded_on", "openai", "vcrpy"))
    assert (MANIFEST["temperature"], MANIFEST["seed"]) == (0.0, 0)


def test_no_cassette_was_edited_added_or_lost_since() -> None:
    found = {str(p.relative_to(CASSETTES)): hashlib.sha256(p.read_bytes()).hexdigest() for p in FILES}
    assert found == MANIFEST["cassettes"]


def test_every_request_was_to_the_model_of_the_manifest() -> None:
    assert {(r["model"], r["temperature"], r["seed"]) for r, _ in RECORDED} == {(MANIFEST["model"], 0.0, 0)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_cassette_holds_no_key_and_nobodys_address(path: Path) -> None:
    text = path.read_text().lower()
    for header in ("authorization", "api-key", "cookie", "x-stainless", "openai-organization"):
        assert header not in text
    assert not re.search(r"[\w.+-]+@[\w-]+\.\w+", text)


def test_refusals_by_grounding_are_among_them() -> None:
    again = [r for r, _ in RECORDED if "An earlier answer was refused" in r["messages"][1]["content"]]
    assert len(again) >= 3


def test_failures_of_the_server_are_among_them() -> None:
    assert {response["status"]["code"] for _, response in RECORDED} >= {200, 401, 429, 504}


def test_a_stream_that_was_cut_is_among_them() -> None:
    streams = [response["body"]["string"] for _, response in RECORDED if response["status"]["code"] == 200]
    assert any("[DONE]" not in body for body in streams)
