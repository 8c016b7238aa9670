"""What the words in names of columns say."""

import pytest

from store.population.mapping.vocabulary import domain_of, label_of_words, sensitive_of, words_of


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("MonthlyCharges", ["monthly", "charges"]),
        ("household_income", ["household", "income"]),
        ("customerID", ["customer", "id"]),
        ("ZIPCode", ["zip", "code"]),
        ("E-Mail 2", ["e", "mail", "2"]),
        ("address1", ["address", "1"]),
        ("Größe", ["größe"]),
        ("  ", []),
    ],
)
def test_names_are_split_into_words(name: str, words: list[str]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("household_income", "Household income"),
        ("is_home_owner", "Home owner"),
        ("interested_golf", "Interested in golf"),
        ("interested_in_golf", "Interested in golf"),
        ("StreamingTV", "Streaming TV"),
        ("csat_score", "CSAT score"),
        ("is", "Is"),
    ],
)
def test_labels_are_in_words(name: str, label: str) -> None:
    assert label_of_words(name) == label


@pytest.mark.parametrize(
    ("name", "domain"),
    [
        ("age", "demographic"),
        ("gender", "demographic"),
        ("marital_status", "demographic"),
        ("native_country", "demographic"),
        ("something_else", "demographic"),
        ("interested_fitness", "interest"),
        ("hobby_golf", "interest"),
        ("health_affinity", "affinity"),
        ("auto_affinity", "affinity"),
        ("is_pet_owner", "lifestyle"),
        ("is_health_conscious", "lifestyle"),
        ("is_home_owner", "lifestyle"),
        ("number_children_in_household", "household"),
        ("household_income_range", "household"),
        ("Dependents", "household"),
        ("household_net_worth_range", "financial"),
        ("credit_rating_range", "financial"),
        ("owns_investments", "financial"),
        ("capital_gain", "financial"),
        ("purchased_books", "purchase"),
        ("apparel_purchases_total_spend", "purchase"),
        ("MonthlyCharges", "purchase"),
        ("occupation_category", "employment"),
        ("company_size", "employment"),
        ("job_title", "employment"),
        ("political_party_affiliation", "political"),
        ("donated_political_cause_recently", "political"),
        ("reads_magazines", "content"),
        ("streaming_movies", "content"),
        ("articles_viewed", "content"),
        ("intent_auto", "intent_category"),
        ("topic_crm", "intent_topic"),
        ("state", "address"),
        ("us_region", "address"),
        ("zip_code", "address"),
    ],
)
def test_domains_are_told_by_words(name: str, domain: str) -> None:
    assert domain_of(words_of(name)) == domain


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        ("race", "ethnicity"),
        ("Ethnicity", "ethnicity"),
        ("hispanic_origin", "ethnicity"),
        ("country_of_origin", "ethnicity"),
        ("origin", "ethnicity"),
        ("native_country", "ethnicity"),
        ("birth_mother", "ethnicity"),
        ("citizenship", "ethnicity"),
        ("religion", "religion"),
        ("has_diabetes", "health"),
        ("is_smoker", "health"),
        ("takes_medication", "health"),
        ("disability_status", "health"),
        ("ailment_arthritis", "health"),
        ("political_party_affiliation", "politics"),
        ("donated_political_cause_recently", "politics"),
        ("party", "politics"),
        ("sexual_orientation", "sexuality"),
        ("interested_healthy_living", None),
        ("health_affinity", None),
        ("is_health_conscious", None),
        ("sex", None),
        ("lead_origin", None),
        ("third_party_score", None),
        ("gender", None),
        ("country", None),
        ("races_watched_on_tv", "ethnicity"),
    ],
)
def test_sensitive_marks(name: str, mark: str | None) -> None:
    """The last one errs on the careful side."""
    assert sensitive_of(words_of(name)) == mark
