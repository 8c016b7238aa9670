"""Descriptions of people become expressions over the population's clusters."""

from collections.abc import Callable

import pytest

from agent.planner.plan import Plan
from benchmarks.planner import hashed
from tools.audience.expression import canonical, parse

Planner = Callable[..., Plan]
KIDS = " OR ".join(f"number_children_in_household={n}" for n in ("1", "2", "3", "4", "5+"))
OVER_100K = "household_income_range=$100K-$150K OR household_income_range=$150K+"


@pytest.mark.parametrize(
    ("people", "expression"),
    [
        ("homeowners in Texas who golf", "is_home_owner=Yes AND state=TX AND interested_golf=Yes"),
        (
            "golf or tennis fans without skiing",
            "(interested_golf=Yes OR interested_tennis=Yes) AND NOT interested_skiing=Yes",
        ),
        (
            "people who like golf or tennis and hike",
            "(interested_golf=Yes OR interested_tennis=Yes AND interested_hiking=Yes)",
        ),
        (
            "people who like golf or tennis and own a home",
            "(interested_golf=Yes OR interested_tennis=Yes) AND is_home_owner=Yes",
        ),
        (
            "men who golf or women who do yoga",
            "gender=Male AND interested_golf=Yes OR gender=Female AND interested_yoga=Yes",
        ),
        (
            "golfers, hikers or campers in Ohio",
            "(interested_golf=Yes OR interested_hiking=Yes OR interested_camping=Yes) AND state=OH",
        ),
        ("people who neither cook nor bake", "NOT interested_cooking=Yes AND NOT interested_baking=Yes"),
        (
            "cyclists who don't hunt or fish",
            "interested_cycling=Yes AND NOT (interested_hunting=Yes OR interested_fishing=Yes)",
        ),
        ("pet owners unless they have a mortgage", "is_pet_owner=Yes AND NOT has_mortgage=Yes"),
        ("married people in Texas and Ohio", "marital_status=Married AND (state=TX OR state=OH)"),
        (
            "(cooks or bakers) and not runners",
            "(interested_cooking=Yes OR interested_baking=Yes) AND NOT interested_running=Yes",
        ),
        ("parents earning over 100k", f"({KIDS}) AND ({OVER_100K})"),
        ("moms in Georgia", f"gender=Female AND ({KIDS}) AND state=GA"),
        ("people without kids who ski", "number_children_in_household=0 AND interested_skiing=Yes"),
        ("adults aged 25 to 44", "age_range=25-34 OR age_range=35-44"),
        ("people in their thirties", "age_range=25-34 OR age_range=35-44"),
        (
            "people with three kids or more and 2 adults",
            "(number_children_in_household=3 OR number_children_in_household=4 OR "
            "number_children_in_household=5+) AND number_adults_in_household=2",
        ),
        ("renters who garden", "NOT is_home_owner=Yes AND interested_gardening=Yes"),
        (
            "people in the market for a truck or a smartphone",
            "intent_category=Trucks OR intent_category=Smartphones",
        ),
        ("people who bought shoes or toys", "purchased_shoes=Yes OR purchased_toys=Yes"),
        ("folks who listen to true crime podcasts", "content=True Crime Podcasts"),
    ],
)
def test_people_are_found_by_their_traits(planned: Planner, people: str, expression: str) -> None:
    made = planned(f"How many {people} are there?")
    assert made.ask is None
    assert [step.tool for step in made.steps] == ["find_persons"]
    meant = canonical(parse(hashed(expression)))
    assert canonical(parse(hashed(made.steps[0].arguments["expression"]))) == meant


def test_every_lookup_is_told(planned: Planner) -> None:
    made = planned("count golfers in Texas without kids")
    told = {(one.said, one.name, one.value) for one in made.understood}
    assert ("golfers", "interested_golf", "Yes") in told
    assert ("Texas", "state", "TX") in told
    assert ("number_children_in_household", "0") in {(name, value) for _, name, value in told}


def test_words_that_name_no_trait_are_asked_about(planned: Planner) -> None:
    made = planned("How many quantum llama wranglers live in Texas?")
    assert made.ask is not None
    assert "quantum llama wranglers" in made.ask
    assert made.steps[0].arguments["expression"] == "state=TX"


def test_without_a_warehouse_traits_stay_phrases(alone: Planner) -> None:
    made = alone("how many golfers in Texas don't own a home?")
    assert made.ask is None
    assert made.understood == []
    assert made.steps[0].arguments["expression"] == '"golfers" AND "Texas" AND NOT "own a home"'
