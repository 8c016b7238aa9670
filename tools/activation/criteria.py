"""Which of an audience's criteria need consent, and which may not be used for housing, jobs and credit?"""

from collections.abc import Iterable
from typing import Literal, cast

from store.population.catalogue import Catalogue, Cluster
from store.population.domains import Sensitive
from store.population.mapping.vocabulary import sensitive_of, words_of
from tools.audience.selection import Location

Category = Sensitive | Literal["financial_hardship", "children"]
Restricted = Literal["age", "gender", "zip"]
LEAST_RADIUS_KM = 24.14  # 15 miles: what Meta widens a place to in a special ad category

_HARDSHIP = frozenset(
    {"arrears", "bankrupt", "bankruptcy", "collections", "debt", "debts", "defaulted", "delinquency"}
    | {"delinquent", "eviction", "foreclosure", "hardship", "payday", "poverty", "unemployed", "welfare"}
)
_MEANS = frozenset(["credit", "income", "earnings", "salary", "wage", "worth", "wealth"])
_CHILDREN = frozenset(
    {"babies", "baby", "child", "children", "childrens", "kid", "kids", "minor", "minors", "teen"}
    | {"teenager", "teenagers", "teens", "toddler", "toddlers"}
)
_RESTRICTED: dict[Restricted, frozenset[str]] = {
    "age": frozenset(["age", "ages", "birth", "birthday", "birthdate", "generation", "senior", "born"]),
    "gender": frozenset(["gender", "sex"]),
    "zip": frozenset(["zip", "zipcode", "postcode", "postal", "neighborhood", "neighbourhood"]),
}


def sensitive_category(cluster: Cluster) -> Category | None:
    """Why a trait needs consent: by its mapping, by the words of its name, or as the lowest band of means.

    Categories: those that mining leaves out unless asked, and besides financial hardship and children.
    """
    if cluster.sensitive:
        return cast(Category, cluster.sensitive)  # the mapping holds it to Sensitive
    return category_of_name(cluster.name) or _lowest_means(cluster)


def category_of_name(name: str) -> Category | None:
    """Why an attribute of this name needs consent; None where it does not."""
    words = words_of(name)
    if (found := sensitive_of(words)) is not None:
        return found
    if _HARDSHIP & set(words):
        return "financial_hardship"
    return "children" if _CHILDREN & set(words) else None


def _lowest_means(cluster: Cluster) -> Category | None:
    return "financial_hardship" if cluster.rank == 0 and _MEANS & set(words_of(cluster.name)) else None


def sensitive_criteria(catalogue: Catalogue, codes: Iterable[int]) -> dict[Category, list[str]]:
    """The traits among these codes that need consent, in words, by category."""
    found: dict[Category, list[str]] = {}
    for cluster in (catalogue[code] for code in codes):
        if category := sensitive_category(cluster):
            found.setdefault(category, []).append(cluster.phrase or f"{cluster.name} = {cluster.value}")
    return found


def sensitive_columns(catalogue: Catalogue, names: Iterable[str]) -> dict[Category, list[str]]:
    """The attributes among these that need consent, by category: one with a sensitive value is one."""
    found: dict[Category, list[str]] = {}
    for name in names:
        marks: list[Category | None] = [sensitive_category(cluster) for cluster in catalogue.named(name)]
        category = category_of_name(name) or next(filter(None, marks), None)
        if category is not None:
            found.setdefault(category, []).append(name)
    return found


def restricted_criteria(
    catalogue: Catalogue, codes: Iterable[int], location: Location | None
) -> dict[Restricted, list[str]]:
    """The traits among these codes that ads for housing, jobs and credit may not be aimed by.

    A small circle on the map counts as a ZIP code.
    """
    found: dict[Restricted, list[str]] = {}
    for cluster in (catalogue[code] for code in codes):
        words = set(words_of(cluster.name))
        for kind, telling in _RESTRICTED.items():
            if words & telling:
                found.setdefault(kind, []).append(cluster.phrase or f"{cluster.name} = {cluster.value}")
    if location is not None and location.radius_km < LEAST_RADIUS_KM:
        found.setdefault("zip", []).append(f"within {location.radius:g} {location.unit} of a point")
    return found
