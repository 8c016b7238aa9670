"""How are the traits of a sentence joined: by and, or, not, but, except, unless, either, neither?"""

from dataclasses import dataclass, field

from agent.planner.traits.tokens import Kind, Token, clauses_begun, commas_resolved, merged, parallel, trimmed
from tools.audience.expression import Expression, Not, all_of, any_of

DEEPEST = 20


@dataclass
class _Reader:
    tokens: list[Token]
    at: int = 0
    depth: int = field(default=0)

    def next(self) -> Kind | None:
        return self.tokens[self.at].kind if self.at < len(self.tokens) else None

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def skip(self, *kinds: Kind) -> None:
        while self.next() in kinds:
            self.at += 1


def joined(tokens: list[Token]) -> Expression | None:
    """The expression of these tokens: NOT binds tightest, then AND, then OR, then clauses and exceptions."""
    if not any(token.kind == "atom" for token in tokens):
        return None
    tokens = clauses_begun(merged(commas_resolved(trimmed(tokens))))
    parts = parallel(tokens)
    if parts:
        found = [made for part in parts if (made := _read(part, all_and=True))]
        return any_of(found) if found else None
    return _read(tokens)


def _read(tokens: list[Token], *, all_and: bool = False) -> Expression | None:
    if all_and:
        tokens = [Token("and") if token.kind == "then" else token for token in tokens]
    reader = _Reader(tokens)
    parts: list[Expression] = []
    while reader.at < len(reader.tokens):
        before = reader.at
        if made := _clauses(reader):
            parts.append(made)
        if reader.at == before:
            reader.at += 1  # a joint or a parenthesis too many
    return all_of(parts) if parts else None


def _clauses(reader: _Reader) -> Expression | None:
    """Clauses that must all hold: `X or Y, who Z, but not W`."""
    parts: list[Expression] = []
    while True:
        reader.skip("then", "but", "comma")
        if reader.next() in (None, ")"):
            break
        before = reader.at
        made = _except(reader) if reader.next() in ("except", "without") else _any(reader)
        if made:
            parts.append(made)
        if reader.next() not in ("then", "but", "comma", "except", "without") or reader.at == before:
            break
    return all_of(parts) if parts else None


def _any(reader: _Reader) -> Expression | None:
    parts = [made] if (made := _all(reader)) else []
    while reader.next() == "or":
        reader.skip("or", "either", "then")
        if made := _all(reader):
            parts.append(made)
    return any_of(parts) if parts else None


def _all(reader: _Reader) -> Expression | None:
    parts = [made] if (made := _one(reader)) else []
    while reader.next() == "and":
        reader.skip("and", "both", "then", "but")
        made = _except(reader) if reader.next() in ("except", "without") else _one(reader)
        if made:
            parts.append(made)
    return all_of(parts) if parts else None


def _one(reader: _Reader) -> Expression | None:
    kind = reader.next()
    if kind in ("not", "no", "neither"):
        return _except(reader)
    if kind == "either":
        return _either(reader)
    if kind == "both":
        reader.skip("both")
        return _one(reader)
    if kind == "(" and reader.depth < DEEPEST:
        reader.take()
        reader.depth += 1
        made = _clauses(reader)
        reader.depth -= 1
        reader.skip(")")
        return made
    if kind == "atom":
        meaning = reader.take().meaning
        return meaning.expression if meaning else None
    return None


def _either(reader: _Reader) -> Expression | None:
    """`either X or Y`, as if it stood in parentheses."""
    reader.skip("either", "then")
    parts = [made] if (made := _one(reader)) else []
    while reader.next() == "or":
        reader.skip("or", "then")
        if made := _one(reader):
            parts.append(made)
    return any_of(parts) if parts else None


def _except(reader: _Reader) -> Expression | None:
    """What is denied: one trait, the others that OR joins to it, and after `without` those that AND joins."""
    token = reader.take()
    reader.skip("then", "either", "both", "not" if token.kind in ("except", "neither") else "either")
    if token.those:
        made = _all_or(reader)
        return Not(made) if made else None
    lacking = _lacking(reader, token.kind)
    if lacking is not None:
        return lacking
    parts = [made] if (made := _one(reader)) else []
    while reader.next() in ("or", "nor", "and") and _reaches_on(reader, token.kind):
        reader.skip("or", "nor", "and", "not", "no")
        if made := _one(reader):
            parts.append(made)
    if not parts:
        return None
    return Not(any_of(parts)) if len(parts) == 1 or token.kind != "neither" else all_of(Not(p) for p in parts)


def _lacking(reader: _Reader, kind: Kind) -> Expression | None:
    """`without children` alone is a trait of its own: no children at home."""
    if kind not in ("not", "no", "without") or reader.next() != "atom":
        return None
    meaning = reader.tokens[reader.at].meaning
    after = reader.tokens[reader.at + 1].kind if reader.at + 1 < len(reader.tokens) else None
    if meaning is None or meaning.lacking is None or after in ("or", "nor"):
        return None
    reader.take()
    return meaning.lacking.expression


def _all_or(reader: _Reader) -> Expression | None:
    return _any(reader)


def _reaches_on(reader: _Reader, kind: Kind) -> bool:
    """Whether the denial goes on over the joint that comes next."""
    joint = reader.next()
    following = reader.tokens[reader.at + 1] if reader.at + 1 < len(reader.tokens) else None
    if following is None or (following.kind not in ("atom", "(", "not", "no")):
        return False
    if joint in ("or", "nor"):
        if following.kind in ("not", "no"):
            return joint == "nor" or kind == "neither"
        return not (following.is_clause and kind in ("no", "without"))
    return kind in ("without", "except") and following.kind == "atom" and not following.is_clause
