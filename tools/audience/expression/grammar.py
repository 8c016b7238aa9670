"""What the text of an expression means: its grammar, and how much of it is taken."""

import re
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedToken
from pydantic import BaseModel, ConfigDict, Field

from store.errors import BadExpression
from tools.audience.expression.refusals import WORD, WORD_END, fault_at
from tools.audience.expression.tree import And, Expression, Not, Or, Term

_GRAMMAR = rf"""
?any: all (_OR all)*
?all: one (_AND one)*
?one: TERM     -> term
    | _NOT one -> none
    | "(" any ")"

TERM: /([0-9a-f]{{32}}|[0-9]{{1,18}}){WORD_END}/i
_AND: /and{WORD_END}/i
_OR: /or{WORD_END}/i
_NOT: /not{WORD_END}/i
%ignore /\s+/
"""
_PARENTHESIS_OR_WORD = re.compile(rf"[()]|{WORD}+")


class Limits(BaseModel):
    """How large an expression may be. What is larger is refused before it is parsed."""

    model_config = ConfigDict(frozen=True)

    characters: int = Field(default=200_000, ge=1, le=10_000_000, description="Length of the text.")
    depth: int = Field(
        default=100, ge=1, le=100, description="Parentheses and NOTs that may stand around one term."
    )
    terms: int = Field(default=10_000, ge=1, le=1_000_000, description="Terms, repeated ones included.")


def parse(text: str, limits: Limits | None = None) -> Expression:
    """The expression that this text means; NOT binds tightest, then AND, then OR, in any case.

    Terms are cluster hashes (32 hex digits, lower-cased here) and cluster ids (up to 18 decimal
    digits). `a AND b AND c` is one And of three. Raises BadExpression with the place of the
    fault, what stands there and what was expected; or with the limit that is exceeded.
    """
    _refuse_large(text, limits or Limits())
    if not text.strip():
        raise BadExpression("The expression is empty", instead="It needs a cluster hash or a cluster id.")
    try:
        return _parsed(text)
    except UnexpectedToken as error:
        # The token at the end has no place of its own.
        place = len(text) if error.token.type == "$END" else error.token.start_pos or 0
        raise fault_at(text, place, is_term_due="TERM" in error.expected) from None
    except UnexpectedCharacters as error:
        raise fault_at(text, error.pos_in_stream, is_term_due="TERM" in error.allowed) from None


def _refuse_large(text: str, limits: Limits) -> None:
    _refuse_over(limits, "characters", len(text))
    depth, terms = _size(text)
    _refuse_over(limits, "depth", depth)
    _refuse_over(limits, "terms", terms)


def _refuse_over(limits: Limits, name: str, size: int) -> None:
    most = getattr(limits, name)
    if size > most:
        raise BadExpression(
            f"The expression is too large: {name} {size:,}, and the limit is {most:,}",
            where=f"limit `{name}`",
            instead="Split it into several requests." if name != "depth" else "Nest it less.",
        )


def _size(text: str) -> tuple[int, int]:
    """The deepest nesting and the number of terms, in one pass that no nesting can exhaust."""
    open_nots: list[int] = []  # NOTs before each open parenthesis
    depth = deepest = terms = nots = 0
    for match in _PARENTHESIS_OR_WORD.finditer(text):
        word = match[0]
        if word == "(":
            open_nots.append(nots)
            depth, nots = depth + nots + 1, 0
        elif word == ")" and open_nots:
            depth -= open_nots.pop() + 1
            nots = 0
        elif word.upper() == "NOT":
            nots += 1
        elif word.upper() not in ("AND", "OR"):
            terms, nots = terms + 1, 0
        deepest = max(deepest, depth + nots)
    return deepest, terms


class _Builder(Transformer[Token, Any]):
    """Makes the expression while the text is parsed, with no tree in between."""

    def any(self, children: list[Expression]) -> Expression:
        return Or(tuple(children))

    def all(self, children: list[Expression]) -> Expression:
        return And(tuple(children))

    def none(self, children: list[Expression]) -> Expression:
        return Not(children[0])

    def term(self, tokens: list[Token]) -> Expression:
        return Term(tokens[0].lower())


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", start="any", transformer=_Builder())


def _parsed(text: str) -> Expression:
    # With a transformer the parser gives what it makes, not the tree that its signature names.
    parsed: Any = _parser().parse(text)
    return parsed
