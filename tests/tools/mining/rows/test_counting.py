"""Counts over bitmaps against counts over rows, in a town of several shards."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tools.audience.expression import Term
from tools.audience.selection import Location, Selection
from tools.mining.rows.counting import BitmapCounts, affordable, membership, traits_of


def holders(town, codes: tuple[int, ...]) -> set[int]:
    clusters = [town.workspace.population.catalogue[code] for code in codes]
    return set.intersection(*(town.having(cluster.name, cluster.value) for cluster in clusters))


def test_pairs_and_threes_are_counted_as_the_rows_say(town):
    counts = BitmapCounts(town.workspace.population)
    codes = range(len(town.workspace.population.catalogue))
    sets = [*combinations(codes, 1), *combinations(codes, 2), *combinations(codes, 3)]
    assert counts.set_sizes(sets).tolist() == [len(holders(town, each)) for each in sets]
    assert counts.sizes(list(codes)).tolist() == [len(holders(town, (code,))) for code in codes]
    assert counts.total == len(town.people)
    assert len(counts.set_sizes([])) == 0


@given(st.lists(st.lists(st.integers(0, 8), min_size=1, max_size=4).map(tuple), min_size=1, max_size=20))
def test_sets_in_any_order_and_with_repeats_are_counted_alike(town, sets: list[tuple[int, ...]]):
    counts = BitmapCounts(town.workspace.population)
    assert counts.set_sizes(sets).tolist() == [len(holders(town, each)) for each in sets]


def test_a_universe_narrows_every_count(town):
    population = town.workspace.population
    red = population.catalogue.valued("color", "red").code
    opera = population.catalogue.valued("topic", "opera").code
    counts = BitmapCounts(population, Selection(Term(str(red))))
    assert counts.total == len(town.having("color", "red"))
    assert counts.sizes([opera]).tolist() == [len(holders(town, (red, opera)))]
    nowhere = BitmapCounts(population, Selection(location=Location(latitude=0, longitude=0, radius=1)))
    assert (nowhere.total, nowhere.sizes([opera]).tolist()) == (0, [0])


def test_membership_stands_in_the_order_of_shards_and_leaves_out_strangers(town):
    population = town.workspace.population
    codes = population.catalogue.minable()
    asked = np.array([240, 3, 77, 9_999, 150])
    found = membership(population, asked, codes)
    known = [int(i) for shard in population.shards for i in shard.person_ids if int(i) in set(asked.tolist())]
    assert found.total == 4
    rows = found.rows()
    for person_id, row in zip(known, rows, strict=True):
        has = {int(code) for code, bit in zip(found.codes, row, strict=True) if bit}
        assert has == {int(code) for code in codes if person_id in holders(town, (int(code),))}


def test_the_rarest_codes_are_left_out_where_memory_is_short(town):
    """Of five persons a code takes 2 x 5 // 8 = 1 byte, so that four bytes pay for four codes."""
    population = town.workspace.population
    codes, asked = population.catalogue.minable(), np.array([240, 3, 77, 12, 150])
    assert affordable(population, asked, codes, 1_000).tolist() == codes.tolist()
    kept = affordable(population, asked, codes, 4).tolist()
    held = membership(population, asked, codes).counts() / 5
    rank = np.maximum(held, population.catalogue.sizes[codes] / population.persons)
    assert kept == sorted(kept)
    assert len(kept) == 4
    assert min(rank[np.isin(codes, kept)]) >= max(rank[~np.isin(codes, kept)])


def test_traits_are_told_as_the_catalogue_names_them(town):
    catalogue = town.workspace.population.catalogue
    code = catalogue.valued("color", "red").code
    trait = traits_of(catalogue, np.array([code]))[code]
    assert (trait.name, trait.value, trait.cluster_hash) == ("color", "red", town.cluster("color", "red"))
