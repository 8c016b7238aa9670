"""What an expression is made of: terms, NOT, AND and OR."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

_Folded = TypeVar("_Folded")


class _Terms:
    """What all four kinds of expression can be asked."""

    __slots__ = ()

    def terms(self) -> tuple[str, ...]:
        """The keys of its terms, each once, in order of first appearance."""
        keys: dict[str, None] = {}
        waiting: list[Any] = [self]
        while waiting:
            node = waiting.pop()
            if isinstance(node, Term):
                keys[node.key] = None
            else:
                waiting.extend(reversed(node.children))
        return tuple(keys)


@dataclass(frozen=True, slots=True)
class Term(_Terms):
    """The people of one cluster, by its hash (32 hex digits) or its id (decimal digits)."""

    key: str


@dataclass(frozen=True, slots=True)
class Not(_Terms):
    """The people who are not in `child`."""

    child: "Expression"

    @property
    def children(self) -> tuple["Expression", ...]:
        """The one child, as the other kinds give theirs."""
        return (self.child,)


@dataclass(frozen=True, slots=True)
class And(_Terms):
    """The people who are in every child. Two children or more; see all_of."""

    children: tuple["Expression", ...]

    def __post_init__(self) -> None:
        _require_two(self.children)


@dataclass(frozen=True, slots=True)
class Or(_Terms):
    """The people who are in any child. Two children or more; see any_of."""

    children: tuple["Expression", ...]

    def __post_init__(self) -> None:
        _require_two(self.children)


Expression: TypeAlias = Term | Not | And | Or


def all_of(children: Iterable[Expression]) -> Expression:
    """The AND of these; the child itself where there is only one. At least one is needed."""
    some = tuple(children)
    return some[0] if len(some) == 1 else And(some)


def any_of(children: Iterable[Expression]) -> Expression:
    """The OR of these; the child itself where there is only one. At least one is needed."""
    some = tuple(children)
    return some[0] if len(some) == 1 else Or(some)


def map_terms(expression: Expression, new_key: Callable[[str], str]) -> Expression:
    """The same expression over other keys: ids made hashes, for one."""

    def rebuilt(node: Not | And | Or, children: list[Expression]) -> Expression:
        return Not(children[0]) if isinstance(node, Not) else type(node)(tuple(children))

    return fold(expression, lambda term: Term(new_key(term.key)), rebuilt)


def to_text(expression: Expression) -> str:
    """The expression as text that parses, with the fewest parentheses that keep its meaning."""
    return fold(expression, lambda term: text_of(term, []), text_of)[1]


def text_of(node: Expression, children: list[tuple[int, str]]) -> tuple[int, str]:
    """How tightly this node binds, and its text, from the same two of each child."""
    if isinstance(node, Term):
        return _BINDING[Term], node.key
    binding = _BINDING[type(node)]
    texts = [text if inner >= binding else f"({text})" for inner, text in children]
    if isinstance(node, Not):
        return binding, f"NOT {texts[0]}"
    return binding, (" AND " if isinstance(node, And) else " OR ").join(texts)


def fold(
    expression: Expression,
    leaf: Callable[[Term], _Folded],
    branch: Callable[[Not | And | Or, list[_Folded]], _Folded],
) -> _Folded:
    """What `branch` makes of the whole, from what it made of the children, down to the leaves.

    Goes by a list instead of by recursion, so that no expression is too deep for it.
    """
    done: list[_Folded] = []
    waiting: list[tuple[Expression, bool]] = [(expression, False)]
    while waiting:
        node, are_children_done = waiting.pop()
        if isinstance(node, Term):
            done.append(leaf(node))
        elif are_children_done:
            first = len(done) - len(node.children)
            done[first:] = [branch(node, done[first:])]
        else:
            waiting.append((node, True))
            waiting.extend((child, False) for child in reversed(node.children))
    return done[0]


def _require_two(children: tuple[Expression, ...]) -> None:
    if len(children) < 2:
        raise ValueError(f"AND and OR need two children or more, not {len(children)}")


_BINDING: dict[type, int] = {Or: 0, And: 1, Not: 2, Term: 3}
