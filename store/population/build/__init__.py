"""From files to a snapshot: staged by place, built shard by shard, swapped in by one rename."""

from store.population.build.snapshot import BuildReport, build_snapshot

__all__ = ["BuildReport", "build_snapshot"]
