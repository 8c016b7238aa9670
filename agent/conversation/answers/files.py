"""What is said of a file for a platform: how many rows, what to know before, where it is."""

from agent.conversation.answers.answer import Answer
from agent.conversation.answers.people import export_told, several
from agent.markdown import headed, paragraphs, told
from tools.activation.queries import ExportedAudience

SHOWN = 8


def exported(found: ExportedAudience) -> Answer:
    """Rows and warnings, and the links of what was written."""
    counted = several(found.rows, "row", "rows")
    warnings = [
        told("answer_export_warning", severity=each.severity, what=each.what, instead=each.instead)
        for each in found.warnings[:SHOWN]
    ]
    heading = "answer_export_preflight" if found.preflight else "answer_export_written"
    platform = found.destination.replace("_", " ")
    return Answer(
        text=paragraphs(
            told(heading, rows=counted, destination=platform),
            headed(told("answer_export_warnings"), warnings),
            *(export_told(each.export) for each in found.files[:SHOWN]),
        ),
        shown=found.model_dump(mode="json", exclude={"files", "workflow_id", "tool_trace_id"}),
        kept=told(heading, rows=counted, destination=platform),
    )
