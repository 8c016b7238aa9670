"""The ideal customer of a warehouse, from what its users do: the analysis, and the score of a lead."""

from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.concurrency import run_in_threadpool

from api.access.visit import Runner
from store.errors import BadInput
from tools.behaviour.icp.answers import IcpAnalysisAnswer, IcpFeatures, IcpScoreAnswer

if TYPE_CHECKING:
    from tools.behaviour.icp.of_warehouse import WarehouseIcp

EXAMPLE = {
    "features": {
        "country": "United States",
        "device": "desktop",
        "acquisition_channel": "organic",
        "session_count": 5,
        "page_views": 25,
        "engagement_time_seconds": 450,
    }
}


class IcpScoreRequest(BaseModel):
    """What is known of a lead."""

    model_config = ConfigDict(extra="forbid")

    features: IcpFeatures


SCHEMA = {
    "type": "object",
    "required": ["features"],
    "additionalProperties": False,
    "properties": {"features": IcpFeatures.model_json_schema()},
}
BODY = {"required": True, "content": {"application/json": {"schema": SCHEMA, "example": EXAMPLE}}}


def icp_routes() -> APIRouter:
    """`GET …/icp-analysis` and `POST …/icp-score` of a warehouse."""
    router = APIRouter(prefix="/v1/warehouses", tags=["ideal customers"])

    @cache
    def icp() -> "WarehouseIcp":
        from tools.behaviour.icp.of_warehouse import WarehouseIcp  # models take seconds to import

        return WarehouseIcp()

    @router.get("/{warehouse}/icp-analysis")
    def analysis(visit: Runner, warehouse: str) -> IcpAnalysisAnswer:
        """Segments of the users who bought, with what to do about each; kept by the hash of what was read."""
        return IcpAnalysisAnswer(data=icp().analysis(visit.workspace(warehouse)))

    @router.post("/{warehouse}/icp-score", openapi_extra={"requestBody": BODY})
    async def score(visit: Runner, warehouse: str, request: Request) -> IcpScoreAnswer:
        """How near a lead is to the ideal customer: score, tier, segment, probability and value."""
        # As JSON whatever it says it is: curl sends `-d '{…}'` as a form.
        lead = _lead(await request.body())
        workspace = visit.workspace(warehouse)
        return IcpScoreAnswer(data=await run_in_threadpool(lambda: icp().score(workspace, lead)))

    return router


def _lead(body: bytes) -> IcpFeatures:
    """The features of the body. Raises BadInput that names fields, never their values."""
    try:
        given: Any = orjson.loads(body)
        return IcpScoreRequest.model_validate(given).features
    except orjson.JSONDecodeError:
        raise BadInput("The body is not JSON", where="body", instead=_instead()) from None
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False, include_context=False)
        known = set(IcpFeatures.model_fields) | {"features"}
        told = {str(step) if step in known else "a field" for p in problems for step in p["loc"][-1:]}
        raise BadInput(
            f"The lead cannot be read: {problems[0]['msg']}",
            where=", ".join(sorted(told)),
            instead=_instead(),
        ) from None


def _instead() -> str:
    return f'Send `{{"features": {{…}}}}` with any of {", ".join(IcpFeatures.model_fields)}.'
