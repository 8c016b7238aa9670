"""`POST /v1/chat/plan`: the plan for a message; nothing runs."""

from starlette.testclient import TestClient

from agent.planner.catalogue import plannable


def test_a_message_is_planned(served: TestClient) -> None:
    answer = served.post("/v1/chat/plan", json={"message": "how many homeowners in Texas golf?"})
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert [step["tool"] for step in made["steps"]] == ["find_persons"]
    assert "ask" not in made
    assert "decline" not in made
    assert {one["name"] for one in made["understood"]} == {"is_home_owner", "state", "interested_golf"}


def test_conversation_and_file_are_taken_into_account(served: TestClient) -> None:
    body = {"message": "build 20k lookalikes of them", "conversation": {"analysis_id": "icp_7"}}
    made = served.post("/v1/chat/plan", json=body).json()
    assert made["steps"][0]["arguments"] == {"target_size": 20_000, "analysis_id": "icp_7"}
    body = {"message": "analyze this", "file": {"name": "best.csv"}}
    made = served.post("/v1/chat/plan", json=body).json()
    assert made["steps"][0]["arguments"] == {"file": "best.csv"}


def test_questions_and_refusals_are_plans_too(served: TestClient) -> None:
    assert served.post("/v1/chat/plan", json={"message": "do the thing"}).json()["ask"]
    assert served.post("/v1/chat/plan", json={"message": "x" * 9_000}).json()["decline"]


def test_a_body_that_does_not_fit_is_a_problem(served: TestClient) -> None:
    assert served.post("/v1/chat/plan", json={"mesage": "hi"}).status_code == 422
    unknown = served.post("/v1/chat/plan", json={"message": "golfers in Texas", "warehouse": "nowhere"})
    assert unknown.status_code == 404


def test_the_tools_of_a_plan_are_documented(served: TestClient) -> None:
    told = served.get("/openapi.json").json()["paths"]["/v1/chat/plan"]["post"]["description"]
    assert all(f"`{each.name}`" in told for each in plannable())
