"""MCP over the generated population: in this process, and over HTTP for whoever is named."""

import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager
from datetime import datetime
from typing import Any

import pytest
from mcp import Client
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from api.access.visit import Visit
from api.mcp.calling import Calls
from api.mcp.http import PATH, McpHttp
from api.mcp.server import McpDoor
from api.settings import Settings
from store.access import LOCAL_OWNER, Principal
from store.workspace import House, Workspace

BASE = "http://127.0.0.1:8321"


@pytest.fixture
def calls() -> Iterator[Calls]:
    calls = Calls()
    yield calls
    calls.close()


@pytest.fixture
def us_house(us: Workspace, clock: Callable[[], datetime]) -> Iterator[House]:
    """The house of the generated population, whose ids are UUIDs."""
    house = House(us.home, base_url=BASE, now=clock, new_id=lambda: str(uuid.uuid4()))
    yield house
    house.close()


@pytest.fixture
def connect(us_house: House, calls: Calls) -> Callable[..., Client]:
    """A client of the SDK's in this process: `async with connect(principal, page=3) as client:`."""

    def connected(principal: Principal = LOCAL_OWNER, *, mode: str = "auto", **options: Any) -> Client:
        visit = Visit(us_house.of(principal.organisation_id), principal, Settings(home=us_house.home))
        return Client(McpDoor(lambda _: visit, calls, **options).server(), mode=mode)

    return connected


@pytest.fixture
def posted_to(us_house: House) -> Callable[..., AbstractContextManager[TestClient]]:
    """The ASGI application of MCP alone, for this principal: `with posted_to(principal) as http:`."""

    def serving(principal: Principal | None = LOCAL_OWNER) -> TestClient:
        mcp = McpHttp(us_house, Settings(home=us_house.home))

        class Known:
            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                if principal is not None:
                    scope.setdefault("state", {})["principal"] = principal
                await mcp(scope, receive, send)

        @asynccontextmanager
        async def running(_: Starlette) -> AsyncIterator[None]:
            async with mcp.running():
                yield

        app = Starlette(routes=[Route(PATH, Known())], lifespan=running)
        return TestClient(app, base_url=BASE, raise_server_exceptions=False)

    return serving
