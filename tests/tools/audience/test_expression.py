"""Reading, writing and refusing expressions. Hashes here are one digit, 32 times; ids are short."""

import time

import pytest

from store.errors import BadExpression
from tools.audience.expression import (
    And,
    Limits,
    Not,
    Or,
    Term,
    all_of,
    any_of,
    canonical,
    map_terms,
    parse,
    to_text,
)

A, B, C = "a" * 32, "b" * 32, "c" * 32
a, b, c, d = Term("1"), Term("2"), Term("3"), Term("4")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"{A} AND {B} AND {C}", And((Term(A), Term(B), Term(C)))),
        (f"{A} OR {B}", Or((Term(A), Term(B)))),
        (f"({A} AND {B}) OR ({A} AND {C})", Or((And((Term(A), Term(B))), And((Term(A), Term(C)))))),
        (
            "(1000000145 AND 1000001556) AND NOT 1000002000",
            And((And((Term("1000000145"), Term("1000001556"))), Not(Term("1000002000")))),
        ),
        ("1 AND NOT 2", And((a, Not(b)))),
        ("1 or 2 and not 3", Or((a, And((b, Not(c)))))),
        ("Not Not 1", Not(Not(a))),
        ("NOT(1 OR 2)AND 3", And((Not(Or((a, b))), c))),
        (" (( 1 ))\n", a),
        (A.upper(), Term(A)),
        ("3" * 32, Term("3" * 32)),
    ],
)
def test_text_means_what_precedence_says(text, meant):
    assert parse(text) == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (" \n", "The expression is empty"),
        ("1 2", "Two terms stand side by side (column 3). Put AND or OR between them."),
        ("(1) (2)", "Two terms stand side by side (column 5)"),
        (
            "1 AND",
            "The expression ends after AND (column 6). Expected a cluster hash, a cluster id, NOT or (.",
        ),
        (
            "1 AND OR 2",
            "OR stands where a term should (column 7). Expected a cluster hash, a cluster id, NOT or (.",
        ),
        ("AND 1", "AND stands where a term should (column 1)"),
        ("1 NOT 2", "NOT follows a term and joins nothing (column 3). Write AND NOT, or OR NOT."),
        ("(1 AND (2 OR 3)", "The parentheses do not balance: this ( is never closed (column 1)"),
        ("1 OR 2)", "The parentheses do not balance: this ) closes nothing (column 7)"),
        ("1 AND ()", "A ) stands right after ( (column 8)"),
        ("(1 AND )", "A ) stands right after AND (column 8)"),
        (f"1 AND {A[1:]}", "has 31 hex digits, and a cluster hash has 32 (column 7)"),
        (f"1 AND {A}a", "has 33 hex digits, and a cluster hash has 32 (column 7)"),
        ("1" * 19, "has 19 hex digits, and a cluster hash has 32"),
        (f"{A[1:]}g", "is no cluster hash: g is not a hex digit"),
        ("aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa", "A cluster hash is written without dashes"),
        (f"{A}\u200b", "holds an invisible character, U+200B"),
        ("1 ADN 2", "`ADN` is not understood (column 3). Did you mean AND?"),
        ("1 XOR 2", "Did you mean OR?"),
        ("NTO 1", "Did you mean NOT?"),
        ("1 plus 2", "`plus` is not understood (column 3). Expected AND, OR or the end."),
        ("(1 plus 2)", "Expected AND, OR or )."),
        ("gender=Female", "`gender=Female` is not understood (column 1). Expected a cluster hash"),
        ("1 && 2", "&& is not understood (column 3). Write AND in letters."),
        ("1||2", "|| is not understood (column 2). Write OR in letters."),
        ("!1", "! is not understood (column 1). Write NOT in letters."),
        ("1 - 2", "- is not understood (column 3). Write AND NOT in letters."),
        ("1, 2", "Terms cannot be joined by , (column 2). Write the word AND or OR."),
        ('"1" AND 2', 'There is a quotation mark, " (column 1). Hashes and ids are written without quotes.'),
        ("1 AND “2”", "There is a quotation mark, “ (column 7)"),
        ("1 AND\n 2 3", "(line 2, column 4)"),
        ("1 AND 2 ADN 3", "Here: 1 AND 2 >>> ADN 3"),
        ("1 AND", "Here: 1 AND >>> (the end)"),
    ],
)
def test_a_fault_is_told_with_its_place_and_what_would_be_right(text, said):
    with pytest.raises(BadExpression) as refusal:
        parse(text)
    assert said in str(refusal.value)


def test_a_refusal_never_repeats_an_email_address():
    for text in ("1 AND someone@example.com", "1 someone@example.com", "1 ADN someone@example.com"):
        with pytest.raises(BadExpression) as refusal:
            parse(text)
        assert "someone" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "limits", "said"),
    [
        ("1" + " " * 10, Limits(characters=10), "characters 11, and the limit is 10"),
        ("1 or 2 OR 2", Limits(terms=2), "terms 3, and the limit is 2"),
        ("((1) OR NOT (NOT 2))", Limits(depth=3), "depth 4, and the limit is 3"),
        ("(" * 100_000, None, "depth 100,000, and the limit is 100"),
        ("NOT " * 49_999 + "1", None, "depth 49,999, and the limit is 100"),
        ("(" * 300_000, None, "characters 300,000, and the limit is 200,000"),
        ("1 OR " * 10_000 + "1", None, "terms 10,001, and the limit is 10,000"),
    ],
)
def test_what_is_too_large_is_refused_at_once_naming_limit_and_size(text, limits, said):
    began = time.process_time()
    with pytest.raises(BadExpression) as refusal:
        parse(text, limits)
    assert said in str(refusal.value)
    assert time.process_time() - began < 5  # 0.3 on a quiet machine; a parser that backtracks takes minutes


def test_what_just_fits_is_taken():
    assert parse("((1) OR NOT (NOT 2))", Limits(depth=4)) == Or((a, Not(Not(b))))
    deep = parse("(1 OR 2 AND " * 100 + "3" + ")" * 100)
    assert canonical(parse(to_text(deep))) == canonical(deep)


def test_ten_thousand_terms_parse_in_bounded_time():
    text = "(" + ") OR (".join(f"{key} AND NOT {key + 1}" for key in range(5_000)) + ")"
    parse("1")  # the grammar is built by the first call
    began = time.process_time()
    expression = parse(text)
    assert time.process_time() - began < 5  # 0.3 on a quiet machine; a parser that backtracks takes minutes
    assert len(expression.terms()) == 5_001


def test_terms_come_once_in_order_of_appearance():
    assert parse("3 AND (1 OR NOT 3) OR 2").terms() == ("3", "1", "2")


def test_text_has_only_the_parentheses_it_needs():
    assert to_text(Or((And((a, Or((b, c)))), Not(And((a, b))), Not(Not(d))))) == (
        "1 AND (2 OR 3) OR NOT (1 AND 2) OR NOT NOT 4"
    )


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("3 AND (2 AND 1)", "1 AND 2 AND 3"),
        ("NOT NOT 1", "1"),
        ("NOT NOT NOT 1", "NOT 1"),
        ("2 OR 1 OR 2", "1 OR 2"),
        ("NOT 1 AND (3 OR 2) AND 4", "4 AND NOT 1 AND (2 OR 3)"),
        ("1 OR 1 AND 2", "1"),
        ("1 AND (1 OR 2)", "1"),
        ("1 AND 2 OR 3 AND 2 AND 1 OR 4", "4 OR 1 AND 2"),
        ("(1 AND 2 OR 1 AND 2 AND 3) AND 4", "1 AND 2 AND 4"),
        (f"{A.upper()} OR {B}", f"{A} OR {B}"),
        ("1 AND NOT 1", "1 AND NOT 1"),
    ],
)
def test_the_canonical_form_is_the_plainest(text, form):
    assert to_text(canonical(parse(text))) == form


def test_terms_can_be_given_other_keys():
    hashes = {"1": A, "2": B}
    assert map_terms(parse("1 AND NOT 2"), hashes.__getitem__) == And((Term(A), Not(Term(B))))


def test_one_child_needs_no_operator():
    assert all_of([a]) == any_of([a]) == a
    assert all_of([a, b]) == And((a, b))
    with pytest.raises(ValueError, match="need two children or more, not 0"):
        any_of([])
