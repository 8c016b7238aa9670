"""Analyses that were kept."""

from agent.analysis import Analysis
from store.artifacts import Artifacts
from store.errors import NotFound
from store.records import Analysis as AnalysisRecord
from store.workspace import Workspace


def save_analysis(workspace: Workspace, analysis: Analysis) -> None:
    """Keep an analysis, its record and its findings. Saving it again changes nothing."""
    workspace.artifacts.save_document("analysis", analysis.analysis_id, analysis.model_dump(mode="json"))
    if workspace.database.get(AnalysisRecord, analysis.analysis_id) is None:
        workspace.database.add(
            AnalysisRecord(
                analysis_id=analysis.analysis_id,
                workflow_id=analysis.workflow_id,
                warehouse=analysis.warehouse,
                snapshot_id=analysis.snapshot_id,
                created_at=analysis.created_at,
                customers=analysis.match.analysed,
                headline=analysis.headline,
            )
        )


def saved_analysis(artifacts: Artifacts, analysis_id: str) -> Analysis:
    """The analysis of this id. Raises NotFound."""
    try:
        return Analysis.model_validate(artifacts.document("analysis", analysis_id))
    except NotFound:
        raise NotFound(
            "There is no such analysis",
            where="analysis_id",
            instead="`fieldmark analyses` lists those there are.",
        ) from None
