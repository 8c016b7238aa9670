"""The HTTP application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware

from agent.version import CODE_VERSION
from api.access.doorkeeper import Doorkeeper
from api.body_limit import BodyLimit
from api.rest.chat import chat_routes
from api.rest.conversations import conversation_routes
from api.rest.exports import export_routes
from api.rest.icp import icp_routes
from api.rest.outcomes import outcome_routes
from api.rest.problems import add_problem_handlers
from api.rest.tools import tool_routes, tool_schemas
from api.rest.warehouses import warehouse_routes
from api.settings import Settings
from store.workspace import House

SUMMARY = "The ideal customer profile of your best customers, proven, and the people like them."
LOOPBACK = ["127.0.0.1", "localhost"]


def application(settings: Settings, house: House | None = None) -> FastAPI:
    """The application over this house, or the one of the settings. It closes the house at its end."""
    house = house or settings.house()

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        house.close()

    app = FastAPI(title="Fieldmark", version=CODE_VERSION, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.house, app.state.settings = house, settings
    # A page elsewhere must not reach a laptop's house through a name of its own.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=LOOPBACK)
    app.add_middleware(Doorkeeper, house=house, settings=settings)
    app.add_middleware(BodyLimit)
    add_problem_handlers(app)
    app.include_router(tool_routes())
    app.include_router(chat_routes())
    app.include_router(export_routes())
    app.include_router(warehouse_routes())
    app.include_router(outcome_routes())
    app.include_router(icp_routes())
    app.include_router(conversation_routes())

    @app.get("/healthz", response_model=None)
    def health() -> JSONResponse:
        """Whether the process answers."""
        return JSONResponse({"status": "ok"})

    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]  # as FastAPI extends it
    return app


def _openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document with the schemas of the tools, which check their bodies themselves."""
    if not app.openapi_schema:
        document = get_openapi(title=app.title, version=app.version, summary=SUMMARY, routes=app.routes)
        document.setdefault("components", {}).setdefault("schemas", {}).update(tool_schemas())
        app.openapi_schema = document
    return app.openapi_schema
