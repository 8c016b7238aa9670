"""The HTTP application, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache

from fastapi import APIRouter, FastAPI
from starlette.routing import Route

from agent.version import CODE_VERSION
from api.access.doorkeeper import Doorkeeper
from api.access.pacing.pace_keeper import PaceKeeper
from api.access.signing_in.desk import Desk
from api.body_limit import BodyLimit
from api.mcp.http import PATH, McpHttp
from api.observing.metrics import Metrics
from api.observing.readiness import Looker
from api.observing.recorded import Recorded
from api.observing.requests import Observed, Routed
from api.pages.shell import Shell
from api.pages.site import add_pages
from api.rest.describing.docs import add_docs
from api.rest.describing.openapi import document
from api.rest.form.idempotency import Idempotency
from api.rest.form.json_body import JsonBodies
from api.rest.form.problems import add_problem_handlers
from api.rest.form.trusted_hosts import TrustedHosts
from api.rest.found.destinations import destination_routes
from api.rest.found.erasures import erasure_routes
from api.rest.found.exports import export_routes
from api.rest.found.feedback import feedback_routes
from api.rest.found.history import history_routes
from api.rest.found.icp import icp_routes
from api.rest.found.kept import kept_routes
from api.rest.found.outcomes import outcome_routes
from api.rest.found.profiles import profile_routes
from api.rest.found.recipients import recipient_routes
from api.rest.found.schedules import schedule_routes
from api.rest.found.standing import standing_routes
from api.rest.found.warehouses import warehouse_routes
from api.rest.found.webhooks import webhook_routes
from api.rest.health import health_routes
from api.rest.organisation.audit import audit_routes
from api.rest.organisation.keys import key_routes
from api.rest.organisation.members import member_routes
from api.rest.organisation.organisation import organisation_routes
from api.rest.organisation.sign_in import sign_in_routes
from api.rest.organisation.sign_in_openid import openid_routes
from api.rest.organisation.usage import usage_routes
from api.rest.work.chat import chat_routes
from api.rest.work.conversations import conversation_routes
from api.rest.work.jobs import job_routes
from api.rest.work.tools import tool_routes
from api.settings import Settings
from api.talking import talking
from store.access import LOCAL
from store.watching import watch
from store.workspace import House

LOOPBACK = ["127.0.0.1", "localhost"]
ROUTES = (
    *(health_routes, tool_routes, job_routes, chat_routes, export_routes, destination_routes, erasure_routes),
    *(warehouse_routes, kept_routes, outcome_routes, icp_routes, profile_routes, usage_routes),
    *(conversation_routes, key_routes, member_routes, organisation_routes, audit_routes),
    *(sign_in_routes, openid_routes, webhook_routes),
    *(schedule_routes, recipient_routes, standing_routes, feedback_routes, history_routes),
)


def application(settings: Settings, house: House | None = None) -> FastAPI:
    """The application over this house, or the one of the settings. It closes the house at its end."""
    house = (house or settings.house()).of(LOCAL)
    mcp = McpHttp(house, settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        leave = watch(metrics)
        async with mcp.running(), talking(app):
            yield
        leave()
        house.close()

    app = FastAPI(title="Fieldmark", version=CODE_VERSION, lifespan=lifespan, docs_url=None, redoc_url=None)
    app.state.house, app.state.settings, app.state.desk = house, settings, Desk(house)
    app.state.metrics = metrics = Metrics([Recorded(house.everywhere, house.root, house.now)])
    app.state.looker = Looker(house.root, house.everywhere, house.now, settings.ready_disk_mb << 20)
    # The last one added hears a request first.
    app.add_middleware(Routed)
    app.add_middleware(Idempotency)
    app.add_middleware(JsonBodies)
    app.add_middleware(PaceKeeper, house=house, settings=settings)
    app.add_middleware(Doorkeeper, house=house, settings=settings)
    # A page elsewhere must not reach a laptop's house through a name of its own.
    app.add_middleware(TrustedHosts, allowed_hosts=[*LOOPBACK, *settings.own_hosts()])
    app.add_middleware(BodyLimit)
    app.add_middleware(Shell)
    app.add_middleware(Observed, new_id=house.new_id)
    add_problem_handlers(app)
    add_docs(app)
    app.router.routes.extend(_doors().routes)
    add_pages(app)
    app.router.routes.append(Route(PATH, mcp, include_in_schema=False))

    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # as FastAPI extends it
    return app


@cache
def _doors() -> APIRouter:
    """The routes of the API. They know no house, so the applications of a process share them."""
    router = APIRouter()
    for routes in ROUTES:
        router.include_router(routes())
    return router
