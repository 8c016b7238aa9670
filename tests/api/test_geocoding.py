"""Addresses go to a service outside the house only when a setting asks for it."""

import sys
from types import ModuleType, SimpleNamespace

import pytest

from api.geocoding import online_geocoder
from api.settings import Settings
from store.errors import BadInput
from store.workspace import Workspace
from tools import TOOLS
from tools.calls import call, tool_named

HOME = "123 Main St, San Francisco, CA 94105"


class FakeService:
    """Stands in for geopy's Nominatim: knows one address, and fails on another."""

    made: dict[str, object]

    def __init__(self, **options: object) -> None:
        FakeService.made = options

    def geocode(self, address: str, country_codes: str) -> SimpleNamespace | None:
        assert country_codes == "us"
        if "FAIL" in address:
            raise FakeError
        return SimpleNamespace(latitude=37.79, longitude=-122.39) if "MAIN" in address else None


class FakeError(Exception):
    """Stands in for geopy's errors."""


@pytest.fixture
def geopy(monkeypatch: pytest.MonkeyPatch) -> None:
    package, errors, geocoders = (ModuleType(name) for name in ("geopy", "geopy.exc", "geopy.geocoders"))
    errors.GeopyError, geocoders.Nominatim = FakeError, FakeService  # type: ignore[attr-defined]  # a module made up here
    for module in (package, errors, geocoders):
        monkeypatch.setitem(sys.modules, module.__name__, module)


def test_no_geocoder_is_asked_by_default() -> None:
    assert Settings().house().workspace("none").geocode is None


def test_a_geocoder_without_its_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "geopy", None)
    with pytest.raises(BadInput, match=r"needs the package geopy"):
        online_geocoder("nominatim")


@pytest.mark.usefixtures("geopy")
def test_ones_own_server_is_asked_and_an_outage_is_no_error() -> None:
    geocode = online_geocoder("http://127.0.0.1:8080")
    assert FakeService.made["domain"] == "127.0.0.1:8080"
    assert FakeService.made["scheme"] == "http"
    assert geocode("123 MAIN ST") == (37.79, -122.39)
    assert geocode("1 ELM ST") is None
    assert geocode("FAIL") is None


def test_a_resolved_address_lies_where_the_geocoder_says(us: Workspace) -> None:
    us.geocode = lambda address: (37.7749, -122.4194)
    arguments = {"id_type": "address", "identifiers": [HOME]}
    answer = call(tool_named(TOOLS, "resolve_identities"), us, arguments).model_dump(warnings=False)
    place = next(i["address"] for i in answer["identities"] if i["person_id"] == 12345)
    assert (place["latitude"], place["longitude"]) == (37.7749, -122.4194)
    assert place["distance_meters"] == 0.0
