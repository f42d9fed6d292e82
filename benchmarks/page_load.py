"""The page under load, and as a browser feels it.

    python -m benchmarks.page_load --db films.duckdb [--seconds 10] [--soak 300]

wrk asks for film pages over 32 connections, in turn and among the best known films; a bare route of the same server
(/robots.txt) is measured before and after, so that the figures can be read on a busy machine. Then Chromium opens pages
on the same server, and says itself when the largest element was painted, how much came over the wire, and how long an
interaction took until the next paint.
"""

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks._results import write

CONNECTIONS, THREADS, FILMS, VISITS = 32, 2, 60, 3
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}
_PAINT = """
    window.felt = {lcp: 0, inp: 0, shift: 0};
    new PerformanceObserver((l) => l.getEntries().forEach((e) => felt.lcp = e.startTime))
      .observe({type: 'largest-contentful-paint', buffered: true});
    new PerformanceObserver((l) => l.getEntries().forEach((e) => felt.inp = Math.max(felt.inp, e.duration)))
      .observe({type: 'event', durationThreshold: 16, buffered: true});
    new PerformanceObserver((l) => l.getEntries().forEach((e) => felt.shift += e.value))
      .observe({type: 'layout-shift', buffered: true});
"""


@contextmanager
def serving(db: str) -> Iterator[tuple[str, int]]:
    """Address and process id of `cinefile serve` on a free port, without the rate limit (one client makes the load)."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "cinefile", "serve", "--db", db, "--port", str(port)]
    process = subprocess.Popen(command, env={**os.environ, "CINEFILE_RATE_LIMIT": "0"}, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                if httpx.get(f"{url}/health", timeout=2).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.1)
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def load(url: str, paths: list[str], seconds: int) -> dict[str, Any]:
    """Requests/s, latencies in ms and errors of wrk asking for paths in turn."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "paths.lua"
        listed = ", ".join(f'"{p}"' for p in paths)
        script.write_text(
            f"local paths = {{{listed}}}\nlocal at = 0\n"
            'wrk.headers["Accept-Encoding"] = "gzip"\n'
            "request = function() at = at % #paths + 1; return wrk.format('GET', paths[at]) end\n"
        )
        command = ["wrk", f"-t{THREADS}", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", "-s", str(script), url]
        out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    latency = {q: float(v) * _UNITS[u] for q, v, u in re.findall(r"(50|90|99)%\s+([\d.]+)(us|ms|s)", out)}
    socket_errors = sum(map(int, re.findall(r"(?:connect|read|write|timeout) (\d+)", out)))
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", out)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", out)
    return {
        "requests_per_second": float(rate[1]) if rate else 0.0,
        **{f"p{q}_ms": round(v, 1) for q, v in latency.items()},
        "errors": socket_errors + (int(refused[1]) if refused else 0),
    }


def resident_mb(pid: int) -> float:
    """Memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


def felt(url: str, film: int) -> dict[str, Any]:
    """What Chromium says about each page, in the middle of three first visits to a warm server."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CINEFILE_CHROMIUM") or shutil.which("chromium")
    answers = {}
    with sync_playwright() as playwright:
        args = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
        browser = playwright.chromium.launch(executable_path=chromium, args=args.split())
        for name, where in (("home", "/"), ("film", f"/film/{film}"), ("browse", "/browse"), ("for you", "/for-you")):
            answers[name] = _middle([_visit(browser, url + where) for _ in range(VISITS)])
        browser.close()
    return answers


def _visit(browser: Any, address: str) -> dict[str, float]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    received: list[float] = []
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    page.add_init_script(_PAINT)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    weight = sum(received) / 1000
    page.locator("input[type=search]:visible").first.press_sequentially("blade runer", delay=40)
    page.wait_for_timeout(800)
    said = page.evaluate("felt")
    page.context.close()
    return {
        "largest_contentful_paint_ms": said["lcp"],
        "interaction_to_next_paint_ms": said["inp"],
        "weight_kb": weight,
        "layout_shift": said["shift"],
    }


def _middle(visits: list[dict[str, float]]) -> dict[str, float]:
    return {key: round(sorted(v[key] for v in visits)[len(visits) // 2], 4) for key in visits[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", required=True)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--soak", type=int, default=0, help="seconds of load for the memory figure")
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: apt-get install wrk")
    with serving(options.db) as (url, pid):
        found: list[dict[str, Any]] = []
        while len(found) < FILMS:
            listed = httpx.get(f"{url}/api/films", params={"size": 100, "page": len(found) // 100 + 1}).json()
            found += listed["films"]
            if not listed["films"]:
                break
        paths = [f"/film/{film['film_id']}" for film in found]
        while 'hx-trigger="load"' in httpx.get(url + paths[0], timeout=120).text:
            time.sleep(1)  # similar films are being prepared
        start = time.perf_counter()
        for path in paths:
            httpx.get(url + path, timeout=60).raise_for_status()
        first_ms = 1000 * (time.perf_counter() - start) / len(paths)
        bare = [load(url, ["/robots.txt"], 5)]
        memory = [resident_mb(pid)]
        pages = load(url, paths, options.seconds)
        bare.append(load(url, ["/robots.txt"], 5))
        if options.soak:
            memory.append(resident_mb(pid))
            load(url, paths, options.soak)
            memory.append(resident_mb(pid))
        feel = felt(url, found[0]["film_id"])
    figures = {
        "films_in_catalogue": listed["total"],
        "film_pages_asked": len(paths),
        "connections": CONNECTIONS,
        "page_first_time_ms": round(first_ms, 1),
        "film_page": pages,
        "bare_route": {"before": bare[0], "after": bare[1]},
        "memory_mb": [round(m) for m in memory],
        "browser": feel,
        "load_average": os.getloadavg()[0],
    }
    written = write("page_load", figures, " ".join(["python -m benchmarks.page_load", *sys.argv[1:]]))
    print(json.dumps(figures, indent=1))
    print(f"written to {written}")


if __name__ == "__main__":
    main()
