"""Deterministic tools: what the facts are. In the order a reader should meet them."""

from tools.activation.export_audience import export_audience
from tools.audience.find_persons import find_persons
from tools.clusters.get_cluster import get_cluster
from tools.clusters.list_clusters import list_clusters
from tools.declaration import tool
from tools.feedback.decide_feedback import decide_feedback
from tools.feedback.list_feedback import list_feedback
from tools.feedback.submit_feedback import submit_feedback
from tools.identity.corrections.keeping import undo_correction
from tools.identity.corrections.list_corrections import list_corrections
from tools.identity.corrections.merge_persons import merge_persons
from tools.identity.corrections.split_match import split_match
from tools.identity.get_person import get_person
from tools.identity.resolve_identities import resolve_identities
from tools.scoring.score_leads import score_leads

TOOLS = (
    tool(resolve_identities, needs=("people",)),
    tool(get_person, needs=("people",)),
    tool(list_clusters),
    tool(get_cluster),
    tool(find_persons, needs=("people",)),
    tool(export_audience, needs=("people", "run")),
    tool(score_leads, needs=("people", "run")),
    tool(submit_feedback, needs=("run",)),
    tool(list_feedback, needs=("people",)),
    tool(decide_feedback, needs=("people", "run"), takes_away=True),
    tool(split_match, needs=("people", "run"), takes_away=True),
    tool(merge_persons, needs=("people", "run"), takes_away=True),
    tool(undo_correction, needs=("people", "run"), takes_away=True),
    tool(list_corrections, needs=("people",)),
)
