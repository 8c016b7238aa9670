"""Is every figure a fact, of the right trait, in the right role?"""

import itertools
from collections.abc import Iterator, Sequence

from agent.grounding import lexicon
from agent.grounding.attachment import told_of
from agent.grounding.clauses import Clause, Reading
from agent.grounding.mentions import Mention, is_bounded
from agent.grounding.negation import is_flipped
from agent.grounding.problem import Problem, problem
from agent.grounding.quantities import Figure
from agent.grounding.subjects import BOUNDS, Subject
from agent.narration.facts import AntiPatternFacts, Facts, SegmentFacts

WHOLE = frozenset({"customers", "customer", "yours", "all", "accounts", "clients"})
HERE = frozenset({"these", "them", "this", "here", "segment", "group"})
COUNTABLE = frozenset(
    {"things", "traits", "marks", "signals", "messages", "letters", "versions", "can", "lines"}
)
MOST_COUNTED = 3
CONVERTED = frozenset({"are", "is", "become", "becomes", "became"})
CUSTOMER = frozenset({"customer", "customers"})


def number_problems(field: str, found: Sequence[Reading], facts: Facts) -> Iterator[Problem]:
    """The figures which are no facts."""
    for reading in found:
        for at, clause in enumerate(reading.clauses):
            for figure in clause.figures:
                told = told_of(reading, at, figure)
                if not _is_true(field, reading, clause, figure, told, facts):
                    yield _problem(field, reading, figure)
        yield from _misnamed(field, reading)


def _problem(field: str, reading: Reading, figure: Figure) -> Problem:
    words = reading.sentence.cut(figure.start, figure.end)
    if figure.kind == "ambiguous":
        return problem(
            field, "numbers", words, f"`{words}` can be read in two ways: write `times as frequent`."
        )
    reason = (
        f"`{words}` is not a given figure of what it is said of: use the given figures, each for its trait."
    )
    return problem(field, "numbers", words, reason)


def _is_true(
    field: str, reading: Reading, clause: Clause, figure: Figure, told: list[Mention], facts: Facts
) -> bool:
    if figure.kind == "ambiguous":
        return False
    if not clause.mentions and _is_advice(field, figure):
        return True
    if figure.kind == "plain" and _is_count(field, clause, figure, facts):
        return True
    around = _around(clause, figure)
    if isinstance(facts, AntiPatternFacts):
        truths = _of_pattern(reading, clause, figure, around, facts)
        return any(figure.fits(truth) for truth in truths) or _is_interval(figure, facts.low, facts.high)
    if figure.kind == "share":
        return _is_share(field, clause, figure, told, around, facts)
    return bool(told) and all(_is_of(mention, clause, figure, around) for mention in told)


def _is_advice(field: str, figure: Figure) -> bool:
    """`Send it to half of them`, `nobody can say yet`."""
    if field == "action":
        return figure.kind == "share" and not figure.stated
    return field == "expected_impact" and figure.hedge == "vague"


def _around(clause: Clause, figure: Figure) -> tuple[str, ...]:
    """The words of the clause between the figures beside this one."""
    start = max([f.end for f in clause.figures if f.end <= figure.start], default=clause.start)
    end = min([f.start for f in clause.figures if f.start >= figure.end], default=clause.end)
    before = clause.sentence.words[start : figure.start]
    before = () if before[-1:] == ("at",) else before
    words = (*before, *clause.sentence.words[figure.end : end])
    return tuple(word.removesuffix("'s") for word in (*clause.led_by, *words))


def _is_elsewhere(clause: Clause, around: Sequence[str]) -> bool:
    if lexicon.listed("elsewhere") & set(around):
        return True
    return clause.is_comparing and not HERE & set(around)


def _is_count(field: str, clause: Clause, figure: Figure, facts: Facts) -> bool:
    words = clause.sentence.words
    before, after = words[max(0, figure.start - 3) : figure.start], words[figure.end : figure.end + 1]
    spelled = bool(figure.stated) and figure.stated[0].spelled
    if spelled and figure.value <= MOST_COUNTED and (before[-1:] == ("the",) or COUNTABLE & set(after)):
        return True
    if figure.money:
        return False
    near = {"group", "segment", "these", "this"} & set(before)
    all_of_them = bool({"all", "your", "our", "of"} & set(before)) and not near
    if isinstance(facts, SegmentFacts) and not all_of_them and figure.fits(facts.size):
        return True
    whole = all_of_them or before[-1:] == ("the",) or isinstance(facts, AntiPatternFacts)
    return whole and not {"these", "this"} & set(before) and figure.fits(facts.customers)


def _is_share(
    field: str,
    clause: Clause,
    figure: Figure,
    told: list[Mention],
    around: Sequence[str],
    facts: SegmentFacts,
) -> bool:
    if not _is_elsewhere(clause, around) and _may_be_segment(field, clause, figure, told):
        if figure.fits(facts.share):
            return True
        if _is_of_all(clause, figure) and not clause.mentions:
            return False
    if _is_of_all(clause, figure, {"all", "your", "our"}) and not _is_elsewhere(clause, around):
        return False
    return bool(told) and all(_is_of(mention, clause, figure, around) for mention in told)


def _may_be_segment(field: str, clause: Clause, figure: Figure, told: list[Mention]) -> bool:
    """May it be the segment's share of the customers?"""
    if any(mention.start >= figure.end for mention in clause.mentions):
        return False
    return _is_of_all(clause, figure) or (not clause.mentions and (not told or field == "expected_impact"))


def _is_of_all(clause: Clause, figure: Figure, words: set[str] | frozenset[str] = WHOLE) -> bool:
    after = clause.sentence.words[figure.end : figure.end + 5]
    if after[:1] and after[0] in CUSTOMER:
        return words is WHOLE
    return after[:1] == ("of",) and bool(words & set(after)) and not HERE & set(after)


def _is_of(mention: Mention, clause: Clause, figure: Figure, around: Sequence[str]) -> bool:
    return any(_fits(subject, mention, clause, figure, around) for subject in mention.subjects)


def _fits(subject: Subject, mention: Mention, clause: Clause, figure: Figure, around: Sequence[str]) -> bool:
    home = clause if mention in clause.mentions else None
    flipped = is_flipped(home, mention, subject) if home else False
    if figure.kind == "share":
        value = subject.baseline if _is_elsewhere(clause, around) else subject.share
        return value is not None and figure.fits(1 - value if flipped else value)
    if flipped:
        return False
    if figure.kind == "plain":
        return subject.medians is not None and _is_median(subject.medians, clause, figure, around)
    if figure.kind == "points":
        gap = (subject.share or 0) - (subject.baseline or 0)
        return subject.share is not None and figure.fits(abs(gap))
    return _is_times(subject, figure)


def _is_times(subject: Subject, figure: Figure) -> bool:
    if subject.times is None:
        return False
    if subject.low is not None and subject.high is not None:
        ends = {"least": subject.low, "most": subject.high}
        at_end = figure.hedge in ends and abs(ends[figure.hedge] - figure.value) <= 0.05 * figure.value
        if at_end or _is_interval(figure, subject.low, subject.high):
            return True
    return figure.kind == "times" and figure.fits(subject.times)


def _is_interval(figure: Figure, low: float, high: float) -> bool:
    if len(figure.stated) != 2:
        return False
    pairs = zip(figure.stated, (low, high), strict=True)
    return all(abs(number.value - true) <= number.half_digit + 1e-9 for number, true in pairs)


def _is_median(
    medians: tuple[float, float, float], clause: Clause, figure: Figure, around: Sequence[str]
) -> bool:
    here, customers, population = medians
    if {"population", "everyone", "everybody", "elsewhere"} & set(around):
        return figure.fits(population)
    if CUSTOMER & set(around) and {"all", "your", "our", "overall", "among", "across"} & set(around):
        return figure.fits(customers)
    return not clause.is_comparing and figure.fits(here)


def _of_pattern(
    reading: Reading, clause: Clause, figure: Figure, around: Sequence[str], facts: AntiPatternFacts
) -> list[float]:
    if figure.kind in ("times", "points"):
        return [facts.times] if figure.kind == "times" else [abs(facts.share - facts.baseline)]
    if figure.kind != "share":
        return []
    elsewhere = _is_elsewhere(clause, around)
    if _is_rate(reading):
        value = facts.base_rate if elsewhere else facts.rate
    else:
        value = facts.baseline if elsewhere else facts.share
    return [] if value is None else [value]


def _is_rate(reading: Reading) -> bool:
    """Does the sentence tell how many become customers?"""
    words = reading.sentence.words
    pairs = (*itertools.pairwise(words), *zip(words, words[2:], strict=False))
    return any(a in CONVERTED and b in CUSTOMER for a, b in pairs)


def _misnamed(field: str, reading: Reading) -> Iterator[Problem]:
    """Bounds of a trait told otherwise: `under 60` of people of 60 and over."""
    for figure in reading.named:
        subjects = [s for c in reading.clauses for m in c.mentions for s in m.subjects if _holds(m, figure)]
        if subjects and not any(_is_named(reading, figure, subject) for subject in subjects):
            words = reading.sentence.cut(figure.start, figure.end)
            yield problem(
                field, "numbers", words, f"`{words}` is not how the trait was given: repeat its bounds."
            )


def _holds(mention: Mention, figure: Figure) -> bool:
    return mention.start < figure.end and figure.start < mention.end


def _is_named(reading: Reading, figure: Figure, subject: Subject) -> bool:
    if not all(number.value in subject.numbers for number in figure.stated):
        return False
    if subject.bound == "range":
        return len(figure.stated) > 1 or len(subject.numbers) > 2
    if len(figure.stated) > 1:
        return False
    said = {side for side, words in BOUNDS.items() if is_bounded(reading.sentence, figure, words)}
    return said == ({subject.bound} if subject.bound != "exact" else set())
