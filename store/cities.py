"""Where is a city of the United States, and which one of its name is the largest?"""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import zipcodes

from store.identifiers.postal.words import STATES

# Where the number of ZIP codes does not tell which city of a name has the most people.
_MOST_POPULOUS = {
    "ARLINGTON": "TX",
    "BLOOMINGTON": "MN",
    "CHARLESTON": "SC",
    "CONCORD": "CA",
    "GLENDALE": "AZ",
    "GREENVILLE": "NC",
    "HOLLYWOOD": "FL",
    "LAFAYETTE": "LA",
    "LAKEWOOD": "CO",
    "LANCASTER": "CA",
    "MIDLAND": "TX",
    "NEWPORT": "RI",
    "PASADENA": "TX",
    "PEORIA": "AZ",
    "PORTSMOUTH": "VA",
    "SPRINGFIELD": "MO",
    "TROY": "MI",
    "VANCOUVER": "WA",
    "WARREN": "MI",
    "WESTMINSTER": "CO",
    "WILMINGTON": "NC",
    "FAYETTEVILLE": "NC",
    "CAMBRIDGE": "MA",
    "AUGUSTA": "GA",
    "GAINESVILLE": "FL",
    "JACKSON": "MS",
    "KANSAS CITY": "MO",
    "COLUMBUS": "OH",
    "AURORA": "CO",
    "ROCHESTER": "NY",
}
# Larger ones of the same name lie abroad: without a state these are not taken for an American town.
_ABROAD = frozenset(
    re.findall(
        r"\w+",
        "AMSTERDAM BARCELONA BERLIN BOMBAY BRUSSELS CAIRO DUBLIN EDINBURGH FRANKFURT GENEVA HAMBURG HAVANA "
        "LISBON LIVERPOOL LONDON MADRID MILAN MONTREAL MOSCOW MUNICH OTTAWA PARIS PRAGUE ROME SYDNEY TOKYO "
        "TORONTO VIENNA WARSAW ZURICH",
    )
)
_OTHER_NAMES = {
    "NYC": ("NEW YORK", "NY"),
    "NEW YORK CITY": ("NEW YORK", "NY"),
    "MANHATTAN": ("NEW YORK", "NY"),
    "LA": ("LOS ANGELES", "CA"),
    "L A": ("LOS ANGELES", "CA"),
    "SF": ("SAN FRANCISCO", "CA"),
    "SAN FRAN": ("SAN FRANCISCO", "CA"),
    "FRISCO": ("FRISCO", "TX"),
    "PHILLY": ("PHILADELPHIA", "PA"),
    "VEGAS": ("LAS VEGAS", "NV"),
    "DC": ("WASHINGTON", "DC"),
    "D C": ("WASHINGTON", "DC"),
    "WASHINGTON DC": ("WASHINGTON", "DC"),
    "WASHINGTON D C": ("WASHINGTON", "DC"),
    "NOLA": ("NEW ORLEANS", "LA"),
    "SLC": ("SALT LAKE CITY", "UT"),
    "ATL": ("ATLANTA", "GA"),
    "INDY": ("INDIANAPOLIS", "IN"),
    "BOISE CITY": ("BOISE", "ID"),
    "VENTURA CITY": ("VENTURA", "CA"),
    "BRONX": ("BRONX", "NY"),
    "THE BRONX": ("BRONX", "NY"),
    "MINNEAPOLIS ST PAUL": ("MINNEAPOLIS", "MN"),
    "ST PETE": ("SAINT PETERSBURG", "FL"),
    "SILICON VALLEY": ("SAN JOSE", "CA"),
    "SAN FRANCISCO BAY AREA": ("SAN FRANCISCO", "CA"),
}
_STARTS = {"ST": "SAINT", "STE": "SAINTE", "FT": "FORT", "MT": "MOUNT"}
_OWN_SHARE = 0.3  # of the weight of a city's own ZIP code has one that only may carry its name


@dataclass(frozen=True, slots=True)
class City:
    """A city, its state's code, its centre in degrees, and a weight that grows with its size."""

    name: str
    state: str
    latitude: float
    longitude: float
    weight: float


Place = tuple[float, float, float]  # latitude, longitude, weight


@cache
def _places() -> dict[str, dict[str, list[Place]]]:
    """Where the ZIP codes of each city lie, by name in capitals and state; read once, in half a second."""
    named: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for row in zipcodes.filter_by():
        latitude, longitude = float(row["lat"]), float(row["long"])
        if latitude or longitude:
            weight = 1.0 if row["zip_code_type"] == "STANDARD" else 0.1
            named[row["city"].upper()][row["state"]].append((latitude, longitude, weight))
            for other in row["acceptable_cities"]:
                named[other.upper()][row["state"]].append((latitude, longitude, weight * _OWN_SHARE))
    return named


def _city(name: str, state: str, places: list[Place]) -> City:
    rows = np.array(places)
    own = rows[rows[:, 2] == rows[:, 2].max()]
    latitude, longitude = np.median(own[:, :2], axis=0)
    return City(name, state, round(float(latitude), 4), round(float(longitude), 4), float(rows[:, 2].sum()))


def _largest(name: str, states: dict[str, list[Place]]) -> str:
    known = _MOST_POPULOUS.get(name)
    return (
        known if known in states else max(states, key=lambda state: (sum(p[2] for p in states[state]), state))
    )


@lru_cache(maxsize=1024)
def city_named(name: str, state: str | None = None) -> City | None:
    """The city of this name in this state; without a state the largest, or None where that lies abroad."""
    plain = " ".join(re.sub(r"[.,'-]", " ", name.upper()).split())
    if plain in _OTHER_NAMES and state in (None, _OTHER_NAMES[plain][1]):
        plain, state = _OTHER_NAMES[plain]
    first, _, rest = plain.partition(" ")
    written_out = f"{_STARTS.get(first, first)} {rest}".strip()
    known = written_out if written_out in _places() else plain
    states = _places().get(known, {})
    if not states or (state is None and plain in _ABROAD):
        return None
    state = state or _largest(known, states)
    return _city(known, state, states[state]) if state in states else None


def state_code(name: str) -> str | None:
    """The two letters of a state, from its name or from themselves."""
    words = tuple(re.sub(r"[.,]", "", name.upper()).split())
    return STATES.get(words)
