"""What does an answer count, and how large is it?"""

import json
from typing import Any

from pydantic_core import PydanticSerializationError, to_json

from tools.declaration import ToolResult


def size_of(said: Any) -> int:
    """Bytes of a request or an answer as JSON, without what is empty in it."""
    try:
        return len(to_json(said, exclude_none=True))
    except (PydanticSerializationError, ValueError):  # half of a surrogate pair, which is no text
        return len(json.dumps(said, default=str))


def counts_of(result: ToolResult) -> dict[str, float]:
    """The plain figures of an answer, for its trace."""
    stats = getattr(result, "stats", None)
    found = dict(result) | (dict(stats) if stats is not None else {})
    return {
        name: float(value)
        for name, value in found.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
