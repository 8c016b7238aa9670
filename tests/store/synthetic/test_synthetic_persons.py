"""Who the generated people are: shares against the tables, implications, and what goes together."""

import numpy as np
import pytest
from scipy.stats import chisquare

from store.population.mapping.model import CLUSTERED
from store.synthetic.catalogue import population_mapping
from store.synthetic.persons.draws import census
from store.synthetic.persons.draws.factors import LIFESTYLES
from store.synthetic.tables import attributes, intent_categories, name_frequencies

# Derived from another flag as well, so not as attributes.csv has them.
_DERIVED = {"has_mortgage", "owns_investments"}
# Blank for people without work, whatever is known.
_OF_WORK = {"occupation_category", "employment_sector"}
_CATEGORIES = [a for a in attributes() if a.kind == "category" and a.share and a.name not in _OF_WORK]
_FLAGS = [attribute for attribute in attributes() if attribute.kind == "flag"]


def _observed_and_expected(names: np.ndarray, listed: list[str], frequency: np.ndarray, top: int = 40):
    """Counts of the most frequent names and of all others, and how many the table expects."""
    counts = [int((names == name).sum()) for name in listed[:top]]
    expected = frequency[:top] * len(names)
    return [*counts, len(names) - sum(counts)], [*expected, len(names) - expected.sum()]


def test_first_names_have_their_census_frequencies(generated):
    for gender, kind in (("Female", "first_names_female"), ("Male", "first_names_male")):
        names = generated["first_name"][generated.holds("gender", gender)]
        assert chisquare(*_observed_and_expected(names, *name_frequencies(kind))).pvalue > 0.001


def test_surnames_of_households_have_their_census_frequencies(generated):
    _, heads = np.unique(generated["household_id"].astype(str), return_index=True)

    names = generated["last_name"][heads]
    assert chisquare(*_observed_and_expected(names, *name_frequencies("last_names"))).pvalue > 0.001


def test_ages_have_the_shares_that_the_census_rows_are_weighted_to():
    people = census.draw_people(np.random.default_rng(5), 20_000)
    counts = np.bincount(np.digitize(people.age, census.AGE_EDGES))

    assert chisquare(counts, np.array(census.AGE_SHARES) * 20_000).pvalue > 0.001
    assert people.is_female.mean() == pytest.approx(census.FEMALE_SHARE, abs=0.015)
    assert people.is_married[people.is_female].mean() == pytest.approx(0.50, abs=0.015)


def test_settling_into_households_leaves_the_joint_rows_as_they_were_drawn(generated):
    """Education by income flag of the census, weighted, against education where it is known."""
    people, share = census.census_people()
    expected = np.bincount(people.education, share)
    known = generated["education"][generated["education"] != None]  # noqa: E711  # numpy compares element by element
    observed = np.array([(known == name).mean() for name in census.EDUCATIONS])

    assert np.abs(observed - expected).sum() < 0.03


@pytest.mark.parametrize("flag", _FLAGS, ids=lambda flag: flag.name)
def test_a_flag_is_yes_or_null_and_as_frequent_as_its_table_says(generated, flag):
    column = generated.people[flag.name].combine_chunks()

    assert column.unique().drop_null().to_pylist() == ["Yes"]
    if flag.share and flag.name not in _DERIVED:
        # A household's flag counts once a household: about two fifths more deviation.
        deviation = np.sqrt(flag.share * (1 - flag.share) / 20_000) * 1.5
        assert 1 - column.null_count / 20_000 == pytest.approx(flag.share, abs=5 * deviation)


@pytest.mark.parametrize("category", _CATEGORIES, ids=lambda category: category.name)
def test_a_category_is_known_of_its_share(generated, category):
    known = 1 - generated.people[category.name].null_count / 20_000

    assert known == pytest.approx(category.share, abs=0.06)


def test_age_range_and_generation_follow_from_age(generated):
    seen = set(zip(generated["age"], generated["age_range"], generated["generation"], strict=True))
    by_age = {age: (age_range, generation) for age, age_range, generation in seen}

    assert len(seen) == len(by_age)
    assert by_age[None] == (None, None)
    assert by_age[41] == ("35-44", "Millennial")
    assert by_age[49] == ("45-54", "Gen X")
    assert by_age[90] == ("75+", "Silent")


def test_flags_that_imply_another_come_with_it(generated):
    for name, implied in (("has_mortgage", "is_home_owner"), ("is_investor", "owns_investments")):
        assert not (generated.holds(name) & ~generated.holds(implied)).any()


def test_spending_on_apparel_is_known_of_those_who_bought_clothing(generated):
    spent = generated["apparel_purchases_total_spend"]

    assert np.array_equal(spent != None, generated.holds("purchased_clothing"))  # noqa: E711  # numpy compares element by element
    assert min(amount for amount in spent if amount is not None) > 0


def test_intent_categories_are_those_of_the_topics(generated):
    category_of = {topic: name for name, (_, topics) in intent_categories().items() for topic in topics}
    for topics, categories in zip(generated["intent_topic"], generated["intent_category"], strict=True):
        assert {category_of[topic] for topic in topics or []} == set(categories or [])
        assert len(set(topics or [])) == len(topics or [])


def test_topics_are_many_and_a_few_are_popular(generated):
    topics, counts = np.unique(
        [topic for listed in generated["intent_topic"] if listed for topic in listed], return_counts=True
    )

    assert len(topics) >= 1_200
    assert np.sort(counts)[-100:].sum() > 0.3 * counts.sum()


def test_a_household_shares_its_home(generated):
    homes = generated["household_id"]
    for name in ("latitude", "zip3", "is_home_owner", "is_pet_owner"):
        assert len(set(zip(homes, generated[name], strict=True))) == len(set(homes))
    addresses = {(home, line) for home, line in zip(homes, generated["address"], strict=True) if line}
    assert len({home for home, _ in addresses}) == len(addresses)


def test_couples_are_of_near_age(generated):
    homes, ages = generated["household_id"], generated["age"]
    married = generated.holds("marital_status", "Married")
    couples = [
        (ages[row], ages[row + 1])
        for row in range(len(homes) - 1)
        if homes[row] == homes[row + 1] and married[row] and married[row + 1] and ages[row] and ages[row + 1]
    ]

    assert len(couples) > 2_000
    assert np.corrcoef(np.array(couples, dtype=float).T)[0, 1] > 0.8


def test_no_household_is_crowded(generated):
    _, sizes = np.unique(generated["household_id"].astype(str), return_counts=True)

    assert sizes.max() <= 10
    assert 1.3 < sizes.mean() < 1.8


def _lift(generated, one: np.ndarray, other: np.ndarray) -> float:
    return (one & other).mean() / (one.mean() * other.mean())


def test_what_goes_together_among_people_goes_together_here(generated):
    holds = generated.holds

    assert _lift(generated, holds("interested_fitness"), holds("interested_healthy_living")) > 1.4
    assert _lift(generated, holds("interested_golf"), holds("household_income_range", "$150K+")) > 1.3
    assert (
        _lift(generated, holds("education", "Graduate Degree"), holds("household_income_range", "$150K+"))
        > 1.2
    )
    assert (
        _lift(generated, holds("area_type", "Urban"), holds("political_party_affiliation", "Democratic"))
        > 1.1
    )
    assert _lift(generated, holds("generation", "Gen Z"), holds("is_home_owner")) < 0.8
    assert _lift(generated, holds("interested_dogs"), holds("interested_technology")) < 1.2


def test_affinities_go_with_interests(generated):
    high, low = generated.holds("fitness_affinity", "High"), generated.holds("fitness_affinity", "Low")
    fit = generated.holds("interested_fitness")

    assert fit[high].mean() > 2 * fit[low].mean()


def test_a_person_has_about_forty_clusters(generated):
    names = [name for name, column in population_mapping().columns.items() if column.kind in CLUSTERED]
    held = sum(
        sum(len(values) for values in generated[name] if values)
        if name in ("content", "intent_category", "intent_topic")
        else 20_000 - generated.people[name].null_count
        for name in names
    )

    assert 36 < held / 20_000 < 46


def test_good_records_are_known_in_more_columns(generated):
    quality = generated["quality"].astype(float)
    known = generated["education"] != None  # noqa: E711  # numpy compares element by element

    assert known[quality > 0.85].mean() > known[quality < 0.6].mean() + 0.1
    assert quality.min() >= 0
    assert quality.max() <= 1


def test_lifestyles_draw_on_demographics_without_being_them():
    for pull in LIFESTYLES.values():
        assert sum(weight**2 for weight in pull.values()) < 0.5
