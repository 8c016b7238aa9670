"""Which requests does a message make, and which tool is each for?"""

import re

from agent.planner.followups import alters_audience
from agent.planner.intents import Guess
from agent.planner.reading.curve_points import says_point
from agent.planner.reading.delivery import take_customers_excluded, take_format, take_identifier_type
from agent.planner.reading.places import take_place
from agent.planner.reading.sentence import MARK, Sentence
from agent.planner.reading.strategies import take_strategy
from agent.planner.reading.word_lists import word_list
from agent.planner.splitting import CLAUSE, OTHERS, Guesser, Request, several
from agent.planner.steps.leading import without_lead
from agent.planner.steps.sizes import take_size
from agent.planner.traits.reading import described
from agent.planner.turn import Message

_CERTAIN = 0.72  # a guess that needs no second look
_REFUSED = 0.60  # by decisive words alone
_LEAST = 0.45
_EXPLAINS = 0.4  # by decisive words: no people are meant


def requests(message: Message, guessed: Guesser) -> list[Request] | None:
    """The requests of a message, in order; none where it cannot be placed, None where it is declined."""
    text = message.marked.text
    waiting = (
        message.state.asked.steps[-1].tool if message.state.asked and message.state.asked.steps else None
    )
    if not re.search(r"\w|[\ue000-\uefff]", text):
        return [Request(waiting, text, "answer")] if message.file and waiting else []
    whole = guessed(text)
    if whole.is_harmful or (whole.cues["decline"] >= _REFUSED and not _is_ours_after_all(whole)):
        return None
    if waiting and (_ONLY_A_KEY.match(text) or not _is_another(waiting, whole)):
        return [Request(waiting, text, "answer")]
    if message.state.audience and alters_audience(text) and not _is_surely(whole, text):
        return [Request("generate_audience", text, "altered")]
    found = several(message, guessed)
    return found if len(found) > 1 else _one(message, whole, found)


_ONLY_A_KEY = re.compile(rf"^\W*(?:(?:the|use|analysis|profile|icp|file) ){{0,3}}{MARK}\W*$", re.I)


def _is_ours_after_all(whole: Guess) -> bool:
    """Whether decisive words for a tool outweigh those that refuse."""
    best = max((cue, name) for name, cue in whole.cues.items() if name != "decline")
    return best[0] >= whole.cues["decline"]


def _is_another(tool: str, whole: Guess) -> bool:
    """Whether a message rather asks for something else than that it answers the question of this tool."""
    return (
        whole.best not in (tool, "ask", "decline")
        and whole.score >= OTHERS
        and whole.score > whole.of(tool) + 0.2
    )


def _is_surely(whole: Guess, text: str) -> bool:
    """Whether something else than an audience is asked for, whatever else is said."""
    return (
        whole.best not in ("generate_audience", "ask", "find_persons")
        and whole.score >= OTHERS
        and not re.match(r"\W*same\b", text, re.I)
    )


_QUESTION = re.compile(r"\b(?:how many|how big|count|what|which|who|why|where|explain|tell me)\b", re.I)


_ASKS_WHY = re.compile(r"\b(?:what|which|who|why|where|explain|tell me|mean|compare)\b", re.I)


def _one(message: Message, whole: Guess, found: list[Request]) -> list[Request] | None:
    text = message.marked.text
    if says_point(text) and not _ASKS_WHY.search(text):
        return [Request("generate_audience", text)]
    if whole.best == "decline" and whole.score >= _LEAST:
        return None
    if whole.best == "ask" and whole.score >= _CERTAIN and not message.file:
        return []
    if whole.score >= _CERTAIN and whole.best not in ("ask", "decline"):
        return [Request(whole.best, text)]
    if found and found[0].tool not in ("ask", "decline") and whole.score < CLAUSE:
        return [Request(found[0].tool, text)]
    if (
        _IDENTIFIERS & {each.kind for each in message.found}
        and whole.best in _NOT_OF_IDENTIFIERS
        and whole.score < OTHERS
    ):
        return [Request("resolve_identities", text)]
    if (of_people := _of_people(message, whole)) is not None:
        return [Request(of_people, text)]
    if message.file and whole.best in ("ask", "decline"):
        return []
    if whole.score >= _LEAST and whole.best not in ("ask", "decline"):
        return [Request(whole.best, text)]
    return None if whole.best == "decline" and _is_foreign(whole, text) else []


_IDENTIFIERS = {"email", "phone", "address", "maid", "hash"}
_NOT_OF_IDENTIFIERS = {
    "find_persons",
    "ask",
    "list_clusters",
    "help",
    "get_person",
    "generate_audience",
    "decline",
}


def _of_people(message: Message, whole: Guess) -> str | None:
    """The tool for people who are only described: `retired golfers in Ohio, 20k`."""
    decided = whole.cues[whole.best] >= 0.15
    if whole.best not in ("ask", "find_persons", "generate_audience") and whole.score >= CLAUSE and decided:
        return None
    if whole.cues["explain"] >= _EXPLAINS:
        return None
    if whole.cues["find_persons"] >= 0.16 and whole.cues["generate_audience"] < 0.3:
        return "find_persons" if whole.best in ("find_persons", "generate_audience") else None
    sentence = Sentence(message.marked.text)
    take_place(sentence)
    wanted = [
        take_customers_excluded(sentence),
        take_format(sentence),
        take_identifier_type(sentence),
        take_strategy(sentence),
        take_size(sentence),
    ]
    people = described(without_lead(sentence.left), message.workspace)
    if message.workspace is None:
        if whole.best in ("find_persons", "generate_audience") and people.expression is not None:
            return whole.best
        return None
    if people.expression is None or people.unknown:
        return None
    wanted.append(whole.cues["generate_audience"] >= 0.15)
    counts = re.search(
        r"\b(?:how (?:many|big|large)|count|number of|size(?: of\b|\W*$)|do (?:we|you) have"
        r"|any(?:one|body)|total)\b|=\s*\?",
        message.marked.text,
        re.I,
    )
    return "generate_audience" if any(wanted) and not counts else "find_persons"


_VAGUE = word_list("vague")


def _is_foreign(whole: Guess, text: str) -> bool:
    """Whether words of other matters are said, rather than too few of ours."""
    words = [word for word in re.findall(r"[a-z]{3,}", text.lower()) if word not in _VAGUE]
    from agent.planner.reading.spelling import is_english

    known = sum(map(is_english, words))
    return known >= 2 or (known == 1 and whole.of("decline") > whole.of("ask") + 0.05)
