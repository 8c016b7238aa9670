"""Where exports may be written besides, and who sees the keys."""

import json
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from store.destinations import Destination, Destinations, Keys
from store.errors import BadInput, Conflict, NotFound

NOW = datetime(2026, 3, 2, tzinfo=UTC)
KEYS = Keys(key=SecretStr("AKIAEXAMPLE"), secret=SecretStr("not-to-be-seen"))


def at(url: str, name: str = "box", **more: str) -> Destination:
    return Destination(name=name, url=url, created_at=NOW, **more)


@pytest.fixture
def home(tmp_path: Path) -> Destinations:
    return Destinations(tmp_path / "home")


def test_keys_lie_in_a_file_of_the_owner_alone_and_are_shown_nowhere(
    home: Destinations, tmp_path: Path
) -> None:
    home.add(at("s3://exports/audiences"), KEYS)
    file = tmp_path / "home" / "destinations.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    destination, keys = home.named("box")
    assert keys.secret.get_secret_value() == "not-to-be-seen"
    shown = f"{destination!r} {destination.model_dump_json()} {keys!r} {keys} {home.all()}"
    assert "not-to-be-seen" not in shown
    assert "AKIAEXAMPLE" not in shown


def test_a_destination_is_kept_until_it_is_removed(home: Destinations) -> None:
    home.add(at("s3://exports/b", "b"), KEYS)
    home.add(at("s3://exports/a", "a"), KEYS)
    assert [each.name for each in home.all()] == ["a", "b"]
    with pytest.raises(Conflict):
        home.add(at("s3://exports/a", "a"), KEYS)
    home.remove("a")
    assert [each.name for each in home.all()] == ["b"]
    for gone in (home.remove, home.named):
        with pytest.raises(NotFound, match="There are b"):
            gone("a")


@pytest.mark.parametrize(
    ("destination", "keys", "said"),
    [
        (at("s3://exports", "Box"), KEYS, "name"),
        (at("s3://exports", "x" * 41), KEYS, "name"),
        (at("s3://UP"), KEYS, "name of a bucket"),
        (at("s3:///a"), KEYS, "name of a bucket"),
        (at("s3://exports/../other"), KEYS, "prefix"),
        (at("s3://exports/a b"), KEYS, "prefix"),
        (at("s3://exports?x=1"), KEYS, "name of a bucket"),
        (at("s3://exports"), Keys(), "key and its secret"),
        (at("s3://exports", endpoint="http://user:word@host"), KEYS, "endpoint"),
        (at("s3://exports", endpoint="ftp://host"), KEYS, "endpoint"),
        (at("gs://exports"), KEYS, "s3://bucket/prefix"),
        (at("file://host/folder"), KEYS, "s3://bucket/prefix"),
        (at("file:///etc"), Keys(), "may not be written"),
    ],
)
def test_what_can_be_no_destination_is_refused(
    home: Destinations, destination: Destination, keys: Keys, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        home.add(destination, keys)
    assert home.all() == []


def test_folders_are_below_those_that_the_settings_allow(home: Destinations, tmp_path: Path) -> None:
    allowed, outside = tmp_path / "allowed", tmp_path / "outside"
    allowed.mkdir()
    outside.mkdir()
    (allowed / "way-out").symlink_to(outside)
    home.add(at((allowed / "deep" / "er").as_uri()), Keys(), [allowed])
    for refused in (outside, allowed / ".." / "outside", allowed / "way-out", Path(f"{allowed}-beside")):
        with pytest.raises(BadInput, match="EXPORT_FOLDERS"):
            home.add(at(f"file://{refused}", "other"), Keys(), [allowed])


def test_the_file_is_json_with_a_lock_of_its_own(home: Destinations, tmp_path: Path) -> None:
    home.add(at("s3://exports"), KEYS)
    kept = json.loads((tmp_path / "home" / "destinations.json").read_text())
    assert list(kept) == ["box"]
    assert not list((tmp_path / "home").glob("*.part"))
