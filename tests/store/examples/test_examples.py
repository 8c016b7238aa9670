"""The bank's contacts, as files that load."""

import csv
from collections import Counter
from pathlib import Path

from store.examples import write_bank_contacts
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
