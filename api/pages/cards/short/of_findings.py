"""The cards of outcomes, changes, briefings, traits of the population, profiles and explanations."""

from typing import Any

from agent.explain.explanation import ExplainedFigure
from agent.explain.figure import reads
from agent.explain.known_outcomes import criterion_figures, figures_of_outcomes, overview_figures
from agent.narration.wording import number, percent, ratio
from agent.outcome_analysis import OutcomeAnalysis
from api.pages.cards.short.shape import Link, ShortCard, Table
from api.pages.figures.linked import Linked, ends
from api.pages.words import text
from store.workspace import Workspace
from tools.profiles.content.document import DIMENSIONS, LABELS, ProfileDocument

CRITERIA, TRAITS = 8, 30


def outcomes(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """What is recorded, what separates won from lost, and what cannot be said."""
    id = result["outcome_analysis_id"]
    found = OutcomeAnalysis.model_validate(workspace.artifacts.document("outcome_analysis", id))
    linked = Linked("outcomes", id, figures_of_outcomes(found))
    rate = next(iter(overview_figures(found.overview))) if found.overview.win_rate else None
    facts = [
        (text("cards.outcomes_records"), linked.named("outcome records")),
        *([(text("cards.outcomes_rate"), linked(rate))] if rate else []),
        *(
            (text(f"cards.outcomes_{name}"), linked.named(f"records that are {name}"))
            for name in ("won", "lost")
            if name in found.overview.counts
        ),
    ]
    return ShortCard(
        text("cards.outcomes", warehouse=found.warehouse),
        found.headline,
        facts=facts,
        notes=found.warnings[:2],
        tables=[
            _criteria(linked, found),
            Table(
                text("cards.outcomes_not_told"),
                [(text("cards.what"), False), (text("cards.why"), False)],
                [[part, why] for part, why in found.not_told.items()],
                is_open=False,
            ),
        ],
        links=[Link(text("cards.outcomes_open"), f"/outcomes/{id}", is_main=True)],
    )


def _criteria(linked: Linked, found: OutcomeAnalysis) -> Table:
    fit = found.criteria
    columns = [
        (text("cards.look_for"), False),
        (text("cards.weight"), True),
        (text("cards.outcomes_of", which=fit.ideal_word if fit else ""), True),
        (text("cards.outcomes_of", which=fit.others_word if fit else ""), True),
    ]
    rows = []
    if fit:
        for one in fit.criteria[:CRITERIA]:
            figures = list(criterion_figures(one, fit))[:3]
            rows.append([f"{one.scale.told}: {one.good}", *linked.all(figures)])
    return Table(text("cards.outcomes_criteria"), columns, rows)


def changes(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """What changed between two analyses, with its evidence."""
    moved = [
        (text(f"cards.{name}"), number(result[name]))
        for name in ("joined", "left")
        if result.get(name) is not None
    ]
    links = [
        Link(text(f"cards.{when}"), f"/analyses/{result[when]['analysis_id']}")
        for when in ("before", "after")
    ]
    return ShortCard(
        text("cards.changes"),
        result["headline"],
        moved,
        result["notes"],
        [_told(result["told"])],
        links=links,
    )


def briefing(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """What changed, one risk, one thing to do."""
    risk = text("cards.risk_told", risk=result["risk"]) if result.get("risk") else ""
    action = text("cards.action_told", action=result["action"]) if result.get("action") else ""
    return ShortCard(
        text("cards.briefing"),
        result["headline"],
        notes=[note for note in (*result["known"], risk, action, *result["notes"]) if note],
        tables=[_told(result["changes"])],
        links=[
            Link(text("cards.read_briefing"), f"/briefings/{result['briefing_id']}", is_main=True),
            Link(text("cards.open_analysis"), f"/analyses/{result['analysis_id']}"),
        ],
    )


def _told(changes: list[dict[str, Any]]) -> Table:
    columns = [(text("cards.change"), False), (text("cards.evidence"), False)]
    return Table(text("cards.changes"), columns, [[one["sentence"], one["evidence"]] for one in changes])


def traits(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """The traits there are, each with how many people have it."""
    persons = max(1, workspace.population.persons)
    columns = [
        (text("cards.trait"), False),
        (text("cards.people"), True),
        (text("cards.cluster_share"), True),
    ]
    rows = [
        [_named(one), number(one["size"]), percent(one["size"] / persons)]
        for one in result["clusters"][:TRAITS]
    ]
    return ShortCard(
        text("cards.clusters"),
        text("cards.clusters_heading", shown=number(len(rows)), total=number(result["total"])),
        tables=[Table(text("cards.clusters"), columns, rows)],
        made=text("cards.made_counted", warehouse=workspace.warehouse.name),
    )


def one_trait(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """A trait, and what its people have more often than people do."""
    columns = [
        (text("cards.companions"), False),
        (text("cards.together"), True),
        (text("cards.times_plain"), True),
    ]
    rows = [
        [_named(one["cluster"]), percent(one["share"]), ratio(one["lift"])] for one in result["co_occurring"]
    ]
    cluster = result["cluster"]
    builder = f"/audiences/new?expression={cluster['cluster_hash']}&warehouse={workspace.warehouse.name}"
    return ShortCard(
        text("cards.trait"),
        _named(cluster),
        [
            (text("cards.cluster_size"), number(cluster["size"])),
            (text("cards.cluster_share"), percent(result["share_of_population"])),
        ],
        tables=[Table(text("cards.companions"), columns, rows)],
        links=[Link(text("cards.audience_builder"), builder)],
        made=text("cards.made_counted", warehouse=workspace.warehouse.name),
    )


def _named(cluster: dict[str, Any]) -> str:
    label = cluster["label"] or cluster["name"].replace("_", " ").capitalize()
    return label if cluster["value"] == "Yes" else f"{label}: {cluster['value']}"


def profile(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """What a profile holds."""
    document = ProfileDocument.model_validate(result["document"])
    holds = [[LABELS[each], ", ".join(wanted)] for each in DIMENSIONS if (wanted := document.wanted(each))]
    criteria = [[one.label, one.good, percent(one.weight)] for one in document.criteria]
    columns = [(text("cards.trait"), False), (text("cards.look_for"), False), (text("cards.weight"), True)]
    seen = "profile_shared" if result["visibility"] == "shared" else "profile_private"
    return ShortCard(
        text("cards.profile_card"),
        document.name,
        [
            (text("cards.profile_revision"), number(result["revision"])),
            (text("cards.profile_seen"), text(f"cards.{seen}")),
        ],
        tables=[
            Table(text("cards.holds"), [(text("cards.what"), False), (text("cards.look_for"), False)], holds),
            Table(text("cards.weights"), columns, criteria),
        ],
        links=[Link(text("cards.open_profile"), f"/profiles/{result['icp_profile_id']}", is_main=True)],
    )


def compared_profiles(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """What differs between two profiles, line by line."""
    rows = [[one["in_words"]] for one in result["differences"]]
    heading = text("cards.compared", before=result["before"], after=result["after"])
    return ShortCard(
        text("cards.profiles"),
        heading,
        notes=[] if rows else [text("cards.no_difference")],
        tables=[Table(text("cards.difference"), [(text("cards.difference"), False)], rows)],
    )


def explanation(result: dict[str, Any], workspace: Workspace) -> ShortCard:
    """The figure that was asked about, with everything it was made from."""
    figure = ExplainedFigure.model_validate(result["figures"][0])
    return ShortCard(
        text("cards.explained"),
        figure.what[:1].upper() + figure.what[1:],
        figures=[(figure, reads(figure), ends(figure))],
    )
