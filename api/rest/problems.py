"""Every error in one shape: problem details (RFC 9457)."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from store.errors import ToolRefused

MEDIA_TYPE = "application/problem+json"


def problem(refusal: ToolRefused) -> dict[str, object]:
    """The refusal as problem details: what was wrong, where, and what would be right."""
    return {
        "type": f"urn:fieldmark:problem:{type(refusal).__name__}",
        "title": type(refusal).__doc__,
        "status": refusal.status,
        "detail": str(refusal),
        "where": refusal.where,
        "instead": refusal.instead,
    }


def add_problem_handlers(app: FastAPI) -> None:
    """Answer refusals, unknown routes, unreadable bodies and failures as problem details."""

    @app.exception_handler(ToolRefused)
    def refused(_: Request, refusal: ToolRefused) -> JSONResponse:
        return JSONResponse(problem(refusal), refusal.status, media_type=MEDIA_TYPE)

    @app.exception_handler(HTTPException)
    def http(_: Request, error: HTTPException) -> JSONResponse:
        body = {
            "type": "about:blank",
            "title": error.detail,
            "status": error.status_code,
            "detail": error.detail,
        }
        return JSONResponse(body, error.status_code, headers=error.headers, media_type=MEDIA_TYPE)

    @app.exception_handler(Exception)
    def failed(_: Request, error: Exception) -> JSONResponse:
        # What went wrong is in the log, where it cannot carry somebody's values to a caller.
        body = {"type": "about:blank", "title": "Something went wrong here", "status": 500}
        return JSONResponse(body, 500, media_type=MEDIA_TYPE)

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        # The values that came in are left out: they can be somebody's.
        places = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        body = {
            "type": "about:blank",
            "title": "The request does not fit",
            "status": 422,
            "detail": "; ".join(places),
        }
        return JSONResponse(body, 422, media_type=MEDIA_TYPE)
