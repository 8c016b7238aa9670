"""Outcome records, sent and summed up."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import application
from api.settings import Settings
from store.outcomes.ledger import ledger_of
from store.workspace import House, Workspace

PATH = "/v1/warehouses/small/outcomes"
WON = {
    "outcome": "won",
    "opened_at": "2025-01-01",
    "decided_at": "2025-02-01",
    "unit_id": "a",
    "record_id": "1",
}


@pytest.fixture
def client(house: House) -> Iterator[TestClient]:
    app = application(Settings(home=house.home), house)
    with TestClient(app, base_url="http://127.0.0.1:8321", raise_server_exceptions=False) as client:
        yield client


def sent(client: TestClient, *records: dict[str, Any], unit: str = "account") -> Any:
    return client.post(PATH, json={"unit": unit, "records": list(records)})


def test_records_are_recorded_and_summed_up(client: TestClient) -> None:
    answer = sent(
        client, WON | {"amount": 10, "attributes": {"employees": 5}}, {"outcome": "open", "unit_id": "b"}
    )
    assert answer.status_code == 200, answer.text
    assert (answer.json()["recorded"], answer.json()["outcomes"]) == (2, {"won": 1, "open": 1})
    found = client.get(PATH).json()
    assert found["outcomes"] == {"won": 1, "open": 1}
    assert found["data_hash"] == answer.json()["data_hash"]
    assert found["cycle_days"][0]["median"]["value"] == 31
    assert client.get(PATH, params={"last_days": 1}).json()["outcomes"] == {"open": 1}


def test_a_record_of_a_known_id_takes_its_place(client: TestClient) -> None:
    sent(client, WON)
    answer = sent(client, WON | {"outcome": "churned", "decided_at": "2025-06-01"}).json()
    assert (answer["replaced"], answer["records"]) == (1, 1)
    assert client.get(PATH).json()["outcomes"] == {"churned": 1}


def test_one_record_that_cannot_be_recorded_keeps_all_from_being(client: TestClient, house: House) -> None:
    answer = sent(client, WON, WON | {"record_id": "2", "decided_at": "2024-12-01"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["where"] == "records[1]"
    assert "before it was opened" in answer.json()["detail"]
    assert not ledger_of(house.workspace("small").warehouse).exists


@pytest.mark.parametrize(
    ("changed", "place"),
    [
        ({"outcome": "maybe"}, "records.1.outcome"),
        ({"amount": -1}, "records.1.amount"),
        ({"decided_at": "soon"}, "records.1.decided_at"),
        ({"secret": "x@example.com"}, "records.1.secret"),
        ({"attributes": {"a": {"b": 1}}}, "records.1.attributes.a"),
    ],
)
def test_a_record_that_does_not_fit_is_told_by_its_place_without_its_values(
    client: TestClient, changed: dict, place: str
) -> None:
    answer = sent(client, WON, WON | changed)
    assert answer.status_code == 422
    assert place in answer.json()["detail"]
    assert "example.com" not in answer.text


def test_no_records_too_many_and_unknown_fields_are_refused(client: TestClient) -> None:
    assert sent(client).status_code == 422
    assert sent(client, *[WON] * 10_001).status_code == 422
    assert client.post(PATH, json={"records": [WON], "more": 1}).status_code == 422
    assert sent(client, WON, unit="team").status_code == 422


def test_what_is_not_there_is_a_problem(client: TestClient) -> None:
    assert client.get(PATH).status_code == 404
    assert client.get("/v1/warehouses/NO%20NAME/outcomes").status_code == 422
    assert client.get(PATH, params={"last_days": 0}).status_code == 422


def test_emails_are_matched_with_people_and_not_kept(
    client: TestClient, house: House, load: Callable[..., Workspace]
) -> None:
    mail = {"outcome": "won", "decided_at": "2025-02-01", "email": "Seven@example.com"}
    assert "no people" in sent(client, mail, unit="person").json()["detail"]
    load(
        "id,email,plan\n7,seven@example.com,a\n8,eight@example.com,b\n",
        columns={
            "id": {"kind": "person_id"},
            "email": {"kind": "identifier", "identifier": "email"},
            "plan": {"kind": "category"},
        },
    )
    assert sent(client, mail, unit="person").status_code == 200
    table = ledger_of(house.workspace("small").warehouse).read(house.now())
    assert table.unit_ids.tolist() == ["7"]
    refused = sent(client, mail | {"email": "nobody@example.com"}, unit="person")
    assert (refused.status_code, refused.json()["where"]) == (422, "records[0]")
    assert "nobody@" not in refused.text
