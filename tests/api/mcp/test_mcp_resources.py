"""Warehouses, analyses and briefings can be read, by their own organisation."""

import asyncio
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from mcp import Client
from mcp.shared.exceptions import MCPError
from mcp_types import INVALID_PARAMS, ReadResourceResult, TextResourceContents

from api.mcp.resources import KINDS, WAREHOUSES
from store.access import LOCAL, SCOPES_OF, Principal
from store.records import Analysis
from store.records.profiles import IcpProfile, ProfileRevision, add_profile
from store.workspace import House, Workspace

Connect = Callable[..., Client]
OTHER = Principal("org_other", "key_other", "admin", SCOPES_OF["admin"])
NOTHING = Principal(LOCAL, "key_run", "analyst", frozenset({"run"}))


def read(connect: Connect, uri: str, *who: Principal) -> ReadResourceResult | MCPError:
    async def ask() -> ReadResourceResult | MCPError:
        async with connect(*who) as client:
            try:
                return await client.read_resource(uri)
            except MCPError as error:
                return error

    return asyncio.run(ask())


def both(found: ReadResourceResult | MCPError) -> tuple[str, Any]:
    assert isinstance(found, ReadResourceResult), found
    markdown, document = found.contents
    assert isinstance(markdown, TextResourceContents)
    assert isinstance(document, TextResourceContents)
    assert (markdown.mime_type, document.mime_type) == ("text/markdown", "application/json")
    return markdown.text, json.loads(document.text)


def test_the_warehouses_are_told_with_their_people(connect: Connect, us: Workspace) -> None:
    markdown, document = both(read(connect, WAREHOUSES))
    assert "`us`: 100,000 people" in markdown
    assert document == [{"warehouse": "us", "people": 100_000, "snapshot_id": us.warehouse.current_id}]


def test_another_organisation_is_told_of_none(connect: Connect) -> None:
    markdown, document = both(read(connect, WAREHOUSES, OTHER))
    assert document == []
    assert "none yet" in markdown


def made(connect: Connect, us: Workspace) -> tuple[str, str]:
    """The ids of an analysis and of a briefing on it."""
    (shard,) = us.population.shards
    golf = us.population.catalogue.valued("interested_golf", "Yes")
    assert golf is not None
    people = [int(shard.person_ids[number]) for number in list(shard.bitmaps[golf.code])[:120]]

    async def ask() -> tuple[str, str]:
        async with connect() as client:
            analysis = await client.call_tool("analyze_customers", {"person_ids": people})
            analysis_id = analysis.structured_content["analysis_id"]
            briefing = await client.call_tool("run_briefing", {"icp_profile": analysis_id})
            return analysis_id, briefing.structured_content["briefing_id"]

    return asyncio.run(ask())


def test_an_analysis_and_a_briefing_are_read_as_markdown_and_as_json(connect: Connect, us: Workspace) -> None:
    analysis_id, briefing_id = made(connect, us)
    markdown, document = both(read(connect, f"fieldmark://analyses/{analysis_id}"))
    assert document["analysis_id"] == analysis_id
    assert document["headline"].split(" are ")[0] in markdown
    markdown, document = both(read(connect, f"fieldmark://briefings/{briefing_id}"))
    assert document["briefing_id"] == briefing_id
    assert markdown == document["markdown"]
    for kind, key in (("analyses", analysis_id), ("briefings", briefing_id)):
        hidden = read(connect, f"fieldmark://{kind}/{key}", OTHER)
        never = read(connect, f"fieldmark://{kind}/icp_never", OTHER)
        assert isinstance(hidden, MCPError)
        assert isinstance(never, MCPError)
        assert hidden.message == never.message


def kept_profile(house: House, clock: Callable[[], datetime], creator: str, *, shared: bool) -> str:
    key = f"profile_{creator}"
    profile = IcpProfile(
        profile_id=key,
        name="Mid-market",
        creator=creator,
        shared=shared,
        created_at=clock(),
        changed_at=clock(),
    )
    document = {"name": "Mid-market *SaaS*", "industries": ["Software"], "disqualifiers": ["agencies"]}
    revision = ProfileRevision(
        revision_id=f"{key}_r1",
        profile_id=key,
        number=1,
        document=document,
        actor=creator,
        what_changed="made",
        created_at=clock(),
    )
    add_profile(house.database, profile, revision, lambda _: None)
    return f"fieldmark://icp-profiles/{key}"


def test_a_profile_is_read_by_its_creator_and_by_others_once_it_is_shared(
    connect: Connect, us_house: House, clock: Callable[[], datetime]
) -> None:
    own = kept_profile(us_house, clock, "local", shared=False)
    markdown, document = both(read(connect, own))
    assert markdown == "# Mid-market \\*SaaS\\*\n\n- Industry: Software\n- Disqualifier: agencies"
    assert (document["revision"], document["industries"]) == (1, ["Software"])
    colleague = Principal(LOCAL, "key_colleague", "viewer", SCOPES_OF["viewer"])
    hidden = read(connect, own, colleague)
    never = read(connect, "fieldmark://icp-profiles/profile_never", colleague)
    assert isinstance(hidden, MCPError)
    assert isinstance(never, MCPError)
    assert hidden.message == never.message
    shared = kept_profile(us_house, clock, "key_other", shared=True)
    assert both(read(connect, shared, colleague))[1]["shared"] is True
    assert isinstance(read(connect, shared, OTHER), MCPError)


@pytest.mark.parametrize(
    "uri",
    [
        "fieldmark://people/1",
        "fieldmark://analyses/",
        "fieldmark://analyses/../secret",
        "fieldmark://analyses/%2e%2e%2fsecret",
        "file:///etc/passwd",
        "",
    ],
)
def test_what_is_no_resource_is_told_which_there_are(connect: Connect, uri: str) -> None:
    error = read(connect, uri)
    assert isinstance(error, MCPError)
    assert error.code == INVALID_PARAMS
    assert all(kind.template.uri_template in error.message for kind in KINDS)
    assert "secret" not in error.message


def test_reading_needs_the_scope_read(connect: Connect) -> None:
    error = read(connect, WAREHOUSES, NOTHING)
    assert isinstance(error, MCPError)
    assert "`read`" in error.message


def kept(house: House, clock: Callable[[], datetime], count: int) -> list[str]:
    """Records of so many analyses, two a day; their ids, newest first, then by id."""
    names = [f"icp_{number:03}" for number in range(count)]
    for number, name in enumerate(names):
        at = clock() + timedelta(days=number // 2)
        house.database.add(
            Analysis(
                analysis_id=name,
                workflow_id="w",
                warehouse="us",
                snapshot_id="s",
                created_at=at,
                customers=5,
                headline="People who golf.",
            )
        )
    return names[::-1]


def test_analyses_are_listed_in_pages_newest_first_for_their_own_organisation(
    connect: Connect, us_house: House, clock: Callable[[], datetime]
) -> None:
    names = kept(us_house, clock, 7)

    async def ask(*who: Principal) -> list[str]:
        async with connect(*who, page=3) as client:
            page = await client.list_resources()
            found = [one.uri for one in page.resources]
            while page.next_cursor:
                page = await client.list_resources(cursor=page.next_cursor)
                assert len(page.resources) <= 3
                found += [one.uri for one in page.resources]
            return found

    assert asyncio.run(ask()) == [WAREHOUSES, *(f"fieldmark://analyses/{name}" for name in names)]
    assert asyncio.run(ask(OTHER)) == [WAREHOUSES]


@pytest.mark.parametrize(
    "method", ["list_tools", "list_resources", "list_resource_templates", "list_prompts"]
)
def test_a_cursor_that_is_none_of_ours_is_refused(connect: Connect, method: str) -> None:
    async def ask() -> MCPError:
        async with connect() as client:
            with pytest.raises(MCPError) as error:
                await getattr(client, method)(cursor="c2VjcmV0")
            return error.value

    error = asyncio.run(ask())
    assert error.code == INVALID_PARAMS
    assert "cursor" in error.message.lower()
    assert "c2VjcmV0" not in error.message


def test_the_templates_are_those_of_the_kinds(connect: Connect) -> None:
    async def ask() -> list[str]:
        async with connect() as client:
            return [one.uri_template for one in (await client.list_resource_templates()).resource_templates]

    assert asyncio.run(ask()) == [
        "fieldmark://analyses/{analysis_id}",
        "fieldmark://icp-profiles/{icp_profile_id}",
        "fieldmark://briefings/{briefing_id}",
    ]
