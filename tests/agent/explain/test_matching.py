"""A figure is found by how it reads."""

import pytest

from agent.explain.explanation import ExplainedFigure
from agent.explain.figure import figure_explained
from agent.explain.matching import matching, nearest, said, words_of

GOLF = ExplainedFigure(
    what="lift of people who follow golf among the customers", form="ratio", value=3.1431, low=2.58, high=3.71
)
DOGS = ExplainedFigure(
    what="lift of people who own dogs among the customers", form="ratio", value=3.06, low=2.4, high=3.9
)
SHARE = ExplainedFigure(
    what="share of people who follow golf among the customers", form="share", value=0.3281
)
SIZE = ExplainedFigure(what="people in the audience", form="count", value=48_210)
KNOWN = [GOLF, DOGS, SHARE, SIZE]


@pytest.mark.parametrize(
    ("subject", "value", "step", "is_percent"),
    [
        ("3.1", 3.1, 0.1, False),
        ("33 %", 33, 1, True),
        ("the 33 percent", 33, 1, True),
        ("48,210 people", 48_210, 1, False),
        ("48k", 48_000, 1_000, False),
        ("1.2 million", 1_200_000, 100_000, False),
    ],
)
def test_a_number_is_read_as_it_is_said(subject: str, value: float, step: float, is_percent: bool) -> None:
    meant = said(subject)
    assert meant is not None
    assert (meant.value, meant.step, meant.is_percent) == (value, pytest.approx(step), is_percent)


def test_words_alone_are_no_number() -> None:
    assert said("golf") is None
    assert words_of("where does the golf figure come from") == ("golf",)


@pytest.mark.parametrize(
    ("subject", "found"),
    [
        ("3.1", [GOLF, DOGS]),
        ("3.14", [GOLF]),
        ("3.1 for golf", [GOLF]),
        ("3.1 dogs", [DOGS]),
        ("33 %", [SHARE]),
        ("33", [SHARE]),
        ("48,210", [SIZE]),
        ("48k", [SIZE]),
        ("9.9", []),
        ("3.1 %", []),
        ("48,211", []),
    ],
)
def test_figures_that_read_so_are_found(subject: str, found: list[ExplainedFigure]) -> None:
    meant = said(subject)
    assert meant is not None
    assert matching(KNOWN, meant) == found


def test_the_end_of_an_interval_is_found_after_values() -> None:
    meant = said("2.6")
    assert meant is not None
    (found,) = matching(KNOWN, meant)
    assert (found.what, found.part) == (GOLF.what, "low")
    assert "lower end" in figure_explained(KNOWN, "2.6").text


def test_the_nearest_are_told_for_a_figure_that_is_not_there() -> None:
    meant = said("3.5")
    assert meant is not None
    assert nearest(KNOWN, meant, 2) == [GOLF, DOGS]
    explained = figure_explained(KNOWN, "3.5")
    assert not explained.found
    assert explained.text.startswith("No figure of this analysis reads 3.5. The nearest:")
    assert explained.figures[0] == GOLF


def test_words_name_figures_too() -> None:
    assert figure_explained(KNOWN, "the golf lift").figures == [GOLF]
    assert figure_explained(KNOWN, None).text.startswith("Which figure?")
