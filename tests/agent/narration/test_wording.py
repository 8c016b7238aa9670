"""Figures and traits as a reader says them."""

import pytest

from agent.narration import wording
from tools.mining.findings import Estimate, Trait


def trait(label: str, value: str, phrase: str) -> Trait:
    return Trait(
        cluster_id="1000000001",
        cluster_hash="0" * 32,
        name=label.lower(),
        value=value,
        domain="interest",
        label=label,
        phrase=phrase,
    )


@pytest.mark.parametrize(
    ("share", "told"),
    [(0, "0 %"), (1, "100 %"), (0.314, "31 %"), (0.0944, "9.4 %"), (0.0094, "0.94 %"), (0.00004, "0.00 %")],
)
def test_a_share_has_more_digits_the_smaller_it_is(share: float, told: str) -> None:
    assert wording.percent(share) == told


@pytest.mark.parametrize(("value", "told"), [(12.4, "12"), (3.14, "3.1"), (0.424, "0.42"), (1, "1.0")])
def test_a_ratio_has_two_figures(value: float, told: str) -> None:
    assert wording.ratio(value) == told


def test_an_interval_is_written_from_low_to_high() -> None:
    assert wording.interval(Estimate(value=3.1, low=2.61, high=3.74)) == "2.6-3.7"


@pytest.mark.parametrize(
    ("words", "told"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_words_are_joined_as_in_a_sentence(words: list[str], told: str) -> None:
    assert wording.joined(words) == told


def test_a_flag_is_named_by_its_label_alone() -> None:
    assert wording.named(trait("Interested in golf", "Yes", "follow golf")) == "Interested in golf"
    assert wording.named(trait("Household income", "$150K+", "earn $150K+")) == "Household income: $150K+"


def test_alternatives_of_single_traits_are_one_list_and_of_sets_are_parted() -> None:
    golf, wine = trait("Golf", "Yes", "follow golf"), trait("Wine", "Yes", "enjoy wine")
    assert wording.alternatives([[golf], [wine]]) == "follow golf or enjoy wine"
    assert wording.alternatives([[golf, wine], [wine]]) == "follow golf and enjoy wine, or enjoy wine"
    assert wording.alternatives([[golf]] * 5).endswith("or one of 2 other sets of traits")


def test_a_title_drops_the_verb_and_begins_with_a_capital() -> None:
    assert (
        wording.title([trait("Job", "retired", "are retired"), trait("Loan", "No", "have no loan")])
        == "Retired, no loan"
    )
