"""Through which openings does anything leave this house, and which are open?"""

from typing import NamedTuple
from urllib.parse import urlsplit

from api.access.visit import Visit
from store.destinations import Destinations
from store.records.webhooks import endpoints_of

MOST = 200  # receivers; an organisation has 50 at most


class Opening(NamedTuple):
    """One way out; its words are the text `settings.opening_` and its name."""

    name: str
    is_open: bool
    where: str = ""  # a host
    many: int = 0  # of what lies behind it, where that is counted


def openings_of(visit: Visit) -> list[Opening]:
    """Every way by which something can leave, the closed ones too. No key and no path of an address."""
    settings, house = visit.settings, visit.house
    receivers = sum(row.enabled for row in endpoints_of(house.database, MOST))
    places = len(Destinations(house.home).all())
    return [
        Opening("exports", True),
        Opening("destinations", places > 0, many=places),
        Opening("webhooks", receivers > 0, many=receivers),
        Opening("model", house.model is not None, _host(house.model.base_url) if house.model else ""),
        Opening("geocoder", bool(settings.geocoder), _host(settings.geocoder) or settings.geocoder),
        Opening("spans", bool(settings.otlp_endpoint), _host(settings.otlp_endpoint)),
        Opening("openid", bool(settings.oidc_issuer), _host(settings.oidc_issuer)),
    ]


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
