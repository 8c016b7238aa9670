"""One form for expressions that mean the same by the plain laws of AND, OR and NOT."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tools.audience.expression.tree import And, Expression, Not, Or, Term, fold, text_of

_RANK: dict[type, int] = {Term: 0, Not: 1, And: 2, Or: 3}


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """A canonical expression, and its text, by which it is told from others and sorted."""

    expression: Expression
    binding: int
    text: str
    parts: tuple["_Form", ...] = ()

    def parts_under(self, kind: type) -> tuple["_Form", ...]:
        """What it brings to an AND or an OR around it: its parts if it is one too, else itself."""
        return self.parts if type(self.expression) is kind else (self,)


def canonical(expression: Expression) -> Expression:
    """The same people by a standard form, so that caches and diffs know equal questions.

    Nested ANDs and ORs are flattened, double NOTs and repeated children dropped, hashes
    lower-cased, children sorted (terms, NOTs, ANDs, ORs; each by its text), and what another
    child makes needless is absorbed: A OR (A AND B) is A, A AND (A OR B) is A.
    """
    return fold(expression, _leaf, _branch).expression


def _leaf(term: Term) -> _Form:
    lowered = Term(term.key.lower())
    return _Form(lowered, *text_of(lowered, []))


def _branch(node: Not | And | Or, children: list[_Form]) -> _Form:
    if isinstance(node, Not):
        return children[0].parts[0] if isinstance(children[0].expression, Not) else _form(Not, children)
    kind = type(node)
    flat = {part.text: part for child in children for part in child.parts_under(kind)}
    kept = sorted(_unabsorbed(flat.values(), Or if kind is And else And), key=_place)
    return kept[0] if len(kept) == 1 else _form(kind, kept)


def _form(kind: type[Not | And | Or], parts: list[_Form]) -> _Form:
    expressions = tuple(part.expression for part in parts)
    node = Not(expressions[0]) if issubclass(kind, Not) else kind(expressions)
    return _Form(node, *text_of(node, [(part.binding, part.text) for part in parts]), tuple(parts))


def _place(form: _Form) -> tuple[int, str]:
    return _RANK[type(form.expression)], form.text


def _unabsorbed(forms: Iterable[_Form], inner: type) -> list[_Form]:
    """Those whose own parts, under the other of AND and OR, do not hold all parts of another one."""
    sets = {form: frozenset(part.text for part in form.parts_under(inner)) for form in forms}
    holders: dict[str, list[_Form]] = defaultdict(list)
    for form, texts in sets.items():
        for text in texts:
            holders[text].append(form)
    absorbed = set()
    for texts in sets.values():
        # Whatever holds all of these holds the rarest, so only its holders need a look.
        rarest = min(texts, key=lambda text: len(holders[text]))
        absorbed.update(form.text for form in holders[rarest] if texts < sets[form])
    return [form for form in sets if form.text not in absorbed]
