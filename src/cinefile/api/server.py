"""The application on a socket: uvicorn, with the catalogue's indexes built while the first requests come in."""

import logging
import socket
from collections.abc import Callable

import uvicorn
from fastapi import FastAPI

from cinefile import settings
from cinefile.errors import InputError
from cinefile.library import Library


def serve_forever(
    create_app: Callable[[Library], FastAPI],
    db: str | None,
    host: str,
    port: int,
    *,
    log: bool = False,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until stopped by a signal.

    Args:
        create_app: makes the application of an open library.
        db: catalogue file; None as in `cinefile.open`.
        host: address to listen on.
        port: 0 takes a free one.
        log: log each request: method, route, status, time. Never addresses, queries or bodies.
        ready: called with the URL when the socket listens.

    Raises:
        CatalogueError: the catalogue cannot be opened.
        InputError: the address is taken or not ours.
    """
    library = Library(db)
    sock = _listen(host, port)
    # Whoever is believed about the client's address can take any address: nobody is, unless a setting names them.
    proxies = str(settings.get("trusted_proxies"))
    config = uvicorn.Config(
        create_app(library),
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=proxies or None,
    )
    if log:
        logging.basicConfig(format="%(asctime)s %(message)s")
        logging.getLogger("cinefile.api").setLevel(logging.INFO)
    library.in_background(library.warm, "warm")
    if ready is not None:
        shown = f"[{host}]" if ":" in host else host
        ready(f"http://{shown}:{sock.getsockname()[1]}")
    with sock:
        uvicorn.Server(config).run(sockets=[sock])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise InputError(
            f"Cannot listen on {host} port {port}: {error.strerror}.", "Choose another port with --port."
        ) from error
