"""The commands on behaviour: generated events, loaded, shown, loaded again, and asked of other engines."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlglot
import typer
from typer.testing import CliRunner

from api.cli.customers import behaviour

Run = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command in a house of its own: `run("behaviour", "show")`."""
    monkeypatch.setenv("FIELDMARK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FIELDMARK_WAREHOUSE", "shop")
    monkeypatch.setenv("COLUMNS", "200")
    app = typer.Typer()
    behaviour.add_commands(app)
    return lambda *words: CliRunner().invoke(app, ["behaviour", *map(str, words)])


@pytest.fixture
def files(run: Run, tmp_path: Path) -> list[Path]:
    found = run("synth", "--events", 3000, "--seed", 4, "--days", 20, "--out", tmp_path / "made")
    assert found.exit_code == 0, found.stderr
    assert found.stdout.startswith("3,000 generated events of 2026-03-12 to 2026-03-31")
    return sorted((tmp_path / "made").glob("events_*"))


def test_events_are_generated_loaded_and_shown(run: Run, files: list[Path]) -> None:
    loaded = run("load", *files, "--warehouse", "shop", "--json")
    assert loaded.exit_code == 0, loaded.stderr
    report = json.loads(loaded.stdout)
    assert (report["events"], report["days_read"], report["windows"]["cut_off"]) == (3000, 20, "2026-03-31")
    shown = run("show", "--warehouse", "shop")
    assert shown.exit_code == 0, shown.stderr
    assert f"{report['users']:,} users, {report['buyers']:,} of them buyers" in shown.stdout
    assert "days: 20 read, 0 read again, 0 unchanged; 20 kept" in shown.stdout
    told = json.loads(run("show", "--json").stdout)
    assert told["load_id"] == report["load_id"]
    assert told["features_known"]["rfm_score"] == 1
    assert 0 < told["features_known"]["days_since_purchase"] < 1


def test_a_later_load_reads_only_what_changed_and_may_only_move_the_windows(
    run: Run, files: list[Path]
) -> None:
    assert run("load", *files).exit_code == 0
    again = run("load", files[0], files[1])
    assert "0 read, 0 read again, 2 unchanged" in again.stdout
    moved = run("load", "--cut-off", "2026-03-24", "--target-days", 7, "--days", 10)
    assert moved.exit_code == 0, moved.stderr
    assert "behaviour 2026-03-15 to 2026-03-24" in moved.stdout
    assert "target to 2026-03-31" in moved.stdout


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("show",), 3, "No events were loaded"),
        (("load", "nowhere/events_20260301.json"), 2, "There is no such file"),
        (("load", "x.parquet"), 2, "does not tell its day"),
        (("load", "--days", "0"), 2, "A window has 1 to 3,650 days"),
        (("load", "--user", "cat"), 2, "This is no kind of user"),
        (("load", "--money", "eur"), 2, "This is no money"),
        (("sql", "--dialect", "oracle", "--table", "t"), 2, "There is no dialect `oracle`"),
        (("synth", "--events", "0", "--out", "x"), 2, "0 cannot be used"),
    ],
)
def test_what_cannot_be_done_is_told_on_stderr(
    run: Run, words: tuple[str, ...], code: int, says: str
) -> None:
    found = run(*words)
    assert (found.exit_code, found.stdout) == (code, "")
    assert says in found.stderr


def test_the_query_for_another_engine_is_all_that_is_printed(run: Run) -> None:
    words = ("--dialect", "bigquery", "--table", "project.analytics.events_", "--last-day", "2026-03-31")
    found = run("sql", *words, "--target-days", 7)
    assert found.exit_code == 0, found.stderr
    (query,) = sqlglot.parse(found.stdout, read="bigquery")
    assert query is not None
    assert {"user_key", "rfm_score"} & set(query.named_selects) == {"user_key"}
    assert "BETWEEN '20260101' AND '20260407'" in found.stdout
    kinds = run("sql", *words, "--categories")
    (query,) = sqlglot.parse(kinds.stdout, read="bigquery")
    assert query is not None
    assert query.named_selects == ["user_key", "category", "times"]
    yesterday = run("sql", *words[:4])
    assert yesterday.exit_code == 0, yesterday.stderr
