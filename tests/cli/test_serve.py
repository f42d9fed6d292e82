import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import httpx

SOURCE = str(Path(__file__).resolve().parents[2] / "src")


def test_serve_takes_up_a_new_catalogue_and_stops_when_told(small_catalogue_file: Path, tmp_path: Path) -> None:
    path, new = tmp_path / "films.duckdb", tmp_path / "new.duckdb"
    shutil.copy(small_catalogue_file, path)
    command = [sys.executable, "-m", "cinefile", "serve", "--port", "0", "--db", str(path), "--log"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={"PYTHONPATH": SOURCE}) as server:
        assert server.stderr is not None
        url = server.stderr.readline().split()[2]
        try:
            assert _title(url) == "Toy Story"
            shutil.copy(small_catalogue_file, new)
            with duckdb.connect(str(new)) as connection:
                connection.execute("UPDATE films SET title = 'Toy Story, again' WHERE film_id = 1")
            os.replace(new, path)
            deadline = time.monotonic() + 30
            while _title(url) != "Toy Story, again" and time.monotonic() < deadline:
                time.sleep(0.2)
            assert _title(url) == "Toy Story, again"
            # A broken file in its place is not taken up.
            new.write_bytes(b"rubbish")
            os.replace(new, path)
            time.sleep(2.5)
            assert _title(url) == "Toy Story, again"
        finally:
            server.send_signal(signal.SIGINT)
            log = server.stderr.read()
    assert "GET /api/films/{film} 200" in log
    assert "/api/films/1" not in log
    assert "127.0.0.1:" not in log
    assert "Traceback" not in log


def test_a_taken_port(small_catalogue_file: Path) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "cinefile", "serve", "--port", str(taken.getsockname()[1])]
        environment = {"PYTHONPATH": SOURCE, "CINEFILE_DB": str(small_catalogue_file)}
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)
    assert result.returncode == 2
    assert "--port" in result.stderr


def test_an_invented_address_does_not_pass_the_rate_limit(small_catalogue_file: Path) -> None:
    command = [sys.executable, "-m", "cinefile", "serve", "--port", "0", "--db", str(small_catalogue_file)]
    environment = {"PYTHONPATH": SOURCE, "CINEFILE_RATE_LIMIT": "0.5"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stderr is not None
        url = server.stderr.readline().split()[2]
        try:
            statuses = [
                httpx.get(f"{url}/search?q=x", headers={"X-Forwarded-For": f"10.0.0.{i}"}, timeout=20).status_code
                for i in range(8)
            ]
        finally:
            server.send_signal(signal.SIGINT)
    assert 429 in statuses


def _title(url: str) -> str:
    return str(httpx.get(f"{url}/api/films/1", timeout=20).json()["title"])
