"""list_clusters: by name, by domain, by meaning, page by page."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from store.errors import BadInput


def pages(ask, workspace, **arguments: Any) -> list[dict[str, Any]]:
    """Every page, by following the cursors."""
    found = [ask(workspace, "list_clusters", **arguments)]
    while "next_cursor" in found[-1]:
        found.append(ask(workspace, "list_clusters", cursor=found[-1]["next_cursor"], **arguments))
    return found


@pytest.mark.parametrize("limit", [1, 3, 1_000])
def test_pages_cover_every_cluster_exactly_once(town, ask, limit: int):
    found = pages(ask, town.workspace, limit=limit)
    hashes = [cluster["cluster_hash"] for page in found for cluster in page["clusters"]]
    everything = [cluster.cluster_hash for cluster in town.workspace.population.catalogue.clusters]
    assert sorted(hashes) == sorted(everything)
    assert {page["total"] for page in found} == {len(everything)}
    assert [page["returned"] for page in found] == [len(page["clusters"]) for page in found]


def test_the_clusters_of_a_name_come_largest_first_with_exact_sizes(town, ask):
    clusters = ask(town.workspace, "list_clusters", cluster_names=["color", "topic", "color"])["clusters"]
    sizes = [(c["name"], c["size"]) for c in clusters]
    assert [name for name, _ in sizes] == ["color"] * 3 + ["topic"] * 3
    assert sizes[:3] == sorted(sizes[:3], reverse=True)
    for cluster in clusters:
        assert cluster["size"] == len(town.having(cluster["name"], cluster["value"]))


def test_a_domain_holds_only_its_own(town, ask):
    answer = ask(town.workspace, "list_clusters", domain="financial")
    assert {cluster["name"] for cluster in answer["clusters"]} == {"income"}
    assert ask(town.workspace, "list_clusters", domain="political")["total"] == 0
    assert ask(town.workspace, "list_clusters", domain="financial", cluster_names=["color"])["total"] == 0


def test_unknown_names_come_back_with_near_ones(town, ask):
    answer = ask(town.workspace, "list_clusters", cluster_names=["Color", "plays golf", "zebra", "size"])
    assert answer["unknown_names"] == {"Color": ["color"], "plays golf": ["plays_golf"], "zebra": []}
    assert {cluster["name"] for cluster in answer["clusters"]} == {"size"}


def test_thousands_of_unknown_names_do_not_take_long(town, ask):
    names = [f"attribute_{number}" for number in range(1_000)]
    assert len(ask(town.workspace, "list_clusters", cluster_names=names)["unknown_names"]) == 1_000
    with pytest.raises(BadInput, match="cluster_names"):
        ask(town.workspace, "list_clusters", cluster_names=[*names, "one_more"])


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "nonsense",
        "ü",
        *(base64.urlsafe_b64encode(text).decode() for text in (b"5", b"{}", b"[1]", b'["a",1]', b"[-1,2]")),
    ],
)
def test_what_is_no_cursor_is_refused(town, ask, cursor: str):
    with pytest.raises(BadInput, match="cursor"):
        ask(town.workspace, "list_clusters", cursor=cursor)


def test_the_cursor_of_another_list_is_refused(town, ask):
    cursor = ask(town.workspace, "list_clusters", limit=2)["next_cursor"]
    for other in ({"cluster_names": ["color"]}, {"domain": "interest"}, {"query": "people who sail"}):
        with pytest.raises(BadInput, match="cursor"):
            ask(town.workspace, "list_clusters", cursor=cursor, **other)


def test_a_hash_outlives_a_rebuild_and_its_cursors_do_not(load: Callable[..., Any], ask):
    """Before: red 2, blue 1. After: amber 1, red 1, so that codes move and sizes change."""
    columns = {"id": {"kind": "person_id"}, "color": {"kind": "category"}}
    before = load("id,color\n1,red\n2,red\n3,blue\n", columns)
    first = ask(before, "list_clusters", limit=1, cluster_names=["color"])
    red = first["clusters"][0]
    assert (red["value"], red["size"], first["total"]) == ("red", 2, 2)
    after = load("id,color\n1,red\n2,amber\n", columns)
    found = {cluster["value"]: cluster for cluster in ask(after, "list_clusters")["clusters"]}
    assert found["red"]["cluster_hash"] == red["cluster_hash"]
    assert found["red"]["size"] == 1
    assert set(found) == {"red", "amber"}
    assert ask(after, "find_persons", expression=red["cluster_hash"])["total"] == 1
    with pytest.raises(BadInput, match="rebuilt"):
        ask(after, "list_clusters", limit=1, cluster_names=["color"], cursor=first["next_cursor"])


def test_free_text_finds_what_it_means(us, ask):
    answer = ask(us, "list_clusters", query="people who love hiking", limit=5)
    assert answer["clusters"][0]["name"] == "interested_hiking"
    assert answer["returned"] == 5
    assert answer["total"] == 50
    bought = ask(us, "list_clusters", query="people who love hiking", domain="purchase")
    assert bought["clusters"]
    assert {cluster["domain"] for cluster in bought["clusters"]} == {"purchase"}
