"""Profiles, their history and what was used, for a terminal."""

from pathlib import Path

from rich.markup import escape
from rich.table import Table

from agent.narration.wording import number, percent
from api.cli.terminal import add_row, stdout
from tools.profiles.content.document import DIMENSIONS, LABELS, ProfileDocument
from tools.profiles.kept import Profile
from tools.profiles.making.propose_icp_profile import ProposedProfile
from tools.profiles.reading.compare_icp_profiles import ComparedProfiles
from tools.profiles.reading.icp_profile_history import ProfileHistory
from tools.profiles.reading.list_icp_profiles import ListedProfiles
from tools.usage.usage_report import UsageReport

TIERS = {1: "must have", 2: "strong signal", 3: "bonus"}


def _say(text: str) -> None:
    stdout.print(escape(text), highlight=False)


def show_profiles(found: ListedProfiles) -> None:
    """One line a profile."""
    if not found.icp_profiles:
        _say("There is no profile yet. `fieldmark profiles create FILE.toml` makes one.")
        return
    table = Table("profile", "revision", "seen by", "changed", "id", box=None)
    for each in found.icp_profiles:
        seen = "everyone" if each.visibility == "shared" else "you"
        changed = f"{each.changed_at:%Y-%m-%d %H:%M}"
        add_row(table, each.name, str(each.revision), seen, changed, each.icp_profile_id)
    stdout.print(table)


def show_profile(profile: Profile) -> None:
    """All that it holds."""
    seen = "shared with the organisation" if profile.visibility == "shared" else "private"
    stdout.print(
        f"\n[bold]{escape(profile.document.name)}[/], revision {profile.revision}, {seen}.", highlight=False
    )
    _show_document(profile.document)
    stdout.print(f"[dim]{profile.icp_profile_id}[/]", highlight=False)


def _show_document(document: ProfileDocument) -> None:
    if document.description:
        _say(document.description)
    table = Table("", "looked for", "weight", box=None, show_header=False)
    for each in DIMENSIONS:
        if wanted := document.wanted(each):
            add_row(table, LABELS[each], ", ".join(wanted), f"weighs {getattr(document.weights, each):g}")
    if document.disqualifiers:
        add_row(table, "Ruled out", ", ".join(document.disqualifiers), "")
    if table.row_count:
        stdout.print(table)
    if not document.criteria:
        return
    if document.origin:
        origin = document.origin
        _say(
            f"Learned from {number(origin.ideal_rows)} customers and {number(origin.others_rows)} others "
            f"({origin.kind}, {origin.made_at:%Y-%m-%d}):"
        )
    learned = Table("criterion", "look for", "", "weight", "customers", "others", box=None)
    for each in document.criteria:
        mine, theirs = (percent(one.value) if one else "" for one in (each.ideal_share, each.others_share))
        add_row(learned, each.label, each.good, TIERS[each.tier], percent(each.weight), mine, theirs)
    stdout.print(learned)


def show_proposal(found: ProposedProfile, out: Path | None) -> None:
    """The profile with the evidence of each line."""
    stdout.print(f"\n[bold]{escape(found.document.name)}[/], proposed, not saved.", highlight=False)
    _show_document(found.document)
    if found.evidence:
        table = Table("line", "value", "evidence", "interval", box=None)
        for each in found.evidence:
            interval = f"{percent(each.share.low)} to {percent(each.share.high)}"
            add_row(table, LABELS[each.dimension], each.value, each.in_words, interval)
        stdout.print(table)
    for note in found.notes:
        _say(f"  {note}")
    written = f"`fieldmark profiles create {out}` saves it." if out else "`--out profile.toml` writes it."
    _say(written)


def show_history(found: ProfileHistory) -> None:
    """One line a revision."""
    table = Table("revision", "when", "by", "what changed", box=None)
    for each in found.revisions:
        add_row(table, str(each.number), f"{each.at:%Y-%m-%d %H:%M}", each.by, each.what_changed)
    stdout.print(table)


def show_comparison(found: ComparedProfiles) -> None:
    """One line a difference."""
    _say(f"From {found.before} to {found.after}:")
    for each in found.differences:
        _say(f"  {each.in_words}")
    if not found.differences:
        _say("  nothing differs")


def show_usage(found: UsageReport) -> None:
    """One line a day, a kind or an actor, and what is left of the month."""
    _say(f"Used from {found.first_day} to {found.last_day}:")
    table = Table(
        found.by, "rows scored", "identifiers", "rows exported", "model tokens", "credits", box=None
    )
    for line in (*found.lines, found.total):
        units = (line.rows_scored, line.identifiers_resolved, line.rows_exported, line.model_tokens)
        add_row(table, line.key, *map(number, units), f"{line.credits:,g}")
    stdout.print(table)
    left = ""
    if found.credits_left is not None and found.credits_per_month is not None:
        left = f" of {found.credits_per_month:,g}; {found.credits_left:,g} are left"
    cost = f"A scored row costs {found.credits_per_row:g}."
    _say(f"This month: {found.credits_this_month:,g} credits{left}. {cost}")
