"""A connection that stays open answers HEAD and then GET, for pages and for the interface."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest


@pytest.mark.parametrize(
    "path", ["/", "/film/1", "/cover/1.svg", "/api/films/1", "/api/decades", "/health", "/nothing"]
)
def test_get_follows_head_on_one_connection(address: str, path: str) -> None:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.connect()
    opened = connection.sock
    for _ in range(2):
        connection.request("HEAD", path)
        head = connection.getresponse()
        assert head.read() == b""
        connection.request("GET", path)
        get = connection.getresponse()
        body = get.read()
        assert connection.sock is opened, "the server closed the connection"
        assert (head.status, head.headers["content-length"]) == (get.status, str(len(body)))
    connection.close()
