"""A house answers through the client as it does from inside."""

import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from agent import CATALOGUE
from api.client import Fieldmark
from store.errors import BadExpression, BadInput, TooMany
from store.workspace import Workspace
from tests.api.rest.test_rest_tools import REQUESTS, afresh, fitted, same
from tools.audience.find_persons import PersonsResult, find_persons
from tools.calls import call, tool_named
from tools.declaration import Tool


def told(answer: Any) -> Any:
    return same(answer.model_dump(mode="json", exclude_none=True, warnings=False))


@pytest.mark.parametrize("name", REQUESTS)
def test_a_tool_answers_alike_here_and_there(us: Workspace, remote: Fieldmark, name: str) -> None:
    request = fitted(us, REQUESTS[name])
    tool = tool_named(CATALOGUE, name)
    if name == "get_cluster":
        request = {"cluster_hash": request.get("cluster", request.get("cluster_hash"))}
    afresh(us, name)
    here = call(tool, us, dict(request))
    afresh(us, name)
    there = remote.call(name, request)
    assert type(there) is tool.result
    assert told(there) == told(here)


def models(part: Any) -> Iterator[type[BaseModel]]:
    """The models that a type is made of."""
    if inspect.isclass(part) and issubclass(part, BaseModel):
        yield part
        for field in part.model_fields.values():
            yield from models(field.annotation)
    for each in get_args(part):
        yield from models(each)


@pytest.mark.parametrize("tool", CATALOGUE, ids=lambda tool: tool.name)
def test_what_an_answer_leaves_out_is_not_wanted_from_it(tool: Tool) -> None:
    """No door sends a null: a field that may be one must not be required, or the client cannot read it."""
    wanted = [
        f"{model.__name__}.{name}"
        for model in models(tool.result)
        for name, field in model.model_fields.items()
        if field.is_required() and type(None) in get_args(field.annotation)
    ]
    assert wanted == []


def test_a_tool_is_a_method_with_its_words_and_arguments(remote: Fieldmark, golf_hash: str) -> None:
    found = remote.find_persons(expression=golf_hash, warehouse="us")
    assert isinstance(found, PersonsResult)
    assert found.total == remote.call(find_persons, {"expression": golf_hash}).total > 0
    assert "expression" in inspect.signature(remote.find_persons).parameters
    assert remote.find_persons.__doc__ == tool_named(CATALOGUE, "find_persons").description
    assert {tool.name for tool in CATALOGUE} <= set(dir(remote))
    with pytest.raises(AttributeError, match="no `find_cats`"):
        remote.find_cats()


def test_a_refusal_is_the_same_exception_with_the_same_words(us: Workspace, remote: Fieldmark) -> None:
    requests: list[tuple[str, dict[str, Any], type[Exception]]] = [
        ("find_persons", {"expression": "(a"}, BadExpression),
        ("get_person", {"person_ids": [1] * 1_001}, TooMany),
        ("get_person", {"nothing": 1}, BadInput),
    ]
    for name, arguments, kind in requests:
        with pytest.raises(kind) as here:
            call(tool_named(CATALOGUE, name), us, dict(arguments))
        with pytest.raises(kind) as there:
            remote.call(name, arguments)
        assert str(there.value) == str(here.value)


def test_pages_follow_one_another(remote: Fieldmark) -> None:
    whole = remote.list_clusters(domain="interest", limit=1_000)
    paged = list(remote.pages("list_clusters", {"domain": "interest", "limit": 7}))
    assert [c.cluster_hash for page in paged for c in page.clusters] == [
        c.cluster_hash for c in whole.clusters
    ]
    assert len({page.workflow_id for page in paged}) == 1


def test_an_export_is_downloaded_whole(remote: Fieldmark, golf_hash: str, tmp_path: Path) -> None:
    found = remote.find_persons(expression=golf_hash, format="csv")
    assert found.export is not None
    assert remote.download(found.export, tmp_path / "golf.csv") == found.export.size_bytes
    assert len((tmp_path / "golf.csv").read_text().splitlines()) == found.export.rows + 1
