"""How do two profiles, or two revisions of one, stand side by side?"""

from typing import Any, Literal, NamedTuple

from tools.profiles.content.document import DIMENSIONS, ProfileDocument

Mark = Literal["same", "added", "removed", "changed"]


class Item(NamedTuple):
    """A part of a line, and whether only this side has it."""

    words: str
    mark: Mark


class Line(NamedTuple):
    """One line of both sides."""

    name: str  # a text's name, or the label of a criterion
    is_criterion: bool
    left: list[Item]
    right: list[Item]
    mark: Mark


def side_by_side(left: ProfileDocument, right: ProfileDocument) -> list[Line]:
    """Every line of either side, each part marked as on both, added, removed or changed."""
    found = [_text(name, getattr(left, name), getattr(right, name)) for name in ("name", "description")]
    for name in ("industries", "company_size", "geography", "roles", "signals"):
        found.append(_phrases(name, left.wanted(name), right.wanted(name)))  # type: ignore[arg-type]  # a dimension
    found.append(_phrases("disqualifiers", left.disqualifiers, right.disqualifiers))
    found += _weights(left, right)
    found += _criteria(left, right)
    return [each for each in found if each.left or each.right]


def _text(name: str, left: str, right: str) -> Line:
    mark: Mark = "same" if left == right else "changed"
    return Line(name, False, [Item(left, mark)] if left else [], [Item(right, mark)] if right else [], mark)


def _phrases(name: str, left: list[str], right: list[str]) -> Line:
    mine = [Item(each, "same" if each in right else "removed") for each in left]
    theirs = [Item(each, "same" if each in left else "added") for each in right]
    return Line(name, False, mine, theirs, _mark(bool(left), bool(right), set(left) == set(right)))


def _mark(left: bool, right: bool, same: bool) -> Mark:
    if same:
        return "same"
    return "changed" if left and right else "removed" if left else "added"


def _weights(left: ProfileDocument, right: ProfileDocument) -> list[Line]:
    lines = []
    for each in (*DIMENSIONS, "criteria"):
        mine, theirs = getattr(left.weights, each), getattr(right.weights, each)
        mark: Mark = "same" if mine == theirs else "changed"
        if mark == "changed":
            lines.append(
                Line(f"weigh_{each}", False, [Item(f"{mine:g}", mark)], [Item(f"{theirs:g}", mark)], mark)
            )
    return lines


def _criteria(left: ProfileDocument, right: ProfileDocument) -> list[Line]:
    mine, theirs = ({each.key: each for each in side.criteria} for side in (left, right))
    lines = []
    for key in dict.fromkeys([*mine, *theirs]):
        one, other = mine.get(key), theirs.get(key)
        mark = _mark(one is not None, other is not None, one == other)
        shown = [[Item(_criterion(each), mark)] if each else [] for each in (one, other)]
        lines.append(Line((one or other).label, True, shown[0], shown[1], mark))  # type: ignore[union-attr]  # one is there
    return lines


def _criterion(each: Any) -> str:
    return f"{each.good or each.value or each.label} ({each.weight:.1%})"
