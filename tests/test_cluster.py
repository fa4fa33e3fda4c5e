"""Work on a Dask cluster: the same bytes as on this machine, whatever becomes of its workers."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from clusters import LocalCluster, cluster_in
from strategies import LONG, thorough

pytest.importorskip("distributed", reason="Dask is not installed (foedus[cluster])")

ROOT = Path(__file__).parent.parent
TOWNS = str(ROOT / "cases" / "two-towns.yaml")
FLAGSHIP = str(ROOT / "cases" / "belarus-2024.yaml")
START = "from foedus.cli import main; main()"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    with cluster_in(tmp_path_factory.mktemp("cluster")) as found:
        yield found


def begun(cache: Path, *arguments: str) -> subprocess.Popen[bytes]:
    """A command, begun; what it keeps stands in ``cache``."""
    return subprocess.Popen(
        [sys.executable, "-c", START, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "XDG_CACHE_HOME": str(cache)},
        start_new_session=True,
    )


def ended(process: subprocess.Popen[bytes], most: float = 3_000) -> tuple[int, bytes, str]:
    out, err = process.communicate(timeout=most)
    return process.returncode, out, err.decode()


def run(cache: Path, *arguments: str) -> tuple[int, bytes, str]:
    return ended(begun(cache, *arguments))


def kept(cache: Path) -> list[Path]:
    return list((cache / "foedus" / "kept").glob("*"))


COMMANDS = {
    "forecast": ("forecast", TOWNS, "--confidence"),
    "drivers": ("drivers", TOWNS),
    "whatif": ("whatif", TOWNS, "--set", "preferences.north.worth.toll-income=4"),
    "leave-one-out": ("evidence", "audit", TOWNS, "--leave-out", "items"),
    "diff": ("diff", TOWNS, FLAGSHIP.replace("belarus-2024", "two-towns")),
    "report": ("report", TOWNS, "--output", "-"),
}
"""What draws, each on a cluster as on this machine."""


@thorough
@pytest.mark.parametrize("name", list(COMMANDS))
def test_a_cluster_answers_with_the_same_bytes(
    name: str, cluster: LocalCluster, tmp_path: Path
) -> None:
    asked = (*COMMANDS[name], "--draws", "120", "--quiet")
    asked = asked if name == "report" else (*asked, "--json")
    here = run(tmp_path, *asked, "--workers", "1")
    there = run(tmp_path, *asked, "--scheduler", cluster.address)
    assert here[0] == there[0] == 0, there[2]
    assert here[1] == there[1]
    assert kept(tmp_path) == []  # all of it is done


def test_where_nobody_answers_is_told(tmp_path: Path) -> None:
    code, out, told = run(tmp_path, "forecast", TOWNS, "--scheduler", "tcp://127.0.0.1:1")
    assert (code, out) == (2, b"")
    assert told == "--scheduler: no scheduler answers at tcp://127.0.0.1:1\n"


@contextmanager
def listening(answer: bytes | None) -> Iterator[int]:
    """What listens at a port, and says this or nothing to whoever comes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    visitor, _ = server.accept()
                    visitors.append(visitor)
                    if answer is not None:
                        visitor.sendall(answer)

        visitors: list[socket.socket] = []
        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        for visitor in visitors:
            visitor.close()


@pytest.mark.parametrize("answer", [None, b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\xff" * 64])
def test_what_is_no_scheduler_does_not_answer(answer: bytes | None, tmp_path: Path) -> None:
    with listening(answer) as port:
        address = f"tcp://127.0.0.1:{port}"
        code, out, told = ended(begun(tmp_path, "forecast", TOWNS, "--scheduler", address), 60)
    assert (code, out) == (2, b"")
    assert told == f"--scheduler: no scheduler answers at {address}\n"


def test_tls_without_certificates_is_told(tmp_path: Path) -> None:
    code, out, told = run(tmp_path, "forecast", TOWNS, "--scheduler", "tls://127.0.0.1:1")
    assert (code, out) == (2, b"")
    assert told == "--scheduler: tls://127.0.0.1:1 needs certificates, in Dask's configuration\n"


@thorough
def test_from_python(cluster: LocalCluster, tmp_path: Path) -> None:
    code = (
        "import sys, json, foedus\n"
        "made = foedus.forecast(sys.argv[1], draws=60, varied=False, scheduler=sys.argv[2])\n"
        "same = foedus.forecast(sys.argv[1], draws=60, varied=False)\n"
        "assert json.dumps(made.to_dict()) == json.dumps(same.to_dict())\n"
    )
    subprocess.run([sys.executable, "-c", code, TOWNS, cluster.address], check=True, timeout=300)


@thorough
def test_what_is_wrong_with_a_case_is_told_as_ever(cluster: LocalCluster, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(Path(TOWNS).read_text().replace("deadline: 2024-03-17\n", ""))
    code, out, told = run(tmp_path, "forecast", str(bad), "--scheduler", cluster.address)
    assert (code, out) == (2, b"")
    assert "deadline" in told
    assert "Traceback" not in told


@thorough
def test_workers_of_another_version_are_refused(tmp_path: Path) -> None:
    """A worker whose foedus differs in one letter would not be sure to give the same answer."""
    other = tmp_path / "other" / "foedus"
    shutil.copytree(ROOT / "src" / "foedus", other)
    with (other / "result.py").open("a") as file:
        file.write("\n# another\n")
    with cluster_in(tmp_path, 0) as few:
        few.workers.append(few.hire(PYTHONPATH=str(other.parent)))
        few.wait()
        code, out, told = run(tmp_path, "forecast", TOWNS, "--scheduler", few.address, "--quiet")
    assert (code, out) == (2, b"")
    assert "has foedus" in told
    assert "the same answer needs the same versions" in told


# --- lost on the way ----------------------------------------------------------------------------

MANY = ("10000", FLAGSHIP) if LONG else ("2000", TOWNS)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The answer of this machine alone."""
    code, out, told = run(tmp_path_factory.mktemp("cache"), *much(), "--workers", "1")
    assert code == 0, told
    return out


def much() -> tuple[str, ...]:
    draws, case = MANY
    few = ("--stability-draws", "0", "--farsighted-draws", "0")
    return ("forecast", case, "--draws", draws, *few, "--json", "--quiet")


def wait_for_pieces(cache: Path, process: subprocess.Popen[bytes], count: int) -> None:
    """Wait until so many pieces are kept."""
    since = time.monotonic()
    while len(kept(cache)) < count:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() - since < 300
        time.sleep(0.02)


@thorough
def test_a_worker_that_is_killed_changes_no_byte(undisturbed: bytes, tmp_path: Path) -> None:
    with cluster_in(tmp_path) as cluster:
        process = begun(tmp_path, *much(), "--scheduler", cluster.address)
        wait_for_pieces(tmp_path, process, 5)
        cluster.workers[0].send_signal(signal.SIGKILL)
        code, out, told = ended(process)
    assert code == 0, told
    assert out == undisturbed


def test_with_its_scheduler_lost_a_run_is_taken_up_again(
    undisturbed: bytes, tmp_path: Path
) -> None:
    with cluster_in(tmp_path) as cluster:
        process = begun(tmp_path, *much(), "--scheduler", cluster.address)
        wait_for_pieces(tmp_path, process, 5)
        cluster.scheduler.send_signal(signal.SIGKILL)
        code, out, told = ended(process, 60)
        assert (code, out) == (2, b"")
        assert told.startswith(f"--scheduler: the scheduler at {cluster.address} is lost; ")
        assert told.endswith(" pieces of work are kept, and the same command goes on from there\n")
        for worker in cluster.workers:  # no orphan is left
            worker.wait(timeout=60)
    left = len(kept(tmp_path))
    assert left >= 5
    with cluster_in(tmp_path) as cluster:
        process = begun(tmp_path, *much(), "--scheduler", cluster.address)
        code, out, told = ended(process)
    assert code == 0, told
    assert out == undisturbed
    assert kept(tmp_path) == []


@thorough
def test_ctrl_c_parts_from_the_cluster_with_one_line(cluster: LocalCluster, tmp_path: Path) -> None:
    process = begun(tmp_path, *much(), "--scheduler", cluster.address)
    wait_for_pieces(tmp_path, process, 2)
    process.send_signal(signal.SIGINT)
    code, out, told = ended(process, 60)
    assert (code, out, told) == (130, b"", "interrupted\n")
