"""How is a row judged in each dimension of a profile?"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from store.features import Feature, FeatureTable
from tools.profiles.content.document import Dimension, ProfileDocument
from tools.profiles.matching.columns import READS, kind_of
from tools.profiles.matching.industries import is_industry, knows_industry
from tools.profiles.matching.places import is_known_place, where
from tools.profiles.matching.roles import is_role
from tools.profiles.matching.sizes import in_size, size_range, speaks_of_size
from tools.profiles.matching.words import REMEMBERED, holds, says_no, telling_words, words
from tools.profiles.scoring.verdicts import Cells, Judge

Found = Mapping[str, Sequence[Feature]]  # columns by what they say


def judge_of(document: ProfileDocument, dimension: Dimension) -> Judge:
    """The judge of one dimension that is written."""
    wanted = document.wanted(dimension)
    if dimension == "company_size":
        assert document.company_size is not None
        return sized(document.company_size.ends)
    kinds: dict[str, Callable[[Sequence[str]], Judge]] = {
        "industries": of_industry,
        "geography": placed,
        "roles": in_role,
        "signals": signalled,
    }
    return kinds[dimension](wanted)


def columns_read(
    document: ProfileDocument, dimension: Dimension, found: Found, table: FeatureTable
) -> list[Feature]:
    """The columns that a dimension is judged by."""
    columns = [each for kind in READS[dimension] for each in found.get(kind, ())]
    return columns + (speaking_of(document.signals, table) if dimension == "signals" else [])


def speaking_of(phrases: Sequence[str], table: FeatureTable) -> list[Feature]:
    """Columns whose name has the words of a phrase: `hiring_spree` of `hiring`, and those of `name=value`."""
    return [
        each
        for each in table.features
        if kind_of(each.name) is None
        and any(_names(each.name, phrase) or _names(each.label, phrase) for phrase in phrases)
    ]


def _names(name: str, phrase: str) -> bool:
    told = phrase.partition("=")[0].strip()
    return bool(name) and (name == told or holds(name, told))


def of_industry(wanted: Sequence[str]) -> Judge:
    """Whether a value is one of the industries."""

    def judge(cells: Cells) -> bool | None:
        values = _all(cells)
        return any(is_industry(value, each) for value in values for each in wanted) if values else None

    return judge


def sized(ends: tuple[float, float]) -> Judge:
    """Whether the number or the band of employees lies within these ends."""

    def judge(cells: Cells) -> bool | None:
        ranges = [found for value in _all(cells) if (found := size_range(value))]
        # A number says more than a band.
        ranges.sort(key=lambda each: each[1] - each[0])
        return in_size(ranges[0], ends) if ranges else None

    return judge


def placed(wanted: Sequence[str]) -> Judge:
    """Whether a row lies in one of the places."""

    def judge(cells: Cells) -> bool | None:
        row: dict[str, str] = {}
        for name, values in cells.items():
            row.setdefault(kind_of(name) or "location", ", ".join(values))
        return where(row, wanted)

    return judge


def in_role(wanted: Sequence[str]) -> Judge:
    """Whether a title, alone or with a function and a seniority beside it, is one of the roles."""

    def judge(cells: Cells) -> bool | None:
        values = _all(cells)
        together = ", ".join(values)
        told = [*values, together] if len(values) > 1 else values
        return any(is_role(value, each) for value in told for each in wanted) if values else None

    return judge


def signalled(wanted: Sequence[str]) -> Judge:
    """Whether one of the signals is there.

    Columns of signals tell what is there, so what they do not name is missing; a column that bears a
    signal's name tells of that signal alone.
    """

    def judge(cells: Cells) -> bool | None:
        return any(has_phrase(cells, each) for each in wanted) if cells else None

    return judge


def has_phrase(cells: Cells, phrase: str) -> bool:
    """Whether a value, or a column's name with a value that is no `no`, has the words of the phrase."""
    return any(_has_phrase(name, values, phrase) for name, values in cells.items())


@lru_cache(REMEMBERED)
def _has_phrase(name: str, values: tuple[str, ...], phrase: str) -> bool:
    name_wanted, given, value_wanted = (part.strip() for part in phrase.partition("="))
    if given:
        return name == name_wanted and any(value.casefold() == value_wanted.casefold() for value in values)
    named = telling_words(phrase) <= words(name)
    return any(
        not says_no(value) and (named or (holds(f"{name} {value}", phrase) and _tells(value, phrase)))
        for value in values
    )


def _tells(value: str, phrase: str) -> bool:
    """Whether the value itself has a word of the phrase: its column's name alone is not enough."""
    return bool(telling_words(phrase) & words(value))


def ruled_out(phrase: str, found: Found, table: FeatureTable) -> tuple[list[Feature], Judge]:
    """The columns that a disqualifier is looked for in, and whether a row has it.

    Words of a size are held against employees, the name of a country or region against places; others
    against industries, titles, signals and columns of their name, and against every value with those words.
    """
    if speaks_of_size(phrase):
        ends = size_range(phrase)
        assert ends is not None
        return list(found.get("employees", ())), sized(ends)
    if is_known_place(phrase) and not knows_industry(phrase):
        return [each for kind in READS["geography"] for each in found.get(kind, ())], placed([phrase])
    columns = [each for each in table.features if each.kind != "number"]
    columns += [each for each in speaking_of([phrase], table) if each.kind == "number"]

    def judge(cells: Cells) -> bool | None:
        if not cells:
            return None
        return any(_fits({name: values}, phrase) for name, values in cells.items())

    return [each for each in columns if _may_tell(each, phrase)], judge


def ruled_out_values(cell: Cells, phrase: str) -> bool:
    """Whether a value of one column alone rules out by this phrase."""
    (name,) = cell
    kind = kind_of(name)
    if speaks_of_size(phrase):
        ends = size_range(phrase)
        return kind == "employees" and ends is not None and bool(sized(ends)(cell))
    if is_known_place(phrase) and not knows_industry(phrase):
        return kind in READS["geography"] and bool(placed([phrase])(cell))
    return _fits(cell, phrase)


def _fits(cell: Cells, phrase: str) -> bool:
    ((name, values),) = cell.items()
    kind = kind_of(name)
    if kind == "industry":
        return any(is_industry(value, phrase) for value in values)
    if kind in ("title", "seniority", "function"):
        return any(is_role(value, phrase) or holds(value, phrase) for value in values)
    return has_phrase(cell, phrase)


def _may_tell(feature: Feature, phrase: str) -> bool:
    """Whether any of its values has the phrase: columns that cannot fire need not be read row by row."""
    if feature.kind == "number":
        return True
    return any(_fits({feature.name: (level,)}, phrase) for level in feature.levels)


def _all(cells: Cells) -> list[str]:
    return [value for values in cells.values() for value in values]
