"""What does a value of this schema look like? Made from the schema where nobody wrote one down."""

from typing import Any

PREFIX = "#/components/schemas/"
DEEPEST = 8
NAMED = {
    "workflow_id": "3f2b8f0e-5c1d-4f8a-9d55-0a4f2f5d7a10",
    "tool_trace_id": "trace_5d7c2c0e-90c3-4a35-9f0b-0c8b7a2f4a11",
    "run_id": "icp_8a1f6c44-2f0d-4f0c-8f1e-9c6b1d2e3f40",
    "analysis_id": "icp_8a1f6c44-2f0d-4f0c-8f1e-9c6b1d2e3f40",
    "warehouse": "customers",
    "snapshot_id": "20260302T080000Z",
    "email": "someone@example.com",
    "url": "https://example.com/",
    "actor": "local",
    "cluster_hash": "00112233445566778899aabbccddeeff",
}
FORMATS = {
    "date-time": "2026-03-02T08:00:00Z",
    "date": "2026-03-02",
    "uri": "https://example.com/",
    "email": "someone@example.com",
    "uuid": "3f2b8f0e-5c1d-4f8a-9d55-0a4f2f5d7a10",
    "binary": "",
}


def sample_of(schema: dict[str, Any], schemas: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """A small value that fits the schema, as far as patterns allow; always the same."""
    for given in ("example", "const"):
        if given in schema:
            return schema[given]
    if "$ref" in schema:
        return sample_of(schemas[schema["$ref"].removeprefix(PREFIX)], schemas, name, depth)
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf"):
        if several in schema:
            kinds = [each for each in schema[several] if each.get("type") != "null"]
            return sample_of(kinds[0], schemas, name, depth) if kinds and depth < DEEPEST else None
    if "allOf" in schema:
        return sample_of(schema["allOf"][0], schemas, name, depth)
    return _of_type(schema, schemas, name, depth)


def _of_type(schema: dict[str, Any], schemas: dict[str, Any], name: str, depth: int) -> Any:
    match schema.get("type"):
        case "object":
            return _object(schema, schemas, depth)
        case "array":
            least = schema.get("minItems", 1)
            item = sample_of(schema.get("items", {}), schemas, name.rstrip("s"), depth + 1)
            return [item] * (least if depth < DEEPEST else schema.get("minItems", 0))
        case "integer":
            return _number(schema, 1)
        case "number":
            return _number(schema, 0.5)
        case "boolean":
            return schema.get("default", True)
        case "null":
            return None
        case _:
            return _text(schema, name)


def _object(schema: dict[str, Any], schemas: dict[str, Any], depth: int) -> dict[str, Any]:
    wanted = schema.get("required", [])
    known = schema.get("properties", {})
    return {name: sample_of(known[name], schemas, name, depth + 1) for name in wanted if name in known}


def _number(schema: dict[str, Any], usual: float) -> Any:
    least, most = schema.get("minimum", schema.get("exclusiveMinimum")), schema.get("maximum")
    default = schema.get("default")
    if isinstance(default, int | float):
        return default
    if least is not None and usual <= least:
        return least if "minimum" in schema else least + 1
    return most if most is not None and usual > most else usual


def _text(schema: dict[str, Any], name: str) -> str:
    if isinstance(schema.get("default"), str):
        return schema["default"]
    said = NAMED.get(name) or FORMATS.get(schema.get("format", "")) or name.replace("_", " ") or "text"
    return said.ljust(schema.get("minLength", 0), ".")[: schema.get("maxLength")]
