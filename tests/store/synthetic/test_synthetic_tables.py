import pytest

from store.population.domains import DOMAINS
from store.population.mapping.model import KINDS
from store.synthetic.customers.plan import CUSTOMER_FILES
from store.synthetic.persons.columns.contacts import CONTACTS
from store.synthetic.persons.draws.factors import FACTORS, LIFESTYLES
from store.synthetic.tables import (
    attributes,
    census_columns,
    content_by_theme,
    intent_categories,
    name_frequencies,
    street_names,
)
from store.synthetic.tables.shipped import FOLDER


def test_attributes_are_of_known_domains_kinds_and_factors():
    names = [attribute.name for attribute in attributes()]

    assert len(set(names)) == len(names)
    for attribute in attributes():
        assert attribute.domain in DOMAINS
        assert attribute.kind in KINDS
        assert set(attribute.loadings) <= set(FACTORS)


def test_the_attributes_that_the_documentation_names_are_there():
    named = {
        "gender",
        "age_range",
        "generation",
        "education",
        "marital_status",
        "ethnicity",
        "household_income_range",
        "household_net_worth_range",
        "credit_rating_range",
        "owns_investments",
        "is_investor",
        "is_home_owner",
        "is_pet_owner",
        "is_health_conscious",
        "number_children_in_household",
        "number_adults_in_household",
        "occupation_category",
        "interested_fitness",
        "interested_golf",
        "interested_cooking",
        "interested_healthy_living",
        "interested_outdoors",
        "health_affinity",
        "auto_affinity",
        "family_affinity",
        "fitness_affinity",
        "purchased_clothing",
        "purchased_books",
        "apparel_purchases_total_spend",
        "political_party_affiliation",
        "donated_political_cause_recently",
        "email1",
        "email2",
        "email3",
        "phone1",
        "phone2",
        "first_name",
        "last_name",
    }

    assert named <= {attribute.name for attribute in attributes()}


@pytest.mark.parametrize(
    ("kind", "count", "first"),
    [
        ("first_names_male", 1_219, "James"),
        ("first_names_female", 4_275, "Mary"),
        ("last_names", 20_000, "Smith"),
    ],
)
def test_names_add_up_to_everybody(kind, count, first):
    names, frequency = name_frequencies(kind)

    assert count - 1 <= len(names) <= count
    assert names[0] == first
    assert frequency.sum() == pytest.approx(1)
    assert min(len(name) for name in names) >= 2


def test_census_rows_are_adults_with_weights():
    columns = census_columns()

    assert columns["age"].min() == 18
    assert columns["weight"].min() > 0
    assert {"sex", "education", "marital_status", "occupation", "hours_per_week", "over_50k"} <= set(columns)


def test_topics_are_distinct_and_every_theme_has_some():
    topics = [topic for _, listed in intent_categories().values() for topic in listed]

    assert len(set(topics)) == len(topics) >= 1_200
    assert len(intent_categories()) >= 60
    assert {theme for theme, _ in intent_categories().values()} == set(LIFESTYLES) == set(content_by_theme())


def test_planted_traits_and_contacts_name_columns_that_exist():
    names = {attribute.name for attribute in attributes()}

    assert {
        name for file in CUSTOMER_FILES for segment in file.segments for name, _ in segment.traits
    } <= names
    assert {name for values in CONTACTS.values() for name in values} <= names


def test_main_street_comes_first():
    assert street_names()[0] == "Main St"


def test_the_notice_names_every_table():
    notice = (FOLDER / "NOTICE").read_text()

    assert all(path.name in notice for path in FOLDER.iterdir() if ".csv" in path.suffixes)
