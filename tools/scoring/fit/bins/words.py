"""How are the bins of a column told in words?"""

from collections.abc import Sequence

from tools.scoring.fit.profile import Scale

MOST_NAMED = 4  # levels named of a group; of more the rest is counted


def number_words(value: float) -> str:
    """`0.35`, `1990`, `12,500`: thousands are parted from 10,000 on, so that years stay years."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}" if abs(value) >= 10_000 else str(int(value))
    return f"{value:,.6g}" if abs(value) >= 1e-4 else f"{value:.3g}"


def bin_words(scale: Scale) -> list[str]:
    """The words of each bin, the unknown first: `50 to 499`, `Software or Health`, `yes`."""
    if scale.kind == "number":
        return ["unknown", *(range_words(scale, at, at) for at in range(1, scale.bins))]
    if scale.kind == "set":
        return ["unknown", "no", "yes"]
    named = [levels_words(group, at + 1 == scale.other) for at, group in enumerate(scale.groups)]
    return ["unknown", *named, *["any other"] * (scale.bins - 1 - len(named))]


def range_words(scale: Scale, first: int, last: int) -> str:
    """The numbers from the first of these bins to the last."""
    low = scale.edges[first - 2] if first >= 2 else None
    high = scale.edges[last - 1] if last - 1 < len(scale.edges) else None
    unit = f" {scale.unit}" if scale.unit else ""
    if low is None and high is None:
        return "any"
    if low is None:
        return f"under {number_words(high or 0.0)}{unit}"
    if high is None:
        return f"{number_words(low)}{unit} and over"
    if not scale.whole:
        return f"{number_words(low)} to {number_words(high)}{unit}"
    highest = high - 1
    return (
        f"{number_words(low)}{unit}"
        if highest <= low
        else f"{number_words(low)} to {number_words(highest)}{unit}"
    )


def levels_words(levels: Sequence[str], others_too: bool = False) -> str:
    """`Software, Health or 3 more`."""
    told = list(levels[:MOST_NAMED])
    more = len(levels) - len(told)
    told += [f"{more} more"] if more else []
    told += ["any other"] if others_too else []
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}" if told else "any other"


def joined_words(scale: Scale, bins: Sequence[int]) -> str:
    """The values of these bins together; neighbouring ranges are told as one."""
    if scale.kind == "set":
        return "yes" if 2 in bins else "no"
    if scale.kind == "category":
        named = [level for at in bins if at <= len(scale.groups) for level in scale.groups[at - 1]]
        return levels_words(named, scale.other in bins)
    runs: list[list[int]] = []
    for at in sorted(bins):
        if runs and runs[-1][1] == at - 1:
            runs[-1][1] = at
        else:
            runs.append([at, at])
    return " or ".join(range_words(scale, first, last) for first, last in runs)
