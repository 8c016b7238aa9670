"""Bitmaps are read as they were written, however little room there is for live ones."""

from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyroaring import BitMap

from store.population import bitmaps
from store.population.bitmaps import Bitmaps, read_having, write_bitmaps, write_having

MEMBERS = st.dictionaries(st.integers(0, 11), st.sets(st.integers(0, 200_000), max_size=30), max_size=8)


@settings(max_examples=60, deadline=None)
@given(MEMBERS, st.lists(st.integers(0, 11), max_size=30), st.sampled_from([0, 300, 1 << 20]), st.booleans())
def test_every_cluster_has_its_members_again_and_again(
    tmp_path_factory: pytest.TempPathFactory,
    members: dict[int, set[int]],
    asked: list[int],
    room: int,
    mapped: bool,
) -> None:
    folder = tmp_path_factory.mktemp("bitmaps")
    sizes = write_bitmaps(((code, BitMap(members[code])) for code in sorted(members)), 12, folder)
    assert sizes.tolist() == [len(members.get(code, ())) for code in range(12)]
    found = Bitmaps(folder, room)
    if mapped and (folder / "clusters.roaring").stat().st_size:
        found._bytes = bitmaps._mapped(folder / "clusters.roaring")
    for code in asked:
        assert set(found[code]) == members.get(code, set())


def test_bitmaps_that_were_asked_for_last_stay_live(tmp_path: Path) -> None:
    """Room for two of three: asking for 0, 1, 0 and 2 lets go of 1."""
    write_bitmaps(((code, BitMap(range(code, 1_000, 3))) for code in range(3)), 3, tmp_path)
    size = (tmp_path / "clusters.roaring").stat().st_size // 3 + 200
    found = Bitmaps(tmp_path, int(2.5 * size))
    for code in (0, 1, 0, 2):
        found[code]
    first = found[0]
    assert found[0] is first
    assert list(found._live) == [2, 0]
    assert set(found[1]) == set(range(1, 1_000, 3))


def test_threads_may_ask_at_once(tmp_path: Path) -> None:
    write_bitmaps(((code, BitMap([code])) for code in range(50)), 50, tmp_path)
    found, wrong = Bitmaps(tmp_path, 1_000), []

    def ask(seed: int) -> None:
        for code in np.random.default_rng(seed).integers(0, 50, 500).tolist():
            if list(found[code]) != [code]:
                wrong.append(code)

    threads = [Thread(target=ask, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert found._room == 1_000 - sum(size for _, size in found._live.values())


def test_who_has_an_identifier_of_a_kind(tmp_path: Path) -> None:
    write_having("email", np.array([5, 1, 5]), tmp_path)
    assert list(read_having("email", tmp_path)) == [1, 5]
    assert list(read_having("phone", tmp_path)) == []
