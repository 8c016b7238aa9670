"""Where do two results differ? Plain JSON against plain JSON, place by place."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import BaseModel, Field

# What an item of a list is known by, the first of these that every item has, each another one.
NAMES = ("key", "cluster_hash", "segment_id", "name", "kind", "strategy", "tier", "figure", "point", "label")
LONGEST = 200  # characters of a value that is shown


class Difference(BaseModel):
    """One place where two results differ."""

    path: str = Field(description="Such as `criteria.criteria[employees].weight`; empty: the whole.")
    before: Any = Field(description="None where there was nothing.")
    now: Any


def differences(before: Any, now: Any, path: str = "") -> list[Difference]:
    """Every place where these differ, in their order; none where they are the same.

    Items of lists are matched by what names them, where every item has such a name, else by their places.
    Numbers are the same when they are equal; true is no 1.
    """
    return list(_differing(before, now, path))


def _differing(before: Any, now: Any, path: str) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(now, dict):
        for name in dict.fromkeys([*before, *now]):
            yield from _each(before, now, name, f"{path}.{name}" if path else str(name))
    elif isinstance(before, list) and isinstance(now, list):
        yield from _of_lists(before, now, path)
    elif not _same(before, now):
        yield Difference(path=path, before=shown(before), now=shown(now))


def _each(before: dict[Any, Any], now: dict[Any, Any], name: Any, path: str) -> Iterator[Difference]:
    if name in before and name in now:
        yield from _differing(before[name], now[name], path)
    elif name in before:
        yield Difference(path=path, before=shown(before[name]), now=None)
    else:
        yield Difference(path=path, before=None, now=shown(now[name]))


def _of_lists(before: list[Any], now: list[Any], path: str) -> Iterator[Difference]:
    named = next((name for name in NAMES if _names(before, name) and _names(now, name)), None)
    if named is None or not (before and now):
        old, new = dict(enumerate(before)), dict(enumerate(now))
    else:
        old, new = ({each[named]: each for each in items} for items in (before, now))
        if [*old] != [*new] and {*old} == {*new}:
            yield Difference(path=f"{path} (order)", before=shown([*old]), now=shown([*new]))
    for key in dict.fromkeys([*old, *new]):
        yield from _each(old, new, key, f"{path}[{key}]")


def _names(items: Sequence[Any], name: str) -> bool:
    """Whether every item has this name, and no two the same."""
    found = [each.get(name) if isinstance(each, dict) else None for each in items]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) for one in found):
        return False
    return len({(type(one), one) for one in found}) == len(found)


def _same(before: Any, now: Any) -> bool:
    if isinstance(before, bool) or isinstance(now, bool):
        return before is now
    return before == now


def shown(value: Any) -> Any:
    """The value, or how much it holds where it is long."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[: LONGEST - 1]}…"
    if isinstance(value, list | dict) and len(str(value)) > LONGEST:
        return f"{len(value)} {'items' if isinstance(value, list) else 'fields'}"
    return value
