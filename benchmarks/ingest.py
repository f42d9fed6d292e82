"""`cinefile ingest` beside the usual notebook way, on the same files in the same run.

1. The Movies Dataset (the stand-in of 32,292 films, or the real one): pandas with `ast.literal_eval` in one process,
   `cinefile ingest` in another, in turns, three times each; the median wall time of each, its CPU time and peak memory.
2. With --full: a MovieLens folder of some 25 million ratings, once.

Peak memory is VmHWM of the process. cinefile runs as its core install does, without pandas (Arrow imports pandas where
it is installed). Data: $CINEFILE_TMD and $CINEFILE_ML25M name the folders, else both are made from the public data.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks._results import data_folder, write

_ROUNDS = 3
_WATCHED = """
import importlib.abc, re, resource, runpy, sys
class NoPandas(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name == "pandas" and sys.argv[0] == "cinefile":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, NoPandas())
sys.argv = sys.argv[1:]
try:
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=False)
finally:
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1]
    print(f"\\nused {used.ru_utime + used.ru_stime} {peak}", file=sys.stderr)
"""


def timed(*command: str) -> dict[str, Any]:
    """Run a module in a process of its own. Gives seconds, CPU seconds, peak MB and what it printed as JSON."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    start = time.perf_counter()
    run = subprocess.run(
        [sys.executable, "-c", _WATCHED, *command], capture_output=True, text=True, check=False, env=environment
    )
    seconds = time.perf_counter() - start
    if run.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {run.stderr[-2000:]}")
    try:
        output = json.loads(run.stdout)
    except ValueError as error:
        raise RuntimeError(f"{' '.join(command)} printed no JSON but {run.stdout[:500]!r}") from error
    _, cpu, peak = run.stderr.rsplit("\n", 2)[-2].split()
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(float(cpu), 2),
        "peak_mb": round(int(peak) / 1024),
        "output": output,
    }


def median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of each figure, and all wall times."""
    middle = {k: round(statistics.median(r[k] for r in runs), 2) for k in ("seconds", "cpu_seconds", "peak_mb")}
    return {**middle, "all_seconds": [r["seconds"] for r in runs]}


def same_outputs(notebook: Mapping[str, int], catalogue: Path) -> dict[str, Any]:
    """Rows of each table both ways. Where they differ, the reason stands in `why`."""
    import duckdb

    with duckdb.connect(str(catalogue), read_only=True) as connection:

        def count(query: str) -> int:
            row = connection.execute(query).fetchone()
            return int(row[0]) if row else 0

        ours = {
            "films": count("SELECT count(*) FROM films"),
            "genres": count("SELECT count(*) FROM genres"),
            "companies": count("SELECT count(*) FROM companies"),
            "countries": count("SELECT count(*) FROM countries"),
            "cast": count("SELECT count(*) FROM credits WHERE department = 'Acting' AND job = 'Actor'"),
            "crew": count("SELECT count(*) FROM credits WHERE NOT (department = 'Acting' AND job = 'Actor')"),
            "directors": count("SELECT count(*) FROM credits WHERE job = 'Director'"),
        }
    why = (
        "cinefile stores one row for a person, job and film, and for a company or genre and film; pandas keeps repeats"
    )
    return {"notebook": dict(notebook), "cinefile": ours, "why_fewer": why}


def the_movies_dataset(folder: Path, scratch: Path) -> dict[str, Any]:
    """Both ways in turns."""
    notebook, ours = [], []
    for n in range(_ROUNDS):
        notebook.append(timed("benchmarks._notebook_ingest", str(folder), str(scratch / f"notebook-{n}")))
        ours.append(timed("cinefile", "ingest", str(folder), "--db", str(scratch / f"{n}.duckdb"), "--json", "-q"))
        print(f"  notebook {notebook[-1]['seconds']} s, cinefile {ours[-1]['seconds']} s", file=sys.stderr)
    one, other = median(notebook), median(ours)
    return {
        "files_mb": round(sum(f.stat().st_size for f in folder.glob("*.csv")) / 1e6, 1),
        "notebook": one,
        "cinefile": other,
        "times_faster": round(one["seconds"] / other["seconds"], 2),
        "times_less_cpu": round(one["cpu_seconds"] / other["cpu_seconds"], 2),
        "share_of_memory": round(other["peak_mb"] / one["peak_mb"], 2),
        "counts": {k: v for k, v in ours[-1]["output"].items() if isinstance(v, int)},
        "rows": same_outputs(notebook[-1]["output"], scratch / f"{_ROUNDS - 1}.duckdb"),
    }


def movielens(folder: Path, scratch: Path) -> dict[str, Any]:
    """The large folder, once."""
    run = timed("cinefile", "ingest", str(folder), "--db", str(scratch / "ml.duckdb"), "--json", "-q")
    output = run.pop("output")
    return {**run, "ratings": output["ratings"], "rows_per_second": round(output["rows_read"] / run["seconds"])}


def _made(variable: str, tool: str, scratch: Path) -> Path:
    """The folder that a variable names, or a fresh one from the tool beside the public data."""
    if named := os.environ.get(variable):
        return Path(named)
    made = scratch / tool
    subprocess.run([sys.executable, str(data_folder().parent / "tools" / tool), str(made)], check=True)
    return made


def main(full: bool) -> None:
    """Write results/ingest.json."""
    with tempfile.TemporaryDirectory() as temporary:
        scratch = Path(temporary)
        figures: dict[str, Any] = {
            "load_average_at_start": round(os.getloadavg()[0], 1),
            "the_movies_dataset": the_movies_dataset(_made("CINEFILE_TMD", "make_movies_dataset.py", scratch), scratch),
        }
        if full:
            folder = _made("CINEFILE_ML25M", "make_movielens_25m.py", scratch)
            figures["movielens_25m"] = movielens(folder, scratch)
        figures["load_average_at_end"] = round(os.getloadavg()[0], 1)
    path = write("ingest", figures, f"python -m benchmarks ingest{' --full' if full else ''}")
    print(f"{path}: {figures['the_movies_dataset']['times_faster']} times faster", file=sys.stderr)


if __name__ == "__main__":
    main("--full" in sys.argv[1:])
