"""get_person over a few people by hand, and over the generated population."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from store.errors import BadInput, TooMany

COLUMNS = {
    "id": {"kind": "person_id", "domain": "id"},
    "color": {"kind": "category", "domain": "interest"},
    "topics": {"kind": "list", "domain": "intent_topic", "attribute": "topic"},
    "income": {"kind": "number", "bins": [50.0, 100.0], "domain": "financial"},
    "first_name": {"kind": "field", "domain": "name"},
    "email": {"kind": "identifier", "identifier": "email"},
    "other_email": {"kind": "identifier", "identifier": "email"},
    "maid": {"kind": "identifier", "identifier": "maid"},
    "quality": {"kind": "quality"},
    "changed": {"kind": "last_modified"},
}
ROWS = """id,color,topics,income,first_name,email,other_email,maid,quality,changed
7,red,golf|opera,70,Ann,ann@example.org,ann2@example.org,,0.9,2025-01-15T10:30:00
8,,,,,bob@example.org,,,0.4,
9,blue,golf,,Cat,,,,0.5,
"""


@pytest.fixture
def small(load: Callable[..., Any]) -> Any:
    return load(ROWS, COLUMNS)


def test_a_profile_is_flat_numbered_and_leaves_out_what_is_missing(ask, small):
    """The income of 70 lies in 50-99 and comes beside it as a number; the second has next to nothing."""
    profiles = ask(small, "get_person", person_ids=[7, 8])["profiles"]
    assert profiles[0] == {
        "person_id": "7",
        "metadata": {"quality_score": 0.9, "last_modified": "2025-01-15T10:30:00Z"},
        "domains": {
            "color": "red",
            "topic1": "golf",
            "topic2": "opera",
            "income": "50-99",
            "income_value": 70.0,
            "first_name": "Ann",
            "email1": "ann@example.org",
            "email2": "ann2@example.org",
        },
    }
    assert profiles[1]["domains"] == {"email1": "bob@example.org"}
    assert profiles[1]["metadata"] == {"quality_score": 0.4}


def test_the_day_of_a_date_comes_beside_its_period(load: Callable[..., Any], ask):
    rows = "id,joined\n" + "\n".join(f"{at},2023-{1 + at % 12:02d}-15" for at in range(48))
    held = load(rows, {"id": {"kind": "person_id"}, "joined": {"kind": "date", "bins": ["2023-07-01"]}})
    (found,) = ask(held, "get_person", person_ids=[3])["profiles"]
    assert found["domains"]["joined_value"] == "2023-04-15"
    assert found["domains"]["joined"] == "before July 2023"


def test_only_the_domains_asked_for_come_back(ask, small):
    for domain, keys in [
        ("interest", {"color"}),
        ("intent_topic", {"topic1", "topic2"}),
        ("financial", {"income", "income_value"}),
        ("name", {"first_name"}),
        ("email", {"email1", "email2"}),
        ("household", set()),
    ]:
        (profile,) = ask(small, "get_person", person_ids=[7], domains=[domain])["profiles"]
        assert set(profile["domains"]) == keys


def test_profiles_come_in_the_order_asked_and_repeats_are_repeated(ask, small):
    answer = ask(small, "get_person", person_ids=[9, "7", 404, 9, -1])
    assert [profile["person_id"] for profile in answer["profiles"]] == ["9", "7", "9"]
    assert answer["not_found"] == ["404", "-1"]


def test_nobody_asked_for_is_nobody_answered(ask, small):
    answer = ask(small, "get_person", person_ids=[])
    assert (answer["profiles"], answer["not_found"]) == ([], [])


def test_more_than_a_thousand_ids_are_refused_with_how_to_split_them(ask, small):
    assert len(ask(small, "get_person", person_ids=[7] * 1_000)["profiles"]) == 1_000
    with pytest.raises(TooMany, match=r"2,001 person ids.*3 requests") as refused:
        ask(small, "get_person", person_ids=list(range(2_001)))
    assert refused.value.status == 413


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"person_ids": [7], "domains": ["demographics"]}, "domains.0"),
        ({"person_ids": [7], "domains": []}, "domains"),
        ({"person_ids": ["seven"]}, "person_ids.0"),
        ({"person_ids": [10**30]}, "person_ids.0"),
        ({"person_ids": 7}, "person_ids"),
        ({}, "person_ids"),
        ({"person_ids": [7], "format": "xml"}, "format"),
    ],
)
def test_what_cannot_be_asked_is_refused_naming_the_field(ask, small, arguments: dict[str, Any], field: str):
    with pytest.raises(BadInput, match=f"`{field}`"):
        ask(small, "get_person", **arguments)


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_an_export_holds_the_same_profiles_that_come_inline(ask, small, format: str):
    answer = ask(small, "get_person", person_ids=[9, 7], format=format)
    file = small.home / "exports" / answer["export"]["url"].rpartition("/")[2].partition("?")[0]
    text = file.read_text()
    rows = json.loads(text) if format == "json" else [json.loads(line) for line in text.splitlines()]
    assert rows == answer["profiles"]
    assert answer["export"]["rows"] == 2


def test_erased_people_are_not_found(ask, small):
    small.warehouse.erase(7, {})
    answer = ask(small, "get_person", person_ids=[7, 8])
    assert [profile["person_id"] for profile in answer["profiles"]] == ["8"]
    assert answer["not_found"] == ["7"]


def test_every_attribute_is_a_cluster_with_that_value(us, ask):
    catalogue = us.population.catalogue
    lists = {"content", "intent_category", "intent_topic"}
    ids = us.population.shards[0].person_ids[:200].tolist()
    domains = [
        "demographic",
        "interest",
        "content",
        "intent_category",
        "intent_topic",
        "purchase",
        "lifestyle",
    ]
    for profile in ask(us, "get_person", person_ids=ids, domains=domains)["profiles"]:
        for name, value in profile["domains"].items():
            attribute = name.rstrip("0123456789") if name.rstrip("0123456789") in lists else name
            assert name.endswith("_value") or catalogue.valued(attribute, value)
