"""Which words join the traits of a sentence, and how far does each of them reach?"""

from dataclasses import dataclass
from typing import Literal

from agent.planner.traits.meaning import Meaning
from tools.audience.expression import And, Not, any_of

Kind = Literal[
    "atom",
    "or",
    "and",
    "but",
    "then",
    "comma",
    "not",
    "no",
    "without",
    "except",
    "neither",
    "nor",
    "either",
    "both",
    "(",
    ")",
]


# `then` joins a clause to what stands before it, or two words side by side: an AND that binds less than OR.
_JOINTS = ("or", "and", "but", "then", "comma")


_NEGATIONS = ("not", "no", "without", "except", "neither")


@dataclass
class Token:
    """A word that joins, or a trait."""

    kind: Kind
    meaning: Meaning | None = None
    is_clause: bool = False  # begins with a word of doing or having: what went before does not reach into it
    verb: str = ""
    those: bool = False  # an exception that is told by a clause of its own: `except those who …`


def trimmed(tokens: list[Token]) -> list[Token]:
    """Without joints at the ends, and with one joint where several meet."""
    kept: list[Token] = []
    for token in tokens:
        if token.kind in _JOINTS and (not kept or kept[-1].kind == "(" or kept[-1].kind in _NEGATIONS):
            continue
        if token.kind in _JOINTS and kept[-1].kind in _JOINTS:
            kept[-1] = _stronger(kept[-1], token)
            continue
        kept.append(token)
    while kept and kept[-1].kind in (*_JOINTS, *_NEGATIONS, "either", "both"):
        kept.pop()
    return kept


def _stronger(one: Token, other: Token) -> Token:
    """Which of two joints that meet counts: `, or` is or; `and who` and `, and` go on at clause level."""
    kinds = {one.kind, other.kind}
    if "or" in kinds:
        return Token("or")
    if "but" in kinds:
        return Token("but")
    if "and" in kinds and "comma" in kinds:
        return Token("comma", is_clause=True)
    return Token("then") if "then" in kinds else one


def commas_resolved(tokens: list[Token]) -> list[Token]:
    """A comma of a list joins as the list's last joint does; any other begins a clause."""
    return [
        token if token.kind != "comma" else Token(_joint_of_list(tokens, at))
        for at, token in enumerate(tokens)
    ]


def _joint_of_list(tokens: list[Token], at: int) -> Kind:
    if tokens[at].is_clause:  # `, and`
        before = next(
            (t.kind for t in reversed(tokens[:at]) if t.kind in ("or", "then", "but", "comma")), None
        )
        return "and" if before == "comma" else "then"
    for token in tokens[at + 1 :]:
        if token.kind == "or":
            return "or"
        if token.kind in ("and", "then", "but", *_NEGATIONS):
            break
    return "then"


def merged(tokens: list[Token]) -> list[Token]:
    """Values of one attribute side by side are alternatives, also with `and`: in Texas and Ohio."""
    kept: list[Token] = []
    for token in tokens:
        if (
            token.kind == "atom"
            and len(kept) > 1
            and kept[-1].kind in ("or", "and", "comma", "then")
            and kept[-2].kind == "atom"
            and (both := _alternatives(kept[-2].meaning, token.meaning))
            and not (len(kept) > 2 and kept[-3].kind in ("not", "no", "neither") and kept[-1].kind == "then")
        ):
            kept[-2:] = [Token("atom", both, kept[-2].is_clause)]
        else:
            kept.append(token)
    return kept


def _alternatives(one: Meaning | None, other: Meaning | None) -> Meaning | None:
    if one is None or other is None or one.attribute != other.attribute:
        return None
    if not (one.is_one_of_many and other.is_one_of_many):
        return None
    if isinstance(one.expression, Not | And) or isinstance(other.expression, Not | And):
        return None
    fewer, more = sorted((one, other), key=lambda each: len(each.clusters))
    if set(fewer.clusters) <= set(more.clusters):
        return fewer  # parents of two: the two say the same, one more closely
    clusters = one.clusters + other.clusters
    return Meaning(
        f"{one.said}, {other.said}", any_of([one.expression, other.expression]), one.attribute, clusters
    )


def clauses_begun(tokens: list[Token]) -> list[Token]:
    """`likes X or Y and owns Z`: the second verb begins a clause of its own."""
    made = list(tokens)
    for at, token in enumerate(tokens):
        if token.kind != "and" or at + 1 >= len(tokens) or not tokens[at + 1].verb or at < 3:
            continue
        right, joint, left = tokens[at - 1], tokens[at - 2], tokens[at - 3]
        if (
            joint.kind == "or"
            and right.kind == left.kind == "atom"
            and (not right.verb or right.verb == left.verb)
            and left.verb
        ):
            made[at] = Token("then")
    return made


def parallel(tokens: list[Token]) -> list[list[Token]]:
    """The sides of an OR that say the same kinds of things: `men who golf or women who ski`."""
    if any(token.kind in ("but", "except", "without", "(", "either") for token in tokens):
        return []
    sides: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind == "or":
            sides.append([])
        else:
            sides[-1].append(token)
    if len(sides) < 2:
        return []
    attributes = [
        [t.meaning.attribute for t in side if t.meaning and t.meaning.is_one_of_many] for side in sides
    ]
    atoms = [sum(t.kind == "atom" for t in side) for side in sides]
    same = all(set(attributes[0]) & set(other) for other in attributes[1:])
    return sides if attributes[0] and same and min(atoms) > 1 else []
