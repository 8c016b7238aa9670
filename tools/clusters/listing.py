"""A cluster as the tools show it."""

from pydantic import BaseModel, Field

from store.errors import NotFound
from store.population.catalogue import Catalogue, Cluster


class ClusterLine(BaseModel):
    """One attribute with one value, and how many people have it."""

    cluster_id: str
    cluster_hash: str = Field(description="Depends on name and value alone: the same after a rebuild.")
    name: str
    value: str
    size: int
    domain: str
    label: str = Field(default="", description="The attribute in words.")
    sensitive: str | None = Field(default=None, description="Why it is left out of mining unless asked for.")


def cluster_line(cluster: Cluster) -> ClusterLine:
    """The cluster as a line of a list."""
    return ClusterLine(
        cluster_id=cluster.cluster_id,
        cluster_hash=cluster.cluster_hash,
        name=cluster.name,
        value=cluster.value,
        size=cluster.size,
        domain=cluster.domain,
        label=cluster.label,
        sensitive=cluster.sensitive or None,
    )


def found_cluster(catalogue: Catalogue, key: str) -> Cluster:
    """The cluster of an id or hash. Raises NotFound that says what a key looks like, not what was given."""
    cluster = catalogue.find(key)
    if cluster is None:
        raise NotFound(
            "There is no such cluster in this population",
            where="cluster",
            instead="A hash has 32 hex digits and outlives a rebuild; `list_clusters` gives those there are.",
        )
    return cluster
