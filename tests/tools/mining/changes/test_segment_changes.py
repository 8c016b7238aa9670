"""Which segment became which, by its people and by its traits."""

import numpy as np
import pytest

from tools.mining.changes.segment_changes import ComparedSegment, Overlap, judged, segment_changes


def people(*ranges: tuple[int, int]) -> np.ndarray:
    return np.concatenate([np.arange(start, stop) for start, stop in ranges])


def segment(number: int, name: str, members: np.ndarray, traits: str = "") -> ComparedSegment:
    return ComparedSegment(number, name, len(members), frozenset(traits), members)


# 600 customers before, 0 to 599; 100 join, 600 to 699.
STAYED = Overlap(people((0, 600)), otherwise=1.0)
GOLFERS = segment(0, "Golfers", people((0, 300)), "abc")
PARENTS = segment(1, "Parents", people((300, 500)), "xyz")


def test_segments_are_followed_by_their_people_whatever_they_are_called() -> None:
    """250 of the 300 golfers stay together: 250 of 300 is a Jaccard of .83."""
    renamed = segment(3, "Country club", people((50, 300), (600, 620)), "q")
    found = segment_changes([GOLFERS, PARENTS], [renamed, PARENTS], 600, 700, STAYED)
    assert [(each.name_before, each.name_after) for each in found] == [
        ("Golfers", "Country club"),
        ("Parents", "Parents"),
    ]
    assert found[0].overlap == pytest.approx(250 / 300)
    assert found[1].overlap == 1


def test_a_segment_that_took_in_all_newcomers_has_grown() -> None:
    """300 of 600 is 50 %, 400 of 700 is 57 %: chance would send half of the 100 newcomers there."""
    grown = segment(0, "Golfers", people((0, 300), (600, 700)))
    (found,) = segment_changes([GOLFERS], [grown], 600, 700, STAYED)
    assert found.change == "grown"
    assert found.share is not None
    assert found.share.after.value == pytest.approx(400 / 700)
    assert found.p_value is not None
    assert found.p_value < 1e-10
    assert judged(found.model_copy(update={"q_value": 0.01}), 0.05).change == "grown"
    assert judged(found.model_copy(update={"q_value": 0.06}), 0.05).change == "kept"


def test_a_segment_that_lost_its_people_has_shrunk() -> None:
    less = segment(0, "Golfers", people((0, 160)))
    stayed = Overlap(people((0, 160), (300, 600)), otherwise=1.0)
    (found,) = segment_changes([GOLFERS], [less], 600, 460, stayed)
    assert found.change == "shrunk"
    assert found.p_value is not None
    assert found.p_value < 1e-6


def test_the_same_people_have_neither_grown_nor_shrunk() -> None:
    (found,) = segment_changes([GOLFERS], [GOLFERS], 600, 600, STAYED)
    assert found.p_value is None
    assert judged(found, 0.05).change == "kept"


def test_a_born_segment_of_newcomers_is_news() -> None:
    """80 of the 100 who joined are in it, and 10 of those who were there."""
    fresh = segment(2, "Gamers", people((590, 600), (600, 680)))
    found = segment_changes([GOLFERS], [GOLFERS, fresh], 600, 700, STAYED)[1]
    assert found.change == "born"
    assert found.newcomers == 80
    assert found.p_value is not None
    assert found.p_value < 1e-10


def test_a_born_segment_of_those_who_were_there_is_only_drawn_anew() -> None:
    other = segment(2, "Readers", people((500, 590)))
    found = segment_changes([GOLFERS], [GOLFERS, other], 600, 700, STAYED)[1]
    assert (found.change, found.newcomers, found.p_value) == ("born", 0, 1.0)


def test_a_segment_whose_people_left_is_gone() -> None:
    stayed = Overlap(people((0, 310)), otherwise=1.0)
    found = segment_changes([GOLFERS, PARENTS], [GOLFERS], 600, 400, stayed)[1]
    assert (found.change, found.name_before, found.newcomers) == ("gone", "Parents", 190)
    assert found.p_value is not None
    assert found.p_value < 1e-6


def test_without_people_segments_are_matched_by_traits_and_born_ones_are_not_tested() -> None:
    """{a b c} and {a b d} share two of four; {x y z} and {q} nothing."""
    before = [
        ComparedSegment(0, "Golfers", 300, frozenset("abc")),
        ComparedSegment(1, "P", 200, frozenset("xyz")),
    ]
    after = [ComparedSegment(0, "Club", 420, frozenset("abd")), ComparedSegment(1, "Q", 80, frozenset("q"))]
    matched, born, gone = segment_changes(before, after, 600, 700, None)
    assert (matched.name_before, matched.name_after, matched.overlap) == ("Golfers", "Club", 0.5)
    assert (born.change, born.p_value, born.newcomers) == ("born", None, None)
    assert (gone.change, gone.p_value) == ("gone", None)


def test_too_few_who_stayed_tell_nothing_of_segments() -> None:
    few = Overlap(people((0, 20)), otherwise=1.0)
    found = segment_changes([GOLFERS], [GOLFERS], 600, 600, few)
    assert found[0].overlap == 1.0
    assert found[0].p_value is not None
