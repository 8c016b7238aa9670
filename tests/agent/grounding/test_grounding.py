"""Whole texts: a written evaluation set, and any text at all."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.grounding import Vocabulary, problems
from agent.narration.facts import AntiPatternFacts, SegmentFacts, TraitFact
from benchmarks.grounding import judged

FACTS = SegmentFacts(
    size=100,
    share=0.1,
    customers=1_000,
    traits=(
        TraitFact(
            phrase="earn $75K-$100K",
            label="Household income",
            value="$75K-$100K",
            share=0.4,
            baseline=0.2,
            times=2,
            low=1.8,
            high=2.2,
        ),
    ),
)
RARE = AntiPatternFacts(
    customers=100, phrases=("earn $75K-$100K",), share=0.1, baseline=0.2, times=0.5, low=0.4, high=0.6
)
PIECES = st.sampled_from(
    [
        *(
            "40 %",
            "twice",
            "half",
            "one in three",
            "75",
            "$75K-$100K",
            "between 2 and 3",
            "1e9",
            "9" * 400,
            "million",
        ),
        *(
            "earn",
            "income",
            "not",
            "than",
            "population",
            "(",
            ")",
            ",",
            ".",
            "and",
            "customers",
            "more",
            "at least",
        ),
        *(
            "two",
            "-",
            "%",
            "points",
            "a",
            "of",
            "out of",
            "thirds",
            "٣",
            "²",
            "ß",
            "İ",
            "\x00",
            "\n",
            "'",
            "’s",
            "x",
        ),
    ]
)
FIELDS = st.sampled_from(["name", "description", "action", "expected_impact", "explanation"])


def test_no_planted_error_is_let_through() -> None:
    missed = [case.id for case in judged() if case.kind != "good" and not case.found]
    assert missed == []


def test_fewer_than_one_good_text_in_twenty_is_refused() -> None:
    good = [case for case in judged() if case.kind == "good"]
    refused = [case.id for case in good if case.found]
    assert len(good) >= 150
    assert len(refused) < 0.05 * len(good), refused


def test_without_a_vocabulary_an_invented_trait_is_refused_all_the_same() -> None:
    found = problems({"description": "40 % earn $75K-$100K and keep a llama."}, FACTS)
    assert [(each.rule, each.words) for each in found] == [("traits", "llama")]


def test_a_trait_of_another_segment_is_called_so() -> None:
    vocabulary = Vocabulary.of(["keep a llama"])
    found = problems({"description": "40 % earn $75K-$100K and keep a llama."}, FACTS, vocabulary)
    assert "was not given for these people" in found[0].reason


def test_the_piece_shown_is_at_most_80_characters() -> None:
    found = problems({"description": "so " * 250}, FACTS)
    assert found
    assert all(len(each.words) <= 80 and each.reason.endswith((".", ":")) for each in found)


def test_a_very_long_text_is_only_said_to_be_too_long() -> None:
    found = problems({"description": "(twice as 1,0 " * 700_000, "name": "a" * 10_000_000}, FACTS)
    assert [(each.field, each.rule) for each in found] == [("description", "form"), ("name", "form")]


def test_text_that_makes_expressions_backtrack_is_answered() -> None:
    for piece in ("1 ", "<a ", "a.", "will ", "9,999", "$", "((", "- ", "one in ", "ignore "):
        assert problems({"description": (piece * 900)[:900]}, FACTS)


@given(st.dictionaries(FIELDS, st.text(max_size=200)))
def test_any_text_is_answered(told: dict[str, str]) -> None:
    found = [*problems(told, FACTS), *problems(told, RARE)]
    assert {each.field for each in found} <= set(told)


@settings(max_examples=300)
@given(FIELDS, st.lists(PIECES, min_size=1, max_size=25))
def test_any_mixture_of_figures_and_words_is_answered(field: str, pieces: list[str]) -> None:
    text = " ".join(pieces)
    found = [*problems({field: text}, FACTS), *problems({field: text}, RARE)]
    assert {each.field for each in found} <= {field}


@given(st.integers(0, 100))
def test_only_the_given_percentage_is_let_through(percent: int) -> None:
    found = problems({"description": f"{percent} % earn $75K-$100K."}, FACTS)
    assert (found == []) == (percent == 40)


@given(st.text(string.ascii_lowercase, min_size=4, max_size=12).map(lambda word: f"qz{word}"))
def test_an_unknown_word_is_refused(word: str) -> None:
    assert problems({"description": f"40 % earn $75K-$100K and {word}."}, FACTS)
