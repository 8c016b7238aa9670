"""resolve_identities: how evidence adds up, and why identifiers find nobody, over a few people by hand."""

import csv
import hashlib
import io
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import BadInput
from tools.identity.matching import Matches, persons_of

COLUMNS = {
    "id": {"kind": "person_id"},
    "color": {"kind": "category"},
    "email": {"kind": "identifier", "identifier": "email"},
    "email2": {"kind": "identifier", "identifier": "email"},
    "phone": {"kind": "identifier", "identifier": "phone"},
    "address": {"kind": "identifier", "identifier": "address"},
}
# 1 has two e-mails; 2, 3 and 4 share a phone; 5 and 6 live in flats of one building.
ROWS = """id,color,email,email2,phone,address
1,red,ann@example.org,ann.other@example.org,2125550001,
2,red,bob@example.org,,2125550099,
3,red,cat@example.org,,2125550099,
4,red,,,2125550099,
5,red,,,,"10 Oak St Apt 1, Boston, MA 02108"
6,red,,,,"10 Oak St Apt 2, Boston, MA 02108"
"""


@pytest.fixture
def small(load: Callable[..., Any]) -> Any:
    return load(ROWS, COLUMNS)


def resolve(ask, small, **groups: list[str]) -> dict[str, Any]:
    """`resolve(ask, small, email=[…], phone_md5=[…])`."""
    asked = [
        {
            "id_type": name.partition("_")[0],
            "hash_type": name.partition("_")[2] or "plaintext",
            "values": values,
        }
        for name, values in groups.items()
    ]
    return ask(small, "resolve_identities", multi_identifiers=asked)


def md5(value: str) -> str:
    return hashlib.md5(value.encode(), usedforsecurity=False).hexdigest()


def one_person(scores: list[float], evidence: list[int]) -> float:
    """The quality of a single person with these matches."""
    zeros = np.zeros(len(scores), dtype=np.int64)
    order = np.lexsort((-np.array(scores), evidence))
    matches = Matches(zeros, zeros, zeros, zeros, np.array(evidence)[order], np.array(scores)[order])
    return float(persons_of(matches).quality[0])


@pytest.mark.parametrize(("scores", "quality"), [([0.9, 0.1], 0.91), ([0.6, 0.6], 0.84), ([0.5], 0.5)])
def test_quality_is_the_noisy_or_of_the_scores(scores: list[float], quality: float):
    """1 - 0.1 * 0.9 = 0.91; 1 - 0.4 * 0.4 = 0.84."""
    assert one_person(scores, list(range(len(scores)))) == pytest.approx(quality)


people = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(0, 4), st.floats(0.01, 0.99)),
    min_size=1,
    max_size=40,
)


@given(people)
def test_the_noisy_or_is_the_plain_product_over_distinct_evidence(rows: list[tuple[int, int, int, float]]):
    """Of several matches on one value of a person the best counts, and the others do not."""
    best: dict[tuple[int, int], dict[int, float]] = {}
    for shard, number, evidence, score in rows:
        known = best.setdefault((shard, number), {})
        known[evidence] = max(score, known.get(evidence, 0.0))
    shard, number, evidence, score = (np.array(column) for column in zip(*rows, strict=True))
    order = np.lexsort((-score, evidence, number, shard))
    zeros = np.zeros(len(rows), dtype=np.int64)
    found = persons_of(Matches(shard[order], number[order], zeros, zeros, evidence[order], score[order]))
    expected = {person: 1 - math.prod(1 - s for s in known.values()) for person, known in best.items()}
    got = dict(
        zip(
            zip(found.shard.tolist(), found.number.tolist(), strict=True), found.quality.tolist(), strict=True
        )
    )
    assert got == pytest.approx(expected)


def test_repeats_spellings_and_digests_of_one_value_count_once(ask, small):
    """All five are Ann's first e-mail, a score of 0.95: the quality stays 0.95."""
    answer = resolve(
        ask,
        small,
        email=["ann@example.org", "ann@example.org", " ANN@Example.org"],
        email_md5=[md5("ann@example.org")],
        email_sha256=[hashlib.sha256(b"ann@example.org").hexdigest()],
    )
    (ann,) = answer["identities"]
    assert ann["overall_quality_score"] == 0.95
    assert len(ann["matches"]) == 5
    assert answer["stats"] == {"requested": 5, "resolved": 1, "rate": 0.2}


def test_a_later_value_says_less(ask, small):
    """Second e-mail: 0.95 - 0.05 = 0.9; with the first 1 - 0.05 * 0.1 = 0.995."""
    assert (
        resolve(ask, small, email=["ann.other@example.org"])["identities"][0]["overall_quality_score"] == 0.9
    )
    both = resolve(ask, small, email=["ann.other@example.org", "ann@example.org"])["identities"][0]
    assert both["overall_quality_score"] == 0.995
    assert both["identifiers"]["email"] == ["ann@example.org", "ann.other@example.org"]


def test_what_three_people_share_says_less_of_each(ask, small):
    """0.85 / sqrt(3) = 0.4907; of one identifier three persons are resolved."""
    answer = resolve(ask, small, phone=["(212) 555-0099"])
    assert [(i["person_id"], i["overall_quality_score"]) for i in answer["identities"]] == [
        (2, 0.4907),
        (3, 0.4907),
        (4, 0.4907),
    ]
    assert answer["stats"] == {"requested": 1, "resolved": 3, "rate": 3.0}


def test_a_shared_phone_and_an_own_email_add_up(ask, small):
    """Bob: 1 - 0.05 * (1 - 0.4907) = 0.9745."""
    found = resolve(ask, small, email=["bob@example.org"], phone=["212.555.0099"])["identities"]
    assert {i["person_id"]: i["overall_quality_score"] for i in found}[2] == pytest.approx(0.9745, abs=1e-4)


def test_an_address_without_its_flat_finds_the_building(ask, small):
    """No flat: both of the building, 0.55 / sqrt(2) = 0.3889. The flat itself: 0.8, and nobody else."""
    whole = resolve(ask, small, address=["10 Oak Street, Boston MA 02108"])["identities"]
    assert [(i["person_id"], i["overall_quality_score"]) for i in whole] == [(5, 0.3889), (6, 0.3889)]
    flat = resolve(ask, small, address=["10 Oak Street, Apartment 2, Boston, MA 02108"])["identities"]
    assert [(i["person_id"], i["overall_quality_score"]) for i in flat] == [(6, 0.8)]


def test_persons_come_in_the_order_of_the_identifiers(ask, small):
    found = resolve(
        ask, small, email=["cat@example.org", "nobody@example.org", "ann@example.org", "bob@example.org"]
    )
    assert [identity["person_id"] for identity in found["identities"]] == [3, 1, 2]


def test_reasons_for_not_matching_are_told_apart_and_counted(ask, small):
    """Of eight e-mails, five phones and two digests one matches; every other has one reason."""
    answer = resolve(
        ask,
        small,
        email=[
            "ann@example.org",
            "no-at-sign",
            "two@@example.org",
            "x@example.org",
            "x@example.org",
            "y@example.org",
            md5("ann@example.org"),
            hashlib.sha1(b"a", usedforsecurity=False).hexdigest(),
        ],
        phone=["12", "1-800-FLOWERS-AND-MORE", "2125559999", md5("2125550001"), ""],
        email_md5=["bob@example.org", "abc123"],
    )
    counts: dict[tuple[str, str], int] = {}
    for problem in answer["diagnosis"]:
        key = problem["reason"], problem["id_type"]
        counts[key] = counts.get(key, 0) + problem["count"]
    assert counts == {
        ("invalid_form", "email"): 3,  # two that are no address, one that is no digest
        ("not_found", "email"): 3,
        ("wrong_hash_type", "email"): 3,  # two digests sent as plain, one plain sent as a digest
        ("phone_form", "phone"): 3,
        ("not_found", "phone"): 1,
        ("wrong_hash_type", "phone"): 1,
    }
    assert answer["stats"]["requested"] - answer["stats"]["resolved"] == sum(counts.values())
    advice = {p["explanation"]: p["advice"] for p in answer["diagnosis"] if p["reason"] == "wrong_hash_type"}
    assert any("`md5`" in text for text in advice.values())
    assert any("`sha1`" in text for text in advice.values())
    assert any("`plaintext`" in text for text in advice.values())


def test_a_good_rate_has_no_diagnosis(ask, small):
    assert "diagnosis" not in resolve(ask, small, email=["ann@example.org", "nobody@example.org"])


def test_no_diagnosis_refusal_or_trace_holds_a_value(ask, small):
    secrets = ["secret.person@example.org", "broken secret", "5550001234999", md5("secret")]
    answer = resolve(
        ask, small, email=secrets, phone=secrets, address=secrets, maid=secrets, email_sha1=secrets
    )
    told = json.dumps(answer["diagnosis"])
    wrong: list[dict[str, Any]] = [
        {"multi_identifiers": [{"id_type": secrets[0], "values": secrets}]},
        {"id_type": "email", "identifiers": secrets[0]},
        {"id_type": "address", "id_hash": "md5", "identifiers": secrets},
        {"id_type": "email", "identifiers": secrets, secrets[0]: secrets},
        {"id_type": "email", "identifiers": secrets, "workflow_id": secrets[0]},
        {"multi_identifiers": [{"id_type": "email", "values": [], secrets[2]: 1}]},
    ]
    for arguments in wrong:
        with pytest.raises(BadInput) as refused:
            ask(small, "resolve_identities", **arguments)
        told += str(refused.value)
    with small.database.session() as session:
        from sqlmodel import select

        from store.records import Trace

        traces = [trace.model_dump_json() for trace in session.exec(select(Trace))]
    assert len(traces) == 1 + len(wrong)
    for secret in secrets:
        assert secret not in told + "".join(traces)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "either `multi_identifiers`"),
        ({"identifiers": ["a@example.org"]}, "need an `id_type`"),
        ({"id_type": "email", "identifiers": []}, "no identifiers"),
        ({"multi_identifiers": []}, "no identifiers"),
        ({"multi_identifiers": [{"id_type": "email", "values": ["a"], "id_hash": "md5"}]}, "id_hash"),
        ({"id_type": "address", "id_hash": "md5", "identifiers": ["a"]}, "plaintext only"),
        (
            {"multi_identifiers": [{"id_type": "address", "hash_type": "sha1", "values": ["a"]}]},
            "plaintext only",
        ),
        ({"id_type": "fax", "identifiers": ["a"]}, "id_type"),
    ],
)
def test_what_cannot_be_asked_is_refused_with_its_place(ask, small, arguments: dict[str, Any], says: str):
    with pytest.raises(BadInput, match=says):
        ask(small, "resolve_identities", **arguments)


def test_a_csv_has_one_row_a_person(ask, small):
    answer = ask(
        small,
        "resolve_identities",
        id_type="email",
        format="csv",
        identifiers=["ann@example.org", "ann.other@example.org", "bob@example.org"],
    )
    link = answer["export"]
    file = small.home / "exports" / link["url"].rpartition("/")[2].partition("?")[0]
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert answer["identities"] == []
    assert [row["person_id"] for row in rows] == ["1", "2"]
    assert rows[0]["email2"] == "ann.other@example.org"
    assert rows[0]["matched_by"] == "email_plaintext"
    assert link["rows"] == 2


def test_erased_people_are_not_found(ask, small):
    small.warehouse.erase(1, {"email": ["ann@example.org"]})
    answer = resolve(ask, small, email=["ann@example.org", "bob@example.org"])
    assert [identity["person_id"] for identity in answer["identities"]] == [2]


def test_a_building_is_shared_only_by_those_who_may_be_answered(ask, small):
    small.warehouse.erase(6, {})
    whole = resolve(ask, small, address=["10 Oak Street, Boston MA 02108"])["identities"]
    assert [(i["person_id"], i["overall_quality_score"]) for i in whole] == [(5, 0.55)]
