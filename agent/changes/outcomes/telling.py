"""What is said of a change in who buys? Every figure is one of the comparison."""

from typing import TYPE_CHECKING

from agent.changes.outcomes.figures import figure, points, q_words
from agent.changes.result import ToldChange
from agent.narration.wording import number, percent
from prompts import piece

if TYPE_CHECKING:
    from tools.outcomes.changes.findings import OutcomeChange, OutcomeChanges

# Words of a column whose levels deals are said to be in.
PLACES = frozenset(
    {"industry", "sector", "branch", "vertical", "market", "country", "region", "state", "city"}
)
OVER = {"win_rate": "decided", "pipeline_share": "decided", "score": "decided"}


def told(change: "OutcomeChange", found: "OutcomeChanges", link: str = "") -> ToldChange:
    """A significant change in words: the figure now and before, how many it is of, how sure it is."""
    return ToldChange(
        sentence=_sentence(change, found.currency),
        evidence=_evidence(change, found),
        key=change.key,
        about="population" if change.measure == "pipeline_share" else "outcomes",
        q_value=change.q_value,
        link=link,
    )


def short(change: "OutcomeChange", currency: str) -> str:
    """What changed, in a few words: `deals in Logistics now close at 31 % (was 22 %, 64 deals)`."""
    return piece(f"briefing_short_{change.measure}").fill(**_blanks(change, currency))


def thing_of(change: "OutcomeChange") -> str:
    """What the change is of, whatever its level: two of one thing are hardly two news."""
    return f"{change.about}:{change.attribute or change.measure}"


def whom(change: "OutcomeChange") -> str:
    """Whose figure it is: `deals in Logistics`, `deals with employees 50 to 499`, `all deals`."""
    if change.about == "all":
        return piece("briefing_whom_all").fill()
    if change.about == "tier":
        return piece("briefing_whom_tier").fill(tier=change.tier or change.value)
    if set(change.attribute.lower().replace("_", " ").split()) & PLACES:
        return piece("briefing_whom_in").fill(value=change.value)
    return piece("briefing_whom_level").fill(
        label=inner(change.label or change.attribute), value=change.value
    )


def inner(label: str) -> str:
    """The label within a sentence: `Sector` as `sector`, and `ARR` as it is."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _sentence(change: "OutcomeChange", currency: str) -> str:
    said = piece(f"briefing_moved_{change.measure}").fill(**_blanks(change, currency))
    return f"{said} {_mover(change)}".strip()


def _mover(change: "OutcomeChange") -> str:
    """Whether more of them are won, more of them are there, or both."""
    return piece(f"briefing_mover_{change.moved}").fill() if change.moved else ""


def _blanks(change: "OutcomeChange", currency: str) -> dict[str, str]:
    name = whom(change)
    return {
        "whom": name,
        "Whom": name[:1].upper() + name[1:],
        "now": figure(change.measure, change.now.value, currency),
        "before": figure(change.measure, change.before.value, currency),
        "n": number(change.n),
        "deals": "deal" if change.n == 1 else "deals",
    }


def _evidence(change: "OutcomeChange", found: "OutcomeChanges") -> str:
    share = change.measure in ("win_rate", "won_share", "pipeline_share")
    name = "briefing_evidence_share" if share else "briefing_evidence_figure"
    gap = change.difference
    told = points if share else lambda value: figure(change.measure, value, found.currency, signed=True)
    return piece(name).fill(
        inside=number(change.inside),
        n=number(change.n),
        n_before=number(change.n_before),
        over=piece(f"briefing_over_{OVER.get(change.measure, 'won')}").fill(),
        days=number(change.window_days),
        difference=told(gap.value),
        low=told(gap.low),
        high=told(gap.high),
        q=q_words(change.q_value),
        tests=number(found.tests),
    )


def nothing_new(found: "OutcomeChanges", when: str) -> str:
    """That nothing changed, with what was looked at. when: `since 2 March 2026`."""
    window = next((each for each in found.windows if each.tested), None)
    if window is None:
        return piece("briefing_nothing_untested").fill(when=when)
    return piece("briefing_nothing_outcomes").fill(
        when=when,
        decided=number(window.decided),
        days=number(window.days),
        rate=percent(window.won / window.decided) if window.decided else percent(0),
        before=percent(window.before_won / window.before_decided) if window.before_decided else percent(0),
    )
