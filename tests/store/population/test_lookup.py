"""Identifiers lead to their persons: every type, every hash, later values, shared ones, and no false hit."""

import hashlib
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from store.identifiers.digests import prefixes_of, prefixes_of_hex
from store.population import lookup
from store.population.domains import HASH_TYPES, HashType
from store.population.fields import read_fields, write_fields
from store.population.lookup import BUILDING, HASHED, Hits, Lookup, digest, normal_form, write_keys

# Five people; 1 and 3 share a phone, 2 has a second and a third e-mail address, 4 has nothing.
KEPT: dict[str, list[str | None]] = {
    "email1": ["Ann@Example.com", "bob@example.com", "c@example.com", "dan@example.com", None],
    "email2": [None, None, "cat@example.com", None, None],
    "email3": [None, None, "Cat.Third@gmail.com", None, None],
    "phone1": ["(212) 555-0100", "212-555-0101", None, "+1 212 555 0101", None],
    "maid1": ["6D92078A-8246-4BA4-AE5B-76104861E7DC", None, None, None, None],
    "address1": [
        "12 Main St Apt 4, Springfield, IL 62701",
        "12 Main St Apt 5, Springfield, IL 62701",
        None,
        None,
        None,
    ],
    "id1": ["K-1", "k-1", "0017", None, None],
}


def write(kept: dict[str, list[str | None]], folder: Path) -> Lookup:
    """The keys as a build writes them, type by type."""
    write_fields(pa.table({name: pa.array(values, pa.string()) for name, values in kept.items()}), folder)
    for id_type in HASHED:
        kind = "address" if id_type == BUILDING else id_type
        found = [
            (form, number, int(name[-1]) - 1)
            for name, values in kept.items()
            if name[:-1] == kind
            for number, value in enumerate(values)
            if value is not None and (form := normal_form(id_type, value)) is not None
        ]
        if found:
            forms, numbers, slots = zip(*found, strict=True)
            write_keys(id_type, list(forms), np.array(numbers), np.array(slots), folder)
    return Lookup(folder, read_fields(folder))


@pytest.fixture
def small(tmp_path: Path) -> Lookup:
    return write(KEPT, tmp_path)


def found(where: Lookup, id_type: str, hash_type: HashType, values: list[str]) -> list[tuple[int, int, int]]:
    """(index of the value, person, slot), in order."""
    if hash_type == "plaintext":
        prefixes = prefixes_of(values, "sha256")
    else:
        prefixes = prefixes_of_hex(values, hash_type)
    hits = where.find(id_type, hash_type, values, prefixes.view(np.int64))
    assert isinstance(hits, Hits)
    return sorted(zip(*(column.tolist() for column in hits), strict=True))


def normal(id_type: str, value: str) -> str:
    form = normal_form(id_type, value)
    assert form is not None
    return form


@pytest.mark.parametrize(
    ("id_type", "value", "expected"),
    [
        ("email", "ANN@example.COM", [(0, 0, 0)]),
        ("email", "cat@example.com", [(0, 2, 1)]),
        ("email", "catthird+news@gmail.com", [(0, 2, 2)]),
        ("phone", "+1 (212) 555-0101", [(0, 1, 0), (0, 3, 0)]),
        ("maid", "6d92078a82464ba4ae5b76104861e7dc", [(0, 0, 0)]),
        ("address", "12 main street, apt. 4, Springfield IL 62701-1234", [(0, 0, 0)]),
        (BUILDING, "12 Main St, Springfield, IL 62701", [(0, 0, 0), (0, 1, 0)]),
        ("id", "K-1", [(0, 0, 0)]),
        ("id", "0017", [(0, 2, 0)]),
        ("email", "nobody@example.com", []),
    ],
)
@pytest.mark.parametrize("hash_type", HASH_TYPES)
def test_each_type_is_found_plain_and_by_each_of_its_hashes(
    small: Lookup, id_type: str, hash_type: HashType, value: str, expected: list[tuple[int, int, int]]
) -> None:
    form = normal(id_type, value)
    if hash_type == "plaintext":
        assert found(small, id_type, hash_type, [form]) == expected
    elif hash_type in HASHED[id_type]:
        assert found(small, id_type, hash_type, [digest(form, hash_type)]) == expected
    else:
        assert found(small, id_type, hash_type, [digest(form, hash_type)]) == []


def test_many_values_are_asked_for_at_once_in_any_order(small: Lookup) -> None:
    values = ["dan@example.com", "x@example.com", "bob@example.com", "dan@example.com", "c@example.com"]
    assert found(small, "email", "plaintext", values) == [(0, 3, 0), (2, 1, 0), (3, 3, 0), (4, 2, 0)]
    assert found(small, "email", "plaintext", []) == []


def test_a_type_that_the_source_lacks_is_found_nowhere(tmp_path: Path) -> None:
    where = write({"email1": ["a@example.com"]}, tmp_path)
    for id_type in ("phone", "maid", "address", "id", BUILDING):
        assert found(where, id_type, "plaintext", ["2125550100"]) == []


def test_values_whose_keys_collide_are_told_apart_by_the_whole_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With keys of two bits every fourth of 40 addresses has the same; each still finds its person alone."""
    kept = [f"p{number}@example.com" for number in range(40)]

    def two_bits(values: list[str], digest_type: str) -> np.ndarray:
        return prefixes_of(values, digest_type) & np.uint64(3)  # type: ignore[arg-type]  # a digest type

    monkeypatch.setattr(lookup, "prefixes_of", two_bits)
    where = write({"email1": list(kept)}, tmp_path)
    for hash_type in HASH_TYPES:
        kind = "sha256" if hash_type == "plaintext" else hash_type
        asked = [*kept, "stranger@example.com", "p99@example.com"]
        values = asked if hash_type == "plaintext" else [digest(value, hash_type) for value in asked]
        hits = where.find("email", hash_type, values, two_bits(asked, kind).view(np.int64))
        assert sorted(zip(hits.asked.tolist(), hits.number.tolist(), strict=True)) == [
            (n, n) for n in range(40)
        ]


def test_a_digest_is_that_of_the_library() -> None:
    assert digest("ann@example.com", "md5") == hashlib.md5(b"ann@example.com").hexdigest()


def test_what_is_malformed_has_no_normal_form() -> None:
    assert normal_form("email", "not an address") is None
    assert normal_form(BUILDING, "Springfield") is None


def test_every_person_of_a_source_is_found_by_every_identifier(us) -> None:
    """The generated population, where households share phones and addresses."""
    [shard] = us.population.shards
    sample = np.arange(0, shard.persons, 997)
    for column in ("email1", "email2", "phone1", "phone2", "maid1", "address1"):
        kept = shard.fields.take(sample, [column])[column]
        there = [
            (int(number), value) for number, value in zip(sample, kept, strict=True) if value is not None
        ]
        forms = [normal(column[:-1], value) for _, value in there]
        hits = shard.lookup.find(column[:-1], "plaintext", forms, prefixes_of(forms, "sha256").view(np.int64))
        pairs = set(zip(hits.asked.tolist(), hits.number.tolist(), strict=True))
        assert pairs >= {(index, number) for index, (number, _) in enumerate(there)}
        back = shard.fields.take(hits.number, [f"{column[:-1]}{slot}" for slot in (1, 2, 3)])
        for at, (asked, slot) in enumerate(zip(hits.asked.tolist(), hits.slot.tolist(), strict=True)):
            assert normal(column[:-1], back[f"{column[:-1]}{slot + 1}"][at]) == forms[asked]
