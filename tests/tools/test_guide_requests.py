"""The requests of the published guides, as they are written there, over a generated population."""

import hashlib
import json
from typing import Any

import pytest

DOMAINS = [
    "address",
    "affinity",
    "content",
    "demographic",
    "email",
    "employment",
    "financial",
    "household",
    "id",
    "intent_category",
    "intent_topic",
    "interest",
    "lifestyle",
    "maid",
    "name",
    "phone",
    "political",
    "purchase",
]
CUSTOMERS = ["customer1@example.com", "customer2@example.com", "customer3@example.com"]
PHONES = ["5551234567", "5559876543"]


def exported(us: Any, link: dict[str, Any]) -> str:
    """What a link leads to, after its form was looked at."""
    assert set(link) == {"url", "format", "rows", "size_bytes", "expires_at"}
    file = us.home / "exports" / link["url"].rpartition("/")[2].partition("?")[0]
    assert file.stat().st_size == link["size_bytes"]
    assert link["expires_at"] == "2026-03-02T09:00:00Z"  # an hour after the still clock of the tests
    return file.read_text()


def by_id(identities: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
    return {identity["person_id"]: identity for identity in identities}


def test_several_types_of_identifier_resolve_into_an_export(us, ask):
    groups = [
        {"id_type": "email", "hash_type": "plaintext", "values": CUSTOMERS},
        {"id_type": "phone", "hash_type": "plaintext", "values": PHONES},
    ]
    answer = ask(us, "resolve_identities", multi_identifiers=groups, format="json")
    assert answer["identities"] == []
    assert answer["stats"]["requested"] == 5
    rows = json.loads(exported(us, answer["export"]))
    assert len(rows) == answer["export"]["rows"] == answer["stats"]["resolved"]
    assert answer["stats"]["rate"] == round(len(rows) / 5, 2)
    assert set(by_id(rows)) >= {12345, 67890, 12346}
    assert by_id(rows)[12345]["identifiers"] == {
        "email": ["customer1@example.com", "alt1@example.com"],
        "phone": ["5551234567"],
    }


def test_one_type_of_identifier_resolves_inline(us, ask):
    """customer1 is 12345 and customer2 is 67890; nobody has customer3: 2 of 3 is 0.67."""
    answer = ask(us, "resolve_identities", id_type="email", id_hash="plaintext", identifiers=CUSTOMERS)
    assert set(answer) == {"identities", "stats", "workflow_id", "tool_trace_id"}
    assert answer["stats"] == {"requested": 3, "resolved": 2, "rate": 0.67}
    assert [identity["person_id"] for identity in answer["identities"]] == [12345, 67890]
    assert answer["identities"][0] == {
        "person_id": 12345,
        "overall_quality_score": 0.95,
        "matches": [
            {
                "criterion_type": "email_plaintext",
                "criterion_value": "customer1@example.com",
                "quality_score": 0.95,
            }
        ],
        "identifiers": {"email": ["customer1@example.com", "alt1@example.com"], "phone": ["5551234567"]},
    }


def test_matches_of_several_types_add_up(us, ask):
    """12345 is found by an e-mail (0.95) and a phone (0.85): 1 - 0.05 * 0.15 = 0.9925."""
    answer = ask(
        us,
        "resolve_identities",
        multi_identifiers=[
            {"id_type": "email", "hash_type": "plaintext", "values": CUSTOMERS[:2]},
            {"id_type": "phone", "hash_type": "plaintext", "values": PHONES},
        ],
    )
    found = by_id(answer["identities"])
    assert set(found) == {12345, 67890, 12346}
    assert answer["stats"] == {"requested": 4, "resolved": 3, "rate": 0.75}
    assert [match["criterion_type"] for match in found[12345]["matches"]] == [
        "email_plaintext",
        "phone_plaintext",
    ]
    assert found[12345]["overall_quality_score"] == pytest.approx(0.9925)
    assert found[12346]["matches"] == [
        {"criterion_type": "phone_plaintext", "criterion_value": "5559876543", "quality_score": 0.85}
    ]
    assert "email" not in found[12346]["identifiers"]


def test_digests_that_nobody_has_are_told_to_be_well_formed(us, ask):
    answer = ask(
        us,
        "resolve_identities",
        id_type="email",
        id_hash="md5",
        identifiers=["5d41402abc4b2a76b9719d911017c592", "098f6bcd4621d373cade4e832627b4f6"],
    )
    assert answer["stats"] == {"requested": 2, "resolved": 0, "rate": 0.0}
    assert [(each["reason"], each["count"]) for each in answer["diagnosis"]] == [("not_found", 2)]


@pytest.mark.parametrize("hash_type", ["md5", "sha1", "sha256"])
def test_digests_find_whom_the_plain_values_find(us, ask, hash_type: str):
    digests = [hashlib.new(hash_type, value.encode()).hexdigest() for value in CUSTOMERS[:2]]
    digests[1] = digests[1].upper()
    answer = ask(us, "resolve_identities", id_type="email", id_hash=hash_type, identifiers=digests)
    assert [identity["person_id"] for identity in answer["identities"]] == [12345, 67890]
    assert answer["identities"][0]["matches"] == [
        {"criterion_type": f"email_{hash_type}", "criterion_value": digests[0], "quality_score": 0.95}
    ]


def test_ways_of_writing_one_gmail_address_are_one_person(us, ask):
    """Three matches of one value are one piece of evidence: the quality stays at 0.95."""
    written = ["john.doe@gmail.com", "johndoe@gmail.com", "john.doe+spam@gmail.com"]
    answer = ask(us, "resolve_identities", id_type="email", id_hash="plaintext", identifiers=written)
    (identity,) = answer["identities"]
    assert (identity["person_id"], identity["overall_quality_score"]) == (11111, 0.95)
    assert [match["criterion_value"] for match in identity["matches"]] == written
    assert answer["stats"] == {"requested": 3, "resolved": 1, "rate": 0.33}
    assert [(each["reason"], each["count"]) for each in answer["diagnosis"]] == [("same_person", 2)]


def test_an_address_comes_back_standardised_with_its_place(us, ask):
    line = "123 Main St, San Francisco, CA 94105"
    answer = ask(us, "resolve_identities", id_type="address", id_hash="plaintext", identifiers=[line])
    (identity,) = answer["identities"]
    assert identity["person_id"] == 12345
    assert set(identity["address"]) == {"normalized_address", "latitude", "longitude", "distance_meters"}
    assert identity["address"]["normalized_address"] == "123 Main St, San Francisco, CA 94105, USA"
    assert identity["address"]["latitude"] == pytest.approx(37.78, abs=0.05)
    assert identity["address"]["longitude"] == pytest.approx(-122.4, abs=0.05)
    assert 0 <= identity["address"]["distance_meters"] < 5_000


def test_profiles_of_every_domain(us, ask):
    answer = ask(us, "get_person", person_ids=[12345, 67890, 11111, 22222], domains=DOMAINS, format="none")
    assert [profile["person_id"] for profile in answer["profiles"]] == ["12345", "67890", "11111", "22222"]
    first = answer["profiles"][0]
    assert first["metadata"] == {"quality_score": 0.92, "last_modified": "2025-01-15T10:30:00Z"}
    assert (
        first["domains"].items()
        >= {
            "gender": "Female",
            "generation": "Millennial",
            "interested_fitness": "Yes",
            "fitness_affinity": "High",
            "interested_healthy_living": "Yes",
            "email1": "customer1@example.com",
            "email2": "alt1@example.com",
            "phone1": "5551234567",
            "first_name": "Jane",
            "last_name": "Smith",
        }.items()
    )
    for profile in answer["profiles"]:
        assert None not in profile["domains"].values()
        assert all(isinstance(value, str | float) for value in profile["domains"].values())
    assert "email3" not in first["domains"]


def test_ids_can_be_written_as_text_and_domains_narrow_the_answer(us, ask):
    wanted = ["demographic", "interest", "affinity", "lifestyle", "household", "financial"]
    answer = ask(us, "get_person", person_ids=["12345", "12346"], domains=wanted, format="none")
    assert [profile["person_id"] for profile in answer["profiles"]] == ["12345", "12346"]
    one, other = (profile["domains"] for profile in answer["profiles"])
    assert (one["age_range"], one["gender"], one["education"]) == ("35-44", "Female", "Bachelor Degree")
    assert (other["age_range"], other["gender"], other["interested_golf"]) == ("45-54", "Male", "Yes")
    assert not {"email1", "phone1", "address1", "first_name", "last_name"} & (set(one) | set(other))


def test_contacts_can_be_appended(us, ask):
    answer = ask(
        us, "get_person", person_ids=["12345", "12346"], domains=["email", "phone", "address", "name"]
    )
    told = answer["profiles"][0]["domains"]
    assert told["email2"] == "alt1@example.com"
    assert told["address1"].startswith("123 Main St")
    assert "gender" not in told


def test_a_crm_is_fed_from_a_csv_and_the_profiles_still_come_inline(us, ask):
    wanted = ["interest", "affinity", "purchase", "lifestyle"]
    answer = ask(us, "get_person", person_ids=[12345, 12346], domains=wanted, format="csv")
    header, *rows = exported(us, answer["export"]).splitlines()
    assert len(answer["profiles"]) == len(rows) == answer["export"]["rows"] == 2
    assert header.startswith("person_id,quality_score,last_modified,")
    assert "interested_golf" in header.split(",")


def test_clusters_are_found_by_name(us, ask):
    names = [
        "gender",
        "interested_healthy_living",
        "fitness_affinity",
        "household_income_range",
        "interested_fitness",
    ]
    answer = ask(us, "list_clusters", cluster_names=names)
    assert answer["total"] == answer["returned"] == len(answer["clusters"])
    found = {(cluster["name"], cluster["value"]): cluster for cluster in answer["clusters"]}
    for key in [
        ("gender", "Female"),
        ("interested_healthy_living", "Yes"),
        ("fitness_affinity", "High"),
        ("household_income_range", "$75K-$100K"),
        ("interested_fitness", "Yes"),
    ]:
        assert isinstance(found[key]["cluster_id"], str)
        assert len(found[key]["cluster_hash"]) == 32
        assert int(found[key]["cluster_hash"], 16) >= 0
        assert found[key]["size"] > 0
    assert found["gender", "Female"]["domain"] == "demographic"
    assert found["fitness_affinity", "High"]["domain"] == "affinity"


@pytest.mark.parametrize(
    "expression",
    [
        "1000000145 AND 1000001556 AND 1000000045",
        "(1000000145 AND 1000001556) AND NOT 1000002000",
        "(1000000145 AND 1000001556 AND 1000000045) OR (1000000145 AND 1000001234 AND 1000001523)",
        "1000000145 OR 1000001556 OR 1000000045",
    ],
)
def test_expressions_of_ids_are_answered(us, ask, expression: str):
    answer = ask(us, "find_persons", expression=expression)
    assert answer["total"] >= 0
    assert len(answer["sample"]) == min(10, answer["reachable"] or answer["total"])
    assert ("diagnosis" in answer) == (answer["total"] == 0)


@pytest.fixture
def hashes(us, ask) -> list[str]:
    """The three traits of the guide's audience, as list_clusters gives them."""
    wanted = [("gender", "Female"), ("interested_healthy_living", "Yes"), ("fitness_affinity", "High")]
    listed = ask(us, "list_clusters", cluster_names=[name for name, _ in wanted])["clusters"]
    by_value = {(cluster["name"], cluster["value"]): cluster["cluster_hash"] for cluster in listed}
    return [by_value[key] for key in wanted]


def test_precision_is_narrower_than_hybrid_and_hybrid_than_reach(us, ask, hashes: list[str]):
    a, b, c = hashes
    precision, hybrid, reach = (
        ask(us, "find_persons", expression=expression, identifier_type="email")
        for expression in (f"{a} AND {b} AND {c}", f"({a} AND {b}) OR ({a} AND {c})", f"{a} OR {b} OR {c}")
    )
    assert 0 < precision["total"] < hybrid["total"] < reach["total"]
    assert set(precision) == {
        "total",
        "reachable",
        "sample",
        "expression",
        "in_words",
        "workflow_id",
        "tool_trace_id",
    }
    assert len(precision["sample"]) == 10
    for person in precision["sample"]:
        assert isinstance(person["person_id"], int)
        assert set(person["identifiers"]) == {"email"}
        assert set(person["identifiers"]["email"]) <= {"email1", "email2", "email3"}


def test_each_alike_really_has_the_traits(us, ask, hashes: list[str]):
    sample = ask(us, "find_persons", expression=" AND ".join(hashes))["sample"]
    answer = ask(
        us,
        "get_person",
        person_ids=[p["person_id"] for p in sample],
        domains=["demographic", "interest", "affinity", "household"],
    )
    for profile in answer["profiles"]:
        told = profile["domains"]
        assert (told["gender"], told["interested_healthy_living"], told["fitness_affinity"]) == (
            "Female",
            "Yes",
            "High",
        )


@pytest.mark.parametrize("format", ["csv", "json", "jsonl"])
def test_the_whole_audience_is_exported(us, ask, hashes: list[str], format: str):
    answer = ask(
        us,
        "find_persons",
        expression=" AND ".join(hashes),
        format=format,
        location={"latitude": 37.7749, "longitude": -122.4194, "radius": 300, "unit": "miles"},
    )
    text = exported(us, answer["export"])
    rows = json.loads(text) if format == "json" else text.splitlines()[1 if format == "csv" else 0 :]
    assert len(rows) == answer["export"]["rows"] == answer["total"] > 0
    assert len(answer["sample"]) == min(10, answer["reachable"])


def test_one_workflow_runs_through_all_calls(us, ask):
    first = ask(us, "resolve_identities", id_type="email", identifiers=CUSTOMERS)
    job = first["workflow_id"]
    second = ask(us, "get_person", person_ids=[12345], workflow_id=job)
    third = ask(us, "list_clusters", cluster_names=["gender"], workflow_id=job)
    assert {second["workflow_id"], third["workflow_id"]} == {job}
    assert len({answer["tool_trace_id"] for answer in (first, second, third)}) == 3
    assert [trace.tool for trace in us.database.traces(job)] == [
        "resolve_identities",
        "get_person",
        "list_clusters",
    ]
