"""What is heard of a house while it works."""

from collections.abc import Iterator

import pytest
from observing_made import Heard

from store.watching import watch


@pytest.fixture
def heard() -> Iterator[Heard]:
    listening = Heard()
    leave = watch(listening)
    yield listening
    leave()
