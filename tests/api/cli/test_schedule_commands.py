"""The commands for schedules, over the generated population."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from store.workspace import Workspace

Run = Callable[..., Any]


@pytest.fixture
def schedules(fieldmark: Run) -> Run:
    return lambda *words: fieldmark("schedules", *words)


def said(result: Any) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_schedule_is_added_listed_paused_resumed_and_removed(schedules: Run) -> None:
    made = said(
        schedules(
            *("add", "a@example.com", "--weekday", "friday", "--at", "07:30"),
            *("--timezone", "Asia/Kathmandu", "--name", "[x]", "--sync", "-w", "us", "--json"),
        )
    )
    one = made["schedule_id"]
    assert (made["cron"], made["sync"], len(made["recipient_ids"])) == ("30 7 * * fri", True, 1)
    (listed,) = said(schedules("list", "--json"))
    assert listed["next_times"][0]["says"].endswith("07:30 (Asia/Kathmandu)")
    shown = schedules("list").stdout
    assert "[x]" in shown
    assert "every Friday at 07:30" in shown
    assert said(schedules("pause", one, "--json"))["is_paused"] is True
    assert "paused" in schedules("list").stdout
    assert said(schedules("resume", one, "--json"))["is_paused"] is False
    assert said(schedules("remove", one, "--json"))["removed"] is True
    assert said(schedules("list", "--json")) == []


def test_the_id_stands_on_stdout_and_the_times_beside_it(schedules: Run) -> None:
    found = schedules("add", "-w", "us")
    assert found.stdout.strip().startswith("sched_")
    assert "every Monday at 08:00 (UTC), to nobody yet" in " ".join(found.stderr.split())


def test_it_is_run_now_as_a_job_and_has_no_slot_yet(schedules: Run, us: Workspace) -> None:
    one = said(schedules("add", "--alert", "--cooldown-hours", "6", "-w", "us", "--json"))
    assert (one["kind"], one["cooldown_hours"], one["cron"]) == ("alert", 6, "0 * * * *")
    run = said(schedules("run", one["schedule_id"], "--json"))
    assert run["status"] == "queued"
    assert run["run_id"].startswith("briefing_")
    assert said(schedules("slots", one["schedule_id"], "--json")) == []
    assert "slot" in schedules("slots", one["schedule_id"]).stdout


@pytest.mark.parametrize("command", ["pause", "resume", "remove", "run", "slots"])
def test_a_schedule_that_is_not_there_is_refused(schedules: Run, command: str) -> None:
    refused = schedules(command, "sched_none")
    assert refused.exit_code == 3
    assert "There is no such schedule" in refused.stderr


def test_a_time_that_cannot_be_is_refused(schedules: Run) -> None:
    refused = schedules("add", "--cron", "0 8 31 2 *", "-w", "us")
    assert refused.exit_code == 2
    assert "No day is ever like that" in " ".join(refused.stderr.split())
