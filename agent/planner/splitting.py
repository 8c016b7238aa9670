"""Which clauses of a message ask for something of their own?"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from agent.planner.clauses import clauses
from agent.planner.intents import Guess
from agent.planner.turn import Message

Guesser = Callable[[str], Guess]


CLAUSE = 0.60  # a clause that asks for something of its own


OTHERS = 0.85  # a guess against which neither an answer nor an alteration stands


@dataclass(frozen=True)
class Request:
    """One thing that is asked for, in which words."""

    tool: str
    text: str
    kind: Literal["new", "altered", "answer"] = "new"


def several(message: Message, guessed: Guesser) -> list[Request]:
    """The clauses that ask for something of their own, each with the words that follow and do not."""
    by_segment = _by_segment(message) or _one_and_another(message.marked.text)
    if by_segment:
        return by_segment
    groups: list[tuple[str, str, float]] = []  # tool, words, score
    cued: list[float] = []
    for clause in clauses(message.marked.text):
        guess = guessed(clause)
        tool = guess.best
        if not groups or _begins(groups[-1], tool, guess, clause):
            groups.append((tool, clause, guess.score))
            cued.append(guess.cues[tool])
        else:
            before = groups[-1]
            groups[-1] = (before[0], before[1] + clause, before[2])
    kept = [
        group
        for at, group in enumerate(groups)
        if group[0] not in ("ask", "decline") and group[2] >= CLAUSE and cued[at] >= 0.15
    ]
    if len(kept) < 2:
        return [Request(tool, words) for tool, words, _ in kept]
    return [Request(tool, words) for tool, words in _joined(groups, kept)]


def _joined(
    groups: list[tuple[str, str, float]], kept: list[tuple[str, str, float]]
) -> list[tuple[str, str]]:
    """The requests with the words around them: these belong to the one before, or to the first."""
    found: list[tuple[str, str]] = []
    waiting = ""
    for group in groups:
        if group in kept:
            found.append((group[0], waiting + group[1]))
            waiting = ""
        elif found:
            found[-1] = (found[-1][0], found[-1][1] + group[1])
        else:
            waiting += group[1]
    return found


_HANDOVER = re.compile(
    r"^\W*(?:and |then |also |please |pls |can you |could you |i'd like |i want |i need "
    r"|let me )*(?:export|send|give|show|return|download|output|get|put|save|have|make"
    r"|deliver|include|want|need|use|do|tell|let|list|pull)?(?: me| us| it)?(?: (?:it"
    r"|them|that|this|the (?:results?|list|file|output|answer|profiles?|whole thing)"
    r"|everything|those|all|both))?(?: (?:back|out|over|down))?(?: to me"
    r"| to us)?\W*(?:(?:as|in|into|to|with|for|by|via) .{0,40}|know|csv|json|jsonl)?\W*$",
    re.I,
)


def _begins(before: tuple[str, str, float], tool: str, guess: Guess, clause: str) -> bool:
    """Whether a clause asks for something of its own."""
    if tool in ("ask", "decline") or guess.score < CLAUSE or guess.cues[tool] < 0.15:
        return False
    if tool == before[0] and before[2] >= CLAUSE:
        return _asks_again(tool, before[1], clause)
    if _HANDOVER.match(clause) and not re.search(
        r"\b(?:profiles?|audience|lookalikes?|briefing|team|everyone|explain|share)\b|\bas [\"']",
        clause,
        re.I,
    ):
        return False
    pair = {before[0], tool}
    if before[0] == "get_cluster" and tool == "find_persons" and _OF_THEM.search(clause):
        return False
    if pair == {"find_persons", "generate_audience"}:
        return (
            bool(re.search(r"\b(?:how many|count|audience|lookalikes?)\b", clause, re.I))
            and before[2] >= CLAUSE
        )
    if _are_two(before[0], before[1], tool, clause):
        return True
    if pair in ({"schedule_briefing", "run_briefing"}, {"compare_analyses", "run_briefing"}) or pair == {
        "analyze_customers",
        "compare_analyses",
    }:
        return False
    if before[0] == "create_icp_profile" and tool in (
        "find_persons",
        "list_clusters",
        "analyze_customers",
        "generate_audience",
        "score_leads",
    ):
        return guess.score >= OTHERS
    if tool == "run_briefing" and not re.search(
        r"\b(?:briefing|digest|summary|report|update)\b", clause, re.I
    ):
        return False
    return "submit_feedback" not in pair and pair != {"analyze_outcomes", "analyze_customers"}


_ASKED = re.compile(r"^\W*(?:(?:and|also|then|plus)\W+)*(?:how many|count|what|why|which)\b", re.I)
_OF_THEM = re.compile(r"\b(?:of|have|has|with|are in) (?:it|this|that|them|these|those)\b", re.I)


def _asks_again(tool: str, before: str, clause: str) -> bool:
    """Whether a second question for the same tool is asked: `how many …, and how many …`."""
    asked = bool(_ASKED.match(before) and _ASKED.match(clause))
    return asked and tool in ("find_persons", "analyze_outcomes") and not _OF_THEM.search(clause)


def _are_two(tool: str, words: str, other: str, clause: str) -> bool:
    """Whether two tools that mostly mean one request are both asked for in words of their own."""
    if (tool, other) == ("analyze_customers", "compare_analyses"):
        return bool(re.search(r"\banaly[sz]e\b.*\b(?:file|list|attached|upload|this|these)\b", words, re.I))
    if (tool, other) == ("run_briefing", "schedule_briefing"):
        return bool(re.search(r"\b(?:now|right away|at once|immediately|today)\b", words, re.I))
    return False


_TWO_AUDIENCES = re.compile(
    r"^(?P<lead>.*?)\b(?:two|2|both|separate) (?P<noun>(?:\w+ )?(?:audience|list|lookalike))s(?P<of>[^:]*?)"
    r"\s?[:,-]\s?(?P<one>(?:the )?(?:one|first)\b.+?)(?:,\s(?:and\s)?|\s(?:and|&)\s)"
    r"(?P<other>(?:another|the other|a second|the second|one)\b.+)$",
    re.I,
)
_ANOTHER = re.compile(
    r"^(?P<one>.*?\b(?P<noun>audience|list)\b.+?),? (?:and|plus|&) (?:another|a second)"
    r"(?: one| audience| list)?"
    r"(?P<other> (?:of|for|with|from)\b.+)$",
    re.I,
)


def _one_and_another(text: str) -> list[Request]:
    """`two audiences: one of A and one of B`, `an audience of A and another of B`."""
    if match := _TWO_AUDIENCES.match(text):
        lead = f"{match['lead']}an {match['noun']}{match['of']}"
        parts = [
            re.sub(r"^(?:the )?(?:one|first|another|other|a second|the second)\b", "", match[name])
            for name in ("one", "other")
        ]
        return [Request("generate_audience", f"{lead}{part}") for part in parts]
    if match := _ANOTHER.match(text):
        return [
            Request("generate_audience", each)
            for each in (match["one"], f"an {match['noun']}{match['other']}")
        ]
    return []


def _by_segment(message: Message) -> list[Request]:
    """`20k from A and 10k from B`: an audience of each segment, with what is said of both."""
    text = message.marked.text
    lowered = text.lower()
    names = [(lowered.find(name.lower()), name) for name in message.state.segments if name.lower() in lowered]
    if len(names) < 2 or re.search(r"\b(?:why|compare|difference|differ|explain|versus|vs)\b", text, re.I):
        return []
    names.sort()
    cuts = [0]
    for (at, name), (after, _) in pairwise(names):
        joint = re.search(r",| and | & | plus ", text[at + len(name) : after])
        cuts.append(at + len(name) + (joint.start() if joint else 0))
    parts = [text[start:end] for start, end in zip(cuts, [*cuts[1:], len(text)], strict=True)]
    last = text[names[-1][0] + len(names[-1][1]) :]
    shared = re.search(r"\b(?:both|each|all|either way)\b.*", last, re.I)
    tail = f" {shared[0]}" if shared else ""
    return [
        Request("generate_audience", part + (tail if at + 1 < len(parts) else ""))
        for at, part in enumerate(parts)
    ]
