"""Coordinates of an address from a service outside the house: only where a setting asks for it."""

from store.errors import BadInput
from store.workspace import Geocoder

SECONDS = 10


def online_geocoder(server: str) -> Geocoder:
    """A geocoder that asks Nominatim, the public one or one's own. Raises BadInput without geopy."""
    try:
        from geopy.exc import GeopyError  # pyright: ignore[reportMissingImports]  # an extra
        from geopy.geocoders import Nominatim  # pyright: ignore[reportMissingImports]  # an extra
    except ImportError:
        raise BadInput(
            "FIELDMARK_GEOCODER needs the package geopy",
            where="FIELDMARK_GEOCODER",
            instead="Install it with `pip install 'fieldmark[geocoding]'`, or unset the setting.",
        ) from None
    scheme, _, domain = server.rpartition("://")
    options = {} if server == "nominatim" else {"domain": domain, "scheme": scheme or "https"}
    service = Nominatim(user_agent="fieldmark", timeout=SECONDS, **options)

    def geocode(address: str) -> tuple[float, float] | None:
        try:
            place = service.geocode(address, country_codes="us")
        except GeopyError:
            return None  # an answer without the service is the centre of the ZIP code
        return (place.latitude, place.longitude) if place else None

    return geocode
