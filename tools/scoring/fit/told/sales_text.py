"""What should sales look for, and what should make them walk away?"""

from collections.abc import Iterator

from tools.scoring.fit.profile import FitCriterion, FitProfile

HEADINGS = {1: "Must have", 2: "Strong signals", 3: "Bonus"}


def sales_text(profile: FitProfile) -> str:
    """The criteria as Markdown: must have, strong signals, bonus, walk away if.

    Each line has the dimension, the values to look for, the shares of both sides and the weight.
    """
    return "\n".join(_lines(profile)).strip() + "\n"


def _lines(profile: FitProfile) -> Iterator[str]:
    ideal, others = profile.ideal_word, profile.others_word
    yield f"Learned from {profile.ideal_rows:,} {ideal} and {profile.others_rows:,} {others}."
    if profile.auc:
        pairs = f"{profile.auc.value:.0%} ({profile.auc.low:.0%}-{profile.auc.high:.0%})"
        yield f"Of pairs of held-out {ideal} and {others}, the first score higher in {pairs}."
    if not profile.criteria:
        yield f"\nNothing sets these {ideal} apart from the {others}: not enough evidence for any criterion."
    for tier, heading in HEADINGS.items():
        found = [each for each in profile.criteria if each.tier == tier]
        if found:
            yield f"\n## {heading}\n"
            yield from (_line(each, ideal, others) for each in found)
    if profile.disqualifiers:
        yield "\n## Walk away if\n"
    for each in profile.disqualifiers:
        shares = f"at most {each.ideal_share.high:.1%} of {ideal}, {each.others_share.value:.0%} of {others}"
        yield f"- **{_plain(each.scale.told)}**: {_plain(each.words)} ({shares})"
    if profile.warnings:
        yield "\n## Keep in mind\n"
        yield from (f"- {_plain(warning)}" for warning in profile.warnings)


def _line(criterion: FitCriterion, ideal: str, others: str) -> str:
    mine, theirs = criterion.good_ideal_share, criterion.good_others_share
    interval = f"{mine.low:.0%}-{mine.high:.0%}"
    shares = f"{mine.value:.0%} of {ideal} ({interval}), {theirs.value:.0%} of {others}"
    dimension, good = _plain(criterion.scale.told), _plain(criterion.good)
    return f"- **{dimension}**: {good} ({shares}; weight {criterion.weight:.0%})"


def _plain(text: str) -> str:
    """The text without what Markdown would read as marks."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>|#" else sign for sign in text.replace("\n", " "))
