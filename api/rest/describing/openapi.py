"""What does the API offer? The OpenAPI document: schemas, words, examples, errors, headers, credentials."""

import re
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.rest.describing.examples import ANSWERS, REQUESTS
from api.rest.describing.samples import sample_of
from api.rest.describing.words import ABOUT, KEY, NAMES, PROBLEMS, TAGS
from api.rest.form.problems import MEDIA_TYPE, Problem
from api.rest.work.tools import tool_schemas

SUMMARY = "The ideal customer profile of your best customers, proven, and the people like them."
METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
CHANGING = ("post", "put", "patch", "delete")
# Without a credential: the link is one, one is asked for here, or nobody's figures come back.
OPEN = re.compile(r"/(healthz|readyz|metrics)|/v1/sign-in(/.*)?|/v1/exports/\{name\}")
# Who signs in is nobody yet: what the way in refuses by itself.
SIGNING_IN = {
    "/v1/sign-in": {401, 403, 429},
    "/v1/sign-in/oidc": {404},
    "/v1/sign-in/oidc/callback": {401, 404},
}
SECURITY = {
    "key": {"type": "http", "scheme": "bearer", "description": "A key, `sk_live_…`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "fieldmark_session",
        "description": "A member who signed in; changes need the header with the token of that sign-in too.",
    },
}
HEADERS = {
    "Location": ("Where the job is.", {"type": "string"}),
    "Retry-After": ("Seconds after which it is worth asking again.", {"type": "integer", "minimum": 0}),
    "Idempotent-Replayed": ("`true` where this was answered before.", {"type": "string", "const": "true"}),
    "Preference-Applied": ("`respond-async` where the call became a job.", {"type": "string"}),
    "Allow": ("The methods that there are.", {"type": "string"}),
    "WWW-Authenticate": ("`Bearer`.", {"type": "string"}),
}
WITH_HEADERS = {401: ["WWW-Authenticate"], 405: ["Allow"], 409: ["Retry-After"], 429: ["Retry-After"]}


def document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the application, made once."""
    if not app.openapi_schema:
        made = get_openapi(
            title=app.title, version=app.version, summary=SUMMARY, description=ABOUT, routes=app.routes
        )
        _add_components(made)
        for path, method, operation in operations(made):
            _describe(made, path, method, operation)
        for unused in ("HTTPValidationError", "ValidationError"):
            made["components"]["schemas"].pop(unused, None)
        told = {tag for _, _, each in operations(made) for tag in each.get("tags", [])}
        made["tags"] = [{"name": tag, "description": words} for tag, words in TAGS.items() if tag in told]
        app.openapi_schema = made
    return app.openapi_schema


def operations(made: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation with its path and method."""
    return [
        (path, method, item[method])
        for path, item in made["paths"].items()
        for method in METHODS
        if method in item
    ]


def _add_components(made: dict[str, Any]) -> None:
    parts = made.setdefault("components", {})
    parts.setdefault("schemas", {}).update(tool_schemas())
    parts["schemas"]["Problem"] = Problem.model_json_schema()
    parts["securitySchemes"] = SECURITY
    parts["headers"] = {
        name: {"description": words, "schema": schema} for name, (words, schema) in HEADERS.items()
    }
    parts["responses"] = {f"Problem{status}": _problem(status, words) for status, words in PROBLEMS.items()}
    parts["parameters"] = {
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": KEY,
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        }
    }


def _problem(status: int, words: str) -> dict[str, Any]:
    said = {
        "type": "about:blank",
        "title": words.split(";")[0].split(":")[0],
        "status": status,
        "detail": words,
    }
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": said}
    return {
        "description": words,
        "headers": _headers(*WITH_HEADERS.get(status, [])),
        "content": {MEDIA_TYPE: content},
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _describe(made: dict[str, Any], path: str, method: str, operation: dict[str, Any]) -> None:
    operation["operationId"] = _name(path, method, operation["operationId"])
    operation.setdefault("summary", operation["operationId"].replace("_", " "))
    is_open = bool(OPEN.fullmatch(path))
    operation["security"] = [] if is_open else [{name: []} for name in SECURITY]
    _add_problems(path, method, operation, is_open=is_open)
    if method in CHANGING and path.startswith("/v1/"):
        operation.setdefault("parameters", []).append({"$ref": "#/components/parameters/IdempotencyKey"})
        for status in (each for each in operation["responses"] if each.startswith("2")):
            operation["responses"][status].setdefault("headers", {}).update(_headers("Idempotent-Replayed"))
    if "202" in operation["responses"] and "#/components/schemas/Job" in str(operation["responses"]["202"]):
        names = ["Location", "Retry-After"] + (["Preference-Applied"] if "tools" in path else [])
        operation["responses"]["202"].setdefault("headers", {}).update(_headers(*names))
    _add_examples(made, operation)


def _name(path: str, method: str, made: str) -> str:
    """The name of an operation: its function's, which FastAPI makes longer by the path and the method."""
    return NAMES.get((method, path)) or made.removesuffix(re.sub(r"\W", "_", path) + f"_{method}")


def _add_problems(path: str, method: str, operation: dict[str, Any], *, is_open: bool) -> None:
    statuses = {400, 422, 500} | (set() if is_open else {401, 403, 429})
    statuses |= {406} if path.startswith("/v1") else set()
    statuses |= SIGNING_IN.get(path, set())
    if "{" in path or path.startswith("/v1/tools/") or operation.get("requestBody"):
        statuses |= {404}
    if method in CHANGING:
        statuses |= {409, 413, 415, 507}
    if path.startswith("/v1/tools/") and path.endswith("_icp_profile"):
        statuses |= {412}
    if "icp-profiles/{" in path and method in CHANGING:
        statuses |= {412, 428}
    if path.endswith(("/result", "/exports/{name}")):
        statuses |= {409, 410}
    for status in sorted(statuses):
        kept = operation["responses"].get(str(status), {})
        if status == 422 or not kept:
            operation["responses"][str(status)] = {"$ref": f"#/components/responses/Problem{status}"}


def _add_examples(made: dict[str, Any], operation: dict[str, Any]) -> None:
    schemas, name = made["components"]["schemas"], operation["operationId"]
    body = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if body is not None and "example" not in body:
        body["example"] = REQUESTS.get(name) or sample_of(body.get("schema", {}), schemas)
    for status, answer in operation["responses"].items():
        if not status.startswith("2"):
            continue
        for content in answer.get("content", {}).values():
            if "example" in content or "examples" in content:
                continue
            schema = content.get("schema", {})
            of_a_job = schema.get("$ref", "").endswith("/Job")
            written = ANSWERS["submit_job"] if of_a_job and status == "202" else ANSWERS.get(name)
            content["example"] = sample_of(schema, schemas) if written is None else written
