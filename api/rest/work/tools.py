"""Every tool as a route, from its one declaration."""

from collections.abc import Callable
from functools import cache
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Header, Query, Response
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from agent import CATALOGUE
from api.access.visit import Reader, Visit, allowed
from api.jobs.preferring import MANY, is_for_a_job
from api.rest.work.jobs import Job, submitted
from tools.calls import call
from tools.declaration import Tool

PREFER = (
    "`respond-async`: the answer is 202 with a job. Without it, a request that names more than "
    f"{MANY:,} people becomes a job too, unless `wait` is preferred."
)
COMPONENTS = "#/components/schemas/{model}"


def tool_routes() -> APIRouter:
    """`GET /v1/tools`, and `POST /v1/tools/{name}` for each tool."""
    router = APIRouter(prefix="/v1/tools", tags=["tools"])

    @router.get("")
    def tools(_: Reader) -> list[dict[str, Any]]:
        """Names, words and schemas of all tools."""
        return _listed()

    for tool in CATALOGUE:
        router.add_api_route(
            f"/{tool.name}",
            _route(tool),
            methods=["POST"],
            response_model=None,
            summary=tool.summary,
            description=tool.description,
            operation_id=tool.name,
            openapi_extra={"requestBody": {"required": True, "content": _content(tool.query, "validation")}},
            responses={
                200: {"content": _content(tool.result, "serialization")},
                202: {"model": Job, "description": "The job that it has become."},
            },
        )
    return router


@cache
def _listed() -> list[dict[str, Any]]:
    # The schemas of all tools take a tenth of a second to make.
    return [
        {
            "name": t.name,
            "description": t.description,
            "input_schema": t.input_schema,
            "output_schema": t.output_schema,
        }
        for t in CATALOGUE
    ]


def _content(model: type[BaseModel], mode: JsonSchemaMode) -> dict[str, Any]:
    return {"application/json": {"schema": _schemas()[0][model, mode]}}


def tool_schemas() -> dict[str, Any]:
    """The schemas of every tool's query and result, as components of the OpenAPI document."""
    return _schemas()[1]["$defs"]


@cache
def _schemas() -> tuple[dict[Any, Any], dict[str, Any]]:
    """References to the models of all tools, and what they refer to; shared names are told apart."""
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = []
    for each in CATALOGUE:
        modes += [(each.query, "validation"), (each.result, "serialization")]
    return models_json_schema(modes, ref_template=COMPONENTS)


def _route(tool: Tool) -> Callable[..., Response]:
    def route(
        visit: Annotated[Visit, Depends(allowed(*sorted(tool.needs)))],
        arguments: dict[str, Any] = Body(),  # noqa: B008  # FastAPI reads the default
        warehouse: str | None = Query(default=None, description="The warehouse; the only one when left out."),
        prefer: Annotated[list[str] | None, Header(description=PREFER)] = None,
    ) -> Response:
        if is_for_a_job(arguments, prefer or ()):
            job = submitted(visit, tool.name, arguments, warehouse)
            job.headers["Preference-Applied"] = "respond-async"
            return job
        answer = call(tool, visit.workspace(warehouse), arguments)
        said = answer.model_dump_json(exclude_none=True, warnings=False)
        return Response(said, media_type="application/json")

    return route
