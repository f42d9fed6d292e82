"""The connection to a cluster, and what to say when the pieces for it are missing."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from cinefile.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from pyspark import SparkContext

LOCAL = "local[*]"
_OLDEST_JAVA = 17
_GET_JAVA = "Install one (apt-get install openjdk-17-jre-headless) or set JAVA_HOME."
_CINEFILE = str(Path(__file__).resolve().parents[2])


@contextmanager
def connected(master: str = LOCAL, conf: Mapping[str, str] | None = None) -> Iterator["SparkContext"]:
    """A Spark context; one that runs already is taken as it is and left running.

    Args:
        master: ``local[*]``, ``spark://HOST:7077``, ``yarn``, ``k8s://…``.
        conf: Spark's settings, by name; they win over those that cinefile sets.

    Raises:
        MissingExtraError: PySpark or Java is missing, or Java is too old.
        InputError: the cluster cannot be reached.
    """
    check()
    from py4j.protocol import Py4JJavaError
    from pyspark import SparkConf, SparkContext

    running = SparkContext._active_spark_context
    if running is not None:
        yield running
        return
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    settings = {**_defaults(master), **(conf or {})}
    try:
        context = SparkContext(conf=SparkConf().setMaster(master).setAppName("cinefile").setAll([*settings.items()]))
    except (Py4JJavaError, ValueError) as error:
        reason = str(error).strip().splitlines()
        raise InputError(
            f"Spark does not start on {master}: {next((r for r in reversed(reason) if r.strip()), '')[:300]}",
            "Is the master's address right, and is it up? Spark's own log, above, says more.",
        ) from error
    try:
        context.setLogLevel("ERROR")
        yield context
    finally:
        context.stop()


def tasks(context: "SparkContext", pieces: int) -> int:
    """Over how many tasks to spread some pieces of work: some for each core, so that slow ones do not hold up all."""
    cores = max(context.defaultParallelism, 1)
    return max(1, min(pieces, cores if cores <= 4 else 4 * cores))


def check(purpose: str = "The Spark engine") -> None:
    """See to it that PySpark and Java are there.

    Raises:
        MissingExtraError: which is not, and how to get it.
    """
    if find_spec("pyspark") is None:
        raise MissingExtraError("spark", purpose)
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if java is None:
        raise MissingExtraError("spark", purpose, f"Java {_OLDEST_JAVA} or newer, and none was found", _GET_JAVA)
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    if found is not None and int(found[1]) < _OLDEST_JAVA:
        needs = f"Java {_OLDEST_JAVA} or newer, and {java} is Java {found[1]}"
        raise MissingExtraError("spark", purpose, needs, _GET_JAVA)


def _defaults(master: str) -> dict[str, str]:
    settings = {
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.memory": "4g",
        # Sums over all films are of some hundred megabytes where there are many films.
        "spark.driver.maxResultSize": "0",
        # Over TCP the worker's acknowledgements are delayed by 40 ms, in every task of every pass.
        "spark.python.unix.domain.socket.enabled": "true",
        # A task's arithmetic runs on the core that Spark counts for it.
        "spark.executorEnv.OMP_NUM_THREADS": "1",
        "spark.executorEnv.OPENBLAS_NUM_THREADS": "1",
    }
    if not find_spec("cinefile") or "site-packages" not in _CINEFILE:
        # Run from a checkout: executors on this machine find it the same way.
        settings["spark.executorEnv.PYTHONPATH"] = os.pathsep.join(
            [_CINEFILE, *filter(None, [os.environ.get("PYTHONPATH")])]
        )
    if master.startswith("local"):
        settings |= {
            "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            # Java only hands work on: its optimising compiler would take more of the cores than it gives back.
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        }
    return settings
