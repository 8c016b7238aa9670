"""What is said of clusters: the traits there are, and one of them closely."""

from typing import Any

from agent.conversation.answers.answer import Answer
from agent.markdown import bullets, code, paragraphs, told
from agent.narration.wording import number, percent, times
from store.workspace import Workspace
from tools.clusters.get_cluster import ClusterResult
from tools.clusters.list_clusters import ClustersResult
from tools.clusters.listing import ClusterLine

TOLD, TOLD_COMPANIONS = 12, 6


def listed(found: ClustersResult, asked: dict[str, Any], workspace: Workspace) -> Answer:
    """The traits, each with how many people have it."""
    persons = max(1, workspace.population.persons)
    lines = [
        told(
            "answer_cluster_line",
            name=_named(cluster),
            size=number(cluster.size),
            share=percent(cluster.size / persons),
        )
        for cluster in found.clusters[:TOLD]
    ]
    by_meaning = asked.get("query") is not None  # then there are always as many as were looked for
    left = 0 if by_meaning else found.total - len(lines)
    heading = "answer_clusters_near" if by_meaning else "answer_clusters"
    return Answer(
        text=paragraphs(
            told(heading if lines else "answer_clusters_none", total=number(found.total)),
            bullets(lines),
            told("answer_clusters_more", left=number(left)) if left > 0 else "",
            _unknown(found),
        ),
        shown=found.model_dump(mode="json", exclude={"workflow_id", "tool_trace_id"}),
        follow_ups=_follow_ups(found.clusters[0]) if found.clusters else [],
    )


def _unknown(found: ClustersResult) -> str:
    lines = [
        told("answer_unknown_name", name=name, near=", ".join(near) or "–")
        for name, near in (found.unknown_names or {}).items()
    ]
    return bullets(lines)


def _follow_ups(cluster: ClusterLine) -> list[str]:
    return [f"Tell me about cluster {cluster.cluster_hash}"]


def one(found: ClusterResult) -> Answer:
    """Its size, and what its people have more often than people do."""
    cluster = found.cluster
    lines = [
        told(
            "answer_companion",
            name=_named(companion.cluster),
            share=percent(companion.share),
            times=times(companion.lift),
        )
        for companion in found.co_occurring[:TOLD_COMPANIONS]
    ]
    return Answer(
        text=paragraphs(
            told(
                "answer_cluster",
                name=_named(cluster),
                size=number(cluster.size),
                share=percent(found.share_of_population),
            ),
            paragraphs(told("answer_companions"), bullets(lines))
            if lines
            else told("answer_companions_none"),
            " ".join([told("answer_cluster_hash"), code(cluster.cluster_hash)]),
        ),
        shown=found.model_dump(mode="json", exclude={"workflow_id", "tool_trace_id"}),
    )


def _named(cluster: ClusterLine) -> str:
    label = cluster.label or cluster.name.replace("_", " ").capitalize()
    return label if cluster.value == "Yes" else f"{label}: {cluster.value}"
