"""Answering expressions over bitmaps. Everyone is 1..8; person 9 is in some clusters but not of them."""

import pytest
from pyroaring import BitMap

from tools.audience.expression import And, Not, Term, count, evaluate, parse

EVERYONE = range(1, 9)
PEOPLE = {"1": [1, 2, 3, 4, 9], "2": [3, 4, 5, 9], "3": [4, 8], "4": [], "5": list(range(1, 10))}


class Catalogue:
    """The clusters of PEOPLE, with a note of which were asked for."""

    def __init__(self) -> None:
        self.bitmaps = {key: BitMap(people) for key, people in PEOPLE.items()}
        self.asked: list[str] = []

    def __call__(self, key: str) -> BitMap:
        self.asked.append(key)
        return self.bitmaps[key]


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("1", [1, 2, 3, 4]),
        ("NOT 1", [5, 6, 7, 8]),
        ("1 AND 2", [3, 4]),
        ("1 OR 2", [1, 2, 3, 4, 5]),
        ("1 AND NOT 2", [1, 2]),
        ("1 AND 2 AND 3", [4]),
        ("NOT 1 AND NOT 3", [5, 6, 7]),
        ("2 OR NOT 1", [3, 4, 5, 6, 7, 8]),
        ("1 AND (2 OR 3) AND NOT 3", [3]),
        ("NOT (1 OR 2) OR 3", [4, 6, 7, 8]),
        ("(1 OR 3) AND (2 OR 3)", [3, 4, 8]),
        ("1 AND NOT (2 AND NOT 3)", [1, 2, 4]),
        ("1 AND 4", []),
        ("4 AND (1 OR 2)", []),
        ("NOT NOT 5", list(EVERYONE)),
    ],
)
def test_the_people_and_their_number_are_those_of_the_sets(text, people):
    assert list(evaluate(parse(text), Catalogue(), BitMap(EVERYONE))) == people
    assert count(parse(text), Catalogue(), BitMap(EVERYONE)) == len(people)


@pytest.mark.parametrize(
    "text", ["5", "5 OR 5", "5 AND 5", "NOT 4", "NOT 4 AND NOT 4", "NOT NOT 5", "4", "5 AND NOT 4"]
)
@pytest.mark.parametrize("everyone", [BitMap(EVERYONE), BitMap()])
def test_the_answer_is_a_new_bitmap_and_changes_none_that_was_given(text, everyone):
    catalogue, before = Catalogue(), everyone.copy()
    answer = evaluate(parse(text), catalogue, everyone)
    answer.add(77)
    answer.discard(1)
    assert everyone == before
    assert {key: list(bitmap) for key, bitmap in catalogue.bitmaps.items()} == PEOPLE


def test_nobody_left_means_nothing_more_is_read():
    for answer in (evaluate, count):
        catalogue = Catalogue()
        answer(parse("1 AND 4 AND NOT 2 AND (3 OR 5)"), catalogue, BitMap(EVERYONE))
        assert "2" not in catalogue.asked
    catalogue = Catalogue()
    evaluate(parse("4 AND (1 OR 2) AND (3 OR 5)"), catalogue, BitMap(EVERYONE))
    assert catalogue.asked == ["4"]


def test_an_unknown_term_is_the_catalogues_to_refuse():
    with pytest.raises(KeyError):
        evaluate(parse("1 AND 6"), Catalogue(), BitMap(EVERYONE))


def test_the_deepest_expression_that_parses_is_answered():
    nested = "NOT(1 AND 5 OR 5 AND " * 50 + "2" + ")" * 50
    assert count(parse(nested), Catalogue(), BitMap(EVERYONE)) in range(9)
    assert count(And((Term("1"), Not(Term("2")))), Catalogue(), BitMap(EVERYONE)) == 2
