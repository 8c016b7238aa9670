"""The drawn graphs are those of the code."""

from pathlib import Path

import pytest

from agent.drawing import GRAPHS, page

PAGE = Path(__file__).parents[2] / "docs" / "graph.md"


def test_the_page_is_what_the_code_draws() -> None:
    assert PAGE.read_text() == page(), "run `python -m agent.drawing > docs/graph.md`"


@pytest.mark.parametrize("name", [name for name, _, _ in GRAPHS])
def test_every_step_and_every_question_has_a_sentence(name: str) -> None:
    section = page().split(f"## `{name}`")[1].split("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows
    for row in rows:
        assert row.rstrip(" |").endswith("."), row


def test_the_drawing_has_every_step_as_a_box() -> None:
    drawn = page()
    for _, _, graph in GRAPHS:
        for step in graph().nodes:
            assert f"  {step}({step})" in drawn or f"subgraph {step}" in drawn


def test_no_colour_and_no_markup_is_left_in_it() -> None:
    assert not [sign for sign in ("classDef", ":::", "<p>", "&nbsp;", "\\") if sign in page()]
