import errno
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from store.errors import BadInput, NoRoom
from store.population.domains import DOMAINS
from store.population.mapping.model import CLUSTERED, read_mapping
from store.synthetic import generate
from store.synthetic.generate import MOST_PEOPLE
from store.synthetic.persons import blueprint as blueprint_module
from store.synthetic.persons.blueprint import blueprint
from store.synthetic.persons.chunk import chunk_table


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    generate(600, 11, tmp_path / "one")
    generate(600, 11, tmp_path / "two")

    assert _contents(tmp_path / "one") == _contents(tmp_path / "two")


def test_another_seed_gives_other_people_of_the_same_form(tmp_path):
    generate(600, 11, tmp_path / "one")
    generate(600, 12, tmp_path / "two")
    one, two = (pq.read_table(tmp_path / name / "population") for name in ("one", "two"))

    assert one.column_names == two.column_names
    assert one["email1"].to_pylist() != two["email1"].to_pylist()


def test_persons_are_numbered_from_one_in_order(generated):
    assert np.array_equal(generated["person_id"], np.arange(1, 20_001))


def test_the_report_names_what_lies_in_the_folder(generated):
    report = generated.report

    assert sorted(report.files) == list(_contents(generated.folder))
    assert (report.people, report.attributes) == (20_000, generated.people.num_columns)
    assert report.customers == {file.file: file.rows for file in generated.truth.files}


def test_the_report_counts_attributes_with_values_that_somebody_has(generated):
    mapping = read_mapping(generated.folder / "mapping.toml")
    clusters = 0
    for name, column in mapping.of_kind(*CLUSTERED).items():
        values = [value for value in generated[name] if value is not None]
        if column.kind == "list":
            values = [value for several in values for value in several]
        if column.kind == "number":
            values = np.digitize(np.array(values, dtype=float), column.bins).tolist()
        clusters += len(set(values))

    assert generated.report.clusters == clusters


def test_every_column_is_mapped_and_all_eighteen_domains_are_covered(generated):
    mapping = read_mapping(generated.folder / "mapping.toml")

    assert list(mapping.columns) == generated.people.column_names
    assert {column.domain for column in mapping.columns.values()} == set(DOMAINS)


def test_every_trait_can_be_told_of(generated):
    mapping = read_mapping(generated.folder / "mapping.toml")
    for column in mapping.of_kind(*CLUSTERED).values():
        assert column.label
        assert ("{value}" in column.phrase) == (column.kind != "flag")
        assert column.phrase


def test_what_is_delicate_is_marked(generated):
    marked = {
        name: column.sensitive
        for name, column in read_mapping(generated.folder / "mapping.toml").columns.items()
        if column.sensitive
    }

    assert (
        marked.items()
        >= {
            "ethnicity": "ethnicity",
            "political_party_affiliation": "politics",
            "donated_political_cause_recently": "politics",
            "interested_faith_inspiration": "religion",
        }.items()
    )


@pytest.mark.parametrize("people", [1, 50, 3_000])
def test_small_populations_are_whole_and_their_files_small(tmp_path, people):
    report = generate(people, 5, tmp_path / "out")

    assert pq.read_table(tmp_path / "out" / "population").num_rows == people
    assert len(report.customers) == 7
    assert all(rows <= 0.05 * people for rows in report.customers.values())


def test_progress_is_told_until_all_are_done(tmp_path, monkeypatch):
    monkeypatch.setattr(blueprint_module, "CHUNK_SIZE", 100)
    told: list[tuple[int, int]] = []
    generate(250, 5, tmp_path / "out", lambda done, people: told.append((done, people)))

    assert told == [(100, 250), (200, 250), (250, 250)]


def test_chunks_join_without_gaps_or_clashes(tmp_path, monkeypatch):
    monkeypatch.setattr(blueprint_module, "CHUNK_SIZE", 100)
    report = generate(950, 5, tmp_path / "out")
    people = pq.read_table(tmp_path / "out" / "population")

    assert [name for name in report.files if name.endswith(".parquet")] == [
        f"population/part-0000{number}.parquet" for number in range(3)
    ]
    assert people["person_id"].to_pylist() == list(range(1, 951))
    emails = [email for slot in (1, 2, 3) for email in people[f"email{slot}"].to_pylist() if email]
    assert len(set(emails)) == len(emails)
    for name in ("phone1", "phone2"):
        homes: dict[str, set[str]] = {}
        for phone, home in zip(people[name].to_pylist(), people["household_id"].to_pylist(), strict=True):
            homes.setdefault(phone, set()).add(home)
        assert all(len(shared) == 1 for phone, shared in homes.items() if phone)


def test_a_chunk_is_the_same_whenever_it_is_drawn(monkeypatch):
    monkeypatch.setattr(blueprint_module, "CHUNK_SIZE", 100)
    plan = blueprint(300, 5)
    backwards = [chunk_table(plan, chunk) for chunk in (2, 1, 0)]

    assert [chunk_table(plan, chunk) for chunk in (0, 1, 2)] == backwards[::-1]


@pytest.mark.parametrize("people", [0, -1, MOST_PEOPLE + 1])
def test_a_size_that_cannot_be_made_is_refused(tmp_path, people):
    with pytest.raises(BadInput, match="200,000,000") as refusal:
        generate(people, 1, tmp_path / "out")

    assert refusal.value.where == "people"
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_a_seed_that_cannot_be_used_is_refused(tmp_path, seed):
    with pytest.raises(BadInput, match="seed"):
        generate(10, seed, tmp_path / "out")


def test_a_folder_with_something_in_it_is_refused_and_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(BadInput, match="empty folder"):
        generate(10, 1, tmp_path)

    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(BadInput):
        generate(10, 1, tmp_path / "out")


def test_an_empty_folder_is_filled(tmp_path):
    assert generate(10, 1, tmp_path).folder == tmp_path


def test_a_disk_that_is_too_full_is_refused_before_anything_is_written(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(100, 99, 1))
    with pytest.raises(NoRoom):
        generate(10, 1, tmp_path / "deep" / "out")

    assert not (tmp_path / "deep").exists()


@pytest.mark.parametrize("was_there", [True, False])
def test_a_disk_that_fills_up_leaves_nothing_behind(tmp_path, was_there):
    out = tmp_path / "out"
    if was_there:
        out.mkdir()

    def full(done: int, people: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(NoRoom, match="room"):
        generate(300, 1, out, full)

    assert list(tmp_path.rglob("*")) == ([out] if was_there else [])


def test_any_other_failure_leaves_nothing_behind_either(tmp_path):
    def interrupted(done: int, people: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate(300, 1, tmp_path / "out", interrupted)

    assert not (tmp_path / "out").exists()
