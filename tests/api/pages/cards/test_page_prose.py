"""Figures in sentences lead to where they come from only where it is clear which they are."""

import re

import pytest

from agent.explain.addressed import figure_at
from agent.explain.explanation import ExplainedFigure
from api.pages.figures.linked import Linked
from api.pages.figures.prose import Prose

FIGURES = [
    ExplainedFigure(what="lift of people who follow golf among the customers", form="ratio", value=2.74),
    ExplainedFigure(what="share of people who follow golf in the population", form="share", value=0.12),
    ExplainedFigure(what="share of people who sail in the population", form="share", value=0.121),
    ExplainedFigure(what="customers who were analysed", form="count", value=2434),
    ExplainedFigure(what="persons left out", form="count", value=0),
]


@pytest.fixture
def prose() -> Prose:
    return Prose(Linked("analysis", "icp_1", FIGURES), str)


def meant(html: str) -> list[tuple[str, str]]:
    """What each linked figure reads, and what it says."""
    links = re.findall(r'href="/figures/analysis/icp_1/([^"]+)">([^<]+)</a>', html)
    return [(told, figure_at(FIGURES, key).what) for key, told in links]


def test_a_figure_is_taken_for_the_one_whose_words_stand_beside_it(prose):
    """2.74 reads 2.7; 12 % and 12.1 % both read 12 %, and the words tell golf from sailing."""
    html = prose("People who follow golf are 2.7 times as frequent (12 % of the population follow golf).")
    assert meant(html) == [
        ("2.7", "lift of people who follow golf among the customers"),
        ("12 %", "share of people who follow golf in the population"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "12 % of the population.",  # golf or sailing
        "People who have 0 children.",  # a digit of a name
        "In 2,434 rows.",  # no word of it
        "Version 2.7.1 of people who follow golf, 12.7 of them.",
    ],
)
def test_a_figure_that_is_not_clear_stays_as_it_is(prose, text):
    assert meant(prose(text)) == []
    assert str(prose(text)) == text


def test_a_sentence_is_text_and_written_for_its_reader():
    prose = Prose(Linked("analysis", "icp_1", FIGURES), lambda text: text.replace(",", "."))
    html = prose("<b>2,434 customers were analysed</b>")
    assert "&lt;b&gt;" in html
    assert ">2.434</a>" in html
    assert prose.plain("<i>1,000</i>") == "&lt;i&gt;1.000&lt;/i&gt;"


def test_words_of_one_sentence_do_not_speak_for_another(prose):
    assert meant(prose("They follow golf. It is 2.7 of something.")) == []
