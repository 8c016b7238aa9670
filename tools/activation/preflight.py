"""What must be known before an audience is handed to a platform?"""

from collections.abc import Iterator
from datetime import datetime

from store.population.catalogue import Catalogue
from tools.activation.chosen import Chosen
from tools.activation.criteria import (
    Category,
    restricted_criteria,
    sensitive_columns,
    sensitive_criteria,
)
from tools.activation.platforms import Platform
from tools.activation.queries import Code, ExportAudience, ExportWarning, Severity
from tools.activation.rows import UNKNOWN, Tally

SHOWN = 5
FEW = 0.5  # share of the people that can be matched, below which it is said
_CATEGORIES: dict[Category, str] = {
    "ethnicity": "ethnic origin",
    "health": "health",
    "politics": "political opinions",
    "religion": "religious beliefs",
    "sexuality": "sexual life",
    "financial_hardship": "financial hardship",
    "children": "children",
}


def _warning(code: Code, severity: Severity, what: str, why: str, instead: str) -> ExportWarning:
    return ExportWarning(code=code, severity=severity, what=what, why=why, instead=instead)


def criteria_warnings(
    catalogue: Catalogue, chosen: Chosen, platform: Platform, query: ExportAudience
) -> list[ExportWarning]:
    """What the criteria and columns of an audience ask for: consent, and care with special ad categories."""
    return [
        *_sensitive(catalogue, chosen, platform, query),
        *_special(catalogue, chosen, platform, query),
        *_ranked(chosen, platform),
    ]


def _sensitive(
    catalogue: Catalogue, chosen: Chosen, platform: Platform, query: ExportAudience
) -> Iterator[ExportWarning]:
    criteria = sensitive_criteria(catalogue, chosen.codes)
    columns = sensitive_columns(catalogue, query.columns)
    for found, what in ((criteria, "chosen by"), (columns, "the file carries")):
        for category, told in found.items():
            named = "; ".join(told[:SHOWN])
            yield _warning(
                "sensitive",
                "stop" if platform.advertises or found is columns else "warning",
                f"Special category, {_CATEGORIES[category]}: {what} {named}.",
                "It needs explicit consent in the EEA and the United Kingdom (GDPR, Art. 9), and platforms "
                "forbid audiences made of it.",
                "Drop these traits, or have each person's consent and say `accept: [sensitive]`.",
            )


def _special(
    catalogue: Catalogue, chosen: Chosen, platform: Platform, query: ExportAudience
) -> Iterator[ExportWarning]:
    if not platform.advertises:
        return
    found = restricted_criteria(catalogue, chosen.codes, chosen.location)
    if not found:
        return
    named = "; ".join(f"{kind}: {', '.join(told[:SHOWN])}" for kind, told in found.items())
    if query.special_ad_category:
        yield _warning(
            "special_ad_category",
            "stop",
            f"Ads for {query.special_ad_category} may not be aimed by {' or '.join(found)} ({named}).",
            "Platforms leave age, gender and postal code out of special ad categories, and a list that was "
            "chosen by them brings them back.",
            "Export an audience that was chosen by other traits.",
        )
    else:
        yield _warning(
            "special_ad_criteria",
            "note",
            f"The audience was chosen by {' and '.join(found)} ({named}).",
            "For housing, employment or credit that is not allowed.",
            "If the ads are for one of these, say `special_ad_category` and export another audience.",
        )


def _ranked(chosen: Chosen, platform: Platform) -> Iterator[ExportWarning]:
    if chosen.ranked and platform.advertises:
        yield _warning(
            "ranked_by_model",
            "note",
            "The people were ranked by a model over many traits, which are not listed here.",
            "Its weights may stand for age, gender, place or a special category.",
            "For housing, employment or credit export an expression instead.",
        )


def size_warnings(
    tally: Tally, chosen: Chosen, platform: Platform, query: ExportAudience
) -> Iterator[ExportWarning]:
    """What the rows that were counted ask for."""
    if tally.rows == 0:
        yield _warning(
            "nobody_usable",
            "stop",
            f"None of {chosen.total:,} people can be matched by {platform.title}.",
            "A row needs a value by which the platform finds or makes somebody.",
            "Say `company`, the text that stands there for private people."
            if tally.company_missing
            else "Widen the audience, or put back what `leave_out` or `countries` took away.",
        )
    if query.destination == "salesforce" and tally.company_missing:
        yield _company(tally)
    if tally.rows == 0:
        return
    expected = int(tally.rows * query.match_share)
    if expected < platform.minimum:
        yield _warning(
            "below_minimum",
            "warning",
            f"{tally.rows:,} rows, of which about {expected:,} are expected to match: {platform.title} needs "
            f"{platform.minimum:,}.",
            f"It counts {platform.minimum_of}, and does not serve a smaller list.",
            "Export a wider audience, such as the next point of the curve.",
        )
    if query.countries == "all" and tally.rows < FEW * chosen.total:
        yield _warning(
            "few_usable",
            "warning",
            f"{tally.rows:,} of {chosen.total:,} people can be matched.",
            "The others have none of the values that the platform matches by.",
            "Load e-mails or phones for them, or plan with the smaller number.",
        )


def _company(tally: Tally) -> ExportWarning:
    return _warning(
        "company_missing",
        "warning",
        f"{tally.company_missing:,} people have no company and are not in the file.",
        "Salesforce takes no lead without one.",
        "Say `company`, the text that stands there for private people.",
    )


def place_warnings(tally: Tally, platform: Platform) -> Iterator[ExportWarning]:
    """What the countries of the rows ask for."""
    if platform.advertises and tally.consent_rows:
        yield _warning(
            "consent_countries",
            "warning",
            f"{tally.consent_rows:,} rows are of people of the EEA, the United Kingdom or Switzerland.",
            "They have to have agreed to be matched and to personalised ads; Google takes the two consents "
            "(ad_user_data, ad_personalization) for all rows of an upload.",
            "Export them alone with `countries: consent`, the others with `countries: others`.",
        )
    if tally.countries[UNKNOWN]:
        yield _warning(
            "country_unknown",
            "note",
            f"The country of {tally.countries[UNKNOWN]:,} rows is unknown.",
            "Names and postal codes are not matched without it, and consent may be needed.",
            "Load a `country`, or say `default_country`.",
        )


def source_warnings(
    chosen: Chosen, query: ExportAudience, snapshot_id: str, hours: dict[str, float]
) -> Iterator[ExportWarning]:
    """What the age of the population and of the audience asks for. hours: the age of each, by name."""
    for name, age in hours.items():
        if age > query.stale_hours:
            yield _warning(
                "stale",
                "warning",
                f"The {name} is {age:,.0f} hours old; {query.stale_hours:,.0f} is the limit that was set.",
                "People move, change their addresses and withdraw their consent.",
                "Load the population again, and generate the audience again.",
            )
    if chosen.snapshot_id not in (None, snapshot_id):
        yield _warning(
            "other_snapshot",
            "warning",
            "The audience was made of another snapshot of the population.",
            "The same criteria may find other people now.",
            "Generate the audience again.",
        )
    if chosen.not_found:
        yield _warning(
            "not_found",
            "note",
            f"{chosen.not_found:,} of the person ids are nobody's in this population.",
            "They were erased, or come from another snapshot.",
            "Resolve them again.",
        )
    if chosen.suppressed:
        yield _warning(
            "suppressed",
            "note",
            f"{chosen.suppressed:,} people were left out as asked.",
            "`suppress` or `suppress_customers_of` holds for them.",
            "Nothing needs to be done.",
        )


def hours_between(earlier: datetime, later: datetime) -> float:
    """Hours from one time to another, with one decimal; 0 where the clock went back."""
    return max(0.0, round((later - earlier).total_seconds() / 3600, 1))
