"""What is asked of `generate_audience` to keep what was built?"""

from typing import Any

from api.pages.audiences.building.asked import Asked
from api.pages.audiences.building.reading import Reading
from store.errors import BadInput


def audience_arguments(asked: Asked, found: Reading) -> dict[str, Any]:
    """The arguments that keep the audience as it was counted. Raises BadInput where nothing decides."""
    arguments: dict[str, Any] = {"identifier_type": asked.channel}
    if asked.location is not None:
        arguments["location"] = asked.location.model_dump()
    if asked.size:
        arguments["target_size"] = asked.size
    if not asked.analysis or (asked.way == "traits" and not asked.without_customers):
        if not found.expression:
            raise BadInput(
                "Nothing says yet who is wanted",
                where="traits",
                instead="Add a trait, or choose an analysis and how wide its audience is.",
            )
        return arguments | {"expression": found.expression}
    arguments["analysis_id"] = asked.analysis
    if found.expression:
        arguments["among"] = found.expression
    if asked.without_customers:
        arguments["exclude"] = ["customers"]
    if asked.way == "curve":
        return arguments | {"point": asked.point}
    # Ranked without a limit of its own keeps everybody for whom the traits hold.
    return arguments | {"strategy": "ranked", "target_size": asked.size or max(1, found.total)}
