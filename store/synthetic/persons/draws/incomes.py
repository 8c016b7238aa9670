"""What do people earn, own and owe? Income, net worth, credit rating and spending on apparel."""

import numpy as np

from store.synthetic.persons.draws.census import OCCUPATIONS, People
from store.synthetic.persons.draws.households import Households

INCOME_EDGES = [25_000, 50_000, 75_000, 100_000, 150_000]
INCOME_RANGES = ["$0-$25K", "$25K-$50K", "$50K-$75K", "$75K-$100K", "$100K-$150K", "$150K+"]
NET_WORTH_EDGES = [50_000, 100_000, 250_000, 500_000]
NET_WORTH_RANGES = ["$0-$50K", "$50K-$100K", "$100K-$250K", "$250K-$500K", "$500K+"]
CREDIT_EDGES = [580, 670, 740, 800]
CREDIT_RANGES = ["300-579", "580-669", "670-739", "740-799", "800-850"]

# Mean and deviation of the log of a household's income under this model, to put it on a common scale.
LOG_INCOME_MEAN, LOG_INCOME_DEVIATION = 11.23, 0.75

_RETIRED = OCCUPATIONS.index("Retired")


def household_log_income(
    rng: np.random.Generator, people: People, households: Households, urbanity: np.ndarray
) -> np.ndarray:
    """Log of the yearly income of each household: what its people earn together."""
    works = (people.occupation >= 0) & (people.occupation < _RETIRED)
    log_income = (
        10.1
        + 0.09 * people.education
        + 0.5 * people.is_over_50k
        + 0.012 * np.minimum(people.age - 18, 25)
        + np.where(works, 0.012 * (people.hours - 40) + 0.3, -0.15)
        + rng.normal(0, 0.45, len(people))
    )
    income = np.bincount(households.of_person, np.exp(log_income))
    # A spouse who is not in the file earns about half as much on average.
    absent = households.is_couple & (np.bincount(households.of_person, people.is_married) == 1)
    return (
        np.log(income * np.where(absent, 1.5, 1.0)) + 0.08 * urbanity + rng.normal(0, 0.15, len(households))
    )


def income_score(log_income: np.ndarray) -> np.ndarray:
    """Income as deviations from the mean, on the log scale."""
    return (log_income - LOG_INCOME_MEAN) / LOG_INCOME_DEVIATION


def household_net_worth(
    rng: np.random.Generator, score: np.ndarray, head_age: np.ndarray, is_home_owner: np.ndarray
) -> np.ndarray:
    """Net worth of each household in dollars: rises with income and age, and with a home of its own."""
    log_worth = 10.6 + 0.75 * score + 0.028 * (head_age - 45) + 1.2 * is_home_owner
    return np.exp(log_worth + rng.normal(0, 1.0, len(score)))


def credit_rating(rng: np.random.Generator, score: np.ndarray, age: np.ndarray) -> np.ndarray:
    """A credit score of 300 to 850 for each person."""
    rating = 712 + 28 * score + 0.9 * (age - 47) + rng.normal(0, 70, len(score))
    return np.clip(rating, 300, 850).astype(np.int16)


def apparel_spend(rng: np.random.Generator, style: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Whole dollars spent on apparel by each person who bought any."""
    return np.ceil(np.exp(5.0 + 0.35 * style + 0.35 * score + rng.normal(0, 0.9, len(style)))).astype(
        np.int32
    )


def range_codes(amounts: np.ndarray, edges: list[int]) -> np.ndarray:
    """For each amount, the place of its range: an edge belongs to the range above it."""
    return np.digitize(amounts, edges).astype(np.int8)
