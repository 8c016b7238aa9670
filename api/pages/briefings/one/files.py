"""In which forms is a briefing taken along?"""

import base64
from typing import Literal, get_args

from fastapi.responses import Response

from agent.briefing_result import Briefing
from api.pages.outcomes.downloads import as_download
from api.report.briefing import Links, mail_of, markdown_of, pdf_of
from api.sending.links import page_url

Form = Literal["md", "json", "pdf", "html"]
FORMS: tuple[Form, ...] = get_args(Form)
TYPES: dict[Form, str] = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}


def file_answer(found: Briefing, form: Form, base_url: str, locale: str) -> Response:
    """The briefing in a form, as a download: the mail has styles of its own, which no page here may have."""
    links = Links(page=page_url(base_url, found.briefing_id))
    written = {
        "md": lambda: markdown_of(found, links, locale),
        "json": lambda: found.model_dump_json(indent=1, exclude_none=True, warnings=False),
        "pdf": lambda: pdf_of(found, locale),
        "html": lambda: _mail_alone(found, links, locale),
    }[form]()
    return Response(written, media_type=TYPES[form], headers=as_download("briefing", found.created_at, form))


def _mail_alone(found: Briefing, links: Links, locale: str) -> str:
    """The mail as one file: its pictures lie within."""
    mail = mail_of(found, links, locale)
    html = mail.html
    for image in mail.images:
        picture = f"data:image/png;base64,{base64.b64encode(image.content).decode()}"
        html = html.replace(f"cid:{image.cid}", picture)
    return html
