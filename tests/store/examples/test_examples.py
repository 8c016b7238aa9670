"""The bank's contacts, as files that load."""

import csv
from collections import Counter
from pathlib import Path

from store.examples import write_bank_contacts, write_bank_outcomes
from store.population.mapping import read_mapping
from store.workspace import House


def test_the_calls_are_written_in_their_order_and_every_third_is_kept_aside(tmp_path: Path) -> None:
    contacts, _ = write_bank_contacts(tmp_path / "new" / "folder")
    with contacts.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["contact_number"]) for row in rows] == list(range(1, len(rows) + 1))
    assert Counter(row["used_for"] for row in rows) == {
        "checking": len(rows) // 3,
        "learning": len(rows) - len(rows) // 3,
    }
    assert [row["used_for"] for row in rows[:4]] == ["learning", "learning", "checking", "learning"]


def test_the_files_are_the_same_each_time(tmp_path: Path) -> None:
    first, second = write_bank_contacts(tmp_path / "a"), write_bank_contacts(tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_mapping_fits_the_contacts(house: House, tmp_path: Path) -> None:
    contacts, mapping = write_bank_contacts(tmp_path)
    workspace = house.workspace("bank")
    report = workspace.warehouse.load(
        [contacts], read_mapping(mapping), house.now(), progress=lambda *_: None, processes=1
    )
    with contacts.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert report.persons == len(rows)
    catalogue = workspace.population.catalogue
    learning = catalogue.valued("used_for", "learning")
    assert learning is not None
    assert learning.size == sum(row["used_for"] == "learning" for row in rows)
    outcomes = {each.name for each in catalogue.clusters if not each.mined}
    assert "used_for" in outcomes


def test_the_calls_as_outcomes_are_in_the_order_of_their_days(tmp_path: Path) -> None:
    """The source says: from May 2008 on, in order; y = yes is won."""
    contacts, _ = write_bank_contacts(tmp_path)
    with contacts.open(newline="") as file:
        calls = list(csv.DictReader(file))
    with write_bank_outcomes(tmp_path).open(newline="") as file:
        rows = list(csv.DictReader(file))
    days = [row["decided_at"] for row in rows]
    assert days == sorted(days)
    assert (days[0], days[-1][:4]) == ("2008-05-05", "2009")
    assert [row["outcome"] == "won" for row in rows] == [call["y"] == "yes" for call in calls]
    assert [int(row["person_id"]) for row in rows] == [int(call["contact_number"]) for call in calls]
    assert "unknown" not in {row["job"] for row in rows}
