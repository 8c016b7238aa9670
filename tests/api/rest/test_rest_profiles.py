"""Profiles as resources: an edit names its revision, and private ones of others are not there."""

import uuid
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

PATH = "/v1/icp-profiles"


@pytest.fixture
def made(served: TestClient) -> Iterator[dict]:
    """A profile of a name of its own, taken away afterwards: the house is shared by many tests."""
    sent = {"name": f"Profile {uuid.uuid4()}", "industries": ["Software"], "company_size": "50-200"}
    answer = served.post(PATH, json=sent)
    assert answer.status_code == 201, answer.text
    assert answer.headers["location"] == f"{PATH}/{answer.json()['icp_profile_id']}"
    yield answer.json()
    served.delete(f"{PATH}/{answer.json()['icp_profile_id']}", headers={"If-Match": "*"})


def of(made: dict, rest: str = "") -> str:
    return f"{PATH}/{made['icp_profile_id']}{rest}"


def test_a_profile_comes_with_its_revision_as_the_etag(served, made):
    answer = served.get(of(made))
    assert answer.headers["etag"] == '"r1"'
    assert answer.json()["document"]["company_size"] == {"min_employees": 50, "max_employees": 200}
    assert served.get(of(made), headers={"If-None-Match": '"r1"'}).status_code == 304
    assert served.get(of(made), headers={"If-None-Match": '"r2"'}).status_code == 200


def test_an_edit_without_its_revision_is_428_and_of_an_old_one_412(served, made):
    changes = {"roles": ["CTO"]}
    assert served.patch(of(made), json=changes).status_code == 428
    first = served.patch(of(made), json=changes, headers={"If-Match": '"r1"'})
    assert (first.status_code, first.headers["etag"]) == (200, '"r2"')
    late = served.patch(of(made), json={"roles": ["CFO"]}, headers={"If-Match": '"r1"'})
    assert (late.status_code, late.headers["content-type"]) == (412, "application/problem+json")
    assert served.get(of(made)).json()["document"]["roles"] == ["CTO"]


def test_a_profile_is_replaced_whole(served, made):
    document = made["document"] | {"industries": ["Retail"], "company_size": None}
    answer = served.put(of(made), json=document, headers={"If-Match": '"r1"'})
    assert answer.status_code == 200, answer.text
    assert answer.json()["document"]["industries"] == ["Retail"]
    assert answer.json()["document"]["company_size"] is None


def test_revisions_are_listed_read_compared_and_restored(served, made):
    served.patch(of(made), json={"geography": ["DACH"]}, headers={"If-Match": '"r1"'})
    page = served.get(of(made, "/revisions"), params={"limit": 1}).json()
    assert [each["number"] for each in page["items"]] == [2]
    rest = served.get(of(made, "/revisions"), params={"cursor": page["next_cursor"]}).json()
    assert [each["number"] for each in rest["items"]] == [1]
    assert served.get(of(made, "/revisions/1")).json()["document"]["geography"] == []
    assert served.get(of(made, "/revisions/9")).status_code == 404
    compared = served.get(of(made, "/compare"), params={"with": "r1"}).json()
    assert [each["path"] for each in compared["differences"]] == ["geography"]
    back = served.post(of(made, "/revisions/1/restore"))
    assert (back.json()["revision"], back.json()["document"]["geography"]) == (3, [])


def test_a_profile_is_copied_shared_and_deleted(served, made):
    copy = served.post(of(made, "/clone"))
    assert copy.json()["document"]["name"] == f"Copy of {made['document']['name']}"
    assert served.delete(of(copy.json()), headers={"If-Match": '"r1"'}).status_code == 204
    assert served.get(of(copy.json())).status_code == 404
    assert served.post(of(made, "/share")).json()["visibility"] == "shared"


def test_leads_are_scored_against_it(served, made):
    rows = [{"id": "a", "industry": "SaaS", "employees": 120}, {"id": "b"}]
    answer = served.post(of(made, "/score"), json={"rows": rows})
    assert answer.status_code == 200, answer.text
    assert [(one["lead"], one["score"]) for one in answer.json()["sample"]] == [("a", 100.0), ("b", 50.0)]
    assert answer.json()["profiles"][0]["revision"] == 1


def test_a_proposal_is_not_saved(served):
    rows = [{"industry": "Software", "employees": 10 * at} for at in range(1, 20)]
    answer = served.post(f"{PATH}/propose", json={"rows": rows})
    assert answer.status_code == 200, answer.text
    assert answer.json()["document"]["industries"] == ["Software"]
    assert answer.json()["evidence"][0]["share"]["value"] == 1.0


def test_the_list_is_a_page(served, made):
    page = served.get(PATH, params={"limit": 1}).json()
    assert len(page["items"]) == 1
    assert served.get(PATH, params={"cursor": "none of ours"}).status_code == 422


def test_usage_is_told(served):
    answer = served.get("/v1/usage", params={"by": "what"})
    assert answer.status_code == 200, answer.text
    assert answer.json()["credits_per_row"] == 0.5
    assert served.get("/v1/usage", params={"from": "2026-02-02", "to": "2026-02-01"}).status_code == 422
