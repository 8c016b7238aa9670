"""How wide is an audience, how large, where, for what, and of whom?"""

import re

from agent.planner.reading.curve_points import take_point
from agent.planner.reading.delivery import take_customers_excluded
from agent.planner.reading.strategies import RANKED, take_strategy
from agent.planner.steps.asking import NO_EARLIER, NO_SOURCE, unknown_words
from agent.planner.steps.leading import without_lead
from agent.planner.steps.people import delivery, placed
from agent.planner.steps.sizes import take_size, take_top
from agent.planner.steps.sources import like_those_who, names_said, source_at_hand, source_of
from agent.planner.traits.reading import Described
from agent.planner.turn import Arguments, Draft, Turn
from tools.audience.expression import And, Expression, Not, Or, Term, all_of, canonical, to_text

_LONG = 12  # letters of words that are asked about even where an analysis says whom to take


_AS_BEFORE = re.compile(
    r"\bsame\b|\b(?:as|like) (?:before|last time)\b|\bagain\b|\bdo (?:it|that) over\b", re.I
)
_OF_THEM = re.compile(r"\b(?:of|from|with|for|out of) (?:them|those|these|it)\b", re.I)


def generate_audience(turn: Turn) -> Draft:
    """Build an audience from an analysis, a segment, a profile or traits."""
    arguments: Arguments = {}
    asks: list[str] = []
    said = names_said(turn)
    wishes(turn, arguments, asks)
    source = like_those_who(turn) or source_of(turn, said)
    people = turn.people_in(without_lead(turn.sentence.left))
    counted = turn.earlier_step("find_persons")
    if source is None and people.expression is None and counted is not None and _OF_THEM.search(turn.text):
        found = turn.earlier[counted].arguments
        arguments = {name: found[name] for name in ("expression", "location") if name in found} | arguments
        return Draft("generate_audience", arguments, " ".join(asks) or None)
    if source is None and not asks and (people.expression is None or "point" in arguments):
        source = source_at_hand(turn)
    if source is None and ("point" in arguments or said.of_like or said.of_own or said.segment is not None):
        narrow(arguments, people)
        return Draft("generate_audience", arguments, " ".join([*asks, NO_SOURCE]))
    if source is None:
        _of_traits(turn, arguments, people, asks)
        return Draft("generate_audience", arguments, " ".join(asks) or None)
    narrow(arguments, people)
    if any(len(words) > _LONG for words in people.unknown):
        asks.append(unknown_words(people.unknown))
    if source.before and source.before[-1].ask:
        return Draft("generate_audience", arguments, " ".join([*asks, source.before[-1].ask]))
    return Draft("generate_audience", arguments | source.arguments, " ".join(asks) or None, source.before)


def _of_traits(turn: Turn, arguments: Arguments, people: Described, asks: list[str]) -> None:
    if people.text:
        arguments["expression"] = people.text
        # `the top 5,000` of people with traits are any 5,000: no analysis ranks them.
        if arguments.get("strategy") == "ranked" and not RANKED.search(turn.text):
            del arguments["strategy"]
    if people.unknown:
        asks.append(unknown_words(people.unknown))
    elif not people.text:
        asks.append(NO_EARLIER if _AS_BEFORE.search(turn.text) else NO_SOURCE)


def wishes(turn: Turn, arguments: Arguments, asks: list[str]) -> None:
    """Everything about an audience but the people in it."""
    sentence = turn.sentence
    point = take_point(sentence)
    if take_customers_excluded(sentence):
        arguments["exclude"] = ["customers"]
    delivery(turn, arguments)
    if strategy := take_strategy(sentence):
        arguments["strategy"] = strategy
    asks += placed(arguments, turn.place())
    top = take_top(sentence)
    if size := take_size(sentence):
        arguments["target_size"] = size
        if top:
            arguments["strategy"] = "ranked"
    if point is not None:  # more exact than any word for how wide it shall be
        arguments["point"] = point
        arguments.pop("strategy", None)


def narrow(arguments: Arguments, people: Described) -> None:
    """Narrow an audience of an analysis: what must hold joins `among`, what must not joins `exclude`."""
    kept, without = _parted(people.expression)
    if without:
        arguments["exclude"] = [
            *arguments.get("exclude", []),
            *(w for w in without if w not in arguments.get("exclude", [])),
        ]
    if kept is not None:
        arguments["among"] = joined_text(arguments.get("among"), kept)


def joined_text(text: str | None, more: Expression) -> str:
    """The text of an expression, and of another that must hold too."""
    added = to_text(canonical(more))
    if not text:
        return added
    return f"({text}) AND {f'({added})' if isinstance(more, Or) else added}"


def _parted(expression: Expression | None) -> tuple[Expression | None, list[str]]:
    """What must hold, and the clusters that nobody may be in."""
    if expression is None:
        return None, []
    children = expression.children if isinstance(expression, And) else (expression,)
    kept: list[Expression] = []
    without: list[str] = []
    for child in children:
        inner = child.child if isinstance(child, Not) else None
        if isinstance(inner, Term):
            without.append(inner.key)
        elif isinstance(inner, Or) and all(isinstance(each, Term) for each in inner.children):
            without += [each.key for each in inner.children if isinstance(each, Term)]
        else:
            kept.append(child)
    return (all_of(kept) if kept else None), without
