"""How shards are asked. Everything asked of a population is a map over its shards, then a reduction."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from store.population.shard import Shard

Answer = TypeVar("Answer")


class Engine(Protocol):
    """Asks every shard the same question. Questions are module-level functions, so that they can travel."""

    def ask(self, question: Callable[..., Answer], *arguments: object) -> list[Answer]:
        """`question(shard, *arguments)` for each shard, in their order."""
        ...


class LocalEngine:
    """The shards of this process, one after the other."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self.shards = shards

    def ask(self, question: Callable[..., Answer], *arguments: object) -> list[Answer]:
        """`question(shard, *arguments)` for each shard, in their order."""
        return [question(shard, *arguments) for shard in self.shards]
