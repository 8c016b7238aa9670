"""get_cluster: one cluster and its companions, counted."""

import pytest

from store.errors import BadInput, NotFound


def test_id_as_number_or_text_and_hash_are_the_same(town, ask):
    red = town.workspace.population.catalogue.valued("color", "red")
    answers = [
        ask(town.workspace, "get_cluster", **key)
        for key in (
            {"cluster_id": red.cluster_id},
            {"cluster_id": int(red.cluster_id)},
            {"cluster_hash": red.cluster_hash},
            {"cluster_hash": red.cluster_hash.upper()},
        )
    ]
    assert all(answer["cluster"] == answers[0]["cluster"] for answer in answers)
    assert answers[0]["cluster"]["value"] == "red"
    assert answers[0]["share_of_population"] == round(red.size / len(town.people), 6)


def test_companions_are_counted_exactly(town, ask):
    """Everyone who likes red is large, by how the town was made; no other value of color is a companion."""
    answer = ask(town.workspace, "get_cluster", cluster_hash=town.cluster("color", "red"))
    red = town.having("color", "red")
    for companion in answer["co_occurring"]:
        cluster = companion["cluster"]
        other = town.having(cluster["name"], cluster["value"])
        assert cluster["name"] != "color"
        assert companion["together"] == len(red & other)
        assert companion["share"] == round(len(red & other) / len(red), 4)
        assert companion["lift"] == round(len(red & other) / len(red) / (len(other) / len(town.people)), 3)
    assert answer["co_occurring"][0]["cluster"]["value"] == "L"
    assert answer["co_occurring"][0]["share"] == 1.0


def test_companions_are_those_of_highest_lift_that_enough_members_have(us, ask):
    """Against a count of every cluster: a rare one shared by 1 % of the members is not crowded out."""
    population = us.population
    catalogue = population.catalogue
    cluster = catalogue.valued("interested_golf", "Yes")
    shard = population.shards[0]
    members = shard.bitmaps[cluster.code]
    lifts = {}
    for other in catalogue.clusters:
        together = members.intersection_cardinality(shard.bitmaps[other.code])
        if other.name != cluster.name and together / cluster.size >= 0.01:
            lifts[other.cluster_hash] = round(together / cluster.size / (other.size / population.persons), 3)
    best = sorted((lift for lift in lifts.values() if lift > 1), reverse=True)[:10]
    told = ask(us, "get_cluster", cluster_hash=cluster.cluster_hash)["co_occurring"]
    assert [companion["lift"] for companion in told] == best
    assert all(lifts[companion["cluster"]["cluster_hash"]] == companion["lift"] for companion in told)


@pytest.mark.parametrize("key", ["9" * 20, "f" * 32, "someone@example.com", "999999999", "-1"])
def test_an_unknown_cluster_is_not_found_and_not_repeated(town, ask, key: str):
    with pytest.raises(NotFound) as refused:
        ask(town.workspace, "get_cluster", cluster_id=key)
    assert key not in str(refused.value)


@pytest.mark.parametrize("keys", [{}, {"cluster_id": "1", "cluster_hash": "2"}])
def test_exactly_one_key_is_asked_for(town, ask, keys: dict[str, str]):
    with pytest.raises(BadInput, match="cluster_hash"):
        ask(town.workspace, "get_cluster", **keys)
