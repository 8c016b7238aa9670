"""The list of exports, revoking one, and what a download program asks of a link."""

import uuid

import pytest
from starlette.testclient import TestClient

from store.errors import NotFound
from store.records import Export
from store.records.newest import newest
from store.workspace import Workspace
from tests.api.rest.test_rest_exports import exported


def export_id(url: str) -> str:
    return url.rpartition("/")[2].partition(".")[0]


def test_exports_are_listed_newest_first_in_pages(served: TestClient, us: Workspace, clock) -> None:
    made = []
    for _ in range(3):
        made.append(export_id(exported(served, us, "csv")["url"]))
        clock.advance(minutes=1)
    first = served.get("/v1/exports", params={"limit": 2}).json()
    assert [each["export_id"] for each in first["items"]] == made[:0:-1]
    rest = served.get("/v1/exports", params={"limit": 2, "cursor": first["next_cursor"]}).json()
    assert [each["export_id"] for each in rest["items"]] == made[:1]
    assert rest["next_cursor"] is None
    line = first["items"][0]
    assert (line["warehouse"], line["actor"], line["downloads"], line["revoked_at"]) == (
        "us",
        "local",
        0,
        None,
    )
    assert "signature" not in str(first)
    assert served.get("/v1/exports", params={"warehouse": "other"}).json()["items"] == []
    assert served.get("/v1/exports", params={"cursor": "x"}).status_code == 422


def test_a_revoked_export_answers_410_at_once_and_twice_is_once(served: TestClient, us: Workspace) -> None:
    link = exported(served, us, "csv")["url"]
    assert served.get(link).status_code == 200
    for _ in range(2):
        assert served.delete(f"/v1/exports/{export_id(link)}").status_code == 204
    answer = served.get(link)
    assert answer.status_code == 410
    assert "revoked" in answer.json()["detail"]
    assert served.get("/v1/exports").json()["items"][0]["revoked_at"]
    assert served.delete(f"/v1/exports/{uuid.uuid4()}").status_code == 404


def test_downloads_are_counted_from_their_beginning(served: TestClient, us: Workspace) -> None:
    """Two whole files and one that begins at 0; not the head, nor the parts of a download that goes on."""
    link = exported(served, us, "csv")["url"]
    for ranged in (None, None, "bytes=0-9", "bytes=10-19", "bytes=-5"):
        served.get(link, headers={"Range": ranged} if ranged else {})
    served.head(link)
    assert served.get("/v1/exports").json()["items"][0]["downloads"] == 3


def test_several_ranges_come_in_parts(served: TestClient, us: Workspace) -> None:
    link = exported(served, us, "csv")["url"]
    whole = served.get(link).content
    answer = served.get(link, headers={"Range": "bytes=0-4,20-29"})
    assert answer.status_code == 206
    assert answer.headers["content-type"].startswith("multipart/byteranges")
    assert whole[:5] in answer.content
    assert whole[20:30] in answer.content


def test_a_download_goes_on_only_with_the_same_file(served: TestClient, us: Workspace) -> None:
    link = exported(served, us, "csv")["url"]
    tag = served.head(link).headers["etag"]
    part = served.get(link, headers={"Range": "bytes=5-9", "If-Range": tag})
    assert (part.status_code, part.headers["etag"]) == (206, tag)
    other = served.get(link, headers={"Range": "bytes=5-9", "If-Range": '"another"'})
    assert other.status_code == 200
    assert other.content == served.get(link).content


def test_another_organisation_neither_lists_nor_revokes_it(served: TestClient, us: Workspace) -> None:
    link = exported(served, us, "csv")["url"]
    other = served.app.state.house.of("org_2")  # type: ignore[attr-defined]  # the application's own state
    rows = newest(other.database, Export, Export.created_at, Export.export_id, 10)
    assert rows == []
    with pytest.raises(NotFound):
        other.exports.revoke(export_id(link), other.now())
    assert served.get(link).status_code == 200


def test_the_link_of_another_organisations_export_serves_its_own_file(
    served: TestClient, us: Workspace
) -> None:
    exported(served, us, "csv")
    other = served.app.state.house.of("org_2")  # type: ignore[attr-defined]  # the application's own state
    given = {"warehouse": "w", "workflow_id": "", "now": other.now(), "actor": "key_1"}
    link = other.exports.write("e1", "csv", ["a"], [[{"a": "theirs"}]], **given)
    assert served.get(link.url).text == 'a\n"theirs"\n'
    assert [each["actor"] for each in served.get("/v1/exports").json()["items"]] == ["local"]
    other.exports.revoke("e1", other.now())
    assert served.get(link.url).status_code == 410
