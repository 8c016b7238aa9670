"""Around which place, and how far?"""

import re
from dataclasses import dataclass

from agent.planner.reading.points import (
    ALSO_TOWNS,
    BIG,
    COORDINATES,
    STOPS,
    WORD,
    ZIP,
    called,
    city_at,
    degrees,
    point_at,
)
from agent.planner.reading.quantities import number_in
from agent.planner.reading.sentence import Sentence
from store.cities import city_named
from store.places import centroid_of

DEFAULT_RADIUS = 25.0  # miles, where a place is said and no radius
KM = re.compile(r"k(?:m|ms|ilomet(?:er|re)s?|licks?)\b", re.I)
_UNIT = r"(?:miles?|mi|kms?|kilomet(?:er|re)s?|klicks?)"
_FIGURE = (
    r"(?:\d{1,5}(?:\.\d{1,3})?|(?:a |one )?hundred|ten|five|fifteen|twenty(?:[- ]five)?"
    r"|thirty|forty|fifty|sixty|a"
    r"|one|two|three)"
)
_RADIUS = rf"(?P<figure>{_FIGURE})[\s-]?(?P<unit>{_UNIT})"
# What may stand between the radius and the place.
_LINK = (
    r"(?:\s?[-,:]?\s?\b(?:radius|drive|round|around|away|out|from|of|to|the|downtown"
    r"|central|city|centre|center"
    r"|near|at|in|or so|a|zip|code)\b(?! \d\d?\b)){0,6}"
)
_NEAR = re.compile(
    rf"\b(?:within|inside|in|under|less than|up to|at most|max(?:imum)?|no more than"
    rf"|not more than)?(?: (?:a|an|about|around))?"
    rf"\s?(?<![\w.]){_RADIUS}\b{_LINK}\s?",
    re.I,
)
_AROUND = re.compile(
    r"\b(?:in and around|(?:in|from|around) the (?:area|vicinity|surroundings|region"
    r"|neighbou?rhood) (?:of|around)|near(?:by)?(?: to)?"
    r"|close to|around|surrounding|not far from|in the vicinity of|next to|vicinity of"
    r"|(?:in|of|around|from) (?:the )?(?:greater|metro|metropolitan|downtown))\s",
    re.I,
)
_IN = re.compile(
    r"\b(?:(?:who |that )?(?:lives?|living|based|located|resid(?:e|es|ing)) in|in|from|of"
    r"|at|for)\s(?:the )?(?:city of )?",
    re.I,
)
_SURELY_IN = re.compile(r"\bin\s(?:the )?(?:city of )?$", re.I)
_AREA = re.compile(r"\s(?:metro(?:politan)?(?: area)?|area|region|suburbs|vicinity)\b", re.I)


@dataclass(frozen=True)
class Place:
    """A circle as the tools take it, or the words of a place that is not known.

    radius is None where none was said; name: as the place was called.
    """

    latitude: float | None = None
    longitude: float | None = None
    radius: float | None = None
    unit: str = "miles"
    unknown: str = ""
    name: str = ""

    @property
    def circle(self) -> dict[str, object] | None:
        """The arguments of a location."""
        if self.latitude is None:
            return None
        radius = DEFAULT_RADIUS if self.radius is None else self.radius
        return {"latitude": self.latitude, "longitude": self.longitude, "radius": radius, "unit": self.unit}


def take_place(sentence: Sentence) -> Place | None:
    """The place of a sentence, whose words are taken out; None where no place is spoken of."""
    for match in _NEAR.finditer(sentence.left):
        radius, unit = number_in(match["figure"]) or 1.0, "km" if KM.match(match["unit"]) else "miles"
        announced = re.search(r"\b(?:of|from|around|round|to|near|outside)\b", match[0], re.I)
        found = point_at(sentence.left, match.end(), sure=bool(announced))
        if found:
            sentence.blank(match.start(), found.end)
            return Place(found.latitude, found.longitude, radius, unit, found.unknown, found.name)
        return _point_elsewhere(sentence, match, radius, unit)
    return _place_alone(sentence, None, "miles")


def _point_elsewhere(sentence: Sentence, match: re.Match[str], radius: float, unit: str) -> Place:
    """The radius stands apart from its place: `Austin, 40 km around`; or the place was said earlier."""
    sentence.blank(*match.span())
    return _place_alone(sentence, radius, unit) or Place(radius=radius, unit=unit)


def _place_alone(sentence: Sentence, radius: float | None, unit: str) -> Place | None:
    for pattern, sure in ((_AROUND, True), (_IN, False)):
        for match in pattern.finditer(sentence.left):
            found = point_at(sentence.left, match.end(), sure=sure)
            if found and (sure or found.weight >= BIG or _SURELY_IN.search(match[0])):
                sentence.blank(match.start(), found.end)
                return Place(found.latitude, found.longitude, radius, unit, found.unknown, found.name)
    if match := COORDINATES.search(sentence.left):
        sentence.blank(*match.span())
        return Place(*degrees(match), radius, unit)
    return _area(sentence, radius, unit) or _bare(sentence, radius, unit)


def _area(sentence: Sentence, radius: float | None, unit: str) -> Place | None:
    """`the Denver area`, `Boston metro`."""
    for match in _AREA.finditer(sentence.left):
        words = list(WORD.finditer(sentence.left, max(0, match.start() - 60), match.start()))
        for count in range(min(3, len(words)), 0, -1):
            start = words[-count].start()
            if city := city_named(sentence.left[start : match.start()]):
                sentence.blank(start, match.end())
                return Place(city.latitude, city.longitude, radius, unit, name=called(city))
    return None


def _bare(sentence: Sentence, radius: float | None, unit: str) -> Place | None:
    """A city that stands with its state or with a radius, and without a word before it."""
    for match in WORD.finditer(sentence.left):
        if not (match[0][:1].isupper() or radius is not None) or match[0].lower() in STOPS | ALSO_TOWNS:
            continue
        found = city_at(sentence.left, match.start(), sure=False)
        if found and (found[2] or (radius is not None and found[0].weight >= BIG)):
            sentence.blank(match.start(), found[1])
            return Place(found[0].latitude, found[0].longitude, radius, unit, name=called(found[0]))
    if radius is not None and (match := ZIP.search(sentence.left)) and (at := centroid_of(match[1])):
        sentence.blank(*match.span())
        return Place(*at, radius, unit, name=match[1])
    return None
