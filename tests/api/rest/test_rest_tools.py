"""Every tool through every door gives the same answer."""

import json
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest
from sqlmodel import update
from starlette.testclient import TestClient

from agent import CATALOGUE
from store.outcomes.ledger import ledger_of
from store.outcomes.records_sent import OutcomeRecord
from store.records.corrections import Correction
from store.records.schedules import remove_schedule, schedules_of
from store.records.standing import remove_standing, standing_of
from store.scored_lists.kept import KeptList, KeptLists, until
from store.workspace import Workspace
from tools.calls import call, tool_named
from tools.profiles.catalogue import PROFILE_TOOLS

VARY = {"workflow_id", "tool_trace_id", "analysis_id", "audience_id", "created_at", "feedback_id"}
VARY |= {"briefing_id", "markdown"}  # markdown tells the day
VARY |= {"from_cache"}  # the first door makes the answer that the others read
VARY |= {"icp_profile_id", "export_id", "export"}  # of what each door makes for itself
VARY |= {"schedule_id", "standing_id", "change_id"}
PROFILE = "Software, DACH"
CLUSTER = "cluster:interested_golf"
PEOPLE = "people:interested_golf"
REQUESTS: dict[str, dict[str, Any]] = {
    "analyze_customers": {"person_ids": PEOPLE},
    "generate_audience": {"traits": ["interested_golf=Yes", "is_home_owner=Yes"], "strategy": "reach"},
    "compare_analyses": {"before": "analysis:first", "after": "analysis:second"},
    "analyze_outcomes": {"unit": "person"},
    "run_briefing": {"icp_profile": "analysis:first"},
    "resolve_identities": {"id_type": "email", "identifiers": ["nobody@example.com", "not an address"]},
    "get_person": {"person_ids": PEOPLE, "domains": ["interest", "email"]},
    "list_clusters": {"domain": "interest", "limit": 5},
    "get_cluster": {"cluster": CLUSTER},
    "find_persons": {"expression": CLUSTER},
    "export_audience": {"expression": CLUSTER, "destination": "meta", "accept": ["below_minimum"]},
    "score_leads": {"person_ids": PEOPLE, "analysis_id": "analysis:first"},
    "submit_feedback": {"workflow_id": "w-1", "kind": "other", "message": "Well done."},
    "list_feedback": {"feedback_id": "feedback:one"},
    "decide_feedback": {"feedback_id": "feedback:one", "decision": "accept", "dry_run": True},
    "split_match": {"person_id": "person:one", "which": "email1", "dry_run": True},
    "merge_persons": {"person_id": "person:one", "other_person_id": "person:other", "dry_run": True},
    "undo_correction": {"correction_id": "correction:one"},
    "list_corrections": {"kind": "split"},
    "propose_icp_profile": {"person_ids": PEOPLE},
    "create_icp_profile": {"name": "Retail", "industries": ["Retail"], "company_size": "50-200"},
    "list_icp_profiles": {"limit": 5},
    "get_icp_profile": {"icp_profile": PROFILE, "number": 1},
    "update_icp_profile": {"icp_profile": PROFILE, "revision": 2, "changes": {"roles": ["CTO"]}},
    "clone_icp_profile": {"icp_profile": PROFILE},
    "share_icp_profile": {"icp_profile": PROFILE},
    "icp_profile_history": {"icp_profile": PROFILE},
    "compare_icp_profiles": {"icp_profile": PROFILE, "revision": 1},
    "restore_icp_profile": {"icp_profile": PROFILE, "number": 1},
    "delete_icp_profile": {"icp_profile": PROFILE},
    "score_list": {"list_id": "list:leads", "icp_profiles": ["analysis:first"]},
    "schedule_briefing": {"name": "Fridays", "weekday": "friday", "timezone": "Europe/Berlin"},
    "list_schedules": {"kind": "briefing"},
    "remove_schedule": {"schedule_id": "Fridays"},
    "keep_audience": {"name": "Golfers", "expression": CLUSTER},
    "list_standing": {},
    "refresh_standing": {"names": ["Golfers"]},
    "rescore_accounts": {},
    "explain": {"about": "term", "subject": "lift"},
    "help": {"topic": "segments"},
}


def fitted(workspace: Workspace, request: dict[str, Any]) -> dict[str, Any]:
    """The request with its clusters and people put in."""
    golf = workspace.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    (shard,) = workspace.population.shards
    people = [int(shard.person_ids[number]) for number in list(shard.bitmaps[golf.code])[:120]]
    known: dict[str, Any] = {CLUSTER: golf.cluster_hash, PEOPLE: people}
    if "unit" in request:
        today = workspace.now().date()
        records = [
            OutcomeRecord(unit_id=str(person), outcome="lost" if at % 3 else "won", decided_at=today)
            for at, person in enumerate(people)
        ]
        ledger_of(workspace.warehouse).record(records, "person", workspace.now())
    known |= {"person:one": people[0], "person:other": people[1]}
    if "feedback:one" in request.values():
        said = call(tool_named(CATALOGUE, "submit_feedback"), workspace, REQUESTS["submit_feedback"])
        known["feedback:one"] = said.model_dump()["feedback_id"]
    if "correction:one" in request.values() or request == REQUESTS["list_corrections"]:
        wrong = {"person_id": people[0], "which": "email1"}
        split = call(tool_named(CATALOGUE, "split_match"), workspace, wrong)
        known["correction:one"] = split.model_dump()["correction_id"]
    if "list:leads" in request.values():
        known["list:leads"] = sent_list(workspace, people)
    if "analysis:first" in [*request.values(), *request.get("icp_profiles", [])]:
        for name, given in (("first", people), ("second", people[:100])):
            found = call(tool_named(CATALOGUE, "analyze_customers"), workspace, {"person_ids": given})
            known[f"analysis:{name}"] = found.model_dump()["analysis_id"]
    put = lambda value: known[value] if isinstance(value, str) and value in known else value  # noqa: E731
    return {
        name: [put(each) for each in value] if isinstance(value, list) else put(value)
        for name, value in request.items()
    }


def sent_list(workspace: Workspace, people: list[int]) -> str:
    """The id of a list of these people that was sent by whoever asks at every door."""
    file = workspace.home.parent / "people.csv"
    file.write_text("\n".join(["person_id", *map(str, people)]) + "\n")
    now = workspace.now()
    kept = KeptList(
        list_id="list_1",
        name=file.name,
        warehouse=workspace.warehouse.name,
        creator=workspace.actor,
        created_at=now,
        expires_at=until(now, 1),
    )
    return KeptLists(workspace.home).add(kept, file.name, file, now).list_id


def afresh(workspace: Workspace, name: str) -> None:
    """What a tool changes, as every door is to find it."""
    if "icp_profile" in name:
        one_profile(workspace)
    if name in ("schedule_briefing", "list_schedules", "remove_schedule"):
        for each in schedules_of(workspace.database):
            remove_schedule(workspace.database, each.schedule_id)
        if name != "schedule_briefing":
            call(tool_named(CATALOGUE, "schedule_briefing"), workspace, REQUESTS["schedule_briefing"])
    if name in ("keep_audience", "list_standing", "refresh_standing"):
        for each in standing_of(workspace.database, workspace.warehouse.name):
            remove_standing(workspace.database, each.standing_id)
        if name != "keep_audience":
            kept = fitted(workspace, REQUESTS["keep_audience"])
            call(tool_named(CATALOGUE, "keep_audience"), workspace, kept)
    if name == "undo_correction":
        with workspace.database.session() as session:
            session.exec(update(Correction).values(undone_at=None))  # type: ignore[call-overload]  # an UPDATE


def one_profile(workspace: Workspace) -> None:
    """One profile of two revisions."""

    def asked(tool: str, **given: Any) -> Any:
        return call(tool_named(PROFILE_TOOLS, tool), workspace, given)

    for each in asked("list_icp_profiles").icp_profiles:
        asked("delete_icp_profile", icp_profile=each.icp_profile_id)
    asked("create_icp_profile", name=PROFILE, industries=["Software"], geography=["DACH"])
    asked("update_icp_profile", icp_profile=PROFILE, revision=1, changes={"signals": ["hiring"]})


def same(answer: Any) -> Any:
    """The answer without what differs from call to call."""
    if isinstance(answer, dict):
        return {name: same(value) for name, value in answer.items() if name not in VARY}
    return [same(value) for value in answer] if isinstance(answer, list) else answer


def test_every_tool_is_asked_here() -> None:
    assert list(REQUESTS) == [tool.name for tool in CATALOGUE]


@pytest.mark.parametrize("name", REQUESTS)
def test_each_door_gives_the_same_answer(
    us: Workspace,
    served: TestClient,
    fieldmark: Callable[..., Any],
    clock: Callable[[], datetime],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    # What is told of the last days depends on the day: every door reads the same clock.
    monkeypatch.setattr("api.settings.datetime", SimpleNamespace(now=lambda _: clock()))
    tool = tool_named(CATALOGUE, name)
    first = next(iter(tool.query.model_fields))
    assert first == "workflow_id"
    request = fitted(us, REQUESTS[name])
    if name == "get_cluster" and "cluster" not in tool.query.model_fields:
        (field,) = [f for f in tool.query.model_fields if "cluster" in f][:1]
        request = {field: request["cluster"]}
    afresh(us, name)
    called = call(tool, us, dict(request)).model_dump(mode="json", exclude_none=True, warnings=False)
    afresh(us, name)
    answered = served.post(f"/v1/tools/{name}", params={"warehouse": "us"}, json=request)
    assert answered.status_code == 200, answered.text
    assert same(answered.json()) == same(called)
    afresh(us, name)
    run = fieldmark("tool", name, json.dumps(request), "--warehouse", "us")
    assert run.exit_code == 0, run.stderr
    assert same(json.loads(run.stdout)) == same(called)
    assert answered.json()["workflow_id"]
    assert answered.json()["tool_trace_id"].startswith("trace_")


def test_the_tools_are_listed_alike(served: TestClient, fieldmark: Callable[..., Any]) -> None:
    listed = served.get("/v1/tools").json()
    assert [tool["name"] for tool in listed] == [tool.name for tool in CATALOGUE]
    assert json.loads(fieldmark("tools", "--json").stdout) == listed


def references(part: Any) -> set[str]:
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(value) for value in part.values()))
    return set().union(*(references(value) for value in part)) if isinstance(part, list) else set()


def test_the_openapi_document_holds_every_tool_and_all_that_it_refers_to(served: TestClient) -> None:
    document = served.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    for reference in references(document):
        kind, name = reference.removeprefix("#/components/").split("/")
        assert name in document["components"][kind]
    for tool in CATALOGUE:
        operation = document["paths"][f"/v1/tools/{tool.name}"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/")[-1]
        answer = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/")[
            -1
        ]
        assert set(schemas[body]["properties"]) == set(tool.query.model_fields)
        assert set(schemas[answer]["properties"]) == set(tool.result.model_fields)
        assert operation["summary"] == tool.summary
    operations = [o["operationId"] for path in document["paths"].values() for o in path.values()]
    assert len(operations) == len(set(operations))
