"""The page /docs: Swagger UI from the files of the package `fastapi-offline`, so that it works without the internet."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, PlainTextResponse
from fastapi.staticfiles import StaticFiles

from cinefile.errors import MissingExtraError

# No inline script: the page passes a content security policy without 'unsafe-inline' scripts.
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/docs/files/favicon.png"><link rel="stylesheet" href="/docs/files/swagger-ui.css"></head>
<body><div id="page"></div>
<script src="/docs/files/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>
"""
_START = 'SwaggerUIBundle({url: "/openapi.json", dom_id: "#page", deepLinking: true, validatorUrl: null});\n'


def install(app: FastAPI) -> None:
    """Add /docs to an application.

    Raises:
        MissingExtraError: the package with the files is not installed.
    """
    spec = find_spec("fastapi_offline")
    if spec is None or spec.origin is None:
        raise MissingExtraError("dev", "The page /docs")
    page = _PAGE.format(title=app.title)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(page)

    @app.get("/docs/start.js", include_in_schema=False)
    async def start() -> PlainTextResponse:
        return PlainTextResponse(_START, media_type="text/javascript")

    app.mount("/docs/files", StaticFiles(directory=Path(spec.origin).parent / "static"), name="docs-files")
