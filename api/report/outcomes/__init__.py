"""An analysis of outcomes as a page, as Markdown, or as JSON: one file that needs nothing else."""

import json
from pathlib import Path

from agent.outcome_analysis import OutcomeAnalysis
from api.report.outcomes.rendering import outcome_html, outcome_markdown
from store.errors import BadInput

__all__ = ["outcome_html", "outcome_markdown", "require_form", "write_outcome_report"]

FORMS = {
    ".html": outcome_html,
    ".md": outcome_markdown,
    ".json": lambda found: json.dumps(found.model_dump(mode="json"), ensure_ascii=False, indent=1),
}


def write_outcome_report(found: OutcomeAnalysis, path: Path) -> None:
    """Write the report in the form that the file's ending says. Raises BadInput for another ending."""
    require_form(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(FORMS[path.suffix](found), encoding="utf-8")


def require_form(path: Path) -> None:
    """Raises BadInput for a file whose ending is none of .html, .md and .json."""
    if path.suffix not in FORMS:
        raise BadInput(
            "A report is written as .html, .md or .json",
            where=str(path.suffix or path.name),
            instead="For example --report outcomes.html.",
        )
