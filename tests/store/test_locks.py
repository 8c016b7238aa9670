"""A lock is held by one, until it is let go of."""

from pathlib import Path

from store.locks import Lock


def test_a_lock_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    first, second = Lock(tmp_path / "a" / "x.lock"), Lock(tmp_path / "a" / "x.lock")
    assert first.taken()
    assert not second.taken()
    first.let_go()
    first.let_go()
    assert second.taken()
    other = Lock(tmp_path / "a" / "y.lock")
    assert other.taken()
    other.let_go()
    second.let_go()
