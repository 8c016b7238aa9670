"""Generated events: as many as were asked for, the same for a seed, and with what the truth says in them."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import numpy as np
import pytest

from store.errors import BadInput, NoRoom
from store.events import Behaviour
from store.synthetic.events import generate as module
from store.synthetic.events import generate_events
from store.synthetic.events.plan import SEGMENTS, EventsTruth

EVENTS, SEED = 60_000, 11


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("events") / "made"
    generate_events(EVENTS, SEED, out, days=30)
    return out


def asked(made: Path, query: str) -> list[tuple]:
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(query.format(f"read_parquet('{made}/events_*.parquet')")).fetchall()


def truth_of(made: Path) -> EventsTruth:
    return EventsTruth.model_validate_json((made / "truth.json").read_bytes())


def test_there_are_exactly_as_many_events_as_asked_a_file_a_day(made: Path) -> None:
    files = sorted(made.glob("events_*.parquet"))
    assert [file.stem for file in files[:1] + files[-1:]] == ["events_20260302", "events_20260331"]
    assert len(files) == 30
    assert asked(made, "SELECT count(*) FROM {}") == [(EVENTS,)]
    elsewhere = "strftime(make_timestamp(event_timestamp), '%Y%m%d') <> event_date"
    assert asked(made, f"SELECT count(*) FROM {{}} WHERE {elsewhere}") == [(0,)]


def test_the_same_seed_gives_the_same_events_and_another_others(tmp_path: Path) -> None:
    generate_events(2_000, SEED, tmp_path / "a", days=2)
    generate_events(2_000, SEED, tmp_path / "again", days=2)
    for file in sorted((tmp_path / "a").iterdir()):
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()
    generate_events(2_000, SEED + 1, tmp_path / "b", days=2)
    name = "events_20260331.parquet"
    assert (tmp_path / "a" / name).read_bytes() != (tmp_path / "b" / name).read_bytes()


def test_sessions_run_over_midnight_and_purchases_are_sent_twice(made: Path) -> None:
    over = """SELECT count(*) FROM (
      SELECT user_pseudo_id,
        list_filter(event_params, lambda p: p.key = 'ga_session_id')[1].value.int_value AS id
      FROM {} GROUP BY ALL HAVING count(DISTINCT event_date) = 2)"""
    assert asked(made, over)[0][0] > 0
    orders = """SELECT count(DISTINCT ecommerce.transaction_id), count(*)
      FROM {} WHERE event_name = 'purchase'"""
    truth = truth_of(made)
    assert asked(made, orders) == [(truth.orders, truth.orders + truth.resent_orders)]
    assert truth.resent_orders > 0


def test_what_is_loaded_adds_up_to_the_truth_and_the_segments_behave_as_planted(
    made: Path, tmp_path: Path
) -> None:
    behaviour = Behaviour(tmp_path / "warehouse")
    files = sorted(made.glob("events_*.parquet"))
    behaviour.load(files, datetime(2026, 4, 1, tzinfo=UTC), progress=lambda *_: None)
    users, truth = behaviour.users(), truth_of(made)

    def values(name: str) -> np.ndarray:
        found = users.features.find(name)
        assert found is not None
        return found.values

    assert values("purchases").sum() == truth.orders
    assert values("revenue").sum() == pytest.approx(truth.revenue, abs=0.01)
    numbers = np.array([int(key.split(".")[0]) - 1_000_000_000 for key in users.ids])
    segment = np.array(truth.user_segments)[numbers]
    names = [each.name for each in SEGMENTS]
    bought = [
        values("purchases")[segment == at].sum() / values("sessions")[segment == at].sum() for at in range(5)
    ]
    expected = [np.array(truth.buys_rates)[numbers][segment == at].mean() for at in range(5)]
    assert np.argsort(bought)[[0, -1]].tolist() == [1, 0]
    # Sessions weigh users unequally, so this holds within a third, not exactly.
    assert np.allclose(bought, expected, rtol=0.35)
    visits = {name: values("sessions")[segment == at].mean() for at, name in enumerate(names)}
    assert max(visits, key=lambda name: visits[name]) == "loyal desk buyers"
    device = users.features.find("device")
    assert device is not None
    desktop = device.values == device.levels.index("desktop")
    assert desktop[segment == 0].mean() > 0.7 > 0.3 > desktop[segment == 1].mean()


def test_json_is_written_as_bigquery_extracts_it(tmp_path: Path) -> None:
    report = generate_events(200, 1, tmp_path / "made", days=2, form="ndjson")
    assert report.files == ["events_20260330.json", "events_20260331.json", "truth.json"]
    lines = [
        json.loads(line)
        for name in report.files[:2]
        for line in (tmp_path / "made" / name).read_text().splitlines()
    ]
    assert len(lines) == 200
    assert all(isinstance(each["event_timestamp"], str) for each in lines)
    session = lines[0]["event_params"][0]
    assert session["key"] == "ga_session_id"
    assert session["value"]["int_value"].isdigit()


@pytest.mark.parametrize("events", [1, 2, 5, 40])
def test_very_few_events_are_made_too(tmp_path: Path, events: int) -> None:
    report = generate_events(events, 0, tmp_path / "few", days=3)
    assert asked(tmp_path / "few", "SELECT count(*) FROM {}") == [(events,)]
    assert report.last_day == date(2026, 3, 31)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"events": 0}, r"0 cannot be used \(events\)"),
        ({"seed": -1}, r"-1 cannot be used \(seed\)"),
        ({"days": 0}, r"0 cannot be used \(days\)"),
        ({"form": "csv"}, "There is no form `csv`"),
    ],
)
def test_what_cannot_be_generated_is_refused(tmp_path: Path, changes: dict, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        generate_events(**{"events": 10, "seed": 0, "out": tmp_path / "x", **changes})
    assert not (tmp_path / "x").exists()


def test_a_folder_in_use_and_a_full_disk_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="not empty"):
        generate_events(10, 0, tmp_path)
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: type("Disk", (), {"free": 10}))
    with pytest.raises(NoRoom, match="no room for 10 events"):
        generate_events(10, 0, tmp_path / "x")


def test_nothing_is_left_of_a_generation_that_is_broken_off(tmp_path: Path) -> None:
    def broken_off(done: int, events: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate_events(100, 0, tmp_path / "x", progress=broken_off)
    assert not (tmp_path / "x").exists()
