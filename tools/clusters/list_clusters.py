"""Which clusters are there, by name, by domain, or by what they mean?"""

import base64
import difflib
import zlib
from typing import Annotated

import orjson
from pydantic import Field

from store.errors import BadInput
from store.population.catalogue import Catalogue, Cluster
from store.population.domains import Domain
from store.population.mapping.model import attribute_name
from store.workspace import Workspace
from tools.clusters.listing import ClusterLine, cluster_line
from tools.clusters.meaning import nearest
from tools.declaration import ToolQuery, ToolResult

SEMANTIC_MOST = 50  # clusters that a free text gives at most
NEAR_NAMES = 20  # unknown names that are compared with every name; 1,000 would take a second


class ClustersQuery(ToolQuery):
    """Names, a free text, or a domain; everything when none is given."""

    cluster_names: list[Annotated[str, Field(max_length=200)]] | None = Field(
        default=None, max_length=1_000, description="Attribute names, such as `gender`."
    )
    query: str | None = Field(
        default=None, min_length=1, max_length=500, description="Free text: `people who love hiking`."
    )
    domain: Domain | None = None
    limit: int = Field(default=100, ge=1, le=1_000, description="Clusters a page.")
    cursor: str | None = Field(default=None, max_length=200, description="`next_cursor` of the page before.")


class ClustersResult(ToolResult):
    """A page of clusters: of each name the largest first; for a free text the nearest in meaning first."""

    clusters: list[ClusterLine]
    total: int
    returned: int
    next_cursor: str | None = None
    unknown_names: dict[str, list[str]] | None = Field(
        default=None, description="Names that no attribute has, each with the nearest there are."
    )


def list_clusters(workspace: Workspace, query: ClustersQuery) -> ClustersResult:
    """Clusters by attribute name, by domain or by meaning, each with its id, hash and size.

    A cluster is one attribute with one value; match both `name` and `value` to a profile's attributes.
    Use the hash in expressions: it stays the same when the data is rebuilt.
    """
    catalogue = workspace.population.catalogue
    found = _found(workspace, catalogue, query)
    start = _start(query, workspace.population.snapshot_id)
    page = found[start : start + query.limit]
    end = start + len(page)
    return ClustersResult(
        clusters=[cluster_line(cluster) for cluster in page],
        total=len(found),
        returned=len(page),
        next_cursor=_cursor(end, query, workspace.population.snapshot_id) if end < len(found) else None,
        unknown_names=_unknown(catalogue, query.cluster_names or []) or None,
    )


def _found(workspace: Workspace, catalogue: Catalogue, query: ClustersQuery) -> list[Cluster]:
    if query.query is not None:
        found = [catalogue[code] for code in nearest(workspace, query.query, len(catalogue))]
    elif query.cluster_names is not None:
        found = [cluster for name in dict.fromkeys(query.cluster_names) for cluster in catalogue.named(name)]
    else:
        found = list(catalogue.by_domain)
    names = set(query.cluster_names) if query.cluster_names is not None else None
    kept = [
        cluster
        for cluster in found
        if (query.domain is None or cluster.domain == query.domain)
        and (names is None or cluster.name in names)
    ]
    return kept[:SEMANTIC_MOST] if query.query is not None else kept


def _unknown(catalogue: Catalogue, names: list[str]) -> dict[str, list[str]]:
    unknown = [name for name in dict.fromkeys(names) if not catalogue.named(name)]
    return {
        name: difflib.get_close_matches(attribute_name(name), catalogue.names, 3) if at < NEAR_NAMES else []
        for at, name in enumerate(unknown)
    }


def _cursor(start: int, query: ClustersQuery, snapshot_id: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([start, _asked(query, snapshot_id)])).decode()


def _start(query: ClustersQuery, snapshot_id: str) -> int:
    if query.cursor is None:
        return 0
    try:
        start, asked = orjson.loads(base64.urlsafe_b64decode(query.cursor))
        if asked == _asked(query, snapshot_id) and isinstance(start, int) and start >= 0:
            return start
    except (TypeError, ValueError):
        pass
    raise BadInput(
        "The cursor does not belong to this request",
        where="cursor",
        instead="Send `next_cursor` of the page before, with the same names, query and domain; "
        "begin again where the data was rebuilt between.",
    )


def _asked(query: ClustersQuery, snapshot_id: str) -> int:
    """A fingerprint of what was asked of which data, so that a cursor cannot page through another list."""
    return zlib.crc32(orjson.dumps([query.cluster_names, query.query, query.domain, snapshot_id]))
