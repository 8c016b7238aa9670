"""Which call does a sentence about a profile become?"""

from pathlib import Path
from typing import Any

from store.feature_file import read_features
from store.features import UNKNOWN, Feature
from store.text_columns import read_texts
from tools.profiles.making.propose_icp_profile import MOST_ROWS
from tools.profiles.matching.columns import kind_of

OF_PROFILES = ("create_icp_profile", "clone_icp_profile", "share_icp_profile", "icp_profile_history")


def profile_call(tool: str, arguments: dict[str, Any], file: Path | None) -> tuple[str, dict[str, Any]]:
    """The tool and its arguments: a history with two numbers compares, one to restore goes back to it.

    A file of best customers is given by its rows, the first MOST_ROWS of them.
    """
    asked = {name: value for name, value in arguments.items() if name not in ("file", "compare", "restore")}
    if tool == "icp_profile_history" and arguments.get("restore") is not None:
        return "restore_icp_profile", asked | {"number": arguments["restore"]}
    if tool == "icp_profile_history" and arguments.get("compare"):
        first, second = arguments["compare"]
        return "compare_icp_profiles", asked | {"revision": first, "other_revision": second}
    if file is not None:
        asked["rows"] = rows_of(file)
    return tool, asked


def rows_of(path: Path, most: int = MOST_ROWS) -> list[dict[str, Any]]:
    """The first rows of a file as objects, without what is missing. Raises BadFile."""
    file = read_features(path)
    columns = {each.name: _values(each) for each in file.table.features}
    columns |= read_texts(path, [name for name in file.left_out if kind_of(name)])
    return [
        {name: values[row] for name, values in columns.items() if values[row] not in (None, [])}
        for row in range(min(file.table.rows, most))
    ]


def _values(feature: Feature) -> list[Any]:
    if feature.kind == "number":
        return [None if value != value else value for value in feature.values.tolist()]
    if feature.starts is None:
        return [None if code == UNKNOWN else feature.levels[code] for code in feature.values.tolist()]
    ends, codes = feature.starts.tolist(), feature.values.tolist()
    rows = (codes[ends[row] : ends[row + 1]] for row in range(feature.rows))
    return [[feature.levels[code] for code in held] for held in rows]
