"""Who lives here? Joint rows of age, sex, schooling, marriage and work, drawn from a census extract.

The extract is of 1994 and of people near work, so its rows are first weighted until women and men,
ages and marriages have the shares below; everything else keeps the joint distribution of the rows.
"""

from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from store.synthetic.tables import census_columns

GENDERS = ["Female", "Male"]
EDUCATIONS = [
    "Less than High School",
    "High School Diploma",
    "Some College",
    "Associate Degree",
    "Bachelor Degree",
    "Graduate Degree",
]
MARITAL_STATUSES = ["Single", "Married", "Divorced", "Separated", "Widowed"]
ETHNICITIES = ["White", "Black", "Asian or Pacific Islander", "American Indian", "Other"]
SECTORS = ["Private Company", "Self-Employed", "Government"]
OCCUPATIONS = [
    "Professional",
    "Executive or Manager",
    "Craft or Repair",
    "Administrative",
    "Sales",
    "Service",
    "Machine Operator",
    "Transport",
    "Laborer",
    "Farming or Fishing",
    "Technical Support",
    "Protective Service",
    "Household Service",
    "Armed Forces",
    "Retired",
    "Student",
]

_SCHOOLING = {
    "HS-grad": 1,
    "Some-college": 2,
    "Assoc-voc": 3,
    "Assoc-acdm": 3,
    "Bachelors": 4,
    "Masters": 5,
    "Prof-school": 5,
    "Doctorate": 5,
}
_MARITAL = {
    "Never-married": 0,
    "Married-civ-spouse": 1,
    "Married-AF-spouse": 1,
    "Married-spouse-absent": 1,
    "Divorced": 2,
    "Separated": 3,
    "Widowed": 4,
}
_ETHNICITY = {"White": 0, "Black": 1, "Asian-Pac-Islander": 2, "Amer-Indian-Eskimo": 3, "Other": 4}
_SECTOR = {
    "Private": 0,
    "Self-emp-inc": 1,
    "Self-emp-not-inc": 1,
    "Federal-gov": 2,
    "State-gov": 2,
    "Local-gov": 2,
}
_OCCUPATION = {
    "Prof-specialty": 0,
    "Exec-managerial": 1,
    "Craft-repair": 2,
    "Adm-clerical": 3,
    "Sales": 4,
    "Other-service": 5,
    "Machine-op-inspct": 6,
    "Transport-moving": 7,
    "Handlers-cleaners": 8,
    "Farming-fishing": 9,
    "Tech-support": 10,
    "Protective-serv": 11,
    "Priv-house-serv": 12,
    "Armed-Forces": 13,
}
_RETIRED, _STUDENT = OCCUPATIONS.index("Retired"), OCCUPATIONS.index("Student")

# Set by hand, rounded, near the adults of the United States in the 2020s.
AGE_EDGES = [25, 35, 45, 55, 65]
AGE_SHARES = [0.12, 0.18, 0.17, 0.155, 0.16, 0.215]
FEMALE_SHARE = 0.51
MARRIED_SHARES = {"Male": 0.53, "Female": 0.50}


@dataclass(frozen=True)
class People:
    """A column for each trait, a row for each person; codes are places in the lists of this module.

    A code of -1 is none: no occupation, no employer.
    """

    is_female: np.ndarray
    age: np.ndarray
    education: np.ndarray
    marital_status: np.ndarray
    ethnicity: np.ndarray
    occupation: np.ndarray
    sector: np.ndarray
    hours: np.ndarray
    is_over_50k: np.ndarray
    is_married: np.ndarray
    is_single_parent: np.ndarray
    is_with_parents: np.ndarray

    def __len__(self) -> int:
        return len(self.age)

    def take(self, rows: np.ndarray) -> "People":
        """These rows, in this order."""
        return People(**{field.name: getattr(self, field.name)[rows] for field in fields(self)})


@cache
def census_people() -> tuple[People, np.ndarray]:
    """The census rows as people, and the share of the population that each row stands for."""
    columns = census_columns()
    age, occupation = columns["age"].astype(np.int16), _codes(columns["occupation"], _OCCUPATION)
    occupation = np.where((occupation < 0) & (age >= 62), _RETIRED, occupation)
    occupation = np.where((occupation < 0) & (age < 25), _STUDENT, occupation).astype(np.int8)
    people = People(
        is_female=columns["sex"] == "Female",
        age=age,
        education=_codes(columns["education"], _SCHOOLING, other=0),
        marital_status=_codes(columns["marital_status"], _MARITAL),
        ethnicity=_codes(columns["race"], _ETHNICITY),
        occupation=occupation,
        sector=_codes(columns["workclass"], _SECTOR),
        hours=columns["hours_per_week"].astype(np.int16),
        is_over_50k=columns["over_50k"] == 1,
        is_married=np.isin(columns["marital_status"], ["Married-civ-spouse", "Married-AF-spouse"]),
        is_single_parent=columns["relationship"] == "Unmarried",
        is_with_parents=(columns["relationship"] == "Own-child") & (age < 40),
    )
    return people, _raked(people, columns["weight"].astype(float))


def draw_people(rng: np.random.Generator, size: int) -> People:
    """This many people, each a census row drawn on its own."""
    people, share = census_people()
    cumulative = np.cumsum(share)
    return people.take(np.minimum(np.searchsorted(cumulative, rng.random(size)), len(share) - 1))


def _codes(values: np.ndarray, codes: dict[str, int], other: int = -1) -> np.ndarray:
    names, places = np.unique(values, return_inverse=True)
    return np.array([codes.get(name, other) for name in names], dtype=np.int8)[places]


def _raked(people: People, weight: np.ndarray) -> np.ndarray:
    """Weights that meet the margins of sex by age and of sex by marriage (iterative proportional fitting)."""
    sex = people.is_female.astype(int)
    by_sex = np.array([1 - FEMALE_SHARE, FEMALE_SHARE])
    ages = np.array(AGE_SHARES)
    married = np.array([MARRIED_SHARES["Male"], MARRIED_SHARES["Female"]])
    margins = [
        (sex * len(ages) + np.digitize(people.age, AGE_EDGES), np.outer(by_sex, ages).ravel()),
        (sex * 2 + people.is_married, (by_sex[:, None] * np.stack([1 - married, married], axis=1)).ravel()),
    ]
    for _ in range(50):
        for cell, target in margins:
            weight = weight * (target / np.bincount(cell, weight))[cell]
    return weight / weight.sum()
