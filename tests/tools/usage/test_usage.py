"""What calls use is written down once, costs credits by the row, and ends where the month's limit is."""

import itertools
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from store.errors import BadInput, TooMany
from store.exports import ExportLink
from store.records import Trace
from store.tariff import Tariff
from store.workspace import House
from tools.scoring.score_leads import ScoredLeads
from tools.usage.credits import require_credits
from tools.usage.metering import meter
from tools.usage.usage_report import usage_report

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path):
    ids = itertools.count(1)
    house = House(tmp_path, base_url="http://127.0.0.1", now=lambda: NOW, new_id=lambda: str(next(ids)))
    yield house.workspace("w")
    house.close()


def trace(number: int) -> Trace:
    return Trace(
        tool_trace_id=f"trace_{number}",
        workflow_id="flow",
        tool="score_leads",
        warehouse="w",
        started_at=NOW,
        milliseconds=1.0,
        outcome="ok",
        actor="key_1",
    )


def scored(rows: int, exported: int = 0) -> ScoredLeads:
    link = ExportLink(url="u", format="csv", rows=exported, size_bytes=1, expires_at=NOW)
    return ScoredLeads(
        total=rows,
        scored=rows,
        tiers={},
        profile="p",
        criteria=1,
        sample=[],
        export=link if exported else None,
    )


def report(workspace, **asked):
    return usage_report(workspace.database, Tariff(0.5, 100), NOW, **asked)


def test_a_scored_row_costs_half_a_credit_and_an_exported_one_nothing(workspace):
    meter(workspace, trace(1), scored(30, exported=20))
    found = report(workspace, by="what")
    assert [(line.key, line.credits) for line in found.lines] == [("rows_exported", 0), ("rows_scored", 15)]
    assert (found.total.rows_scored, found.total.rows_exported) == (30, 20)
    assert (found.credits_this_month, found.credits_left) == (15, 85)


def test_a_call_that_is_told_of_twice_counts_once(workspace):
    for _ in range(2):
        meter(workspace, trace(1), scored(30))
    meter(workspace, trace(2), scored(10))
    assert report(workspace).total.rows_scored == 40
    assert [line.key for line in report(workspace, by="actor").lines] == ["key_1"]


def test_days_outside_the_span_do_not_count(workspace):
    meter(workspace, trace(1), scored(30))
    assert report(workspace, first=date(2026, 3, 1), last=date(2026, 3, 14)).lines == []
    assert report(workspace, first=date(2026, 3, 15), last=date(2026, 3, 15)).total.rows_scored == 30
    with pytest.raises(BadInput):
        report(workspace, first=date(2026, 3, 2), last=date(2026, 3, 1))


def test_more_rows_than_the_month_has_left_are_refused_with_what_is_left(workspace):
    workspace.tariff = Tariff(0.5, 20)
    meter(workspace, trace(1), scored(30))
    require_credits(workspace, 10)
    with pytest.raises(TooMany, match="5 are left of this month"):
        require_credits(workspace, 11)


def test_without_a_limit_nothing_is_refused(workspace):
    require_credits(workspace, 10**9)
