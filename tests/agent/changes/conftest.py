"""A club of 3,000 people, whose members change from week to week."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from agent.analysis import Analysis
from agent.analyze_customers import start_analysis
from agent.requests import AnalyzeQuery
from store.workspace import Workspace
from tests.conftest import Clock

PEOPLE = 3_000
COLUMNS: dict[str, dict[str, Any]] = {
    "person_id": {"kind": "person_id"},
    "golf": {"kind": "flag", "domain": "interest", "phrase": "play golf / play no golf"},
    "wine": {"kind": "flag", "domain": "interest", "phrase": "enjoy wine / enjoy no wine"},
    "pet": {"kind": "category", "domain": "lifestyle", "phrase": "keep a {value}"},
    "region": {"kind": "category", "domain": "demographic", "phrase": "live in the {value}"},
    "member": {"kind": "flag", "domain": "purchase", "mine": False},
}
Rows = dict[str, np.ndarray]


def people(golf: float = 0.2, wine: float = 0.3) -> Rows:
    """The same people each time; more of them play golf or enjoy wine where the shares are higher."""
    draw = np.random.default_rng(1).random((4, PEOPLE))
    return {
        "golf": draw[0] < golf,
        "wine": draw[1] < wine,
        "pet": np.array(["cat", "dog", "fish"])[(draw[2] * 3).astype(int)],
        "region": np.array(["north", "south", "east", "west"])[(draw[3] * 4).astype(int)],
    }


def first_members(rows: Rows) -> np.ndarray:
    """400 people, golfers four times as likely as others."""
    weight = np.where(rows["golf"], 4.0, 1.0)
    return np.sort(np.random.default_rng(2).choice(PEOPLE, 400, replace=False, p=weight / weight.sum()))


def with_wine_lovers(rows: Rows, members: np.ndarray, more: int = 150) -> np.ndarray:
    """The members, and so many who enjoy wine."""
    others = np.setdiff1d(np.flatnonzero(rows["wine"]), members)
    return np.sort(np.concatenate([members, np.random.default_rng(3).choice(others, more, replace=False)]))


class Club:
    """Loads the club as it is in a week, and analyses its members."""

    def __init__(self, load: Callable[..., Workspace], clock: Clock) -> None:
        self._load, self._clock = load, clock

    def week(self, rows: Rows, members: np.ndarray) -> Workspace:
        """A newer snapshot, a week later."""
        self._clock.advance(days=7)
        joined = np.isin(np.arange(PEOPLE), members)
        lines = [",".join(COLUMNS)]
        for n in range(PEOPLE):
            flags = ["Yes" if each[n] else "No" for each in (rows["golf"], rows["wine"])]
            lines.append(
                f"{n},{','.join(flags)},{rows['pet'][n]},{rows['region'][n]},{'Yes' if joined[n] else 'No'}"
            )
        return self._load("\n".join(lines) + "\n", COLUMNS, warehouse="club")

    def analysed(self, workspace: Workspace, members: np.ndarray | None = None) -> Analysis:
        """The analysis of these members, or of those who are members by their outcome; an hour later."""
        self._clock.advance(hours=1)
        given: dict[str, Any] = {"outcome": {"attribute": "member", "value": "Yes"}}
        if members is not None:
            given = {"person_ids": members.tolist()}
        return start_analysis(workspace, AnalyzeQuery.model_validate(given))


@pytest.fixture
def club(load: Callable[..., Workspace], clock: Clock) -> Club:
    return Club(load, clock)
