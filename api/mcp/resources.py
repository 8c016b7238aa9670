"""What can be read over MCP: warehouses, analyses, briefings, as Markdown and as JSON."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from mcp_types import ReadResourceResult, Resource, ResourceTemplate, TextResourceContents

from agent.analyses import saved_analysis
from agent.briefing_result import Briefing
from agent.markdown import bullets, code, headed, paragraphs, plain
from api.access.visit import Visit
from api.rest.form.paging import cursor_at, place_of
from store.errors import NotFound
from store.records import Analysis as AnalysisRecord
from store.records.newest import Place, newest
from store.records.profiles import IcpProfile, profiles_seen_by, revision_of, visible_profile
from store.warehouse import warehouse_names
from tools.profiles.content.document import DIMENSIONS, LABELS, ProfileDocument

SCHEME = "fieldmark://"
URI = re.compile(r"fieldmark://(?P<kind>[a-z-]{1,40})/(?P<key>[A-Za-z0-9_-]{1,80})")
WAREHOUSES = f"{SCHEME}warehouses"
MARKDOWN, JSON = "text/markdown", "application/json"
PAGE = 50
PROFILE = "profile_"  # as the ids of profiles begin, and no others do


@dataclass(frozen=True)
class Told:
    """A resource, both as a person reads it and as a program does."""

    markdown: str
    document: Any


@dataclass(frozen=True)
class Kind:
    """A kind of resource that has many: `fieldmark://NAME/{id}`."""

    name: str
    parameter: str
    title: str
    description: str
    read: Callable[[Visit, str], Told]

    @property
    def template(self) -> ResourceTemplate:
        return ResourceTemplate(
            name=self.name,
            title=self.title,
            uri_template=f"{SCHEME}{self.name}/{{{self.parameter}}}",
            description=self.description,
            mime_type=MARKDOWN,
        )


def _analysis(visit: Visit, key: str) -> Told:
    from agent.conversation.answers import analysis  # takes a second to import

    found = saved_analysis(visit.house.artifacts, key)
    return Told(analysis.answer(found).text, found.model_dump(mode="json", exclude_none=True))


def _briefing(visit: Visit, key: str) -> Told:
    try:
        found = Briefing.model_validate(visit.house.artifacts.document("briefing", key))
    except NotFound:
        raise NotFound(
            "There is no such briefing", where="briefing_id", instead="The tool `run_briefing` makes one."
        ) from None
    return Told(found.markdown, found.model_dump(mode="json", exclude_none=True))


def _profile(visit: Visit, key: str) -> Told:
    database = visit.house.database
    profile = visible_profile(database, visit.principal.actor, key)
    kept = revision_of(database, profile.profile_id, profile.revision)
    document = ProfileDocument.model_validate(kept.document)
    known = {"icp_profile_id": key, "revision": kept.number, "shared": profile.shared}
    return Told(_profile_text(document), known | document.model_dump(mode="json", exclude_none=True))


def _profile_text(profile: ProfileDocument) -> str:
    written = {LABELS[name]: profile.wanted(name) for name in DIMENSIONS}
    written[LABELS["disqualifiers"]] = profile.disqualifiers
    return paragraphs(
        f"# {plain(profile.name)}",
        plain(profile.description, most=4_000),
        bullets([f"{label}: {plain(', '.join(said))}" for label, said in written.items() if said]),
        headed(
            "Learned from data, the weightiest first:",
            [
                plain(f"{one.label}: {one.good}" if one.good else one.label)
                for one in sorted(profile.criteria, key=lambda one: -one.weight)
            ],
        ),
    )


KINDS = (
    Kind(
        "analyses",
        "analysis_id",
        "Analysis of customers",
        "What sets the customers of one analysis apart, their segments, and how to reach more of them.",
        _analysis,
    ),
    Kind(
        "icp-profiles",
        "icp_profile_id",
        "Ideal customer profile",
        "A profile as it is now: what is written by hand, and what was learned from data.",
        _profile,
    ),
    Kind(
        "briefings",
        "briefing_id",
        "Briefing",
        "What changed since the analysis before, one risk, one thing to do.",
        _briefing,
    ),
)


def read(visit: Visit, uri: str) -> ReadResourceResult:
    """The resource as Markdown and as JSON. Raises NotFound, and NotAllowed without the scope `read`."""
    visit.require("read")
    told = _warehouses(visit) if uri == WAREHOUSES else _one(visit, uri)
    document = json.dumps(told.document, ensure_ascii=False)
    return ReadResourceResult(
        contents=[
            TextResourceContents(uri=uri, mime_type=MARKDOWN, text=told.markdown),
            TextResourceContents(uri=uri, mime_type=JSON, text=document),
        ]
    )


def _one(visit: Visit, uri: str) -> Told:
    asked = URI.fullmatch(uri)
    kind = next((each for each in KINDS if asked and asked["kind"] == each.name), None)
    if asked is None or kind is None:
        forms = ", ".join(each.template.uri_template for each in KINDS)
        raise NotFound("There is no such resource", where="uri", instead=f"There are {WAREHOUSES}, {forms}.")
    return kind.read(visit, asked["key"])


def _warehouses(visit: Visit) -> Told:
    known = [_warehouse(visit, name) for name in warehouse_names(visit.house.home)]
    lines = [
        f"{code(one['warehouse'])}: {one['people']:,} people, snapshot {code(one['snapshot_id'])}"
        if one["snapshot_id"]
        else f"{code(one['warehouse'])}: records alone, no people"
        for one in known
    ]
    return Told(paragraphs("# Warehouses", bullets(lines) if lines else "There is none yet."), known)


def _warehouse(visit: Visit, name: str) -> dict[str, Any]:
    warehouse = visit.workspace(name).warehouse
    if not warehouse.exists:
        return {"warehouse": name, "people": 0, "snapshot_id": ""}
    return {
        "warehouse": name,
        "people": visit.workspace(name).population.persons,
        "snapshot_id": warehouse.current_id,
    }


def listed(visit: Visit, cursor: str | None, limit: int = PAGE) -> tuple[list[Resource], str | None]:
    """The warehouses, then the analyses and the profiles that the caller may see, each the newest first.

    And the cursor of what is left.
    """
    visit.require("read")
    rows = _rows(visit, place_of(cursor), limit)
    shown = [_listed_row(row) for row in rows[:limit]]
    after = cursor_at(_place(rows[limit - 1])) if len(rows) > limit else None
    return (shown if cursor else [_listed_warehouses(), *shown]), after


def _rows(visit: Visit, after: Place | None, limit: int) -> list[AnalysisRecord | IcpProfile]:
    """One more than the limit where there are more. The place's key tells of which kind it is."""
    database, actor = visit.house.database, visit.principal.actor
    if after is not None and after.key.startswith(PROFILE):
        return [*profiles_seen_by(database, actor, limit, after)]
    at, key = AnalysisRecord.created_at, AnalysisRecord.analysis_id
    analyses = newest(database, AnalysisRecord, at, key, limit, after)
    room = limit - len(analyses)
    return [*analyses, *(profiles_seen_by(database, actor, room) if room >= 0 else [])]


def _place(row: AnalysisRecord | IcpProfile) -> Place:
    return Place(row.created_at, row.profile_id if isinstance(row, IcpProfile) else row.analysis_id)


def _listed_row(row: AnalysisRecord | IcpProfile) -> Resource:
    return _listed_profile(row) if isinstance(row, IcpProfile) else _listed_analysis(row)


def _listed_warehouses() -> Resource:
    return Resource(
        name="warehouses",
        title="Warehouses",
        uri=WAREHOUSES,
        description="The data sets that can be asked: people, and the snapshot in use.",
        mime_type=MARKDOWN,
    )


def _listed_profile(row: IcpProfile) -> Resource:
    return Resource(
        name=row.profile_id,
        title=f"Ideal customer profile {row.name}",
        uri=f"{SCHEME}icp-profiles/{row.profile_id}",
        description=f"Revision {row.revision}, {'shared' if row.shared else 'private'}.",
        mime_type=MARKDOWN,
    )


def _listed_analysis(row: AnalysisRecord) -> Resource:
    return Resource(
        name=row.analysis_id,
        title=f"Analysis of {row.customers:,} customers of {row.warehouse}, {row.created_at:%Y-%m-%d}",
        uri=f"{SCHEME}analyses/{row.analysis_id}",
        description=row.headline,
        mime_type=MARKDOWN,
    )
