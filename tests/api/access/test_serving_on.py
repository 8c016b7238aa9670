"""Where a house listens decides whether anybody there is its owner."""

import pytest

from api.access.listening import served_on
from api.settings import Settings
from store.errors import BadInput


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.0.0.9"])
def test_on_this_machine_it_stays_as_it_was(host):
    settings = served_on(Settings(), host, 9000)
    assert settings.auth == "local"
    assert settings.base_url == (f"http://[{host}]:9000" if ":" in host else f"http://{host}:9000")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.7", "fieldmark.example"])
def test_elsewhere_everybody_needs_a_credential(host):
    settings = served_on(Settings(allowed_hosts="fieldmark.example"), host, 9000)
    assert settings.auth == "required"
    assert "fieldmark.example" in settings.own_hosts()


def test_on_every_address_a_name_is_wanted():
    with pytest.raises(BadInput, match="ALLOWED_HOSTS"):
        served_on(Settings(), "0.0.0.0", 9000)
    named = served_on(Settings(base_url="https://fieldmark.example"), "0.0.0.0", 9000)
    assert (named.base_url, named.own_hosts()) == ("https://fieldmark.example", ["fieldmark.example"])


def test_a_house_on_this_machine_may_want_credentials_too():
    assert served_on(Settings(auth="required"), "127.0.0.1", 9000).auth == "required"
