"""Does a planned step fit the tool that it calls?"""

import re
from typing import Any

from pydantic import ValidationError

from agent.planner.catalogue import query_of
from store.errors import ToolRefused
from tools.audience.expression import parse

_LATER = re.compile(r"^\$steps\.\d+\.[a-z_]+$")
_PHRASE = re.compile(r'"[^"]*"')
_EXPRESSIONS = ("expression", "among")
# What the conversation gives when the plan runs.
_GIVEN = {
    "submit_feedback": {"workflow_id": "of-the-conversation"},
    "keep_audience": {"audience_id": "of-the-conversation"},
}
_STANDS_FOR = {"person_ids": [1]}


def misfit(tool: str, arguments: dict[str, Any], *, carried: frozenset[str] = frozenset()) -> str | None:
    """Why these arguments do not fit the tool, or None.

    carried: expressions that an earlier turn left, which are taken as they are.
    """
    filled: dict[str, Any] = {
        name: _STANDS_FOR.get(name, value) if _is_later(value) else value for name, value in arguments.items()
    }
    if tool == "resolve_identities" and "file" in filled:
        filled = {name: value for name, value in filled.items() if name != "file"}
        filled["multi_identifiers"] = []
    try:
        query_of(tool).model_validate(_GIVEN.get(tool, {}) | filled)
        for name in _EXPRESSIONS:
            text = filled.get(name)
            if isinstance(text, str) and text not in carried:
                parse(_PHRASE.sub("1", text))
    except ValidationError as error:
        return "; ".join(
            dict.fromkeys(f"{'.'.join(map(str, e['loc'])) or 'request'}: {e['msg']}" for e in error.errors())
        )
    except ToolRefused as refusal:
        return refusal.what
    return None


def _is_later(value: object) -> bool:
    return isinstance(value, str) and bool(_LATER.match(value))
