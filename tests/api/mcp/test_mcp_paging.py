"""A list in pages is the list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.mcp.paging import page_of
from store.errors import BadInput


def key(item: str) -> str:
    return item


@given(st.lists(st.text(max_size=20), unique=True, max_size=30), st.integers(1, 10))
def test_the_pages_together_are_the_list(items: list[str], size: int) -> None:
    found, cursor = page_of(items, None, key, size)
    while cursor is not None:
        assert found
        more, cursor = page_of(items, cursor, key, size)
        assert 0 < len(more) <= size
        found += more
    assert found == items


@pytest.mark.parametrize("cursor", ["", "?", "bm9uZQ", "a" * 10_000, "\udcff", "ÿ"])
def test_a_cursor_of_no_list_is_refused_without_saying_it_again(cursor: str) -> None:
    with pytest.raises(BadInput) as refusal:
        page_of(["a", "b"], cursor, key, 1)
    assert cursor == "" or cursor not in str(refusal.value)
