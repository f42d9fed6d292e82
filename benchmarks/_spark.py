"""What the Spark benchmarks share: data as files, a real standalone cluster, and the memory of processes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyspark

from cinefile.evaluation.splits import Ratings

PORT = 17_077
MASTER = f"spark://127.0.0.1:{PORT}"
LOCAL_ONLY = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1", "spark.ui.enabled": "false"}
SOURCE = Path(__file__).resolve().parents[1] / "src"


def write_movielens(folder: Path, ratings: Ratings) -> None:
    """Ratings and their films as MovieLens' CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    films = np.unique(ratings.films)
    rows = (f"{f},Film {f} ({1950 + f % 60}),Drama\n" for f in films.tolist())
    (folder / "movies.csv").write_text("movieId,title,genres\n" + "".join(rows))
    columns = zip(ratings.users.tolist(), ratings.films.tolist(), ratings.stars.tolist(), strict=True)
    lines = (f"{u},{f},{s},{1_000_000_000 + n}\n" for n, (u, f, s) in enumerate(columns))
    (folder / "ratings.csv").write_text("userId,movieId,rating,timestamp\n" + "".join(lines))


class Cluster:
    """A master and workers as processes of this machine, reachable from this machine only."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        self._folder = folder
        self._environment = {
            **os.environ,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_NO_DAEMONIZE": "1",
            "PYSPARK_PYTHON": sys.executable,
        }
        address = ["--host", "127.0.0.1", "--port", str(PORT), "--webui-port", "0"]
        self._processes = [self._start("master", ["org.apache.spark.deploy.master.Master", *address])]
        time.sleep(5)
        self.workers = [
            self._start(
                f"worker-{n}",
                [
                    "org.apache.spark.deploy.worker.Worker",
                    *("--host", "127.0.0.1", "--webui-port", "0", "--cores", "1", "--memory", "1500m"),
                    *("--work-dir", str(folder / f"work-{n}"), MASTER),
                ],
            )
            for n in range(workers)
        ]
        time.sleep(5)

    def _start(self, name: str, arguments: list[str]) -> "subprocess.Popen[bytes]":
        program = Path(pyspark.__file__).parent / "bin" / "spark-class"
        log = (self._folder / f"{name}.log").open("wb")
        # A session of its own, so that a worker can be killed together with its executors.
        return subprocess.Popen(
            [program, *arguments], env=self._environment, stdout=log, stderr=log, start_new_session=True
        )

    def kill_worker(self) -> None:
        """End one worker and its executors at once, as when a machine is lost."""
        kill(self.workers.pop())

    def stop(self) -> None:
        """End all."""
        for process in [*self.workers, *self._processes]:
            kill(process)


def kill(process: "subprocess.Popen[bytes]") -> None:
    """End a process and those that it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@contextmanager
def cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster while the block runs."""
    started = Cluster(folder, workers)
    try:
        yield started
    finally:
        started.stop()


def command(*arguments: str, conf: Mapping[str, str] | None = None) -> list[str]:
    """A `cinefile` command line on the cluster."""
    pairs = [part for name, value in {**LOCAL_ONLY, **(conf or {})}.items() for part in ("--conf", f"{name}={value}")]
    return [sys.executable, "-m", "cinefile", *arguments, "--engine", "spark", *pairs]


class Memory:
    """Peak resident memory, in MB, of this process, of its JVM and of the Python workers below that, while it runs."""

    def __init__(self) -> None:
        self.peak = {"driver": 0.0, "jvm": 0.0, "workers": 0.0}
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "Memory":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.wait(0.25):
            now = {"driver": _resident(os.getpid()), "jvm": 0.0, "workers": 0.0}
            for process in _below(os.getpid()):
                now["jvm" if _name(process) == "java" else "workers"] += _resident(process)
            self.peak = {name: round(max(value, now[name])) for name, value in self.peak.items()}


def processor_seconds() -> float:
    """Processor time so far of this process and of all that live below it, which a busy machine changes less."""
    ticks = 0
    for process in [os.getpid(), *_below(os.getpid())]:
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def _below(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
        tasks = [int(p.name) for p in Path(f"/proc/{process}/task").iterdir()]
    except OSError:
        return []
    own = {int(c) for c in text.split()}
    for task in tasks:
        try:
            own |= {int(c) for c in Path(f"/proc/{process}/task/{task}/children").read_text().split()}
        except OSError:
            continue
    return [*own, *(g for c in own for g in _below(c))]


def _name(process: int) -> str:
    try:
        return Path(f"/proc/{process}/comm").read_text().strip()
    except OSError:
        return ""


def _resident(process: int) -> float:
    """MB that are a process's own; mapped files, which the kernel drops when it needs the room, are left out."""
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) / 1024
