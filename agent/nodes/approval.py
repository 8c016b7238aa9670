"""May this leave the house? The run waits here until somebody says yes or no."""

from typing import Any

from langgraph.types import interrupt


def approved(what: dict[str, Any]) -> bool:
    """Whether somebody said yes to this, which is plain JSON and names nobody.

    The step that asks runs again from its top once it is answered: nothing may have happened before.
    """
    answer = interrupt(what)
    return isinstance(answer, dict) and answer.get("approved") is True
