"""Whom should which team take, now that the tiers are these?"""

import numpy as np

from store.outcomes.outcome_table import UnitKind
from tools.standing.tiers.scored import LETTERS, Tiers

UNITS: dict[UnitKind, tuple[str, str]] = {"account": ("account", "accounts"), "person": ("person", "people")}
TOP, BOTTOM = LETTERS.index("A"), LETTERS.index("D")
HIGH, LOW = LETTERS.index("B"), LETTERS.index("C")  # the lower of the high tiers, the higher of the low


def routing(
    now: Tiers, before: Tiers | None, in_pipeline: np.ndarray, won: np.ndarray, unit: UnitKind
) -> list[str]:
    """Suggestions with exact counts; none where nobody is meant.

    in_pipeline, won: ids of those with an open deal, and of those whose last decision is won.
    """
    is_open = np.isin(now.ids, in_pipeline)
    is_won = np.isin(now.ids, won)
    came, fell = _moved(now, before)
    said = (
        (
            (now.tier == TOP) & ~is_open & ~is_won,
            "Give to the named owners first: {n} in tier A {have} no open deal and {are} no customer.",
        ),
        (came & is_open, "Move to the front: {n} with an open deal {are} newly in tier A."),
        (fell & is_open, "Look at these deals again: {n} with an open deal fell from A or B to C or D."),
        ((now.tier == BOTTOM) & is_open, "Let self-serve take: {n} in tier D {have} an open deal."),
    )
    return [_worded(words, int(who.sum()), unit) for who, words in said if who.any()]


def _moved(now: Tiers, before: Tiers | None) -> tuple[np.ndarray, np.ndarray]:
    """Who came to tier A, and who fell from the upper tiers to the lower ones, bool."""
    came, fell = np.zeros(len(now.ids), dtype=bool), np.zeros(len(now.ids), dtype=bool)
    if before is not None:
        _, mine, theirs = np.intersect1d(now.ids, before.ids, assume_unique=True, return_indices=True)
        was, is_now = before.tier[theirs], now.tier[mine]
        came[mine] = (is_now == TOP) & (was != TOP)
        fell[mine] = (is_now >= LOW) & (was <= HIGH)
    return came, fell


def _worded(words: str, many: int, unit: UnitKind) -> str:
    one, several = UNITS[unit]
    is_one = many == 1
    return words.format(
        n=f"{many:,} {one if is_one else several}",
        have="has" if is_one else "have",
        are="is" if is_one else "are",
    )


def flows(now: Tiers, before: Tiers) -> dict[str, int]:
    """`B>A`: how many who are in both moved so, most first."""
    _, mine, theirs = np.intersect1d(now.ids, before.ids, assume_unique=True, return_indices=True)
    places = before.tier[theirs].astype(np.int64) * len(LETTERS) + now.tier[mine]
    found = np.bincount(places, minlength=len(LETTERS) ** 2).reshape(len(LETTERS), -1)
    moved = {
        f"{was}>{to}": int(found[at, place])
        for at, was in enumerate(LETTERS)
        for place, to in enumerate(LETTERS)
        if at != place and found[at, place]
    }
    return dict(sorted(moved.items(), key=lambda each: (-each[1], each[0])))
