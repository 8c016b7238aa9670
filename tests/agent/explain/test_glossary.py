"""Every term that an answer uses is explained, by any of its names."""

from typing import get_args

import pytest
from pydantic import BaseModel

from agent.analysis import Analysis, Narration
from agent.audience_result import AudienceResult
from agent.explain.glossary import term_explained, term_named, terms
from agent.outcome_analysis import OutcomeAnalysis
from tools.scoring.score_leads import ScoredLeads

# Names, ids, texts and places in a record: words of every day.
PLAIN = {
    "about",
    "action",
    "advice",
    "after",
    "analysis_id",
    "audience_id",
    "before",
    "before_from",
    "begins",
    "best_profile",
    "chosen",
    "code_version",
    "column",
    "columns",
    "columns_left_out",
    "count",
    "created_at",
    "currency",
    "data",
    "data_hash",
    "days_covered",
    "description",
    "dimension",
    "domain",
    "ends",
    "explanation",
    "export_refused",
    "figure",
    "first_day",
    "format",
    "from_cache",
    "id",
    "id_type",
    "kind",
    "label",
    "last_day",
    "lead",
    "meaning",
    "model_id",
    "name",
    "notes",
    "now",
    "other",
    "outcome_analysis_id",
    "pattern",
    "patterns",
    "period",
    "phrase",
    "products",
    "profile",
    "profiles",
    "reason",
    "reasons",
    "recent_from",
    "recommendation",
    "records",
    "report",
    "revision",
    "rows",
    "sentence",
    "sentences",
    "size_bytes",
    "source",
    "step",
    "test",
    "tests",
    "text",
    "to",
    "tool",
    "tool_trace_id",
    "unit",
    "units",
    "until",
    "url",
    "value",
    "values",
    "version",
    "what",
    "whole",
    "words",
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
    asked = set[str]().union(*map(fields, (Analysis, AudienceResult, OutcomeAnalysis, ScoredLeads)))
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
        ("what does the tier mean", "Tier"),
        ("tier A", "Tier"),
        ("weight", "Weight"),
        ("nats", "Evidence"),
        ("disqualifiers", "Disqualifier"),
        ("win chance", "Chance"),
        ("calibrated", "Calibration error"),
        ("predicted and observed", "Reliability"),
        ("area under the curve", "AUC"),
        ("log-loss", "Log loss"),
        ("Brier", "Brier score"),
        ("back test", "Backtest"),
        ("kept aside", "Gate"),
        ("population stability index", "Drift"),
        ("leakage", "Leak"),
        ("relative risk", "Risk ratio"),
        ("horizon", "Horizon"),
        ("how long customers stay", "Tenure"),
        ("what is the go-dark share?", "Go-dark share"),
        ("break even", "Break-even"),
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
