"""A house with nobody in it, for profiles that are written."""

from collections.abc import Iterator

import pytest

from store.workspace import Workspace
from tests.tools.profiles.shop import opened_shop


@pytest.fixture
def shop() -> Iterator[Workspace]:
    with opened_shop() as workspace:
        yield workspace
