"""Which expression is written out with ids or hashes of clusters: `(1000000145 AND 1000001556)`?"""

import re

from agent.planner.reading.sentence import MARK
from agent.planner.turn import Turn

_JOINT = r"[\s()]*\b(?:AND\s+NOT|AND|OR)\b[\s(]*(?:NOT\s*[\s(]*)?"
_WRITTEN = re.compile(rf"(?:\bNOT\b\s*)?[(\s]*{MARK}(?:{_JOINT}{MARK})+[\s)]*", re.I)


def take_written(turn: Turn) -> str | None:
    """The expression as it is written, its words taken out; None where there is none."""
    kinds = {each.mark: each.kind for each in turn.found}
    match = _WRITTEN.search(turn.sentence.left)
    if match is None or not {kinds.get(mark) for mark in re.findall(MARK, match[0])} <= {"cluster", "hash"}:
        return None
    turn.sentence.blank(*match.span())
    return re.sub(
        r"\b(?:and|or|not)\b", lambda word: word[0].upper(), turn.shown(match[0]).strip(), flags=re.I
    )
