"""An analysis as a page, as Markdown, or as JSON: one file that needs nothing else."""

import json
from pathlib import Path

from agent.analysis import Analysis
from agent.backtest import Backtest
from api.report.rendering import html_report, markdown_report
from store.errors import BadInput

__all__ = ["html_report", "markdown_report", "write_report"]


def write_report(analysis: Analysis, path: Path, validation: Backtest | None = None) -> None:
    """Write the report in the form that the file's ending says. Raises BadInput for another ending."""
    forms = {".html": html_report, ".md": markdown_report, ".json": _json_report}
    if path.suffix not in forms:
        raise BadInput(
            "A report is written as .html, .md or .json",
            where=str(path.suffix or path.name),
            instead="For example --report profile.html.",
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(forms[path.suffix](analysis, validation), encoding="utf-8")


def _json_report(analysis: Analysis, validation: Backtest | None) -> str:
    whole = analysis.model_dump(mode="json") | ({"validation": validation.model_dump()} if validation else {})
    return json.dumps(whole, ensure_ascii=False, indent=1)
