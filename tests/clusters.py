"""A Dask cluster of this machine's processes, for tests: a scheduler and its workers."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE = 60.0


class LocalCluster:
    """A scheduler on a free port, and workers of one thread; they end with this."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.folder, self.address = folder, f"tcp://127.0.0.1:{port}"
        self.scheduler = self._started("scheduler", "--port", str(port), "--no-jupyter")
        self.workers = [self.hire() for _ in range(workers)]
        if workers:
            self.wait()

    def hire(self, **environment: str) -> subprocess.Popen[bytes]:
        """One more worker."""
        return self._started(
            *("worker", self.address, "--nthreads", "1", "--no-nanny", "--death-timeout", "20"),
            **environment,
        )

    def _started(self, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        what = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        with (self.folder / f"{arguments[0]}-{time.monotonic_ns()}.log").open("wb") as log:
            return subprocess.Popen(
                [*what, "--host", "127.0.0.1", "--no-dashboard"],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env={**os.environ, **environment},
            )

    def wait(self) -> None:
        """Wait until the scheduler knows its workers."""
        code = (
            "import sys, distributed\n"
            "client = distributed.Client(sys.argv[1], timeout=60, set_as_default=False)\n"
            "client.wait_for_workers(int(sys.argv[2]), timeout=60)\n"
        )
        subprocess.run(
            [sys.executable, "-c", code, self.address, str(len(self.workers))],
            check=True,
            timeout=2 * PATIENCE,
            capture_output=True,
        )

    def close(self) -> None:
        """End all of it."""
        for process in (*self.workers, self.scheduler):
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
        for process in (*self.workers, self.scheduler):
            process.wait()


@contextmanager
def cluster_in(folder: Path, workers: int = 2) -> Iterator[LocalCluster]:
    """A cluster of so many workers."""
    found = LocalCluster(folder, workers)
    try:
        yield found
    finally:
        found.close()
