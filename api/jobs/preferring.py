"""Is this call of a tool to be done as a job: because it is preferred so (RFC 7240), or is it that large?"""

import re
from collections.abc import Sequence
from typing import Any

MANY = 100_000  # identifiers that are looked up while somebody waits
PREFERENCE = re.compile(r"\s*([A-Za-z-]+)")


def is_for_a_job(arguments: dict[str, Any], prefer: Sequence[str]) -> bool:
    """Whether it is: `respond-async` says so, `wait` says no, else the number of people in it decides."""
    said = {found[1].lower() for part in ",".join(prefer).split(",") if (found := PREFERENCE.match(part))}
    if "respond-async" in said:
        return True
    return "wait" not in said and people_in(arguments) > MANY


def people_in(arguments: dict[str, Any]) -> int:
    """How many identifiers and person ids a request names, as far as it is of their form."""
    groups = arguments.get("multi_identifiers")
    lists = [arguments.get("identifiers"), arguments.get("person_ids")]
    if isinstance(groups, list):
        lists += [group.get("values") for group in groups if isinstance(group, dict)]
    return sum(len(each) for each in lists if isinstance(each, list))
