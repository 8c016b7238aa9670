"""Exports behind their signed links."""

import pytest
from starlette.testclient import TestClient

from store.workspace import Workspace
from tests.conftest import Clock

TYPES = {"csv": "text/csv; charset=utf-8", "json": "application/json", "jsonl": "application/x-ndjson"}


@pytest.fixture
def link(served: TestClient, us: Workspace) -> str:
    return exported(served, us, "csv")["url"]


def exported(served: TestClient, us: Workspace, format: str) -> dict:
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    request = {"expression": golf.cluster_hash, "format": format}
    return served.post("/v1/tools/find_persons", params={"warehouse": "us"}, json=request).json()["export"]


@pytest.mark.parametrize("format", TYPES)
def test_a_link_answers_a_plain_get_with_the_whole_file(
    served: TestClient, us: Workspace, format: str
) -> None:
    export = exported(served, us, format)
    answer = served.get(export["url"])
    assert answer.status_code == 200
    assert len(answer.content) == export["size_bytes"]
    assert answer.headers["content-type"] == TYPES[format]
    assert answer.headers["content-disposition"].startswith('attachment; filename="fieldmark-')
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    if format == "csv":
        assert len(answer.text.splitlines()) == export["rows"] + 1


def test_a_range_gives_that_part(served: TestClient, link: str) -> None:
    whole = served.get(link).content
    part = served.get(link, headers={"Range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.content == whole[10:20]
    assert part.headers["content-range"] == f"bytes 10-19/{len(whole)}"
    assert served.get(link, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


def test_head_tells_the_size_alone(served: TestClient, link: str) -> None:
    answer = served.head(link)
    assert answer.status_code == 200
    assert answer.content == b""
    assert int(answer.headers["content-length"]) == len(served.get(link).content)


def test_a_link_that_was_changed_is_not_found(served: TestClient, link: str) -> None:
    signature = link.rsplit("=", 1)[1]
    changed = "0" if signature[0] != "0" else "1"
    for url in (
        link.replace(signature, changed + signature[1:]),
        link.replace("expires=1", "expires=2"),
        link.replace(".csv", ".json"),
        link.replace("/v1/exports/", "/v1/exports/..%2f"),
        link.replace("expires=", "expires=" + "9" * 20),
        link.replace(signature, "é" * 64),
    ):
        assert served.get(url).status_code == 404
    assert served.get(link.split("?")[0]).status_code == 422


def test_a_link_is_gone_after_its_hour(served: TestClient, link: str, clock: Clock) -> None:
    clock.advance(minutes=59)
    assert served.get(link).status_code == 200
    clock.advance(minutes=1)
    answer = served.get(link)
    assert answer.status_code == 410
    assert answer.json()["detail"].startswith("This export's hour is over")
