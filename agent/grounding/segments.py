"""Is only this segment spoken of, under a name of its own?"""

import re
from collections.abc import Iterator, Sequence

from agent.grounding.problem import Problem, problem
from agent.grounding.reading import Sentence
from agent.grounding.subjects import Subject
from agent.grounding.vocabulary import content_stems, is_content
from agent.narration.facts import Facts, SegmentFacts

OTHERS = re.compile(
    r"\b(?:(?:other|another|any other|next|previous|first|second|third|fourth|fifth|last|neighbou?ring) "
    r"(?:segments?|groups?|clusters?|customers|clients|accounts|audiences?)|segments|clusters|groups"
    r"|(?:segment|group|cluster) (?:\d|one|two|three|four|five|[a-h]\b)|rest of (?:the |your |our )?customers"
    r"|remaining customers|competitors?|(?:last|previous|next) (?:year|quarter|month|analysis))",
    re.IGNORECASE,
)


def segment_problems(
    field: str, sentences: Sequence[Sentence], subjects: Sequence[Subject], facts: Facts
) -> Iterator[Problem]:
    """Other segments told of; a name that is taken, or says nothing of its traits."""
    for sentence in sentences:
        if other := OTHERS.search(sentence.text):
            reason = f"`{other.group()}`: speak of this segment alone, compared with the population."
            yield problem(field, "segments", other.group(), reason)
    if not isinstance(facts, SegmentFacts):
        return
    told = " ".join(sentence.text for sentence in sentences)
    given = frozenset(key for subject in subjects for key in subject.keys)
    for name in facts.taken:
        if _is_taken(field, told, name, given):
            yield problem(field, "segments", name, f"`{name}` is another segment: do not name it.")
    strong = frozenset(key for subject in subjects for key in subject.strong)
    if field == "name" and not _says_a_trait(sentences, strong, subjects):
        yield problem(
            field, "segments", told, "The name says nothing of the given traits: name at least one."
        )


def _is_taken(field: str, told: str, name: str, given: frozenset[str]) -> bool:
    stems = content_stems(name)
    if field == "name":
        return frozenset(content_stems(told)) == frozenset(stems)
    return bool(stems) and not set(stems) <= given and _plain(name) in _plain(told)


def _plain(text: str) -> str:
    return " ".join(["", *re.findall(r"[^\W_]+", text.casefold()), ""])


def _says_a_trait(sentences: Sequence[Sentence], strong: frozenset[str], subjects: Sequence[Subject]) -> bool:
    tokens = [token for sentence in sentences for token in sentence.tokens if is_content(token)]
    every = frozenset(key for subject in subjects for key in subject.keys)
    numbers = any(token.kind == "number" for token in tokens)
    return any(token.keys & (strong or every) for token in tokens) or numbers
