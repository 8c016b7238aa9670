"""What left about a person is told to whoever may know, and to no address, log or audit."""

import pytest

from store.records.access.audit import entries_of
from store.records.newest import newest
from store.records.tables import Trace
from tools import TOOLS
from tools.calls import call, tool_named

LOOK, ERASE = "/settings/privacy/look", "/settings/privacy/erase"


@pytest.fixture
def person(us) -> int:
    """Somebody with an e-mail that is theirs alone."""
    return int(us.population.shards[0].person_ids[0])


@pytest.fixture
def email(us) -> str:
    """The e-mail of somebody who has one."""
    (shard,) = us.population.shards
    number = shard.having("email").to_array()[:1]
    return shard.fields.take(number, ["email1"])["email1"][0]


def write(here, *ids: int) -> None:
    call(tool_named(TOOLS, "get_person"), here.workspace("us"), {"person_ids": list(ids), "format": "csv"})


def asked(values, kind="person_id", **more):
    return {"warehouse": "us", "kind": kind, "values": str(values), **more}


def test_the_exports_of_a_person_are_told_and_those_of_others_are_not(post, here, person, us):
    other = int(us.population.shards[0].person_ids[1])
    write(here, person)
    write(here, other)
    assert "In 1 of 2 exports" in post(LOOK, **asked(person)).text
    assert "In 0 of 2 exports" in post(LOOK, **asked(1 << 62)).text


def test_identifiers_of_one_person_do_as_well_as_their_id(post, here, email):
    assert "In 0 of 0 exports" in post(LOOK, **asked(email, "email", hashed="plaintext")).text
    told = post(LOOK, 404, **asked("nobody@example.com", "email")).text
    assert "Nobody here has these identifiers" in told
    assert "nobody@example.com" not in told


def test_what_names_nobody_is_refused_without_saying_it_back(post):
    for values, kind in ((" ", "person_id"), ("12 34", "person_id"), ("1\n2", "person_id"), ("x", "colour")):
        told = post(LOOK, 422, **asked(values, kind)).text
        assert "problem" in told
        assert "colour" not in told
        assert "12 34" not in told


def test_an_erasure_says_what_was_done_and_the_list_names_nobody(post, get, here, person):
    write(here, person)
    told = post(ERASE, **asked(person)).text
    assert "Exports revoked: 1." in told
    assert "Erasures in us" in told
    assert str(person) not in told
    page = get("/settings/privacy").text
    assert page.count("<tr><td><time") == 1
    assert str(person) not in page + get("/settings/audit").text
    again = post(LOOK, **asked(person)).text
    assert "In 1 of 1 exports" in again  # the question can be answered afterwards


def test_a_file_that_was_fetched_before_is_told_as_out_of_reach(post, here, served, person):
    sent = {"person_ids": [person], "format": "csv"}
    link = served.post("/v1/tools/get_person?warehouse=us", json=sent).json()["export"]["url"]
    assert served.get(link.removeprefix("http://127.0.0.1:8321")).status_code == 200
    told = post(ERASE, **asked(person)).text
    assert "These left the house before." in told
    assert "fetched 1 times" in told


def test_whom_it_was_about_is_in_no_trace_and_no_audit(post, here, person, email):
    write(here, person)
    post(LOOK, **asked(person))
    post(LOOK, **asked(email, "email"))
    post(ERASE, **asked(email, "email"))
    traces = newest(here.database, Trace, Trace.started_at, Trace.tool_trace_id, 50)
    said = " ".join(str(row.model_dump()) for row in [*traces, *entries_of(here.database, 50)])
    assert "exports_about_person" in said
    assert email not in said
    assert f" {person}," not in said


def test_an_analyst_looks_and_does_not_erase(post, get, served, here, person):
    page = get("/settings/privacy", role="analyst")
    assert "Erasures in us" not in page.text
    key = page.request.headers["Authorization"]
    headers = {"Authorization": key, "Accept": "text/html", "Fieldmark-Fragment": "1"}
    looked = served.post(LOOK, data=asked(person), headers=headers)
    assert looked.status_code == 200
    assert "Erase this person" not in looked.text
    assert served.post(ERASE, data=asked(person), headers=headers).status_code == 403
