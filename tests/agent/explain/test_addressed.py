"""Each figure has an address that leads to it and to no other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.explain.addressed import figure_at, keys_of
from agent.explain.explanation import ExplainedFigure
from store.errors import NotFound


def figure(what: str, value: float = 1.0) -> ExplainedFigure:
    return ExplainedFigure(what=what, form="count", value=value)


FIGURES = [figure("people"), figure("customers", 2.0), figure("people", 3.0), figure("people")]


def test_a_key_leads_to_its_figure_and_equal_figures_share_one():
    """Of four figures the last says what the first says, so there are three keys."""
    keys = keys_of(FIGURES)
    assert len(keys) == 3
    assert keys["people", 1.0].startswith("1-")
    assert keys["people", 3.0].startswith("3-")
    for (what, value), key in keys.items():
        found = figure_at(FIGURES, key)
        assert (found.what, found.value) == (what, value)


def test_a_figure_that_moved_in_the_list_is_found_and_a_changed_one_is_not_taken_for_it():
    key = keys_of(FIGURES)["customers", 2.0]
    assert figure_at([figure("new"), *FIGURES], key).what == "customers"
    with pytest.raises(NotFound):
        figure_at([figure("people"), figure("customers", 2.5)], key)


@given(st.text(max_size=30))
def test_what_is_no_key_gives_no_figure(text):
    if text not in set(keys_of(FIGURES).values()):
        _, _, check = text.partition("-")
        if check not in {key.partition("-")[2] for key in keys_of(FIGURES).values()}:
            with pytest.raises(NotFound):
                figure_at(FIGURES, text)


def test_nothing_is_found_among_no_figures():
    assert keys_of([]) == {}
    with pytest.raises(NotFound):
        figure_at([], "1-00000000")
