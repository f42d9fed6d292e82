"""A small HTTP server for the tests, which can be told to misbehave."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Site:
    """Files, and how they are served.

    Attributes:
        files: path -> content.
        etag: sent with each file; weak when it begins with W/.
        ranges: whether a range is honoured.
        cut_after: the next answers stop after so many bytes, one number each.
        answer: the next answers are these status codes instead.
        requests: (path, Range header) as they came.
    """

    files: dict[str, bytes]
    etag: str = '"one"'
    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)
    answer: list[int] = field(default_factory=list)
    requests: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""


@contextmanager
def served(site: Site) -> Iterator[Site]:
    """Serve a site on a free port of this machine."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            site.requests.append((self.path, wanted))
            content = site.files.get(self.path)
            code = site.answer.pop(0) if site.answer else 404 if content is None else 200
            if code != 200 or content is None:
                self.send_response(code)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            start, total = 0, len(content)
            match = re.fullmatch(r"bytes=(\d+)-", wanted or "")
            if match and site.ranges and self.headers.get("If-Range") == site.etag:
                start = int(match[1])
                if start >= total:
                    self.send_response(416)
                    self.send_header("Content-Range", f"bytes */{total}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                self.send_response(206)
                self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
            else:
                self.send_response(200)
            body = content[start:]
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", site.etag)
            self.end_headers()
            cut = site.cut_after.pop(0) if site.cut_after else None
            self.wfile.write(body[:cut])
            self.wfile.flush()
            if cut is not None:
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
