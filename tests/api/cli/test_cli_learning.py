"""Learning from outcomes, scoring by what was learned, and forecasts of value, through the command line."""

import csv
import json
import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer
from sqlmodel import select
from typer.testing import CliRunner

from agent.outcome_analysis import OutcomeAnalysis
from api.cli import terminal
from api.cli.customers import behaviour, learning, outcomes
from store.records import Database, Trace
from tests.tools.scoring.value.value_shop import shop

DEALS, SEED = 300, 4
RETAIL = "Retail & <script>alert(2)</script>"
SECTOR = "Sector <script>alert(1)</script>"
HEAD = [
    "Record ID",
    "Deal Stage",
    "Create Date",
    "Close Date",
    "Amount",
    "Currency",
    "Associated Company IDs",
]
Run = Callable[..., Any]


def write_csv(file: Path, head: list[str], rows: list[list[object]]) -> Path:
    with file.open("w", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(head)
        writer.writerows(rows)
    return file


def write_deals(file: Path) -> Path:
    """One in three is of retail, of which 45 % are won; of the others 4 %. Seats tell nothing."""
    drawn, rows = random.Random(SEED), []
    for deal in range(DEALS):
        sector = (RETAIL, "Health", "Mining")[deal % 3]
        won = drawn.random() < (0.45 if sector == RETAIL else 0.04)
        opened = date(2024, 1, 1) + timedelta(deal)
        closed = opened + timedelta(30 + deal % 20)
        stage = "Closed Won" if won else "Closed Lost"
        rows.append(
            [deal, stage, opened, closed, 100 + deal % 50, "EUR", f"C{deal}", sector, drawn.randint(5, 500)]
        )
    return write_csv(file, [*HEAD, SECTOR, "Seats"], rows)


def runner(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs commands on this home: `run("outcomes", "learn", …)`."""
    monkeypatch.setenv("FIELDMARK_HOME", str(home))
    for console in (terminal.stdout, terminal.stderr):  # they read the width when they are made
        monkeypatch.setattr(console, "_width", 300)
    app = typer.Typer()
    for module in (outcomes, behaviour, learning):
        module.add_commands(app)
    return lambda *words: CliRunner().invoke(app, [*map(str, words)])


@pytest.fixture(scope="module")
def learned_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deals loaded into the warehouse `won` and learned from, and into `fresh`, from which nothing is."""
    folder = tmp_path_factory.mktemp("learned")
    deals = write_deals(folder / "deals.csv")
    with pytest.MonkeyPatch.context() as monkeypatch:
        run = runner(folder / "home", monkeypatch)
        for warehouse in ("won", "fresh"):
            loaded = run("outcomes", "load", deals, "-w", warehouse)
            assert loaded.exit_code == 0, loaded.output
        done = run("outcomes", "learn", "-w", "won", "--report", folder / "first.html")
        assert done.exit_code == 0, done.output
    (folder / "told.txt").write_text(done.stdout)
    return folder / "home"


@pytest.fixture
def run(learned_home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    return runner(learned_home, monkeypatch)


@pytest.fixture
def leads(tmp_path: Path) -> Path:
    """Two of retail, one of mining, one of which nothing is known that the profile reads."""
    rows = [["=1+1", RETAIL, 20], ["b", "Mining", 30], ["c", RETAIL, 400], ["d", "", 9]]
    return write_csv(tmp_path / "leads.csv", ["Record ID", SECTOR, "Seats"], rows)


def test_learn_tells_the_criteria_the_tiers_the_models_and_what_is_untold(learned_home: Path) -> None:
    told = (learned_home.parent / "told.txt").read_text()
    for heading in ("Who to look for", "How sure are the chances?", "Does the score hold?"):
        assert heading in told
    assert RETAIL in told
    assert "Must have" in told
    assert "chance to win" in told
    assert "in use" in told
    assert "What is not told, and why" in told
    assert "Next: fieldmark score LEADS.csv --warehouse won" in told
    assert "Found again" not in told


def test_learned_again_it_is_found_again_and_reported_in_every_form(run: Run, tmp_path: Path) -> None:
    told = json.loads(run("outcomes", "learn", "-w", "won", "--json").stdout)
    assert told["from_cache"]
    (criterion,) = told["criteria"]["criteria"]
    assert criterion["good"] == RETAIL
    for ending, shown in (("html", "&lt;script&gt;"), ("md", r"\<script\>"), ("json", "<script>")):
        done = run("outcomes", "learn", "-w", "won", "--report", tmp_path / f"report.{ending}")
        assert done.exit_code == 0, done.output
        text = (tmp_path / f"report.{ending}").read_text()
        assert criterion["scale"]["label"] in text
        assert RETAIL.split("<")[0].replace("&", "&amp;" if ending == "html" else "&") + shown in text
        assert bool(re.search(r"(?<!\\)<script", text)) == (ending == "json")
    read = OutcomeAnalysis.model_validate_json((tmp_path / "report.json").read_text())
    assert read.outcome_analysis_id == told["outcome_analysis_id"]
    assert "Found again" in done.stdout


def test_models_tells_which_is_in_use_and_why(run: Run) -> None:
    kept = json.loads(run("outcomes", "models", "-w", "won", "--json").stdout)
    assert {each["kind"]: each["status"] for each in kept} == {"fit": "published", "conversion": "published"}
    shown = run("outcomes", "models", "-w", "won").stdout
    assert shown.count("in use") == 2
    assert all(each["model_id"] in shown and each["why"][0] in shown for each in kept)
    assert "No model was learned yet" in run("outcomes", "models", "-w", "fresh").stdout


def test_criteria_are_those_that_sales_reads(run: Run) -> None:
    told = run("outcomes", "criteria", "-w", "won").stdout
    assert "## Must have" in told
    assert r"Retail & \<script\>alert(2)\</script\>" in told
    profile = json.loads(run("outcomes", "criteria", "-w", "won", "--json").stdout)
    assert [each["good"] for each in profile["criteria"]] == [RETAIL]


def test_leads_are_scored_with_reasons_the_best_first(run: Run, leads: Path) -> None:
    done = run("score", leads, "-w", "won")
    assert done.exit_code == 0, done.output
    assert "4 leads scored" in done.stdout
    told = json.loads(run("score", leads, "-w", "won", "--json").stdout)
    assert told["tiers"] == {"A": 2, "B": 0, "C": 1, "D": 1}
    assert [each["lead"] for each in told["sample"][:2]] == ["=1+1", "c"]
    assert told["sample"][0]["reasons_for"][0]["value"] == RETAIL
    last = told["sample"][-1]
    assert last["lead"] == "b"
    assert last["to_next_tier"]["changes"][0]["to"] == RETAIL
    assert f"{RETAIL} → " in done.stdout


def test_all_rows_are_written_and_no_cell_is_a_formula(run: Run, leads: Path, tmp_path: Path) -> None:
    done = run("score", leads, "-w", "won", "--out", tmp_path / "deep" / "scored.csv")
    assert done.exit_code == 0, done.output
    with (tmp_path / "deep" / "scored.csv").open() as text:
        rows = list(csv.DictReader(text))
    assert [row["lead"] for row in rows][:2] == ["'=1+1", "c"]
    assert len(rows) == 4
    lines = run("score", leads, "-w", "won", "--top", 1, "--out", tmp_path / "best.jsonl", "--json")
    assert json.loads(lines.stdout)["export"]["rows"] == 1
    assert json.loads((tmp_path / "best.jsonl").read_text())["lead"] == "=1+1"


def test_leads_can_be_narrowed_and_held_against_more_profiles(run: Run, leads: Path) -> None:
    best = json.loads(run("score", leads, "-w", "won", "--tier", "a", "--json").stdout)
    assert {each["lead"] for each in best["sample"]} == {"=1+1", "c"}
    high = json.loads(run("score", leads, "-w", "won", "--min-score", 60, "--json").stdout)
    assert (high["total"], high["scored"]) == (2, 4)
    both = json.loads(
        run(
            "score", leads, "-w", "won", "--profile", "outcomes", "--profile", best["profile"], "--json"
        ).stdout
    )
    assert both["sample"][0]["other_scores"] == {best["profile"]: both["sample"][0]["score"]}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("outcomes", "learn", "-w", "nowhere"), 3, "outcomes"),
        (("outcomes", "learn", "-w", "won", "--report", "x.pdf"), 2, ".html, .md or .json"),
        (("outcomes", "learn", "-w", "won", "--keep", "nothing_such"), 2, "nothing_such"),
        (("outcomes", "criteria", "-w", "fresh"), 3, "No profile was learned from outcomes in `fresh`"),
        (("score", "LEADS", "-w", "fresh"), 3, "No profile was learned from outcomes in `fresh`"),
        (("score", "OTHERS", "-w", "won"), 2, "none of the columns that the profile reads"),
        (("score", "LEADS", "-w", "won", "--tier", "E"), 2, "tier"),
        (("score", "LEADS", "-w", "won", "--out", "x.pdf"), 2, ".csv or .jsonl"),
        (("score", "LEADS", "-w", "won", "--profile", "nobodys"), 3, "no such profile"),
        (("score", "LEADS", "-w", "won", "--analysis", "nobodys"), 3, "no such profile"),
        (("score", "LEADS", "-w", "won", *("--profile", "outcomes") * 4), 2, "icp_profiles"),
        (("score", "nowhere.csv", "-w", "won"), 2, "nowhere.csv"),
        (("value", "LEADS"), 2, "No column is recognised"),
        (("value", "LEADS", "--out", "x.pdf"), 2, ".csv"),
        (("behaviour", "segments", "-w", "fresh"), 3, "No events were loaded"),
    ],
)
def test_refusals_say_what_would_be_right(
    run: Run, leads: Path, tmp_path: Path, words: tuple[str, ...], code: int, says: str
) -> None:
    others = write_csv(tmp_path / "others.csv", ["Record ID", "Height"], [["a", 1], ["b", 2]])
    files = {"LEADS": leads, "OTHERS": others}
    done = run(*(files.get(word, word) for word in words))
    assert done.exit_code == code, done.output
    assert says in done.stderr


def test_every_scoring_leaves_a_trace(run: Run, leads: Path, learned_home: Path) -> None:
    run("score", leads, "-w", "won")
    run("score", leads, "-w", "won", "--profile", "nobodys")
    database = Database(learned_home / "fieldmark.db")
    with database.session() as session:
        kept = list(session.exec(select(Trace).where(Trace.tool == "score_leads")))
    database.close()
    assert {each.outcome for each in kept} == {"ok", "refused"}
    assert all(RETAIL not in each.message for each in kept)


def test_value_chooses_a_model_and_writes_each_customer(run: Run, tmp_path: Path) -> None:
    made = shop(120)
    days = [date(2024, 1, 1) + timedelta(int(day)) for day in made.days]
    rows = [
        [made.ids[customer], day, round(amount, 2)]
        for customer, day, amount in zip(made.customers, days, made.amounts, strict=True)
    ]
    bought = write_csv(tmp_path / "bought.csv", ["buyer", "when", "paid"], rows)
    words = ["value", bought, "--customer", "buyer", "--date", "when", "--amount", "paid"]
    done = run(*words, "--horizon-days", 90, "--out", tmp_path / "forecast.csv")
    assert done.exit_code == 0, done.output
    assert "chosen" in done.stdout
    assert "spent within their interval" in done.stdout
    with (tmp_path / "forecast.csv").open() as text:
        written = list(csv.DictReader(text))
    assert len(written) == len(made.ids)
    values = [float(row["value"]) for row in written]
    assert values == sorted(values, reverse=True)
    assert all(float(row["low"]) <= float(row["high"]) for row in written)
    assert all(0 <= float(row["chance_alive"]) <= 1 for row in written)
    told = json.loads(run(*words, "--horizon-days", 90, "--json").stdout)
    assert told["best"][0]["customer"] == written[0]["customer"]
    assert told["report"]["chosen"] in {each["name"] for each in told["report"]["candidates"]}
    earlier = json.loads(run(*words, "--horizon-days", 90, "--as-of", "2024-12-01", "--json").stdout)
    assert earlier["total"] != told["total"]


def test_segments_of_users_come_with_what_to_do(run: Run, tmp_path: Path) -> None:
    run("behaviour", "synth", "--events", 6000, "--seed", 4, "--days", 20, "--out", tmp_path / "made")
    loaded = run("behaviour", "load", *sorted((tmp_path / "made").glob("events_*")), "-w", "shop")
    assert loaded.exit_code == 0, loaded.output
    told = json.loads(run("behaviour", "segments", "-w", "shop", "--json").stdout)
    shown = run("behaviour", "segments", "-w", "shop").stdout
    assert told["segments"]
    assert all(each["name"] in shown for each in told["segments"])
    assert all(each["action"] in shown for each in told["recommendations"])
