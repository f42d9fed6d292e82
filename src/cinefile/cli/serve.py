"""`cinefile serve`: the HTTP interface and the page."""

from typing import Annotated

import typer

from cinefile.cli import output
from cinefile.cli.output import Db


def serve(
    db: Db = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes a free one.")] = 8000,
    host: Annotated[
        str, typer.Option(help="Address to listen on; 0.0.0.0 for all addresses of this machine.")
    ] = "127.0.0.1",
    log: Annotated[
        bool, typer.Option("--log", help="Log each request on stderr: method, route, status, time; nothing personal.")
    ] = False,
) -> None:
    """Serve the catalogue over HTTP: the page at /, the interface under /api, its description at /docs.

    A new catalogue that is renamed into the old one's place is taken up without a restart.

    Example: `cinefile serve --db films.duckdb --port 8000`
    """
    run(db, host, port, log)


def run(db: str | None, host: str, port: int, log: bool = False) -> None:
    """Serve until stopped."""
    from cinefile.api.server import serve_forever
    from cinefile.web import create_app

    serve_forever(create_app, db, host, port, log=log, ready=lambda url: output.say(f"Serving at {url} (Ctrl+C stops)"))
