"""Which columns say who a person is? Demographic, household, financial, employment and political ones."""

import numpy as np
import pyarrow as pa

from store.synthetic.persons.blueprint import Drawn
from store.synthetic.persons.columns.coded import category, flag, number
from store.synthetic.persons.draws import census, households, incomes
from store.synthetic.persons.draws.factors import FACTORS, weights
from store.synthetic.tables import attributes

AGE_EDGES = [25, 35, 45, 55, 65, 75]
AGE_RANGES = ["18-24", "25-34", "35-44", "45-54", "55-64", "65-74", "75+"]
# Ages in 2025.
GENERATION_EDGES = [29, 45, 61, 80]
GENERATIONS = ["Gen Z", "Millennial", "Gen X", "Boomer", "Silent"]
PARTIES = ["Democratic", "Republican", "Independent", "Libertarian", "Green"]
_PARTY_BIAS = np.array([0.3, 0.2, 0.15, -1.9, -2.4])
_PARTY_PULL = weights(
    [
        {"urban": 0.45, "culture": 0.3, "age": -0.1, "female": 0.15},
        {"urban": -0.45, "age": 0.2, "motor": 0.2, "couple": 0.15, "family": 0.15},
        {},
        {"tech": 0.4, "female": -0.3},
        {"outdoors": 0.3, "culture": 0.4, "age": -0.3},
    ],
    FACTORS,
)


def shares() -> dict[str, float | None]:
    """Of how many people each attribute is known or true."""
    return {attribute.name: attribute.share for attribute in attributes()}


def demographic_columns(drawn: Drawn) -> dict[str, pa.Array]:
    """Gender, age in three forms that imply each other, schooling, marriage, ethnicity."""
    people, share = drawn.people, shares()
    knows_age = drawn.known(share["age"])
    return {
        "gender": category((~people.is_female).astype(np.int8), census.GENDERS, drawn.known(share["gender"])),
        "age": number(people.age, knows_age),
        "age_range": category(np.digitize(people.age, AGE_EDGES), AGE_RANGES, knows_age),
        "generation": category(np.digitize(people.age, GENERATION_EDGES), GENERATIONS, knows_age),
        "education": category(people.education, census.EDUCATIONS, drawn.known(share["education"])),
        "marital_status": category(
            people.marital_status, census.MARITAL_STATUSES, drawn.known(share["marital_status"])
        ),
        "ethnicity": category(people.ethnicity, census.ETHNICITIES, drawn.known(share["ethnicity"])),
    }


def household_columns(drawn: Drawn) -> dict[str, pa.Array]:
    """How many children and adults live together."""
    home, share = drawn.households.of_person, shares()
    children, adults = "number_children_in_household", "number_adults_in_household"
    return {
        children: category(
            drawn.households.children[home], households.CHILDREN, drawn.known(share[children])
        ),
        adults: category(drawn.households.adults[home] - 1, households.ADULTS, drawn.known(share[adults])),
    }


def financial_columns(drawn: Drawn, is_home_owner: np.ndarray) -> dict[str, pa.Array]:
    """Income, net worth and credit rating, as ranges."""
    home, people, share = drawn.households.of_person, drawn.people, shares()
    heads = np.unique(drawn.households.head_row)
    dollars = np.exp(drawn.income * incomes.LOG_INCOME_DEVIATION + incomes.LOG_INCOME_MEAN)
    worth = incomes.household_net_worth(drawn.rng, drawn.income, people.age[heads], is_home_owner[heads])
    rating = incomes.credit_rating(drawn.rng, drawn.income[home], people.age)
    amounts = {
        "household_income_range": (dollars[home], incomes.INCOME_EDGES, incomes.INCOME_RANGES),
        "household_net_worth_range": (worth[home], incomes.NET_WORTH_EDGES, incomes.NET_WORTH_RANGES),
        "credit_rating_range": (rating, incomes.CREDIT_EDGES, incomes.CREDIT_RANGES),
    }
    return {
        name: category(incomes.range_codes(amount, edges), ranges, drawn.known(share[name]))
        for name, (amount, edges, ranges) in amounts.items()
    }


def employment_columns(drawn: Drawn) -> dict[str, pa.Array]:
    """Occupation, employer and hours, where there is work."""
    people, share = drawn.people, shares()
    sector, hours = "employment_sector", "hours_worked_per_week"
    knows_hours = drawn.known(share[hours]) & (people.sector >= 0)
    return {
        "occupation_category": category(
            people.occupation, census.OCCUPATIONS, drawn.known(share["occupation_category"])
        ),
        sector: category(people.sector, census.SECTORS, drawn.known(share[sector])),
        hours: number(people.hours, knows_hours),
        "is_self_employed": flag(people.sector == census.SECTORS.index("Self-Employed")),
    }


def party_column(drawn: Drawn) -> pa.Array:
    """The party that a person leans to: the largest of five scores with Gumbel noise, a multinomial logit."""
    scores = (
        drawn.factors @ _PARTY_PULL + _PARTY_BIAS + drawn.rng.gumbel(size=(len(drawn.people), len(PARTIES)))
    )
    known = drawn.known(shares()["political_party_affiliation"])
    return category(np.argmax(scores, axis=1), PARTIES, known)
