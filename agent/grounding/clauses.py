"""Which clause says what of which subject."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.grounding import lexicon
from agent.grounding.mentions import Mention, mentions, trait_figures
from agent.grounding.quantities import Figure, figures
from agent.grounding.reading import Sentence
from agent.grounding.subjects import Subject

BREAKS = frozenset({";", ":", ",", "(", ")", "–", "—", "and", "but", "while", "whereas", "where", "or"})
COMPARING = frozenset({"against", "versus", "vs", "compared", "than", "unlike"})


@dataclass
class Clause:
    """A part of a sentence: its tokens, what opens it, the mentions and figures in it.

    about: the subjects it speaks of, those of an earlier clause where it names none.
    """

    sentence: Sentence
    start: int
    end: int
    opener: str
    mentions: list[Mention] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    about: tuple[Mention, ...] = ()
    enclosed: bool = False
    led_by: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """Its tokens in lower case."""
        return self.sentence.words[self.start : self.end]

    @property
    def text(self) -> str:
        """It as it was written."""
        return self.sentence.cut(self.start, self.end) if self.end > self.start else ""

    @property
    def is_opening(self) -> bool:
        """Does what it is about come after it?"""
        return self.opener == "" or self.is_comparing

    @property
    def is_comparing(self) -> bool:
        """Does it say what something is compared with?"""
        return self.opener.split(" ")[-1] in COMPARING

    @property
    def is_elsewhere(self) -> bool:
        """Does it speak of the population?"""
        return bool(lexicon.listed("elsewhere") & {word.removesuffix("'s") for word in self.words})


@dataclass
class Reading:
    """One sentence as it was understood. named: figures that are part of the name of a trait."""

    sentence: Sentence
    clauses: list[Clause]
    named: tuple[Figure, ...]


def readings(sentences: Sequence[Sentence], subjects: Sequence[Subject]) -> list[Reading]:
    """Every sentence in clauses; `it` and `they` carry over from the sentence before."""
    last: tuple[Mention, ...] = ()
    found = []
    for sentence in sentences:
        reading = _reading(sentence, subjects)
        last = _spread(reading.clauses, last)
        found.append(reading)
    return found


def _reading(sentence: Sentence, subjects: Sequence[Subject]) -> Reading:
    every = figures(sentence)
    named = trait_figures(sentence, every, subjects)
    stated = tuple(figure for figure in every if figure not in named)
    found = mentions(sentence, named, stated, subjects)
    return Reading(sentence, _clauses(sentence, (*stated, *found, *named), stated, found), named)


def _clauses(
    sentence: Sentence,
    spans: Sequence[Figure | Mention],
    stated: Sequence[Figure],
    found: Sequence[Mention],
) -> list[Clause]:
    inside = {at for span in spans for at in range(span.start, span.end)}
    clauses: list[Clause] = []
    current, enclosed = Clause(sentence, 0, 0, ""), False
    for at, word in enumerate(sentence.words):
        enclosed = word == "(" or (enclosed and word != ")")
        breaks = at not in inside and (word in COMPARING or word in BREAKS) and not (enclosed and word == ":")
        if breaks and current.start == at:
            current = Clause(sentence, at + 1, at + 1, f"{current.opener} {word}".strip(), enclosed=enclosed)
        elif breaks and _is_whole(current, at, word, spans):
            clauses.append(current)
            current = Clause(sentence, at + 1, at + 1, word, enclosed=enclosed)
        current.end = max(current.start, at + 1)
    clauses = [clause for clause in (*clauses, current) if clause.end > clause.start]
    for clause in clauses:
        clause.mentions = [m for m in found if clause.start <= m.start < clause.end]
        clause.figures = [f for f in stated if clause.start <= f.start < clause.end]
    return clauses


def _is_whole(current: Clause, at: int, word: str, spans: Sequence[Figure | Mention]) -> bool:
    """`In the population, …` goes on after its comma."""
    if word != "," or (current.is_comparing and current.start > 1):
        return True
    return any(current.start <= span.start < at for span in spans)


def _spread(clauses: list[Clause], last: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """Gives each clause what it is about; what the last one is about comes back."""
    for at, clause in enumerate(clauses):
        following = next((c.mentions[:1] for c in clauses[at:] if c.mentions), [])
        clause.about = tuple(clause.mentions) or last or tuple(following)
        last = clause.about
        if clause.opener.endswith("(") and at and _is_figure_alone(clause):
            clause.led_by = clauses[at - 1].words
    for at, clause in enumerate(clauses):
        earlier = any(c.mentions for c in clauses[:at])
        if not clause.mentions and not earlier and clause.is_opening:
            clause.about = (
                tuple(next((c.mentions[:1] for c in clauses[at:] if c.mentions), [])) or clause.about
            )
    return last


def _is_figure_alone(clause: Clause) -> bool:
    """`($286,000)`: what stands before the bracket says whose it is."""
    spans = [(figure.start, figure.end) for figure in clause.figures]
    closing = clause.sentence.words[clause.end : clause.end + 1]
    return spans == [(clause.start, clause.end)] and closing == (")",)
