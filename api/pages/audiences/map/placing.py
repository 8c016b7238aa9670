"""Where does the circle lie: at a town, at a click on the map, or a step further?"""

import math
from collections.abc import Mapping

from agent.planner.reading.points import point_at
from api.pages.audiences.building.asked import Asked
from api.pages.audiences.map.drawn import WIDTHS
from api.pages.words import text
from tools.audience.density import Box

STEP = 0.5  # of the radius, that one press of an arrow moves the circle
KM_A_DEGREE = 111.2
_WAYS = {"north": (1, 0), "south": (-1, 0), "east": (0, 1), "west": (0, -1)}


def placed(asked: Asked, clicked: Mapping[str, str], box: Box | None) -> tuple[Asked, str]:
    """What is asked with its circle settled, and what is wrong with the place, if anything is.

    clicked: the parameters of the address, among which a picture that was pressed leaves its coordinates.
    box: what the map showed.
    """
    if asked.do == "anywhere":
        return asked.also(latitude=None, longitude=None, placed=asked.place, zoom="whole"), ""
    if asked.do == "zoom":
        return asked.also(zoom="near" if asked.zoom == "whole" else "whole"), ""
    if asked.do in _WAYS and asked.location is not None:
        return _stepped(asked), ""
    point = _clicked(clicked, box)
    if point is not None:
        return asked.also(latitude=point[0], longitude=point[1], placed=asked.place), ""
    # A text that was looked up stays in its field after the circle was moved by hand, and is passed over.
    if asked.place and (asked.place != asked.placed or asked.do == "find"):
        return _looked_up(asked)
    return asked, ""


def _looked_up(asked: Asked) -> tuple[Asked, str]:
    found = point_at(asked.place.strip(), 0, sure=True)
    if found is None or found.latitude is None or found.longitude is None:
        return asked, text("audiences.place_unknown")
    # Numbers may be any: a place on no map is refused like a town that nobody knows.
    if abs(found.latitude) > 90 or abs(found.longitude) > 180:
        return asked, text("audiences.place_unknown")
    return asked.also(latitude=found.latitude, longitude=found.longitude, placed=asked.place), ""


def _stepped(asked: Asked) -> Asked:
    circle = asked.location
    assert circle is not None  # only such a circle is moved
    up, right = _WAYS[asked.do]
    degrees = circle.radius_km * STEP / KM_A_DEGREE
    across = degrees / max(0.1, math.cos(math.radians(circle.latitude)))
    return asked.also(
        latitude=round(min(90.0, max(-90.0, circle.latitude + up * degrees)), 4),
        longitude=round(min(180.0, max(-180.0, circle.longitude + right * across)), 4),
        placed=asked.place,
    )


def _clicked(clicked: Mapping[str, str], box: Box | None) -> tuple[float, float] | None:
    """The degrees of a click; None without one, and at 0, 0, which a key leaves."""
    for name, width in WIDTHS.items():
        across, down = clicked.get(f"{name}.x", ""), clicked.get(f"{name}.y", "")
        if box is None or not (across.isdecimal() and down.isdecimal()) or len(across + down) > 10:
            continue
        if not (int(across) or int(down)):
            continue
        x, y = int(across) / width, int(down) / (width / box.ratio)
        if x <= 1 and y <= 1:
            return (
                round(box.north - y * (box.north - box.south), 4),
                round(box.west + x * (box.east - box.west), 4),
            )
    return None
