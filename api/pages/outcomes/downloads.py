"""An analysis of outcomes as a file to keep."""

from typing import Literal, get_args

from fastapi.responses import Response

from agent.outcome_analysis import OutcomeAnalysis
from api.report.outcomes import outcome_html, outcome_markdown

Form = Literal["html", "md", "json"]
FORMS: tuple[Form, ...] = get_args(Form)
TYPES: dict[Form, str] = {
    "html": "text/html; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
}


def report_answer(found: OutcomeAnalysis, form: Form) -> Response:
    """The report in a form, as a download: it has styles of its own, which no page here may have."""
    written = {
        "html": lambda: outcome_html(found),
        "md": lambda: outcome_markdown(found),
        "json": lambda: found.model_dump_json(indent=1, exclude_none=True, warnings=False),
    }[form]()
    return Response(written, media_type=TYPES[form], headers=as_download("outcomes", found.created_at, form))


def as_download(name: str, made_at: object, form: str) -> dict[str, str]:
    """The header of a file that is kept: `outcomes-2026-03-02.md`."""
    return {"Content-Disposition": f'attachment; filename="{name}-{made_at:%Y-%m-%d}.{form}"'}
