"""What some words mean: clusters joined by OR, or words that are still to be looked up."""

from dataclasses import dataclass, field

from agent.planner.plan import UnderstoodTrait
from store.population.catalogue import Cluster
from tools.audience.expression import Expression, Not, Term, any_of

# An attribute of these domains has several values at once; of any other only one.
SEVERAL_VALUES = frozenset({"content", "intent_category", "intent_topic"})


@dataclass(frozen=True)
class Meaning:
    """An expression for words of the message, and the attribute that it is about."""

    said: str
    expression: Expression
    attribute: str
    clusters: tuple[Cluster, ...] = field(default=())
    lacking: "Meaning | None" = None  # who has none of it, where the catalogue has a cluster for that

    @property
    def is_one_of_many(self) -> bool:
        """Whether nobody has two values of this attribute, so that two of them are alternatives."""
        return bool(self.clusters) and all(
            cluster.value != "Yes" and cluster.domain not in SEVERAL_VALUES for cluster in self.clusters
        )

    def understood(self) -> list[UnderstoodTrait]:
        """What is told of it."""
        return [
            UnderstoodTrait(said=self.said, name=c.name, value=c.value, cluster_hash=c.cluster_hash)
            for c in self.clusters
        ]


def meaning_of(said: str, clusters: list[Cluster], *, negated: bool = False) -> Meaning:
    """Any of these clusters, or none of them."""
    expression = any_of(Term(cluster.cluster_hash) for cluster in clusters)
    return Meaning(said, Not(expression) if negated else expression, clusters[0].name, tuple(clusters))


def phrase(said: str, attribute: str = "") -> Meaning:
    """Words as they were said, where there is no catalogue to look them up in."""
    words = " ".join(said.replace('"', " ").split())
    return Meaning(words, Term(f'"{words}"'), attribute or words.lower())
