"""`fieldmark trace` shows what happened under a workflow: calls, steps, files, times and sizes."""

import json
from collections.abc import Callable
from typing import Any


def test_a_workflow_is_a_tree_with_its_steps_sizes_and_totals(
    fieldmark: Callable[..., Any], golf_hash: str
) -> None:
    done = fieldmark("tool", "find_persons", json.dumps({"expression": golf_hash, "format": "csv"}))
    assert done.exit_code == 0, done.output
    workflow = json.loads(done.stdout)["workflow_id"]
    told = fieldmark("trace", workflow, "--json")
    tree = json.loads(told.stdout)
    (call,) = tree["nodes"]
    assert (call["kind"], call["name"], call["outcome"]) == ("call", "find_persons", "ok")
    assert call["figures"]["request_bytes"] > 20
    assert call["figures"]["answer_bytes"] > 100
    (file,) = call["children"]
    assert (file["kind"], file["name"]) == ("export", "csv")
    assert tree["totals"]["rows"] == file["figures"]["rows"] > 0
    shown = fieldmark("trace", workflow).stdout
    assert "find_persons" in shown
    assert "file csv" in shown
    assert "1 calls, 0 of them as jobs" in shown


def test_an_analysis_shows_its_steps_in_order(fieldmark: Callable[..., Any], golfers) -> None:
    done = fieldmark("analyze", golfers, "--json")
    assert done.exit_code == 0, done.output
    workflow = json.loads(done.stdout)["workflow_id"]
    tree = json.loads(fieldmark("trace", workflow, "--json").stdout)
    (call,) = (node for node in tree["nodes"] if node["name"] == "analyze_customers")
    steps = [node["name"] for node in call["children"] if node["kind"] == "step"]
    assert steps[0] == "resolve"
    assert steps[-1] == "tell"
    assert "mine" in steps
    assert tree["totals"]["steps"] == len(steps)
    counted = {node["name"]: node["figures"].get("count") for node in call["children"]}
    assert counted["resolve"] > 0


def test_an_unknown_workflow_is_not_found(fieldmark: Callable[..., Any]) -> None:
    refused = fieldmark("trace", "nowhere", "--json")
    assert refused.exit_code == 3
    assert "There is no such workflow" in refused.output
