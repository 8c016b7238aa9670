"""Every command over profiles, read as somebody at a terminal reads it."""

import csv
import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
NAME = "Mid-market software"
WRITTEN = """
name = "Mid-market software"
industries = ["Software", "Fintech"]
company_size = "50-200 employees"
geography = ["DACH"]
disqualifiers = ["agencies"]
[weights]
geography = 2.0
"""


@pytest.fixture
def told(fieldmark: Run) -> Callable[..., str]:
    """What a command says, which must not have failed."""

    def run(*words: object) -> str:
        done = fieldmark(*words, "--warehouse", "us")
        assert done.exit_code == 0, done.stdout + done.stderr
        return done.stdout

    return run


@pytest.fixture
def made(told: Callable[..., str], tmp_path: Path) -> str:
    file = tmp_path / "profile.toml"
    file.write_text(WRITTEN)
    return told("profiles", "create", file)


def test_without_any_the_list_says_how_one_is_made(told):
    assert "There is no profile yet. `fieldmark profiles create FILE.toml` makes one." in told(
        "profiles", "list"
    )


def test_a_profile_is_shown_line_by_line(told, made):
    assert "Mid-market software, revision 1, private." in made
    lines = [" ".join(line.split()) for line in made.splitlines()]
    assert "Industry Software, Fintech weighs 1" in lines
    assert "Company size 50 to 200 weighs 1" in lines
    assert "Geography DACH weighs 2" in lines
    assert "Ruled out agencies" in lines
    assert told("profiles", "show", NAME) == made
    assert "Mid-market software 1 you" in " ".join(told("profiles", "list").split())


def test_an_edit_says_what_changed_and_a_stale_one_is_refused(told, made, fieldmark, tmp_path):
    file = tmp_path / "edit.toml"
    file.write_text('company_size = "50-500"\n[weights]\ngeography = 1.0\n')
    assert "Changed: max employees: 200 to 500; weight of geography: 2 to 1." in told(
        "profiles", "edit", NAME, file
    )
    assert "Changed: nothing." in told("profiles", "edit", NAME, file)
    late = fieldmark("profiles", "edit", NAME, file, "--revision", 1, "--warehouse", "us")
    assert late.exit_code != 0
    assert "Somebody changed the profile since" in late.stderr


def test_history_comparison_and_restoring_go_by_number(told, made, tmp_path):
    file = tmp_path / "edit.toml"
    file.write_text('industries = ["Software"]\n')
    told("profiles", "edit", NAME, file)
    assert f"{NAME}: Everyone in the organisation sees it." in told("profiles", "share", NAME)
    history = [" ".join(line.split()) for line in told("profiles", "history", NAME).splitlines()]
    assert [line.split()[0] for line in history[1:]] == ["3", "2", "1"]
    assert history[1].endswith("local shared with the organisation")
    assert history[2].endswith("industries: removed `Fintech`")
    assert history[3].endswith("written by hand")
    compared = told("profiles", "compare", NAME, "--revision", 1)
    assert "From Mid-market software, revision 1 to Mid-market software, revision 3:" in compared
    assert "  industries: removed `Fintech`" in compared
    assert "nothing differs" in told("profiles", "compare", NAME, "--revision", 2)
    assert "revision 4, shared with the organisation" in told("profiles", "restore", NAME, 1)
    assert f"{NAME}, revision 2," in told("profiles", "show", NAME, "--revision", 2)
    assert "Only you see it." in told("profiles", "share", NAME, "--private")


def test_a_copy_is_compared_with_what_it_was_copied_from_and_deleted(told, made):
    assert "Copy of Mid-market software, revision 1, private." in told("profiles", "clone", NAME)
    compared = told("profiles", "compare", NAME, f"Copy of {NAME}")
    assert "nothing differs" in compared
    assert f"Copy of {NAME} is deleted." in told("profiles", "delete", f"Copy of {NAME}")
    assert "Copy of" not in told("profiles", "list")


def best(path: Path, rows: int, industry: str, employees: int) -> Path:
    with path.open("w", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(["id", "industry", "headcount", "country"])
        writer.writerows([at, industry, employees + at % 7, ("Germany", "DE")[at % 2]] for at in range(rows))
    return path


def test_a_proposal_is_told_with_its_evidence_written_edited_and_created(told, tmp_path):
    """40 customers, all Software of 100 to 106 employees in one country that is written in two ways."""
    file, out = best(tmp_path / "best.csv", 40, "Software", 100), tmp_path / "proposed.toml"
    proposed = told("profiles", "propose", file, "--out", out)
    assert "proposed, not saved." in proposed
    assert "100% of 40 customers" in proposed
    assert "91 % to 100 %" in proposed  # Wilson, of 40 of 40
    assert "Nobody was compared with" in proposed
    assert "There is no profile yet" in told("profiles", "list")
    document = tomllib.loads(out.read_text())
    assert document["industries"] == ["Software"]
    assert document["geography"] == ["Germany"]
    assert "Best, revision 1, private." in told("profiles", "create", out, "--name", "Best")


def test_beside_others_the_lines_are_criteria_with_weights(told, tmp_path):
    mine = best(tmp_path / "best.csv", 120, "Software", 100)
    others = best(tmp_path / "lost.csv", 120, "Retail", 3)
    proposed = told("profiles", "propose", mine, "--others", others)
    assert "Learned from 120 customers and 120 others" in proposed
    assert "must have" in proposed


def test_leads_are_scored_by_a_profile_and_again_after_an_edit(told, made, fieldmark, tmp_path):
    """Of two dimensions known of `size` one is matched: 50 + 50 (1 - 1) / 4 = 50; then both."""
    file = tmp_path / "leads.csv"
    file.write_text("id,industry,headcount,country\nideal,SaaS,120,Germany\nsize,Software,900,\nempty,,,\n")
    score = ("score", file, "--profile", NAME, "--json")
    before = json.loads(told(*score))
    assert {one["lead"]: one["score"] for one in before["sample"]} == {"ideal": 100, "size": 50, "empty": 50}
    told_of = {one["lead"]: one for one in before["sample"]}
    assert told_of["ideal"]["tier"] == "A - Excellent Fit"
    assert told_of["empty"]["match_confidence"] == "low"
    edit = tmp_path / "edit.toml"
    edit.write_text('company_size = "50-1000"\n')
    told("profiles", "edit", NAME, edit)
    after = json.loads(told(*score))
    assert after["profiles"][0]["revision"] == 2
    assert {one["lead"]: one["score"] for one in after["sample"]}["size"] == 75


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("industry = ['x']", "industry"),
        ("company_size = 'big-ish'", "name a range"),
        ("a = ", "no TOML"),
        ("description = 'nothing else'", "says nothing"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_what_would(fieldmark, tmp_path, text, said):
    file = tmp_path / "bad.toml"
    file.write_text(text)
    done = fieldmark("profiles", "create", file, "--warehouse", "us")
    assert done.exit_code != 0
    assert said in done.stderr


def test_every_command_answers_as_json(told, made):
    assert json.loads(told("profiles", "list", "--json"))["icp_profiles"][0]["name"] == NAME
    for words in (("show",), ("history",), ("clone",), ("share",)):
        assert json.loads(told("profiles", words[0], NAME, "--json"))["tool_trace_id"]
