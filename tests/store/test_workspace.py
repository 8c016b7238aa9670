"""A house opens each warehouse once, and all of them share its records, artifacts and exports."""

from pathlib import Path

from store.workspace import House


def test_a_warehouse_is_opened_once(house: House) -> None:
    assert house.workspace("a") is house.workspace("a")
    assert house.workspace("a").warehouse is not house.workspace("b").warehouse


def test_all_workspaces_share_what_belongs_to_the_house(house: House, clock) -> None:
    one, other = house.workspace("a"), house.workspace("b")
    assert (one.database, one.artifacts, one.exports) == (other.database, other.artifacts, other.exports)
    assert one.now() == house.now() == clock.time
    assert len({one.new_id(), other.new_id(), one.new_id()}) == 3


def test_opening_and_closing_a_house_writes_nothing(tmp_path: Path, open_house) -> None:
    house = open_house(tmp_path / "home")
    house.workspace("a")
    house.close()
    assert not (tmp_path / "home").exists()
