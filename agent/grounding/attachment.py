"""Which mentions a figure is said of."""

from agent.grounding.clauses import Reading
from agent.grounding.mentions import Mention
from agent.grounding.quantities import Figure


def told_of(reading: Reading, at: int, figure: Figure) -> list[Mention]:
    """The mentions that a figure is said of: all of them must have it."""
    clause = reading.clauses[at]
    if clause.mentions:
        after = [m for m in clause.mentions if m.start >= figure.end - 1]
        chosen = after[0] if after else clause.mentions[-1]
        return [chosen, *_sharing(reading, at, figure, chosen)]
    in_turn = _in_turn(reading, at, figure)
    return [in_turn] if in_turn else list(clause.about[-1:])


def _sharing(reading: Reading, at: int, figure: Figure, chosen: Mention) -> list[Mention]:
    """`62 % own a home and follow golf` says both of 62 %, `A and B are twice as frequent` too."""
    shared: list[Mention] = []
    if figure.end <= chosen.start + 1 and figure.kind == "share":
        for clause in reading.clauses[at + 1 :]:
            close = clause.mentions and clause.mentions[0].start - clause.start <= 1
            if clause.opener not in ("and", "or") or clause.figures or not close:
                break
            shared.append(clause.mentions[0])
    if at and chosen.end <= figure.start and reading.clauses[at].opener == "and":
        before = reading.clauses[at - 1]
        if before.mentions and not before.figures and before.mentions[-1].end == before.end:
            shared.append(before.mentions[-1])
    return shared


def _in_turn(reading: Reading, at: int, figure: Figure) -> Mention | None:
    """`84 % own …, 41 % follow …, compared with 63 % and 13 %`: the second row follows the first."""
    loose = [i for i, c in enumerate(reading.clauses) if c.figures and not c.mentions]
    block = [
        i for i in loose if all(not reading.clauses[k].mentions for k in range(min(i, at), max(i, at) + 1))
    ]
    row = [f for i in block for f in reading.clauses[i].figures]
    first = [c for c in reading.clauses[: block[0]] if c.figures and c.mentions]
    if len(row) < 2 or len(row) != len(first):
        return None
    return first[row.index(figure)].mentions[0]
