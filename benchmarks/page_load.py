"""The page under load, and as a browser feels it.

The starter catalogue is served, or the one named by $CINEFILE_BENCH_DB; --full adds five minutes of load with the
server's memory read every ten seconds. wrk asks for film pages over 32 connections, in turn and among the best known
films; a bare route of the same server (/robots.txt) is measured before and after, so that the figures can be read on a
busy machine. Then Chromium opens pages on the same server, and says itself when the largest element was painted, how
much came over the wire, and how long an interaction took until the next paint.
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
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from benchmarks._page_felt import felt
from benchmarks._results import write

CONNECTIONS, THREADS, FILMS = 32, 2, 100
ROOT = Path(__file__).resolve().parents[1]
_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


@contextmanager
def serving(db: Path) -> Iterator[tuple[str, int]]:
    """Address and process id of `cinefile serve` on a free port, without the rate limit (one client makes the load)."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "cinefile", "serve", "--db", str(db), "--port", str(port)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "CINEFILE_RATE_LIMIT": "0"}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
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


def soak(url: str, pid: int, paths: list[str], seconds: int) -> dict[str, Any]:
    """Load for a while, with the server's memory read every ten seconds."""
    curve = [round(resident_mb(pid), 1)]
    done = threading.Event()

    def watch() -> None:
        while not done.wait(10):
            curve.append(round(resident_mb(pid), 1))

    watcher = threading.Thread(target=watch)
    watcher.start()
    answers = load(url, paths, seconds)
    done.set()
    watcher.join()
    # The slope over the second half, when everything that is kept has been kept.
    late = curve[len(curve) // 2 :]
    return {
        "seconds": seconds,
        "film_page": answers,
        "memory_mb_every_10_s": curve,
        "growth_mb_second_half": round(late[-1] - late[0], 1),
    }


def some_person(url: str, film: int) -> int:
    """Somebody with a page: the director or first actor of a film."""
    document = httpx.get(f"{url}/api/films/{film}").json()
    people = [*document["directors"], *document["cast"]]
    return int(people[0]["person_id"]) if people else 1


def measure(db: Path, seconds: int, soaking: int) -> dict[str, Any]:
    """All figures of the page over one catalogue."""
    load_before = os.getloadavg()[0]
    with serving(db) as (url, pid):
        films, total = known_films(url)
        paths = [f"/film/{film}" for film in films]
        while "/similar" in httpx.get(url + paths[0], timeout=120).text:
            time.sleep(1)  # similar films are being prepared
        start = time.perf_counter()
        for path in paths:
            httpx.get(url + path, timeout=60).raise_for_status()
        first_ms = 1000 * (time.perf_counter() - start) / len(paths)
        bare = [load(url, ["/robots.txt"], 5)]
        pages = load(url, paths, seconds)
        bare.append(load(url, ["/robots.txt"], 5))
        soaked = {"soak": soak(url, pid, paths, soaking)} if soaking else {}
        memory = round(resident_mb(pid), 1)
        feel = felt(url, films[0], some_person(url, films[0]))
    return {
        "films_in_catalogue": total,
        "film_pages_asked": len(paths),
        "connections": CONNECTIONS,
        "page_first_time_ms": round(first_ms, 1),
        "film_page": pages,
        "bare_route": {"before": bare[0], "after": bare[1]},
        "memory_mb": memory,
        **soaked,
        "browser": feel,
        "load_average": {"before": load_before, "after": os.getloadavg()[0]},
    }


def known_films(url: str) -> tuple[list[int], int]:
    """Ids of the best known films, and how many films there are."""
    listed = httpx.get(f"{url}/api/films", params={"size": FILMS}).json()
    return [film["film_id"] for film in listed["films"]], listed["total"]


def run(db: Path, name: str, command: str, seconds: int, soaking: int) -> None:
    """Measure one catalogue and write results/<name>.json."""
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed: apt-get install wrk")
    figures = measure(db, seconds, soaking)
    written = write(name, figures, command)
    print(json.dumps(figures, indent=1), f"written to {written}", sep="\n", file=sys.stderr)


def main(full: bool) -> None:
    """The starter catalogue into page_load.json, or a given one into page_load-full.json."""
    named = os.environ.get("CINEFILE_BENCH_DB")
    db = Path(named) if named else ROOT / "src" / "cinefile" / "starter" / "starter.duckdb"
    command = ("CINEFILE_BENCH_DB=films.duckdb " if named else "") + "python -m benchmarks page_load"
    run(db, "page_load-full" if named else "page_load", command + (" --full" if full else ""), 10, 300 * full)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--soak", type=int, default=0, help="seconds of load for the memory curve")
    options = parser.parse_args()
    said = f"python -m benchmarks.page_load --db {options.db.name} --seconds {options.seconds}"
    run(options.db, "page_load", said + (f" --soak {options.soak}" * bool(options.soak)), options.seconds, options.soak)
