"""Is what a language model wrote grounded in the facts it was given?"""

from collections.abc import Iterator, Mapping, Sequence

from agent.grounding.clauses import readings
from agent.grounding.directions import direction_problems
from agent.grounding.form import form_problems, is_too_long
from agent.grounding.numbers import number_problems
from agent.grounding.problem import Problem, problem
from agent.grounding.promises import promise_problems
from agent.grounding.reading import read
from agent.grounding.segments import segment_problems
from agent.grounding.subjects import Subject, subjects
from agent.grounding.traits import trait_problems
from agent.grounding.vocabulary import Vocabulary
from agent.narration.facts import AntiPatternFacts, Facts, SegmentFacts

__all__ = ["Problem", "Vocabulary", "problems"]


def problems(told: Mapping[str, str], facts: Facts, vocabulary: Vocabulary | None = None) -> list[Problem]:
    """What the facts give no reason for; an empty list when every field is grounded.

    told: name, description, action and expected_impact of a segment, or the explanation of an
    anti-pattern. vocabulary: every trait there is, so that one of another segment is known by name.
    """
    spoken_of = subjects(facts)
    found: list[Problem] = []
    for field, text in told.items():
        found += _of_field(field, text, facts, spoken_of, vocabulary or Vocabulary())
    return list(dict.fromkeys(found))


def _of_field(
    field: str, text: str, facts: Facts, spoken_of: Sequence[Subject], vocabulary: Vocabulary
) -> Iterator[Problem]:
    if not text.strip():
        yield problem(field, "form", text, "It is empty.")
        return
    if is_too_long(field, text):
        yield problem(field, "form", text, "It is too long.")
        return
    sentences = read(text)
    found = readings(sentences, spoken_of)
    yield from form_problems(field, text, sentences, _given(facts))
    yield from number_problems(field, found, facts)
    yield from trait_problems(field, sentences, spoken_of, vocabulary)
    yield from segment_problems(field, sentences, spoken_of, facts)
    yield from direction_problems(field, found, spoken_of, of_pattern=isinstance(facts, AntiPatternFacts))
    yield from promise_problems(field, sentences, found)


def _given(facts: Facts) -> str:
    if isinstance(facts, SegmentFacts):
        texts = [text for t in facts.traits for text in (t.phrase, t.label, t.value)]
        return " ".join([*texts, *(f"{f.label} {f.unit}" for f in facts.figures)])
    return " ".join(facts.phrases)
