"""The server with 100,000 films: start, the six questions' latency, and throughput beside a bare route.

python -m benchmarks serve [--full]

The catalogue is made up (see `_synthetic_catalogue`), or a real one named by $CINEFILE_BENCH_DB. Start: seconds until
the first answer, and the seconds of processor time it took. Latency: one client, one connection. Throughput: wrk with
32 connections, each figure between two runs of a bare FastAPI route on the same uvicorn settings, so that a busy
machine slows all alike; and the server's processor time per request, which a busy machine changes less. Cold: the
server keeps no answers, every one is worked out. Warm: it keeps them, as by default.
"""

import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from benchmarks._results import write as write_results
from benchmarks._synthetic_catalogue import write as write_catalogue
from cinefile.library import Library

_ROOT = Path(__file__).resolve().parents[1]
_BARE = """
import sys, uvicorn
from fastapi import FastAPI
app = FastAPI()
@app.get("/")
async def bare() -> dict[str, str]:
    return {"hello": "world"}
uvicorn.run(app, port=int(sys.argv[1]), access_log=False, log_level="warning", server_header=False)
"""
_SCRIPT = """
local paths = {}
for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = wrk.format("GET", line) end
local i = 0
request = function() i = i % #paths + 1; return paths[i] end
"""


def main(full: bool) -> None:
    """Measure and write benchmarks/results/serve.json."""
    with tempfile.TemporaryDirectory() as folder:
        named = os.environ.get("CINEFILE_BENCH_DB")
        catalogue = Path(named) if named else Path(folder) / "films.duckdb"
        if not named:
            write_catalogue(catalogue, films=100_000, people=300_000)
        questions, sizes = _questions(catalogue, 400 if full else 100)
        figures = {
            "catalogue": ("given" if named else "made up") + f": {sizes['films']:,} films, {sizes['people']:,} people",
            "load_before": os.getloadavg(),
            "start_seconds": _starts(catalogue, 9 if full else 1),
            "latency_ms": _latencies(catalogue, questions),
            "throughput": _throughput(catalogue, questions, Path(folder), 10 if full else 4, each=full),
        }
    write_results("serve", figures, "python -m benchmarks serve" + (" --full" if full else ""))
    print(json.dumps(figures, indent=1), file=sys.stderr)


def _questions(catalogue: Path, count: int) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Paths of each question about films and people drawn at random, the famous more often, as people ask."""
    draw = random.Random(0)
    with Library(catalogue) as lib:
        by_fame = "ORDER BY coalesce(vote_count, 0) DESC, film_id"
        films = lib.facts.rows(f"SELECT title, year, film_id FROM films WHERE year IS NOT NULL {by_fame}")
        people = lib.facts.rows("SELECT name, person_id FROM people USING SAMPLE reservoir(20000 ROWS) REPEATABLE (0)")
        directors = lib.facts.rows("SELECT DISTINCT person_id FROM credits WHERE job = 'Director' ORDER BY person_id")
        ((n_people,),) = lib.facts.rows("SELECT count(*) FROM people")
    chosen = [films[int(len(films) * draw.random() ** 2)] for _ in range(count)]
    names = [draw.choice(people) for _ in range(count)]
    months = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()  # noqa: SIM905
    days = "lunes martes miércoles jueves viernes sábado domingo".split()  # noqa: SIM905
    years = range(1950, 2020)
    paths = {
        "month": [f"/api/releases?month={draw.choice(months)}&year={draw.choice(years)}" for _ in range(count)],
        "weekday": [
            f"/api/releases?weekday={quote(draw.choice(days))}&year={draw.choice(years)}" for _ in range(count)
        ],
        "title": [f"/api/films?title={quote(t)}&year={y}&size=1" for t, y, _ in chosen],
        "title, mistyped": [f"/api/films?title={quote(_mistyped(draw, t))}&size=5" for t, _, _ in chosen],
        "votes": [f"/api/films/{i}/votes?minimum=2000" for _, _, i in chosen],
        "person by name": [f"/api/people?name={quote(n)}" for n, _ in names],
        "actor": [f"/api/people/{i}" for _, i in names],
        "director": [f"/api/people/{draw.choice(directors)[0]}" for _ in range(count)],
        "film, everything": [f"/api/films/{i}" for _, _, i in chosen],
    }
    return paths, {"films": len(films), "people": n_people}


def _mistyped(draw: random.Random, title: str) -> str:
    at = draw.randrange(len(title))
    return title[:at] + title[at + 1 :] or title


@contextmanager
def _server(catalogue: Path, kept_answers: int) -> Iterator[tuple[int, int]]:
    """A server in a process of its own; its port and process id."""
    environment = os.environ | {"PYTHONPATH": str(_ROOT / "src"), "CINEFILE_KEPT_ANSWERS": str(kept_answers)}
    environment["CINEFILE_RATE_LIMIT"] = "0"
    command = [sys.executable, "-m", "cinefile", "serve", "--port", "0", "--db", str(catalogue)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        port = int(process.stderr.readline().split()[2].rsplit(":", 1)[1])
        try:
            yield port, process.pid
        finally:
            process.terminate()


@contextmanager
def _bare_server(port: int) -> Iterator[int]:
    """A server with one route that does nothing; its process id."""
    with subprocess.Popen([sys.executable, "-c", _BARE, str(port)]) as process:
        try:
            _wait(port, "/")
            yield process.pid
        finally:
            process.terminate()


def _wait(port: int, path: str) -> None:
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.005)


def _starts(catalogue: Path, times: int) -> dict[str, list[tuple[float, float]]]:
    """From the command to the first answer: to /health, a count, and a title search, which waits for its index."""
    found: dict[str, list[tuple[float, float]]] = {}
    for path in ("/health", "/api/releases?month=enero", "/api/films?title=amelie"):
        found[path] = []
        for _ in range(times):
            started = time.perf_counter()
            with _server(catalogue, 0) as (port, pid):
                _wait(port, path)
                found[path].append((round(time.perf_counter() - started, 2), _processor_seconds(pid)))
    return found


def _processor_seconds(pid: int) -> float:
    """Processor time that a process has taken so far, in user and kernel mode."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _latencies(catalogue: Path, questions: dict[str, list[str]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for label, kept in (("cold", 0), ("warm", 100_000)):
        with _server(catalogue, kept) as (port, _):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            for paths in questions.values():
                _ask(connection, paths if kept else paths[:20])  # loads columns, fills the kept answers
            time.sleep(8)  # the server loads its indexes in the background after the start
            connection.close()  # and closes connections that are idle for so long
            found[label] = {name: _percentiles(_ask(connection, paths)) for name, paths in questions.items()}
    return found


def _ask(connection: http.client.HTTPConnection, paths: list[str]) -> list[float]:
    times = []
    for path in paths:
        started = time.perf_counter()
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        times.append(1000 * (time.perf_counter() - started))
        if answer.status != 200:
            raise RuntimeError(f"{path} answered {answer.status}")
    return times


def _percentiles(times: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(times, n=100)
    return {"p50": round(cuts[49], 2), "p90": round(cuts[89], 2), "p99": round(cuts[98], 2)}


def _throughput(
    catalogue: Path, questions: dict[str, list[str]], folder: Path, seconds: int, each: bool
) -> dict[str, Any]:
    script = folder / "paths.lua"
    script.write_text(_SCRIPT, encoding="utf-8")
    six = {n: questions[n] for n in ("month", "weekday", "title", "votes", "actor", "director")}
    lists = {
        **(six if each else {}),
        "six questions in turn": [p for turn in zip(*six.values(), strict=True) for p in turn],
    }
    bare_port = 18_765
    found: dict[str, Any] = {}
    with _bare_server(bare_port) as bare_pid:
        for label, kept in (("cold", 0), ("warm", 100_000)):
            with _server(catalogue, kept) as (port, pid):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                _ask(connection, [p for paths in questions.values() for p in (paths if kept else paths[:20])])
                time.sleep(8)
                found[label] = {}
                for name, paths in lists.items():
                    file = folder / "paths.txt"
                    file.write_text("\n".join(paths), encoding="utf-8")
                    before = _wrk(bare_pid, bare_port, seconds / 2)
                    own = _wrk(pid, port, seconds, script, file)
                    after = _wrk(bare_pid, bare_port, seconds / 2)
                    bare = [(b + a) / 2 for b, a in zip(before, after, strict=True)]
                    found[label][name] = {
                        "requests_per_second": round(own[0]),
                        "bare_fastapi": round(bare[0]),
                        "share": round(own[0] / bare[0], 2),
                        "processor_ms_per_request": round(own[1], 3),
                        "bare_processor_ms": round(bare[1], 3),
                        "share_by_processor_time": round(bare[1] / own[1], 2),
                    }
    return found


def _wrk(
    pid: int, port: int, seconds: float, script: Path | None = None, paths: Path | None = None
) -> tuple[float, float]:
    """Requests per second by wrk, and the server's processor milliseconds per request; every answer must be a 200."""
    command = ["wrk", "-t1", "-c32", f"-d{max(1, round(seconds))}s", f"http://127.0.0.1:{port}/"]
    if script is not None:
        command[1:1] = ["-s", str(script)]
    environment = os.environ | ({"PATHS": str(paths)} if paths else {})
    before = _processor_seconds(pid)
    out = subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
    used = _processor_seconds(pid) - before
    rate, total = re.search(r"Requests/sec:\s+([\d.]+)", out), re.search(r"(\d+) requests in", out)
    if "Non-2xx" in out or rate is None or total is None:
        raise RuntimeError(out)
    return float(rate[1]), 1000 * used / int(total[1])
