"""What is told to whoever listens when a tool has done its work?"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from store.records.outbox import MOST_ENTRIES, Teller, fits, tell
from store.records.webhooks import EventType
from tools.declaration import ToolResult
from tools.figures import counts_of

OF_TOOL: dict[str, EventType] = {
    "analyze_customers": "analysis.done",
    "generate_audience": "audience.done",
    "analyze_outcomes": "outcomes.done",
    "run_briefing": "briefing.ready",
}
IDS = ("analysis_id", "audience_id", "briefing_id", "snapshot_id")


def tell_done(
    teller: Teller, tool: str, key: str, result: ToolResult, about: Mapping[str, Any], session: Any = None
) -> None:
    """Queue what a tool's answer has to tell: that it is done, and that its file is ready.

    about: of whose work it was; ids, names and links. key: of this work, told twice it is one message.
    """
    if tool in OF_TOOL:
        tell(teller, f"{OF_TOOL[tool]}:{key}", OF_TOOL[tool], said_of(result, about), session)
    for file in _files(result):
        key = f"export.ready:{file['export_id']}"
        tell(teller, key, "export.ready", _fitting({**about, **file}), session)


def said_of(result: ToolResult, about: Mapping[str, Any]) -> dict[str, Any]:
    """Ids and figures of an answer; what does not fit into a message is left out."""
    ids = {name: getattr(result, name, None) for name in IDS if getattr(result, name, None)}
    counts = dict(list(counts_of(result).items())[:MOST_ENTRIES])
    return _fitting({**about, **ids, "counts": counts})


def _files(result: ToolResult) -> list[dict[str, Any]]:
    told = []
    for export in links_of(result):
        link = export if isinstance(export, Mapping) else export.model_dump()
        name = urlsplit(link["url"]).path.rpartition("/")[2]
        told.append({"export_id": name.partition(".")[0], "format": link["format"], "rows": link["rows"]})
    return told


def links_of(result: ToolResult) -> list[Any]:
    """The links to the files of an answer, as models or as they were read back from JSON."""
    found = [getattr(result, "export", None)]
    for file in getattr(result, "files", []):
        found.append(file.get("export") if isinstance(file, Mapping) else getattr(file, "export", None))
    return [link for link in found if link is not None]


def _fitting(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if fits(name, value)}
