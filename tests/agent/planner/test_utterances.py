"""Are the labelled utterances what their readers take for granted?"""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from agent import CATALOGUE
from agent.planner import requests
from agent.planner.plan import MOST_CHARACTERS, ConversationState, Uploaded
from store.workspace import Workspace
from tools.audience.expression import parse
from tools.declaration import ToolQuery

Line = dict[str, Any]

FILES = sorted((Path(__file__).parent / "utterances").glob("*.jsonl"))
ALL = {file.stem: [json.loads(line) for line in file.read_text().splitlines()] for file in FILES}
# One author wrote the first set in families, by rules of form; the others wrote freely.
FORMED = {name: [line for line in lines if line["id"][0] in "ah"] for name, lines in ALL.items()}
LINES = {name: lines for name, lines in FORMED.items() if lines}
EVERY = [line for lines in LINES.values() for line in lines]
FREE = [line for lines in ALL.values() for line in lines]
# Programs, the commands and the routes call these; in a conversation others stand for them, or none does.
UNSPOKEN = {"export_audience", "score_list"} | {
    f"{verb}_icp_profile" for verb in ("propose", "get", "update", "restore", "delete")
}
UNSPOKEN |= {"list_icp_profiles", "compare_icp_profiles"}
UNSPOKEN |= {"remove_schedule", "refresh_standing", "rescore_accounts", "decide_feedback"}
UNSPOKEN |= {"split_match", "merge_persons", "undo_correction", "list_corrections"}
# Tools that came after the sets were labelled: their sentences are in test_planner_loop.py.
LATER = {"list_schedules", "keep_audience", "list_standing", "list_feedback"}
QUERIES: Mapping[str, type[ToolQuery]] = {
    tool.name: tool.query for tool in CATALOGUE if tool.name not in UNSPOKEN | LATER
} | {
    "analyze_customers": requests.AnalyzeFile,
    "score_leads": requests.ScoreFile,
    "create_icp_profile": requests.CreateIcpProfile,
    "clone_icp_profile": requests.CloneIcpProfile,
    "share_icp_profile": requests.ShareIcpProfile,
    "icp_profile_history": requests.IcpProfileHistory,
    "compare_analyses": requests.CompareAnalyses,
    "analyze_outcomes": requests.AnalyzeOutcomes,
    "schedule_briefing": requests.ScheduleBriefing,
    "run_briefing": requests.RunBriefing,
    "explain": requests.Explain,
    "help": requests.Help,
}
KEYS = {"id", "text", "family", "state", "file", "steps", "ask", "decline"}
LEAST_OF_A_TOOL = 10
MOST_OF_A_FAMILY = 3
OPERATOR = re.compile(r"([()]|\bNOT\b(?=[\s(])|(?<=[\s)])(?:AND|OR)(?=[\s(]))")  # `state=OR` is Oregon
PLACE = re.compile(r"[A-Z][A-Za-z .]+, [A-Z]{2}|\d{5}")
SOMEWHERE = {"latitude": 0.0, "longitude": 0.0}


def steps_of(line: Line) -> Iterator[tuple[str, Line]]:
    for step in line["steps"]:
        yield step["tool"], step["arguments"]


def parts_of(expression: str) -> list[str]:
    """Operators, parentheses and `name=value` keys, in order."""
    return [part.strip() for part in OPERATOR.split(expression) if part.strip()]


def keys_of(expression: str) -> list[str]:
    return [part for part in parts_of(expression) if "=" in part]


def in_hashes(expression: str) -> str:
    """The same with a hash for every key: the form that the grammar reads."""
    return " ".join("0" * 32 if "=" in part else part for part in parts_of(expression))


def expressions_in(arguments: Line) -> list[str]:
    given = [arguments[name] for name in ("expression", "among") if name in arguments]
    return given + [trait for trait in arguments.get("exclude", []) if trait != "customers"]


def settled(tool: str, arguments: Line) -> Line:
    """The arguments with what only a run can add: a place looked up, the call a feedback is about."""
    place = arguments.get("location")
    if place and "place" in place:
        known = {name: value for name, value in place.items() if name != "place"}
        arguments = arguments | {"location": SOMEWHERE | known}
    return arguments | {"workflow_id": "run"} if tool == "submit_feedback" else arguments


def identifiers_of(line: Line) -> Iterator[str]:
    for _, arguments in steps_of(line):
        for group in arguments.get("multi_identifiers", []):
            yield from group["values"]
        yield from map(str, arguments.get("person_ids", []))


@pytest.mark.parametrize("name", LINES)
def test_lines_have_known_keys_and_ids_of_their_own(name: str) -> None:
    lines = LINES[name]
    assert all({"id", "text", "family", "steps"} <= set(line) <= KEYS for line in lines)
    assert len({line["id"] for line in lines}) == len(lines)
    assert all(0 < len(line["text"]) <= MOST_CHARACTERS for line in lines)


def test_a_line_has_steps_or_asks_or_declines() -> None:
    assert [
        line["id"] for line in EVERY if not (line["steps"] or line.get("ask") or line.get("decline"))
    ] == []
    assert [line["id"] for line in EVERY if line.get("decline") and (line["steps"] or line.get("ask"))] == []


def test_states_and_files_are_those_a_conversation_can_have() -> None:
    for line in EVERY:
        ConversationState.model_validate(line.get("state", {}))
        if "file" in line:
            Uploaded.model_validate(line["file"])


def test_no_utterance_is_in_two_sets() -> None:
    texts = Counter(
        json.dumps([line["text"].casefold(), line.get("state"), line.get("file")]) for line in FREE
    )
    assert [text for text, times in texts.items() if times > 1] == []


def test_what_is_not_spoken_of_is_a_tool_all_the_same() -> None:
    assert {tool.name for tool in CATALOGUE} >= UNSPOKEN | LATER


def test_the_held_out_set_is_of_all_tools() -> None:
    counts = Counter(tool for line in ALL["held_out"] for tool, _ in steps_of(line))
    assert [tool for tool in QUERIES if not counts[tool]] == []


def test_arguments_are_fields_of_the_tool() -> None:
    strange = [
        (line["id"], set(arguments) - set(QUERIES[tool].model_fields) - {"file"})
        for line in FREE
        for tool, arguments in steps_of(line)
    ]
    assert [(at, names) for at, names in strange if names] == []


def test_what_is_fully_understood_is_a_request_the_tool_takes() -> None:
    for line in EVERY:
        if line.get("ask"):
            continue
        for tool, arguments in steps_of(line):
            if "file" in arguments and "file" not in QUERIES[tool].model_fields:
                continue  # its rows are read when the plan runs
            QUERIES[tool].model_validate(settled(tool, arguments))


def test_expressions_are_well_formed() -> None:
    for line in FREE:
        for _, arguments in steps_of(line):
            for expression in expressions_in(arguments):
                assert parse(in_hashes(expression)), line["id"]


def test_clusters_are_in_the_generated_population(us: Workspace) -> None:
    known = {f"{cluster.name}={cluster.value}" for cluster in us.population.catalogue.clusters}
    said = {
        key
        for line in EVERY
        for _, arguments in steps_of(line)
        for expression in expressions_in(arguments)
        for key in keys_of(expression)
    }
    outcomes = [
        arguments["outcome"] for line in EVERY for _, arguments in steps_of(line) if "outcome" in arguments
    ]
    said |= {f"{outcome['attribute']}={outcome['value']}" for outcome in outcomes}
    assert said - known == set()


def test_places_are_a_zip_or_a_city_with_its_state() -> None:
    places = [arguments.get("location", {}).get("place") for line in EVERY for _, arguments in steps_of(line)]
    assert [place for place in places if place and not PLACE.fullmatch(place)] == []


def test_identifiers_stand_in_the_text_as_they_are_labelled() -> None:
    assert [
        line["id"] for line in EVERY if any(value not in line["text"] for value in identifiers_of(line))
    ] == []


def test_an_uploaded_file_is_read_by_some_step() -> None:
    for line in EVERY:
        read = {arguments["file"] for _, arguments in steps_of(line) if "file" in arguments}
        assert read <= {line.get("file", {}).get("name"), *_files_asked_about(line)}, line["id"]


def _files_asked_about(line: Line) -> Iterator[str]:
    for step in line.get("state", {}).get("asked", {}).get("steps", []):
        if "file" in step["arguments"]:
            yield step["arguments"]["file"]


def test_families_do_not_straddle_the_split() -> None:
    families = [{line["family"] for line in lines} for lines in LINES.values()]
    assert sum(map(len, families)) == len(set().union(*families))


def test_families_are_small() -> None:
    sizes = Counter(line["family"] for line in EVERY)
    assert [family for family, size in sizes.items() if size > MOST_OF_A_FAMILY] == []


@pytest.mark.parametrize("name", LINES)
def test_every_tool_is_asked_for_often_enough(name: str) -> None:
    counts = Counter(tool for line in LINES[name] for tool, _ in steps_of(line))
    assert set(counts) == set(QUERIES)
    assert min(counts.values()) >= LEAST_OF_A_TOOL
