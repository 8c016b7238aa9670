"""Lists are kept whole, for their time, and asked in any order; whoever was erased is in none."""

from collections.abc import Set
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.erasures import Erasures
from store.errors import BadFile, BadInput, Conflict, Expired, NotFound
from store.features import FeatureTable, category, number, sets
from store.population.lookup import digest
from store.scored_lists.asking import RowsQuery, batches_of, found_rows, one_row, people_in, tier_counts
from store.scored_lists.forgetting import forget_people
from store.scored_lists.kept import HeldAgainst, KeptList, KeptLists, until
from store.scored_lists.writing import columns_of, write_rows

NOW = datetime(2026, 3, 1, tzinfo=UTC)
NOBODY = np.empty(0, dtype=np.int64)
# Five leads, the best first; the last two are equal, and keep the order of the list.
SCORES = [90.0, 65.0, 45.0, 10.0, 10.0]
TOLD = {
    "lead": ["ann@example.com", "lead-2", "lead-3", "lead-4", "lead-5"],
    "place": np.array([5, 1, 2, 3, 4], dtype=np.int32),
    "person_id": [7, None, 9, None, None],
    "score_0": np.array(SCORES),
    "tier_0": ["A", "B", "C", "D", "D"],
    "confidence_0": ["high", "low", "medium", "high", "high"],
    "disqualifier_0": [None, None, None, "agencies", None],
    "reasoning_0": ["Software, 50 to 200", "Software", "Retail", "walk away: agencies", "nothing"],
    "row": np.arange(5, dtype=np.int32),
}
TABLE = FeatureTable(
    5,
    (
        number("employees", [120, None, 7.5, 3, 4]),
        category("industry", ["Software", "Software", None, "Retail", "Retail"]),
        sets("tools", [["CRM", "Mail"], [], ["Mail"], ["CRM"], []]),
    ),
)


@pytest.fixture
def lists(tmp_path: Path) -> KeptLists:
    return KeptLists(tmp_path / "home")


def kept_list(lists: KeptLists, list_id: str = "list_1", **more: object) -> KeptList:
    """A list of five rows, scored."""
    source = lists._folder.parent / "leads.csv"
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text("id\n1\n")
    kept = KeptList(
        list_id=list_id, name="", warehouse="w", creator="local", created_at=NOW, expires_at=until(NOW, 30)
    )
    kept = lists.add(kept.model_copy(update=more), "leads.csv", source, NOW)
    write_rows(lists.folder(list_id) / "rows.parquet", TOLD, TABLE, columns_of(TABLE, TABLE.names))
    return kept


def leads(lists: KeptLists, without: np.ndarray = NOBODY, **query: object) -> list[str]:
    path = lists.rows(lists.named("list_1", NOW))
    return [row["lead"] for row in found_rows(path, RowsQuery.model_validate(query), without).rows]


def test_rows_come_sorted_filtered_and_page_by_page(lists):
    kept_list(lists)
    assert leads(lists, limit=2) == ["ann@example.com", "lead-2"]
    assert leads(lists, limit=2, page=3) == ["lead-5"]
    assert leads(lists, limit=2, page=4) == []
    assert leads(lists, sort="place") == ["lead-2", "lead-3", "lead-4", "lead-5", "ann@example.com"]
    assert leads(lists, sort="score") == ["lead-4", "lead-5", "lead-3", "lead-2", "ann@example.com"]
    assert leads(lists, sort="-confidence")[-2:] == ["lead-3", "lead-2"]
    assert leads(lists, tier="D") == ["lead-4", "lead-5"]
    assert leads(lists, text="SOFTWARE") == ["ann@example.com", "lead-2"]


def test_words_with_signs_of_sql_are_only_words(lists):
    kept_list(lists)
    for words in ("%", "_", "' OR 1=1 --", "\\", '"'):
        assert leads(lists, text=words) == []


def test_what_sorts_is_one_of_the_columns_that_are_told(lists):
    kept_list(lists)
    for sort in ("person_id", "value_0", "row; drop", "score_1", ""):
        with pytest.raises(BadInput):
            leads(lists, sort=sort)
    with pytest.raises(BadInput):
        leads(lists, profile=1)


def test_tiers_are_counted_of_what_passes_the_words(lists):
    path = lists.rows(kept_list(lists))
    assert tier_counts(path, RowsQuery(tier="A"), NOBODY) == {"A": 1, "B": 1, "C": 1, "D": 2}
    assert tier_counts(path, RowsQuery(text="software"), NOBODY) == {"A": 1, "B": 1, "C": 0, "D": 0}
    assert tier_counts(path, RowsQuery(), np.array([7])) == {"A": 0, "B": 1, "C": 1, "D": 2}


def test_one_row_has_the_values_that_its_score_reads(lists):
    path = lists.rows(kept_list(lists))
    assert [one_row(path, 0, NOBODY)[f"value_{at}"] for at in range(3)] == [120, "Software", ["CRM", "Mail"]]
    assert [one_row(path, 1, NOBODY)[f"value_{at}"] for at in range(3)] == [None, "Software", []]
    with pytest.raises(NotFound):
        one_row(path, 5, NOBODY)


def test_whoever_was_erased_is_told_of_no_more(lists):
    path = lists.rows(kept_list(lists))
    erased = np.array([7, 8])
    assert leads(lists, erased) == ["lead-2", "lead-3", "lead-4", "lead-5"]
    assert people_in(path, RowsQuery(), erased).tolist() == [9]
    with pytest.raises(NotFound):
        one_row(path, 0, erased)
    batches = list(batches_of(path, RowsQuery(sort="lead"), erased, {"who": "lead"}))
    assert [name for batch in batches for name in batch["who"].to_pylist()] == leads(lists, erased)


def forgotten(
    lists: KeptLists,
    warehouse: str = "w",
    ids: Set[int] | None = frozenset(),
    digests: Set[str] = frozenset(),
) -> int:
    """How many lists lost something: `ids` are theirs in every snapshot."""
    home, erasures = lists._folder.parent, Erasures(digests=set(digests))
    return forget_people(home, warehouse, lambda _: ids, erasures.is_erased, NOW)


def test_an_erasure_takes_rows_and_the_file_that_came(lists):
    """Person 7, the only one of tier A, goes by id: four of the five rows are left, one of them B."""
    tiers = HeldAgainst(id="p", name="P", criteria=1, tiers={"A": 1, "B": 1, "C": 1, "D": 2})
    kept = kept_list(lists, snapshot_id="s", rows=5, against=[tiers])
    assert forgotten(lists, "other", ids={7}) == 0
    assert forgotten(lists, ids={8}) == 0
    assert lists.given(kept).exists()
    assert forgotten(lists, ids={7}) == 1
    assert leads(lists) == ["lead-2", "lead-3", "lead-4", "lead-5"]
    left = lists.named("list_1", NOW)
    assert (left.rows, left.against[0].tiers) == (4, {"A": 0, "B": 1, "C": 1, "D": 2})
    with pytest.raises(Expired):
        lists.given(left)
    assert forgotten(lists, ids={7}) == 0


@pytest.mark.parametrize(
    ("kind", "normal", "lead"),
    [
        ("email", "ann@example.com", " Ann@Example.com"),
        ("id", "c-17", "c-17"),
        ("maid", "38400000-8cf0-11bd-b23e-10b96e40000d", "38400000-8CF0-11BD-B23E-10B96E40000D"),
    ],
)
def test_a_row_that_is_named_by_an_erased_identifier_goes(lists, kind, normal, lead):
    kept = kept_list(lists)
    told = TOLD | {"lead": ["lead-1", lead, "lead-3", "lead-4", "7"]}
    write_rows(lists.rows(kept), told, TABLE, columns_of(TABLE, TABLE.names))
    assert forgotten(lists, digests={f"{kind}:{digest(normal, 'sha256')}"}) == 1
    assert leads(lists) == ["lead-1", "lead-3", "lead-4", "7"]


def test_a_list_that_nothing_tells_of_loses_the_file_that_came(lists):
    """One is not scored yet; of the other the snapshot is kept no more, so that its ids tell nobody."""
    kept_list(lists, snapshot_id="gone")
    kept_list(lists, "list_2")
    (lists.folder("list_2") / "rows.parquet").unlink()
    assert forgotten(lists, ids=None) == 2
    assert [kept.file for kept in lists.newest(NOW)] == ["", ""]
    assert len(leads(lists)) == 5
    assert forgotten(lists, ids=None) == 0


def test_a_list_goes_when_its_time_is_over(lists):
    kept_list(lists)
    kept_list(lists, "list_2", created_at=NOW + timedelta(days=1), expires_at=until(NOW, 60))
    assert [kept.list_id for kept in lists.newest(NOW)] == ["list_2", "list_1"]
    later = NOW + timedelta(days=30)
    assert [kept.list_id for kept in lists.newest(later)] == ["list_2"]
    with pytest.raises(Expired):
        lists.named("list_1", later)
    assert not lists.folder("list_1").exists()
    assert lists.remove_expired(NOW + timedelta(days=60)) == 1
    with pytest.raises(NotFound):
        lists.named("list_2", NOW)


def test_what_is_no_list_is_not_there(lists, tmp_path: Path):
    for name in ("list_9", "../../etc", "list_../x", "", "list_" + "a" * 99):
        with pytest.raises(NotFound):
            lists.named(name, NOW)
    empty = tmp_path / "empty.csv"
    empty.touch()
    kept = KeptList(
        list_id="list_1", name="", warehouse="w", creator="local", created_at=NOW, expires_at=until(NOW, 1)
    )
    with pytest.raises(BadFile):
        lists.add(kept, "empty.csv", empty, NOW)
    with pytest.raises(Conflict):
        lists.rows(kept)


@given(
    scores=st.lists(st.integers(0, 100), max_size=40),
    limit=st.integers(1, 7),
    sort=st.sampled_from(["score", "-score", "lead", "-place", "tier"]),
)
def test_the_pages_together_are_every_row_once_in_order(tmp_path_factory, scores, limit, sort):
    path = tmp_path_factory.mktemp("rows") / "rows.parquet"
    rows = len(scores)
    told = {
        "lead": [f"lead-{score}" for score in scores],
        "place": np.arange(rows, dtype=np.int32),
        "person_id": np.arange(rows, dtype=np.int64),
        "score_0": np.array(scores, dtype=np.float64),
        "tier_0": ["ABCD"[min(3, score // 30)] for score in scores],
        "reasoning_0": ["" for _ in scores],
        "row": np.arange(rows, dtype=np.int32),
    }
    write_rows(path, told, FeatureTable(rows, ()), [])
    found = []
    for page in range(1, rows // limit + 3):
        found += found_rows(path, RowsQuery(sort=sort, page=page, limit=limit), NOBODY).rows
    column = {"score": "score_0", "tier": "tier_0"}.get(sort.strip("-"), sort.strip("-"))
    expected = sorted(range(rows), key=lambda row: told[column][row], reverse=sort.startswith("-"))
    assert [row["row"] for row in found] == expected
