"""How are days, spans of them and a briefing's level written?"""

from datetime import date

from agent.narration.wording import percent


def day(when: date) -> str:
    """`2 March 2026`."""
    return f"{when.day} {when:%B %Y}"


def span(first: date, last: date) -> str:
    """`9 to 15 March 2026`, `23 February to 1 March 2026`, `25 August 2025 to 22 February 2026`."""
    if first == last:
        return day(last)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(last)}"
    begin = f"{first.day} {first:%B}" if first.year == last.year else day(first)
    return f"{begin} to {day(last)}"


def chance(share: float) -> str:
    """`5 %`, `0.1 %`, `0.01 %`: a level, which is a bound and no finding, to one digit below ten."""
    return percent(share) if share >= 0.1 or share <= 0 else f"{float(f'{100 * share:.1g}'):g} %"
