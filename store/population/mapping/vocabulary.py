"""What the words in a column's name say: its label, its domain, whether it is sensitive."""

import re
from collections.abc import Iterable

from store.population.domains import Domain, Sensitive

_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_DIGITS = re.compile(r"(?<=[^\W\d_])(?=\d)")
_CAPITALS = {"id": "ID", "zip": "ZIP", "ltv": "LTV", "csat": "CSAT", "nps": "NPS", "us": "US", "tv": "TV"}

# Words that decide, in the order in which they are tried: the first domain with one of the name's words.
_DOMAINS: dict[Domain, str] = {
    "intent_topic": "topic topics",
    "intent_category": "intent intender market",
    "affinity": "affinity affinities",
    "interest": "interest interested interests hobby hobbies enthusiast sports",
    "political": "political politics party partisan vote voter voting republican democrat election",
    "financial": "networth worth wealth credit invest investor investment investments balance loan mortgage"
    " default bank insurance dividends capital gain gains loss losses savings stocks tax wage debt asset"
    " assets",
    "household": "household hh children child kids dependents dependants partner adults family relationship"
    " spouse residents home housing dwelling homeowner",
    "employment": "job jobs occupation employer employment work workclass worker industry company title"
    " department seniority role employees profession union business veterans weeks hours career",
    "purchase": "purchase purchases purchased bought buyer spend spending order orders basket product"
    " products subscription contract charge charges plan price revenue ltv payment billing paperless discount"
    " campaign poutcome previous pdays rfm monetary recency frequency accounting payroll",
    "content": "read reads reader magazine magazines news newsletter podcast tv movie movies streaming video"
    " content media article articles book books channel device browser notifications emails ads",
    "address": "state city zip zipcode postcode postal country region county address street metro msa dma"
    " suburb area latitude longitude location urban rural province",
    "lifestyle": "lifestyle owner pet pets dog cat conscious traveler vegetarian vegan smoker fitness"
    " usage minutes calls sessions visits logins tenure months active service services vmail intl"
    " multiple lines account length voice phone internet online tech support duration csat nps",
    "demographic": "age gender sex education marital race ethnicity language generation birth citizenship"
    " nationality religion senior citizen income native",
}
_DOMAIN_OF: dict[str, Domain] = {
    word: domain for domain, words in reversed(_DOMAINS.items()) for word in words.split()
}
_ORDER: dict[Domain, int] = {domain: at for at, domain in enumerate(_DOMAINS)}

_SENSITIVE: dict[Sensitive, str] = {
    "ethnicity": "race races racial ethnic ethnicity ethnicities hispanic latino nationality citizenship",
    "religion": "religion religious faith church denomination christian catholic protestant jewish muslim"
    " islam hindu buddhist",
    "health": "disease diseases medication medications medicine diagnosis diagnosed diagnoses disability"
    " disabled diabetes diabetic smoker smokes smoking illness ailment ailments allergy allergies cancer"
    " asthma arthritis medical patient prescription prescriptions depression pregnant pregnancy bmi"
    " hypertension cholesterol alzheimers dementia hiv addiction",
    "politics": "political politics party partisan vote voter voting republican democrat ideology",
    "sexuality": "sexual sexuality gay lesbian lgbt lgbtq bisexual transgender queer",
}
_SENSITIVE_OF: dict[str, Sensitive] = {
    word: mark for mark, words in _SENSITIVE.items() for word in words.split()
}


def words_of(name: str) -> list[str]:
    """The words of a name, lower case: `MonthlyCharges` and `monthly_charges` are the same two."""
    return _DIGITS.sub(" ", spaced(name)).lower().split()


def spaced(name: str) -> str:
    """The name with blanks between its words, as they were cased."""
    return " ".join(_CAMEL.sub(" ", "".join(c if c.isalnum() else " " for c in name)).split())


def label_of_words(name: str) -> str:
    """The name as a reader would write it: `Household income`, `Interested in golf`, `Home owner`."""
    words = spaced(name).lower().split()
    if words[:1] == ["is"] and len(words) > 1:
        words = words[1:]
    if words[:1] == ["interested"] and words[1:2] != ["in"] and len(words) > 1:
        words = ["interested", "in", *words[1:]]
    told = " ".join(_CAPITALS.get(word, word) for word in words)
    return told[:1].upper() + told[1:]


def domain_of(words: Iterable[str]) -> Domain:
    """The domain that the words speak of; demographic when none of them is known."""
    given = set(words)
    known: list[Domain] = [_DOMAIN_OF[word] for word in given if word in _DOMAIN_OF]
    if "owner" in given:
        return "lifestyle"
    if not known or {"native", "birth"} & given:
        return "demographic"
    return min(known, key=_ORDER.__getitem__)


def sensitive_of(words: Iterable[str]) -> Sensitive | None:
    """What makes the attribute sensitive. Interest in healthy living is none of it: only states are."""
    given = list(words)
    for word in given:
        mark = _SENSITIVE_OF.get(word)
        if mark and not (word == "party" and "third" in given):
            return mark
    # Where somebody or the parents come from; not where a lead does.
    if "origin" in given and {"national", "country", "family", "birth"} & set(given):
        return "ethnicity"
    if {"native", "birth"} & set(given) and {"country", "father", "mother", "self"} & set(given):
        return "ethnicity"
    return "ethnicity" if given == ["origin"] else None
