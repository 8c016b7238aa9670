"""What a result looks like over MCP: large integers keep their digits."""

import json

from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from api.mcp.answers import EXACT, PROBLEM, answered, failed, refused
from store.errors import TooMany
from tools.declaration import ToolResult


class Found(BaseModel):
    person_id: int


class Result(ToolResult):
    identities: list[Found] = Field(default_factory=list)
    named: dict[str, int] = Field(default_factory=dict)


def test_an_integer_that_javascript_would_round_is_told_as_digits_too() -> None:
    """2^53 - 1 = 9007199254740991 is exact in a double; 2^53 + 1 is read as 2^53."""
    ids = [9007199254740991, 9007199254740993, -9007199254740993]
    result = answered(Result(identities=[Found(person_id=each) for each in ids], named={"a/b~c": 1 << 60}))
    assert result.structured_content["identities"][1]["person_id"] == 9007199254740993
    assert result.meta == {
        EXACT: {
            "/identities/1/person_id": "9007199254740993",
            "/identities/2/person_id": "-9007199254740993",
            "/named/a~1b~0c": "1152921504606846976",
        }
    }


def test_an_answer_without_such_integers_says_nothing_more() -> None:
    assert answered(Result(identities=[Found(person_id=12345)])).meta is None


@given(st.lists(st.integers(-(1 << 63), (1 << 63) - 1), max_size=5))
def test_no_integer_is_lost_between_the_content_and_its_digits(ids: list[int]) -> None:
    result = answered(Result(identities=[Found(person_id=each) for each in ids]))
    exact = (result.meta or {}).get(EXACT, {})
    as_javascript = json.loads(json.dumps(result.structured_content), parse_int=float)
    read = [
        int(exact.get(f"/identities/{place}/person_id", int(one["person_id"])))
        for place, one in enumerate(as_javascript["identities"])
    ]
    assert read == ids


def test_a_refusal_has_its_problem_details_beside_its_words() -> None:
    result = refused(TooMany("Too many", where="person_ids", instead="Split them."))
    assert result.is_error
    assert result.content[0].model_dump()["text"] == "Too many (person_ids). Split them."
    assert (result.meta or {})[PROBLEM]["status"] == 413


def test_a_failure_tells_where_to_look() -> None:
    assert failed().is_error
    assert "log" in failed().content[0].model_dump()["text"]
