"""fieldmark export, exports and destinations."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from store.workspace import Workspace

Command = Callable[..., Any]


@pytest.fixture
def exported(fieldmark: Command, golf_hash: str) -> Command:
    def run(*more: object) -> Any:
        return fieldmark("export", "--expression", golf_hash, "--to", *more)

    return run


def test_a_preflight_tells_and_writes_nothing(exported: Command, us: Workspace) -> None:
    answer = exported("google_customer_match", "--preflight", "--json")
    assert answer.exit_code == 0, answer.output
    told = json.loads(answer.stdout)
    assert (told["preflight"], told["files"], told["minimum"]) == (True, [], 100)
    assert told["rows"] > 1000
    assert not (us.home / "exports").exists()
    shown = exported("google_customer_match", "--preflight")
    assert "Nothing was written" in shown.stderr


def test_an_export_is_copied_listed_and_revoked(
    exported: Command, fieldmark: Command, tmp_path: Path, us: Workspace
) -> None:
    out = tmp_path / "list.csv"
    made = json.loads(exported("tiktok", "--out", out, "--json").stdout)
    [file] = made["files"]
    assert out.read_text().startswith("Email_SHA256,")
    assert len(out.read_text().splitlines()) == made["rows"] + 1
    [line] = json.loads(fieldmark("exports", "list", "--json").stdout)
    assert (line["export_id"], line["actor"], line["rows"]) == (file["export_id"], "local", made["rows"])
    assert file["export_id"] in fieldmark("exports", "list").stdout
    assert fieldmark("exports", "revoke", file["export_id"]).exit_code == 0
    assert not list((us.home / "exports").iterdir())
    assert "revoked" in fieldmark("exports", "list").stdout
    assert fieldmark("exports", "revoke", "no-such").exit_code == 3


def test_several_files_get_numbered_copies(exported: Command, tmp_path: Path) -> None:
    answer = exported("plain", "--split", 5_000, "--out", tmp_path / "list.csv", "--json")
    files = json.loads(answer.stdout)["files"]
    names = sorted(path.name for path in tmp_path.glob("list*.csv"))
    assert names == sorted(f"list-{at}.csv" for at in range(1, len(files) + 1))


def test_a_platform_that_is_not_known_is_refused(exported: Command) -> None:
    answer = exported("myspace", "--json")
    assert answer.exit_code == 2
    assert "destination" in answer.stderr


def test_a_folder_is_added_tried_used_and_removed(
    exported: Command, fieldmark: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = (tmp_path / "out").as_uri()
    refused = fieldmark("destinations", "add", "box", url)
    assert (refused.exit_code, "FIELDMARK_EXPORT_FOLDERS" in refused.stderr) == (2, True)
    monkeypatch.setenv("FIELDMARK_EXPORT_FOLDERS", f"{tmp_path / 'other'}:{tmp_path}")
    assert fieldmark("destinations", "add", "box", url).exit_code == 0
    assert "takes files" in fieldmark("destinations", "test", "box").stdout
    made = json.loads(exported("meta", "--delivery", "box", "--json").stdout)
    [delivered] = [file["delivered"]["url"] for file in made["files"]]
    assert delivered.startswith(url)
    assert (
        Path(delivered.removeprefix("file://")).stat().st_size == made["files"][0]["delivered"]["size_bytes"]
    )
    assert [each["name"] for each in json.loads(fieldmark("destinations", "list", "--json").stdout)] == [
        "box"
    ]
    assert fieldmark("destinations", "remove", "box").exit_code == 0
    assert json.loads(fieldmark("destinations", "list", "--json").stdout) == []
    assert fieldmark("destinations", "test", "box").exit_code == 3


@pytest.mark.parametrize("way", ["stdin", "file", "asked"])
def test_a_secret_is_read_and_never_shown(
    fieldmark: Command, tmp_path: Path, us: Workspace, way: str
) -> None:
    (tmp_path / "secret").write_text("the-secret\n")
    more = {"stdin": ["--secret-file", "-"], "file": ["--secret-file", tmp_path / "secret"], "asked": []}[way]
    added = fieldmark(
        "destinations", "add", "bucket", "s3://exports/a", "--key", "AKIAEXAMPLE", *more, input="the-secret\n"
    )
    assert added.exit_code == 0, added.output
    shown = added.output + fieldmark("destinations", "list", "--json").output
    assert "the-secret" not in shown
    assert "AKIAEXAMPLE" not in shown
    assert "the-secret" in (us.home / "destinations.json").read_text()
