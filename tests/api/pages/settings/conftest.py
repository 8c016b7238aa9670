"""The settings without a browser: forms as the page's own script sends them."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from store.access import Role
from store.records.access.keys import make_key
from store.workspace import House

Ask = Callable[..., httpx2.Response]


@pytest.fixture
def here(served: TestClient) -> House:
    """The house behind `served`."""
    return served.app.state.house  # type: ignore[attr-defined]  # a FastAPI application


@pytest.fixture
def post(served: TestClient) -> Ask:
    """Sends a form: `post("/settings/keys", name="x")`, with whatever status is expected."""

    def sent(path: str, status: int = 200, **form: Any) -> httpx2.Response:
        answer = served.post(path, data=form, headers={"Accept": "text/html", "Fieldmark-Fragment": "1"})
        assert answer.status_code == status, answer.text
        return answer

    return sent


@pytest.fixture
def get(served: TestClient, here: House) -> Ask:
    """Asks for a page as the owner, or with a key: `get("/settings", role="viewer")`."""
    secrets: dict[str, str] = {}

    def asked(path: str, status: int = 200, role: Role | None = None) -> httpx2.Response:
        headers = {"Accept": "text/html"}
        if role is not None:
            if role not in secrets:
                _, secrets[role] = make_key(
                    here.database,
                    key_id=f"key_of_{role}",
                    name=f"of a {role}",
                    role=role,
                    now=here.now(),
                    created_by="local",
                )
            headers["Authorization"] = f"Bearer {secrets[role]}"
        answer = served.get(path, headers=headers)
        assert answer.status_code == status, answer.text
        return answer

    return asked
