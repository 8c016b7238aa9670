"""A client of a house that is served in the same process."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.client import Fieldmark


@pytest.fixture
def remote(served: TestClient) -> Iterator[Fieldmark]:
    """The served house, asked by the client."""
    with Fieldmark("http://127.0.0.1:8321", warehouse="us", transport=served._transport) as fieldmark:
        yield fieldmark
