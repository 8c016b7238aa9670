"""Where a population's rows come from: a user's files, checked and read through DuckDB."""

from store.population.source.opening import Source, open_source

__all__ = ["Source", "open_source"]
