"""In which form does a column write its dates?"""

import re

from store.population.mapping.profile import ColumnProfile, Sample
from store.population.source.dates import DAY_OR_MONTH, MONTH_NAMED, YEAR_FIRST

_LOOKED, _LOOKS = 50, 0.5  # cells that are looked at before all are read as dates, and how many of them fit
_DATED = 0.95  # of all cells; the others are found and told when the mapping is held to the source
_CLEAR = re.compile(f"{YEAR_FIRST}|{MONTH_NAMED}")
_UNCLEAR = re.compile(DAY_OR_MONTH)


def date_formats(sample: Sample, profile: ColumnProfile) -> list[str]:
    """The one format that the column's dates fit, blank where none is needed.

    Empty when they are no dates. Two, when every one of them could be day or month first.
    """
    seen = profile.values or sample.lowest(profile.name, _LOOKED)
    if len(_fitting(seen, _CLEAR)) > _LOOKS * len(seen):
        return [""] if profile.share(len(sample.days(profile.name))) > _DATED else []
    unclear = _fitting(seen, _UNCLEAR)
    if len(unclear) <= _LOOKS * len(seen):
        return []
    fitting = {form: len(sample.days(profile.name, form)) for form in _forms(unclear[0])}
    most = max(fitting.values())
    if profile.share(most) <= _DATED:
        return []
    return [form for form, cells in fitting.items() if cells == most]


def _fitting(texts: list[str], form: re.Pattern[str]) -> list[str]:
    return [text for text in texts if form.fullmatch(text)]


def _forms(cell: str) -> list[str]:
    """Day first and month first, with the separator, year and time of day as in this cell."""
    separator = next(mark for mark in cell if mark in "./-")
    year = "%Y" if re.match(r"\d+[./-]\d+[./-]\d{4}", cell) else "%y"
    time = re.search(r"[ T]\d\d?:\d\d(:\d\d)?$", cell)
    clock = "" if not time else time[0][0] + ("%H:%M:%S" if time[1] else "%H:%M")
    return [separator.join(parts) + clock for parts in (("%d", "%m", year), ("%m", "%d", year))]
