"""Somebody is erased: gone from the files at the next sync, with the reason; no address lies open."""

import csv
from datetime import timedelta
from pathlib import Path

from benchmarks.closed_loop.house import FIRST_MONDAY, GONE, MARKETING, SALES, Loop
from benchmarks.closed_loop.weeks import ID, NAME, SITE, Accounts
from store.accounts.numbering import account_number
from tools.privacy.erase_person import erase_person
from tools.privacy.person import AboutPerson


def _files_with(folder: Path, texts: list[str]) -> list[str]:
    """The files below a folder in which one of the texts stands, by their paths."""
    wanted = [each.encode() for each in texts]
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    return [str(path.relative_to(folder)) for path in paths if any(w in path.read_bytes() for w in wanted)]


def test_no_address_lies_open_in_the_house(three_weeks: Path) -> None:
    assert _files_with(three_weeks / "home", [SALES, MARKETING, GONE]) == []


def test_who_is_erased_leaves_the_audience_with_the_reason(loop: Loop, three_weeks: Path) -> None:
    row = Accounts.read(three_weeks / "accounts.csv").of("Software")[3]
    number = account_number(row[ID])
    loop.at(FIRST_MONDAY + timedelta(weeks=2, days=1))
    erase_person(loop.workspace, AboutPerson(person_id=number))
    loop.at(FIRST_MONDAY + timedelta(weeks=3, seconds=30))
    loop.work()

    (audience,) = loop.briefings()[-1].audiences
    assert [(each.people, each.why) for each in audience.left] == [(1, "erased")]
    newest = max(loop.out.glob("*.csv"), key=lambda path: path.stat().st_mtime_ns)
    with newest.open(encoding="utf-8-sig", newline="") as file:
        assert str(number) not in {line["person_id"] for line in csv.DictReader(file)}
    texts = [row[SITE], row[NAME] + '"', str(number)]
    assert _files_with(loop.home / "artifacts", texts) == []
    assert not any(each in mail.as_string() for _, mail in loop.mailbox.mails for each in texts)
