"""The workbench as a reader has it: the program started, asked over HTTP, and ended."""

from __future__ import annotations

import http.client
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode, urlsplit

PROGRAM = "from foedus.cli import main; main()"


@dataclass
class Answer:
    """What came back: status, headers in small letters, and text."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Served:
    """A running workbench."""

    address: str
    folder: Path
    process: subprocess.Popen[str]
    csrf: str = ""

    @property
    def port(self) -> int:
        port = urlsplit(self.address).port
        assert port is not None
        return port

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def get(self, path: str, headers: dict[str, str] | None = None) -> Answer:
        return self.send("GET", path, None, headers or {})

    def post(
        self, path: str, fields: Sequence[tuple[str, str]], headers: dict[str, str] | None = None
    ) -> Answer:
        """Send a form as a page of the workbench does."""
        if not self.csrf:
            found = re.search(r'"X-CSRF": "([^"]+)"', self.get("/new").text)
            assert found is not None
            self.csrf = found[1]
        given = {"origin": f"http://{self.host}", "x-csrf": self.csrf, **(headers or {})}
        kind = "application/x-www-form-urlencoded"
        return self.send("POST", path, urlencode(fields), {"content-type": kind, **given})

    def send(
        self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]
    ) -> Answer:
        """Send one request as it is given; a header without a value is left out."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            link.request(method, path, body, {k: v for k, v in headers.items() if v})
            found = link.getresponse()
            text = found.read().decode("utf-8", "replace")
            named = {name.lower(): value for name, value in found.getheaders()}
            return Answer(found.status, named, text)
        finally:
            link.close()


@contextmanager
def serving(opened: Path, *options: str) -> Iterator[Served]:
    """Start ``foedus serve`` on a folder or a case, at any free port, and end it after."""
    command = [sys.executable, "-c", PROGRAM, "serve", str(opened), "--no-browser", *options]
    if "--port" not in options:
        command += ["--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        address = process.stdout.readline().strip()
        assert address, process.stderr.read()
        yield Served(address, opened if opened.is_dir() else opened.parent, process)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()
