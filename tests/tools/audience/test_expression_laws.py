"""What holds for every expression, against plain Python sets."""

import string

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from store.errors import BadExpression
from tools.audience.expression import (
    And,
    Expression,
    Limits,
    Not,
    Or,
    Term,
    canonical,
    count,
    evaluate,
    parse,
    to_text,
)

PEOPLE = range(24)
KEYS = ["1", "2", "3", "a1" * 16, "A1" * 16, "f" * 32]

people = st.frozensets(st.sampled_from(range(30)))  # some are not of PEOPLE
clusters = st.fixed_dictionaries({key: people for key in {key.lower() for key in KEYS}})


def _larger(children: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    several = st.lists(children, min_size=2, max_size=4).map(tuple)
    return st.one_of(children.map(Not), several.map(And), several.map(Or))


expressions = st.recursive(st.sampled_from(KEYS).map(Term), _larger, max_leaves=25)


def held_by(expression: Expression, clusters: dict[str, frozenset[int]]) -> set[int]:
    """The definition: sets of people, one operator at a time."""
    if isinstance(expression, Term):
        return set(PEOPLE) & clusters[expression.key.lower()]
    if isinstance(expression, Not):
        return set(PEOPLE) - held_by(expression.child, clusters)
    children = [held_by(child, clusters) for child in expression.children]
    return set.intersection(*children) if isinstance(expression, And) else set.union(*children)


@given(expressions, clusters)
def test_bitmaps_answer_as_sets_do(expression, clusters):
    bitmaps = {key: BitMap(members) for key, members in clusters.items()}
    everyone = BitMap(PEOPLE)
    expected = held_by(expression, clusters)
    assert set(evaluate(expression, lambda key: bitmaps[key.lower()], everyone)) == expected
    assert count(expression, lambda key: bitmaps[key.lower()], everyone) == len(expected)
    assert everyone == BitMap(PEOPLE)
    assert {key: frozenset(bitmap) for key, bitmap in bitmaps.items()} == clusters


@given(expressions, clusters)
def test_the_canonical_form_means_the_same_and_is_its_own(expression, clusters):
    form = canonical(expression)
    assert held_by(form, clusters) == held_by(expression, clusters)
    assert canonical(form) == form
    assert len(form.terms()) <= len(expression.terms())


@given(expressions)
def test_text_keeps_the_canonical_form(expression):
    form = canonical(expression)
    assert parse(to_text(form)) == form
    assert canonical(parse(to_text(expression))) == form


@given(st.permutations([Term("1"), Not(Term("2")), Or((Term("3"), Term("1"))), Term("f" * 32)]))
def test_the_order_of_children_does_not_matter_to_the_form(children):
    assert to_text(canonical(And(tuple(children)))) == f"1 AND {'f' * 32} AND NOT 2"
    assert canonical(Or(tuple(children))) == canonical(Or(tuple(reversed(children))))


@given(
    st.one_of(
        st.text(),
        st.text(alphabet="()&|!-\"', \n12af" + string.ascii_uppercase, max_size=60),
        st.lists(st.sampled_from([*KEYS, "AND", "OR", "NOT", "not", "(", ")", "adn", "&&"]), max_size=20).map(
            " ".join
        ),
    )
)
def test_any_text_is_understood_or_refused_in_words(text):
    said = ""
    try:
        expression = parse(text, Limits(depth=20))
        assert parse(to_text(expression)).terms() == expression.terms()
    except BadExpression as refusal:
        said = str(refusal)
    assert len(said.encode()) < 1_000
