"""Which days must be read? Those that are new, that changed, or that were read in another way."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from store.errors import BadInput
from store.events.files.days import SourceDay
from store.events.reading import EventReading
from store.events.report import KeptDay
from store.events.sql.flat import flat_events_sql, flat_items_sql
from store.events.sql.partials import PARTIALS, partial_sql


@dataclass(frozen=True)
class Plan:
    """What a load does to each day. `kept` are the days that stay as they are, named in this load or not."""

    new: list[SourceDay]
    changed: list[SourceDay]
    unchanged: list[SourceDay]
    kept: list[KeptDay]

    @property
    def to_read(self) -> list[SourceDay]:
        return sorted(self.new + self.changed, key=lambda each: each.day)


def form_of_partials(reading: EventReading) -> str:
    """What tells one way of making partials from another: a hash of the queries."""
    queries = [flat_events_sql("", reading), flat_items_sql("", reading), *map(partial_sql, PARTIALS)]
    # Who a user is matters only to what is made of the partials.
    return hashlib.sha256("\n".join(queries).encode()).hexdigest()[:16]


def planned(named: Sequence[SourceDay], ledger: Sequence[KeptDay], form: str) -> Plan:
    """What to read of the days that are named, given those that are kept.

    Raises BadInput where a day is named with only some of the files it was read from, or where a kept day
    was read in another way and is not named.
    """
    kept = {each.day: each for each in ledger}
    plan = Plan([], [], [], [])
    for each in named:
        old = kept.get(each.day)
        if old is None:
            plan.new.append(each)
        elif (each.intraday and not old.intraday) or (old.form == form and _is_same(each, old)):
            plan.unchanged.append(each)
        else:
            _refuse_partly(each, old)
            plan.changed.append(each)
    replaced = {each.day for each in plan.changed}
    plan.kept.extend(each for each in ledger if each.day not in replaced)
    if other := [each.day for each in plan.kept if each.form != form]:
        raise BadInput(
            f"{len(other)} days are kept that were read in another way",
            where=f"{min(other)} to {max(other)}",
            instead="Name their files again too, or read with the same options as before.",
        )
    return plan


def _is_same(day: SourceDay, old: KeptDay) -> bool:
    before = {file.path.name: file for file in old.files}
    if day.intraday != old.intraday or set(before) != {file.path.name for file in day.files}:
        return False
    return all(file.is_same(before[file.path.name]) for file in day.files)


def _refuse_partly(day: SourceDay, old: KeptDay) -> None:
    if day.intraday != old.intraday:
        return
    names, before = ({file.path.name for file in each.files} for each in (day, old))
    if names < before:
        raise BadInput(
            f"The day {day.day} was read from {len(before)} files, and {len(names)} of them are named now",
            where=f"{day.day}",
            instead="Name all files of the day: the day is replaced as a whole.",
        )
