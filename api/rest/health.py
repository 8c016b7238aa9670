"""Is the process there, can it serve, and what are its figures?"""

import hmac

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.observing.readiness import Readiness
from store.access import Principal
from store.errors import NotAllowed, NotSignedIn

BEARER = "bearer "


def health_routes() -> APIRouter:
    """`/healthz` and `/readyz`, for everybody; `/metrics`, for an admin or who has its token."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        """That the process answers."""
        return {"status": "ok"}

    @router.get("/readyz", responses={503: {"model": Readiness, "description": "Not now, and why."}})
    def readyz(request: Request) -> JSONResponse:
        """Whether requests should come here: records, home, disk, embedding, worker, each with why not."""
        found: Readiness = request.app.state.looker.look()
        return JSONResponse(found.model_dump(), 200 if found.ready else 503)

    @router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    def metrics(request: Request) -> Response:
        """The figures of this house in Prometheus' text form; wants `admin`, or FIELDMARK_METRICS_TOKEN."""
        from api.observing.metrics import MEDIA_TYPE

        _require_admin(request)
        return Response(request.app.state.metrics.text(), media_type=MEDIA_TYPE)

    return router


def _require_admin(request: Request) -> None:
    if has_metrics_token(request.headers.get("authorization", ""), request.app.state.settings.metrics_token):
        return
    principal: Principal | None = getattr(request.state, "principal", None)
    if principal is None:
        raise NotSignedIn("The figures are not for everybody", where="/metrics", instead="Send a key.")
    if not principal.may("admin"):
        raise NotAllowed(
            "The figures are for admins", where="/metrics", instead="A key with the scope `admin` shows them."
        )


def has_metrics_token(authorization: str, token: str) -> bool:
    """Whether these credentials are the token that a setting gives to whoever collects figures."""
    given = authorization[len(BEARER) :] if authorization[: len(BEARER)].lower() == BEARER else ""
    return bool(token) and hmac.compare_digest(given.encode("latin-1", "replace"), token.encode())
