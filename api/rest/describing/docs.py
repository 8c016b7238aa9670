"""A page on which the API can be read and tried. It asks no other host for anything."""

import hashlib
import re
from base64 import b64encode
from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

STATIC = "/docs/static"
INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def add_docs(app: FastAPI) -> None:
    """`GET /docs`, with the files of Swagger UI from this machine."""
    folder = Path(str(files("fastapi_offline"))) / "static"
    app.mount(STATIC, StaticFiles(directory=folder), name="docs-static")

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        """The API, to be read and tried."""
        page = _page(app.title)
        return HTMLResponse(page, headers={"Content-Security-Policy": _policy(page)})


@cache
def _page(title: str) -> str:
    made = get_swagger_ui_html(
        openapi_url="/openapi.json",
        title=f"{title} API",
        swagger_js_url=f"{STATIC}/swagger-ui-bundle.js",
        swagger_css_url=f"{STATIC}/swagger-ui.css",
        swagger_favicon_url=f"{STATIC}/favicon.png",
        swagger_ui_parameters={"docExpansion": "none", "validatorUrl": None, "tryItOutEnabled": True},
    )
    return bytes(made.body).decode()


@cache
def _policy(page: str) -> str:
    """What the page may load: its own files, and the one script that stands in it."""
    (script,) = INLINE.findall(page)
    digest = b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'sha256-{digest}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
