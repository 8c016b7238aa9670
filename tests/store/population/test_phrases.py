"""What completes `people who …`."""

import pytest

from store.population.mapping import Column
from store.population.phrases import label_of, phrase_of


def column(attribute: str, kind: str = "category", **more: object) -> Column:
    return Column.model_validate({"kind": kind, "attribute": attribute, **more})


@pytest.mark.parametrize(
    ("attribute", "yes", "no"),
    [
        ("interested_in_golf", "are interested in golf", "are not interested in golf"),
        ("interested_tea", "are interested in tea", "are not interested in tea"),
        ("purchased_pet_food", "have bought pet food", "have not bought pet food"),
        ("owns_home", "own home", "do not own home"),
        ("has_loan", "have loan", "have no loan"),
        ("donated_wildlife", "have donated to wildlife", "have not donated to wildlife"),
        ("is_veteran", "are veteran", "are not veteran"),
        ("loan", "have loan", "have no loan"),
    ],
)
def test_a_flag_is_told_from_its_name(attribute: str, yes: str, no: str) -> None:
    assert phrase_of(column(attribute, "flag"), "Yes") == yes
    assert phrase_of(column(attribute, "flag"), "No") == no


@pytest.mark.parametrize(
    ("given", "value", "phrase"),
    [
        (column("loan", "flag", phrase="have a loan / have no loan"), "Yes", "have a loan"),
        (column("loan", "flag", phrase="have a loan / have no loan"), "No", "have no loan"),
        (column("loan", "flag", phrase="have a loan"), "No", "are not among those who have a loan"),
        (column("income", phrase="earn {value}"), "50-60", "earn 50-60"),
        (column("income", phrase="earn {value}"), "No", "earn No"),
        (column("rate", phrase="pay {value} / month"), "10", "pay 10 / month"),
        (column("smoker", phrase="answer {value}", phrases={"No": "do not smoke"}), "No", "do not smoke"),
        (column("sports_affinity"), "High", "have a high affinity to sports"),
        (column("job"), "Yes", "have job Yes"),
        (column("home_type", label="Kind of home"), "Flat", "have kind of home Flat"),
    ],
)
def test_words_of_the_mapping_come_first(given: Column, value: str, phrase: str) -> None:
    assert phrase_of(given, value) == phrase


def test_a_label_is_made_of_the_name_where_none_is_given() -> None:
    assert label_of(column("household_income_range")) == "Household income range"
    assert label_of(column("x", label="Something else")) == "Something else"


def test_dates_are_told_as_times():
    joined = Column(kind="date", attribute="joined", label="Joining date")
    assert phrase_of(joined, "Q3 2023") == "have a joining date in Q3 2023"
    assert phrase_of(joined, "before 2019") == "have a joining date before 2019"
    aged = Column.model_validate({"kind": "date", "attribute": "born", "as": "age", "as_of": "2024-12-31"})
    assert phrase_of(aged, "18-24") == "have born 18-24"
