"""outcomes load and show: words for people on stdout, JSON for programs, what was refused on stderr."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from api.cli.customers.outcomes import add_commands
from store.workspace import House, Workspace

DEALS = """Record ID,Deal Stage,Create Date,Close Date,Amount,Currency,\
Associated Company IDs,Closed Lost Reason,Seats
1,Closed Won,2024-01-01,2024-03-01,100,EUR,11,,5
2,Closed Lost,2024-01-01,2024-05-01,50,EUR,12,No response,6
3,Shaken [hands],2024-01-01,2024-05-01,50,EUR,13,,7
4,Contract Sent,2024-06-01,2030-05-01,70,EUR,14,,8
"""
Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `outcomes …` over an empty home."""
    monkeypatch.setenv("FIELDMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer()
    add_commands(app)
    return lambda *words: CliRunner().invoke(app, ["outcomes", *map(str, words)])


@pytest.fixture
def deals(tmp_path: Path) -> Path:
    file = tmp_path / "deals.csv"
    file.write_text(DEALS)
    return file


def test_load_tells_what_was_recorded_and_what_was_not(run: Run, deals: Path) -> None:
    done = run("load", deals, "-w", "small")
    assert done.exit_code == 0, done.stderr
    assert "3 of 4 rows recorded in `small` (1 won, 1 lost, 1 open)" in done.stdout
    assert "the stage is not understood" in done.stderr
    assert "row 3" in done.stderr
    assert "Shaken [hands]" in done.stderr
    assert "lost_reason" in done.stderr


def test_load_answers_as_json(run: Run, deals: Path) -> None:
    told = json.loads(run("load", deals, "-w", "small", "--json").stdout)
    assert (told["shape"], told["unit"], told["recorded"], told["records"]) == ("hubspot", "account", 3, 3)
    assert told["unknown_stages"] == {"Shaken [hands]": 1}
    again = json.loads(run("load", deals, "-w", "small", "--json").stdout)
    assert (again["replaced"], again["data_hash"]) == (3, told["data_hash"])


def test_load_takes_columns_and_a_history(run: Run, deals: Path, tmp_path: Path) -> None:
    columns, history = tmp_path / "columns.toml", tmp_path / "history.csv"
    columns.write_text('[stages]\nwon = ["Shaken [hands]"]\n')
    history.write_text("account_id,as_of,Seats\n11,2023-12-01,50\n11,2024-02-01,60\n")
    done = run("load", deals, "-w", "small", "--columns", columns, "--history", history, "--json")
    told = json.loads(done.stdout)
    assert (told["recorded"], told["with_history"], told["outcomes"]["won"]) == (4, 1, 2)


def test_show_sums_up_what_is_recorded(run: Run, deals: Path) -> None:
    run("load", deals, "-w", "small")
    shown = run("show", "-w", "small")
    assert shown.exit_code == 0, shown.stderr
    for words in (
        "3 records of 3 accounts",
        "Win rate 50 %",
        "2024 Q1",
        "Amounts in EUR",
        "No response",
        "seats",
    ):
        assert words in shown.stdout, shown.stdout
    told = json.loads(run("show", "-w", "small", "--json").stdout)
    assert told["outcomes"] == {"won": 1, "lost": 1, "open": 1}
    assert told["overall"]["rate"]["low"] < 0.5 < told["overall"]["rate"]["high"]
    assert told["went_dark"]["value"] == 1.0
    assert len(told["data_hash"]) == 64


def test_show_without_outcomes_is_not_found(run: Run) -> None:
    shown = run("show", "-w", "small")
    assert shown.exit_code == 3
    assert "has no outcomes yet" in shown.stderr


def test_a_file_that_is_no_export_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "colours.csv"
    file.write_text("colour,size\nred,1\n")
    done = run("load", file, "-w", "small")
    assert done.exit_code == 2
    assert "no export of outcomes" in done.stderr
    assert json.loads(run("load", file, "-w", "small", "--json").stderr)["status"] == 422


def test_emails_are_matched_with_the_people_of_the_warehouse(
    house: House, load: Callable[..., Workspace], run: Run, tmp_path: Path
) -> None:
    columns = {"id": {"kind": "person_id"}, "email": {"kind": "identifier", "identifier": "email"}}
    load(
        "id,email,plan\n7,seven@example.com,a\n8,eight@example.com,b\n",
        columns=columns | {"plan": {"kind": "category"}},
    )
    file = tmp_path / "won.csv"
    file.write_text(
        "outcome,decided_at,email\nwon,2024-01-01,Seven@Example.com\nlost,2024-01-02,eight@example.com\n"
        "lost,2024-01-03,nobody@example.com\n"
    )
    done = run("load", file, "-w", "small", "--json")
    assert done.exit_code == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["unit"], told["recorded"]) == ("person", 2)
    kept = house.home / "warehouses" / "small" / "outcomes"
    assert not any(b"example.com" in path.read_bytes() for path in kept.rglob("*") if path.is_file())


def test_each_option_is_explained() -> None:
    from typer.main import get_command

    app = typer.Typer()
    add_commands(app)
    for command in get_command(app).commands["outcomes"].commands.values():  # type: ignore[attr-defined]  # groups
        assert command.help, command.name
        assert not [p.name for p in command.params if not getattr(p, "help", None)], command.name
