"""Frequent sets of traits, against mlxtend and Borgelt's C miner; and what sets a million customers apart."""

import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
from mlxtend.frequent_patterns import fpgrowth

from benchmarks.measuring import Row, alone, side_by_side, timed
from benchmarks.populations import Progress, loaded
from store.population.population import Population
from store.population.shard import Shard
from tools.mining.lift import lift_report
from tools.mining.queries import LiftQuery, SegmentQuery
from tools.mining.rows.counting import BitmapCounts, membership, traits_of
from tools.mining.rows.membership import Membership
from tools.mining.segments.segments import segment_report
from tools.mining.sets.itemsets import co_occurrence, frequent_sets

Profiles = tuple[np.ndarray, np.ndarray]
Supports = dict[frozenset[int], int]
BLOCK = 65_536


def measure(people: int, progress: Progress) -> Iterator[Row]:
    """Sets on planted customers, every miner's the same; then whole reports on generated people."""
    yield _against_mlxtend(10_000, 300, 0.05, 3)
    yield from _against_borgelt(100_000, 500, 0.02, 4)
    yield from _million(1_000_000, 500, 0.02, 4)
    population = loaded(people, progress).population
    for customers, traits in ((min(10_000, people // 10), None), (people // 10, 500), (people // 10, None)):
        yield _report(population, people, customers, traits)


def planted(rows: int, columns: int, seed: int = 0) -> Profiles:
    """Columns of each row, one row after the other, and where each starts; six groups share some columns."""
    rng = np.random.default_rng(seed)
    shares = np.clip(rng.beta(1.2, 9, size=columns), 0.005, 0.6)
    groups = np.tile(shares, (6, 1))
    for group in range(1, 6):
        groups[group, rng.choice(columns, 12, replace=False)] = 0.6
    parts, lengths = [], []
    for start in range(0, rows, BLOCK):
        block = min(BLOCK, rows - start)
        held = rng.random((block, columns), dtype=np.float32) < groups[rng.integers(0, 6, block)]
        parts.append(np.nonzero(held)[1].astype(np.uint16))
        lengths.append(held.sum(axis=1))
    return np.concatenate(parts), np.concatenate(([0], np.cumsum(np.concatenate(lengths))))


def _mined(profiles: Profiles, columns: int, floor: int, longest: int) -> Supports:
    customers = _packed(profiles, columns)
    return {
        frozenset(members): count
        for level in frequent_sets(customers, floor, longest)[0]
        for members, count in zip(level.members.tolist(), level.counts.tolist(), strict=True)
    }


def _packed(profiles: Profiles, columns: int) -> Membership:
    return Membership.from_profiles(*profiles, np.arange(columns))


def _counted(profiles: Profiles, columns: int, floor: int, longest: int) -> int:
    return sum(map(len, frequent_sets(_packed(profiles, columns), floor, longest)[0]))


def _against_mlxtend(rows: int, columns: int, share: float, longest: int) -> Row:
    profiles, floor = planted(rows, columns), int(np.ceil(share * rows))
    held = np.zeros((rows, columns), dtype=bool)
    held[np.repeat(np.arange(rows), np.diff(profiles[1])), profiles[0]] = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs, peer_s = timed(lambda: fpgrowth(pd.DataFrame(held), min_support=share, max_len=longest))
    sets = {frozenset(s): round(x * rows) for s, x in zip(theirs.itemsets, theirs.support, strict=True)}
    ours = _mined(profiles, columns, floor, longest)
    _same(ours, {members: count for members, count in sets.items() if len(members) > 1})
    row = side_by_side(
        f"frequent sets of 2 to {longest}, with packing",
        f"{rows:,} x {columns} at {share:.0%}",
        lambda: _counted(profiles, columns, floor, longest),
        note=f"{len(ours):,} sets, the same supports",
    )
    row.peer_name, row.peer_s, row.ratio = "mlxtend fpgrowth", peer_s, peer_s / row.ours_s
    return row


def _against_borgelt(rows: int, columns: int, share: float, longest: int) -> Iterator[Row]:
    """His fastest of eclat and FP-growth here; nothing where pyfim is not installed."""
    try:
        import fim  # pyright: ignore[reportMissingImports]  # an optional peer
    except ModuleNotFoundError:
        return
    profiles, floor = planted(rows, columns), int(np.ceil(share * rows))
    transactions = [part.tolist() for part in np.split(profiles[0], profiles[1][1:-1])]
    ours = _mined(profiles, columns, floor, longest)
    options = {"target": "s", "supp": -floor, "zmin": 2, "zmax": longest, "report": "a"}
    for name in ("eclat", "fpgrowth"):
        theirs, peer_s = timed(lambda miner: miner(transactions, **options), getattr(fim, name))
        _same(ours, {frozenset(members): count for members, count in theirs})
        row = side_by_side(
            f"frequent sets of 2 to {longest}, with packing",
            f"{rows:,} x {columns} at {share:.0%}",
            lambda: _counted(profiles, columns, floor, longest),
            note=f"{len(ours):,} sets, the same supports",
        )
        row.peer_name, row.peer_s, row.ratio = f"Borgelt's {name} (C)", peer_s, peer_s / row.ours_s
        yield row


def _same(ours: Supports, theirs: Supports) -> None:
    if ours != theirs:
        raise RuntimeError(f"The miners disagree: {len(ours):,} sets here, {len(theirs):,} there")


def _million(rows: int, columns: int, share: float, longest: int) -> Iterator[Row]:
    size = f"{rows:,} x {columns}"
    for work, mined in (("all pairs, with packing", None), (f"sets of 2 to {longest} at {share:.0%}", share)):
        found, peak = alone(_million_mined, rows, columns, mined, longest)
        yield Row(
            work=work,
            size=size,
            ours_s=found["seconds"],
            note=f"{found['sets']:,} sets; {peak:,.0f} MB at most",
        )


def _million_mined(rows: int, columns: int, share: float | None, longest: int) -> dict[str, float]:
    """Median of three; what the customers' profiles take is in the peak too."""
    profiles = planted(rows, columns)
    _mined(planted(1_000, columns), columns, 100, 3)  # compiled, or read from the cache
    runs = [_one_million(profiles, columns, share, longest) for _ in range(3)]
    return {"seconds": float(np.median([took for _, took in runs])), "sets": runs[0][0]}


def _one_million(profiles: Profiles, columns: int, share: float | None, longest: int) -> tuple[int, float]:
    customers, packing = timed(_packed, profiles, columns)
    if share is None:
        together, took = timed(co_occurrence, customers)
        return int((np.triu(together, 1) > 0).sum()), packing + took
    (levels, _), took = timed(frequent_sets, customers, int(np.ceil(share * customers.total)), longest)
    return sum(map(len, levels)), took


def _report(population: Population, people: int, customers: int, most: int | None) -> Row:
    """most: the traits that take part, the most frequent; all when None."""
    found, peak = alone(_reported, people, _customers(population, customers), most)
    return Row(
        work="membership, lift report, segments",
        size=f"{customers:,} customers, {found['traits']:,} traits, {people:,} people",
        ours_s=found["seconds"],
        note=f"{found['membership']:.1f} + {found['report']:.1f} + {found['segments']:.1f} s; "
        f"{found['shown']} findings, {found['parts']} segments; {peak:,.0f} MB at most",
    )


def _customers(population: Population, many: int) -> np.ndarray:
    """People drawn so that those with any of ten traits come four times as often."""
    codes, rng = population.catalogue.minable(), np.random.default_rng(1)
    sizes = population.catalogue.sizes[codes] / population.persons
    chosen = rng.choice(codes[(sizes > 0.02) & (sizes < 0.2)], 10, replace=False)
    ids = np.concatenate([np.asarray(shard.person_ids) for shard in population.shards])
    weights = np.where(np.concatenate(population.ask(_marked, chosen)), 4.0, 1.0)
    return np.sort(rng.choice(ids, many, replace=False, p=weights / weights.sum()))


def _reported(people: int, customers: np.ndarray, most: int | None) -> dict[str, float]:
    population = loaded(people, lambda *_: None).population
    codes = population.catalogue.minable()
    codes = np.sort(codes[np.argsort(-population.catalogue.sizes[codes], kind="stable")[:most]])
    traits, counts = traits_of(population.catalogue, codes), BitmapCounts(population)
    _mined(planted(1_000, 50), 50, 100, 3)  # compiled, or read from the cache
    rows, reading = timed(membership, population, customers, codes)
    report, lifting = timed(lift_report, rows, counts, traits, LiftQuery())
    (segments, _), dividing = timed(segment_report, rows, counts, traits, SegmentQuery())
    shown = len(report.top_attributes) + len(report.top_intersections) + len(report.multi_attribute_clusters)
    return {
        "membership": reading,
        "report": lifting,
        "segments": dividing,
        "seconds": reading + lifting + dividing,
        "traits": len(codes),
        "shown": shown,
        "parts": len(segments.segments),
    }


def _marked(shard: Shard, codes: np.ndarray) -> np.ndarray:
    marked = np.zeros(shard.persons, dtype=bool)
    for code in codes.tolist():
        marked[np.asarray(shard.bitmaps[code].to_array(), dtype=np.int64)] = True
    return marked
