"""Which kind a column has that says what somebody is like, told by its values and its name."""

from store.population.domains import Domain
from store.population.mapping.bins import sensible_bins
from store.population.mapping.contacts import is_id_named
from store.population.mapping.date_forms import date_formats
from store.population.mapping.model import Column
from store.population.mapping.periods import sensible_periods
from store.population.mapping.profile import FEW, ColumnProfile, Sample
from store.population.mapping.vocabulary import domain_of
from store.population.source.cells import NO, YES

_OUTCOMES = {
    "y",
    "subscribed",
    "converted",
    "conversion",
    "churn",
    "churned",
    "exited",
    "attrition",
    "attrited",
    "won",
    "is won",
    "closed won",
    "won lost",
    "outcome",
    "deal outcome",
    "purchased target",
    "target",
    "label",
    "response",
    "responded",
    "is converted",
    "is churned",
    "has churned",
    "churn flag",
    "churn label",
    "is customer",
    "renewed",
    "expanded",
}
_TECHNICAL = {
    "split",
    "fold",
    "row",
    "row number",
    "index",
    "level 0",
    "fnlwgt",
    "final weight",
    "sample weight",
    "instance weight",
    "survey weight",
    "is train",
    "train test",
    "dataset",
}
_QUALITY = {
    "quality",
    "quality score",
    "record quality",
    "data quality",
    "match quality",
    "data quality score",
    "overall quality score",
    "record quality score",
}
_MODIFIED = {
    "last modified",
    "last modified at",
    "modified",
    "modified at",
    "date modified",
    "last updated",
    "last updated at",
    "last update",
    "updated",
    "updated at",
    "date updated",
    "last modified date",
    "last seen at",
}
_LATITUDES, _LONGITUDES = {"lat", "latitude"}, {"lon", "lng", "long", "longitude"}
_CODES = {"code", "codes", "zip", "zipcode", "postcode", "postal", "fips", "naics", "sic", "msa", "dma", "id"}
_UNITS = ("days", "weeks", "months", "minutes", "hours", "seconds", "eur", "usd", "gbp", "km", "miles")
_LIST_PARTS = 2_000  # different values in a list, at most


def trait(profile: ColumnProfile, sample: Sample, notes: list[str]) -> Column:
    """What the column means, when it says nothing of who somebody is. Adds to `notes` what is left out."""
    if why := _useless(profile):
        notes.append(f'"{profile.name}" is left out: {why}.')
        return Column(kind="ignore")
    found = _by_name(profile) or _dated(profile, sample, notes) or _by_values(profile, sample)
    if found.domain == "demographic":
        found.domain = _domain(profile)
    if found.kind == "field":
        notes.append(f'"{profile.name}" is kept as a field: it has too many different values for clusters.')
    return found


def place_columns(profiles: dict[str, ColumnProfile]) -> dict[str, Column]:
    """Latitude and longitude, when both are there."""
    latitude = [each.name for each in profiles.values() if _is_degrees(each, _LATITUDES, 90)]
    longitude = [each.name for each in profiles.values() if _is_degrees(each, _LONGITUDES, 180)]
    if len(latitude) != 1 or len(longitude) != 1:
        return {}
    return {
        latitude[0]: Column(kind="latitude", domain="address"),
        longitude[0]: Column(kind="longitude", domain="address"),
    }


def categorical(profile: ColumnProfile) -> Column:
    """The column as a category; 1.0 reads 1 where a column of whole numbers came with blanks."""
    values = {value: value[:-2] for value in profile.values if value.endswith(".0")}
    return Column(kind="category", values=values if profile.is_whole else {}, domain=_domain(profile))


def _is_degrees(profile: ColumnProfile, names: set[str], most: int) -> bool:
    named = bool(names & set(profile.words[-1:]))
    return named and profile.is_number and -most <= profile.low and profile.high <= most


def _useless(profile: ColumnProfile) -> str:
    """Why the column is of no use; blank when it may be of some."""
    named = " ".join(profile.words)
    if not profile.filled:
        return "it holds nothing but missing marks"
    if profile.distinct == 1 and (profile.filled == profile.rows or not _is_flag(profile)):
        return "all rows have the same value"
    if named in _TECHNICAL or named.startswith("unnamed"):
        return "it says something of the table, not of people"
    if ("birth" in profile.words and {"date", "day"} & set(profile.words)) or "dob" in profile.words:
        return 'it is a date of birth; make it a `date` with as = "age" and as_of = the day of the age'
    return ""


def _dated(profile: ColumnProfile, sample: Sample, notes: list[str]) -> Column | None:
    """The column as a date, left out where day and month cannot be told apart; None when it is none."""
    if profile.type == "list" or profile.is_number:
        return None
    forms = date_formats(sample, profile)
    if len(forms) > 1:
        notes.append(
            f'"{profile.name}" is left out: day and month of its dates could be swapped;'
            f" make it a `date` with format = {' or '.join(map(repr, forms))}."
        )
        return Column(kind="ignore")
    if not forms:
        return None
    return Column(kind="date", format=forms[0], bins=sensible_periods(sample.days(profile.name, forms[0])))


def _by_name(profile: ColumnProfile) -> Column | None:
    named = " ".join(profile.words)
    if named in _QUALITY and profile.is_number and profile.low >= 0 and profile.high <= 1:
        return Column(kind="quality", domain="id")
    if named in _MODIFIED and profile.times == profile.filled:
        return Column(kind="last_modified", domain="id")
    if named in _OUTCOMES and profile.distinct == 2:
        return Column(kind="outcome", domain="purchase", values=_yes_no(profile) if _is_flag(profile) else {})
    return None


def _by_values(profile: ColumnProfile, sample: Sample) -> Column:
    if profile.type == "list":
        return Column(kind="list")
    if _is_flag(profile):
        return Column(kind="flag")
    if profile.is_number and not _is_code(profile):
        return _number(profile, sample)
    if separator := _separator(profile, sample):
        return Column(kind="list", separator=separator)
    return categorical(profile) if repeats(profile) else Column(kind="field")


def _number(profile: ColumnProfile, sample: Sample) -> Column:
    # In a handful of rows, few distinct values do not make a category.
    if profile.distinct <= FEW and profile.distinct <= 0.5 * profile.filled:
        return categorical(profile)
    unit = _unit(profile)
    bins = sensible_bins(sample.numbers(profile.name), " ".join(profile.words).replace(" ", "_"), unit)
    return Column(kind="number", bins=bins, unit=unit)


def _unit(profile: ColumnProfile) -> str:
    if "year" in profile.words and profile.is_whole and 1800 <= profile.low <= profile.high <= 2200:
        return "year"
    if {"count", "number", "per", "rate", "share", "score"} & set(profile.words):
        return ""
    unit = next((unit for unit in _UNITS if unit in profile.words), "")
    return unit.upper() if unit in ("eur", "usd", "gbp") else unit


def _is_flag(profile: ColumnProfile) -> bool:
    known = {value.lower() for value in profile.values}
    return 0 < len(profile.values) == profile.distinct and known <= {*YES, *NO} and len(known) <= 2


def _yes_no(profile: ColumnProfile) -> dict[str, str]:
    told = {value: "Yes" if value.lower() in YES else "No" for value in profile.values}
    return {raw: value for raw, value in told.items() if raw != value}


def _is_code(profile: ColumnProfile) -> bool:
    return bool(_CODES & set(profile.words)) and profile.is_whole


def repeats(profile: ColumnProfile) -> bool:
    """Few enough values, each often enough, to be a category."""
    return profile.distinct <= max(FEW, min(1_000, profile.filled // 10))


def _separator(profile: ColumnProfile, sample: Sample) -> str:
    for separator, cells in (("|", profile.pipes), (";", profile.semicolons)):
        if profile.share(cells) >= 0.2:
            values, different = sample.parts(profile.name, separator)
            if different <= _LIST_PARTS and different * 3 <= values:
                return separator
    return ""


def _domain(profile: ColumnProfile) -> Domain:
    if profile.words[-1:] == ["id"] or is_id_named(profile):
        return "id"
    return domain_of(profile.words)
