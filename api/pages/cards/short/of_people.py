"""The cards of people found, of people recognised, of scored leads and of files for platforms."""

from typing import Any
from urllib.parse import quote

from agent.conversation.answers.people import readable
from agent.narration.wording import joined, number, percent
from api.pages.cards.people import person_rows
from api.pages.cards.short.shape import Link, ShortCard, Table
from api.pages.words import text
from store.workspace import Workspace

REASONS = 3  # of a lead, told in a row


def found_people(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """How many have these traits, each condition alone where nobody has all, and some of them masked."""
    clauses = (result.get("diagnosis") or {}).get("clauses", [])
    builder = f"/audiences/new?expression={quote(result['expression'])}&warehouse={workspace.warehouse.name}"
    return ShortCard(
        text("cards.persons"),
        text("cards.people_who", who=readable(result["in_words"])),
        facts=[
            (text("cards.persons_total"), number(result["total"])),
            (text("cards.persons_share"), percent(result["share_of_population"])),
            (text("cards.audience_reachable"), number(result["reachable"])),
        ],
        tables=[
            Table(
                text("cards.persons_clauses"),
                [(text("cards.clause"), False), (text("cards.people"), True)],
                [[readable(one["in_words"]), number(one["size"])] for one in clauses],
            )
        ],
        people=person_rows(result["sample"]),
        links=[*download(result), Link(text("cards.audience_builder"), builder)],
        made=text("cards.made_counted", warehouse=workspace.warehouse.name),
    )


def recognised(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """How many identifiers led to somebody, and why the others did not."""
    stats = result["stats"]
    rows = [[one["explanation"], number(one["count"]), one["advice"]] for one in result["diagnosis"]]
    columns = [(text("cards.why"), False), (text("cards.many"), True), (text("cards.instead"), False)]
    return ShortCard(
        text("cards.persons_resolved"),
        text(
            "cards.persons_heading", resolved=number(stats["resolved"]), requested=number(stats["requested"])
        ),
        facts=[
            (text("cards.persons_requested"), number(stats["requested"])),
            (text("cards.persons_resolved"), number(stats["resolved"])),
            (text("cards.persons_rate"), percent(stats["rate"])),
        ],
        tables=[Table(text("cards.persons_missed"), columns, rows)],
        links=download(result),
        made=text("cards.made_recognised"),
    )


def scored_leads(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """How the leads divide into tiers, and the best of them; of a lead only what may be kept."""
    columns = [
        (text("cards.lead"), False),
        (text("cards.fit"), True),
        (text("cards.tier"), False),
        (text("cards.chance"), True),
        (text("cards.speaks_for"), False),
        (text("cards.speaks_against"), False),
        (text("cards.unknown"), False),
    ]
    tiers = [(text("cards.leads_tier", tier=tier), number(count)) for tier, count in result["tiers"].items()]
    return ShortCard(
        text("cards.leads"),
        text("cards.leads_heading", scored=number(result["scored"]), total=number(result["total"])),
        facts=[(text("cards.leads_scored"), number(result["scored"])), *tiers],
        notes=list(result["notes"]),
        tables=[Table(text("cards.leads_best"), columns, [_lead(one) for one in result["sample"]])],
        links=download(result),
        made=text("cards.made_scored", profile=result["profile"], criteria=result["criteria"]),
    )


def _lead(one: dict[str, Any]) -> list[Any]:
    chance = one.get("win_chance")
    between = f" ({percent(chance['low'])}–{percent(chance['high'])})" if chance else ""
    parts = (joined(one[name][:REASONS]) or "–" for name in ("matched", "missed", "unknown"))
    told = f"{percent(chance['value'])}{between}" if chance else "–"
    return [one["lead"], f"{one['score']:.0f}", one["tier"], told, *parts]


def exported_file(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """What a file for a platform holds, and what to know before it is used."""
    columns = [(text("cards.severity"), False), (text("cards.what"), False), (text("cards.instead"), False)]
    rows = [
        [text(f"cards.grave_{one['severity']}"), one["what"], one["instead"]] for one in result["warnings"]
    ]
    kinds = (
        ("email", "with_email"),
        ("phone", "with_phone"),
        ("address", "with_address"),
        ("maid", "with_maid"),
    )
    return ShortCard(
        text("cards.exported", platform=result["destination"].replace("_", " ")),
        text("cards.people_who", who=readable(result["in_words"])),
        facts=[
            (text("cards.people"), number(result["people"])),
            (text("cards.exported_rows"), number(result["rows"])),
            *((text(f"cards.with_{kind}"), number(result[name])) for kind, name in kinds if result.get(name)),
        ],
        tables=[Table(text("cards.exported_know"), columns, rows)],
        made=text("cards.made_exported"),
    )


def download(result: dict[str, Any]) -> list[Link]:
    """The file that came with a result."""
    file = result.get("export")
    if not file:
        return []
    return [Link(text("cards.audience_download", format=file["format"].upper()), file["url"], is_main=True)]
