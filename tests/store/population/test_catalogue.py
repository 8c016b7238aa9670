"""Clusters are found by what names them, and by nothing else."""

import hashlib
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.population.catalogue import Catalogue, Cluster, cluster_hash, read_catalogue, write_catalogue

CATALOGUE = Catalogue(
    [
        Cluster(0, "colour", "blue", "interest", 5),
        Cluster(1, "colour", "red", "interest", 9, label="Colour", phrase="like red"),
        Cluster(2, "colour", "green", "interest", 5),
        Cluster(3, "party", "A", "political", 4, sensitive="politics"),
        Cluster(4, "bought", "Yes", "purchase", 3, mined=False),
        Cluster(5, "mail_host", "x", "email", 2),
        Cluster(6, "maße", "größer", "household", 1),
        Cluster(7, "age", "18-24", "demographic", 2, rank=1),
    ]
)


def test_a_cluster_is_found_by_its_id_and_by_its_hash() -> None:
    for cluster in CATALOGUE.clusters:
        assert CATALOGUE.find(cluster.cluster_id) == cluster
        assert CATALOGUE.find(cluster.cluster_hash) == cluster
        assert CATALOGUE.find(cluster.cluster_hash.upper()) == cluster
        assert CATALOGUE.valued(cluster.name, cluster.value) == cluster
    assert [cluster.cluster_id for cluster in CATALOGUE.clusters][:2] == ["1000000000", "1000000001"]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "0",
        "999999999",
        "0999999999",
        "1000000008",
        "01000000001",
        "-1000000001",
        "1000000001 ",
        "1" * 5_000,
        "１０００００００００",
        "٣" * 10,
        "0" * 32,
        "g" * 32,
        "red",
        "\udcff",
    ],
)
def test_any_other_text_finds_nothing(key: str) -> None:
    assert CATALOGUE.find(key) is None


@given(st.text())
def test_no_text_is_too_odd_to_ask_for(key: str) -> None:
    assert CATALOGUE.find(key) is None


def test_a_hash_depends_on_name_and_value_alone() -> None:
    """BLAKE2b of both with the ASCII unit separator between them, 16 bytes."""
    assert cluster_hash("colour", "red") == hashlib.blake2b(b"colour\x1fred", digest_size=16).hexdigest()
    assert Cluster(77, "colour", "red", "id", 1).cluster_hash == CATALOGUE[1].cluster_hash
    assert cluster_hash("colou", "rred") != cluster_hash("colour", "red")


def test_the_clusters_of_an_attribute_come_largest_first() -> None:
    assert [cluster.value for cluster in CATALOGUE.named("colour")] == ["red", "blue", "green"]
    assert CATALOGUE.named("nothing") == []
    assert CATALOGUE.valued("colour", "mauve") is None
    assert CATALOGUE.names == ["age", "bought", "colour", "mail_host", "maße", "party"]


def test_traits_are_no_outcomes_no_contacts_and_sensitive_only_when_asked() -> None:
    assert CATALOGUE.minable().tolist() == [0, 1, 2, 6, 7]
    assert CATALOGUE.minable(sensitive=True).tolist() == [0, 1, 2, 3, 6, 7]
    assert CATALOGUE.minable(frozenset({"household", "email", "political"})).tolist() == [6]
    assert CATALOGUE.minable(frozenset()).tolist() == []


@pytest.mark.parametrize("catalogue", [CATALOGUE, Catalogue([])], ids=["some", "none"])
def test_a_catalogue_is_read_as_it_was_written(tmp_path: Path, catalogue: Catalogue) -> None:
    write_catalogue(catalogue.clusters, tmp_path / "catalogue.parquet")
    found = read_catalogue(tmp_path / "catalogue.parquet")
    assert found.clusters == catalogue.clusters
    assert len(found) == len(catalogue)
    assert found.sizes.tolist() == [cluster.size for cluster in catalogue.clusters]


def test_clusters_written_before_there_were_ranks_have_none(tmp_path: Path) -> None:
    write_catalogue(CATALOGUE.clusters, tmp_path / "catalogue.parquet")
    older = pq.read_table(tmp_path / "catalogue.parquet").drop_columns(["rank"])
    pq.write_table(older, tmp_path / "catalogue.parquet")
    found = read_catalogue(tmp_path / "catalogue.parquet")
    assert [cluster.rank for cluster in found.clusters] == [-1] * len(CATALOGUE)
    assert found.ranks(np.arange(len(CATALOGUE))) == {}


def test_ranks_are_given_of_those_that_have_one() -> None:
    assert CATALOGUE.ranks(np.arange(len(CATALOGUE), dtype=np.int32)) == {7: 1}
    assert CATALOGUE.ranks(np.array([0, 1])) == {}
