"""Every term that an answer uses is explained, by any of its names."""

from typing import get_args

import pytest
from pydantic import BaseModel

from agent.analysis import Analysis, Narration
from agent.audience_result import AudienceResult
from agent.explain.glossary import term_explained, term_named, terms

# Names, ids, texts and places in a record: words of every day.
PLAIN = {
    "action",
    "advice",
    "analysis_id",
    "audience_id",
    "code_version",
    "count",
    "created_at",
    "description",
    "domain",
    "explanation",
    "export_refused",
    "figure",
    "format",
    "id_type",
    "label",
    "name",
    "phrase",
    "reason",
    "rows",
    "size_bytes",
    "source",
    "step",
    "tool",
    "tool_trace_id",
    "unit",
    "url",
    "value",
    "values",
    "workflow_id",
}


def fields(model: type[BaseModel]) -> set[str]:
    """The names of all fields in a model and in those it holds, but not of its account of model calls."""
    found: set[str] = set()
    for name, field in model.model_fields.items():
        found.add(name)
        for inner in models_in(field.annotation):
            found |= fields(inner)
    return found


def models_in(annotation: object) -> list[type[BaseModel]]:
    own = [annotation] if isinstance(annotation, type) and issubclass(annotation, BaseModel) else []
    within = [model for part in get_args(annotation) for model in models_in(part)]
    return [model for model in own + within if model is not Narration]


def test_every_field_of_an_answer_is_explained_or_plain() -> None:
    known = {name for term in terms() for name in term.fields}
    asked = fields(Analysis) | fields(AudienceResult)
    assert asked - known - PLAIN == set()
    assert known & PLAIN == set()
    assert known - asked == set()


def test_no_name_stands_for_two_terms() -> None:
    names = [name.lower() for term in terms() for name in dict.fromkeys((term.name.lower(), *term.also))]
    assert sorted(names) == sorted(set(names))


def test_every_entry_of_the_file_is_read() -> None:
    from prompts import page

    assert len(terms()) == page("glossary").count("\n## ")
    assert all(len(term.meaning) > 40 for term in terms())


@pytest.mark.parametrize(
    ("asked", "term"),
    [
        ("lift", "Lift"),
        ("What does lift mean?", "Lift"),
        ("what is a q-value", "Q-value"),
        ("Q value", "Q-value"),
        ("q_value", "Q-value"),
        ("false discovery rate", "Q-value"),
        ("the confidence interval", "Interval"),
        ("95% interval", "Interval"),
        ("base rate", "Base rate"),
        ("support", "Support"),
        ("precision", "Strategy"),
        ("fit score", "Fit score"),
        ("fit scroe", "Fit score"),
        ("anti-patterns", "Anti-pattern"),
        ("segment", "Segment"),
        ("held-out customers", "Held-out"),
        ("times as frequent", "Lift"),
        ("explain the match rate", "Match rate"),
    ],
)
def test_a_term_is_found_by_any_of_its_names(asked: str, term: str) -> None:
    found = term_named(asked)
    assert found is not None
    assert found.name == term
    assert term_explained(asked).text.startswith(f"**{term}.**")


@pytest.mark.parametrize("asked", [None, "", "photosynthesis"])
def test_an_unknown_word_gives_the_list_of_terms(asked: str | None) -> None:
    explained = term_explained(asked)
    assert not explained.found
    assert "Lift, Frequency, Base rate" in explained.text
