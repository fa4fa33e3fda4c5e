"""Serving the workbench: a free port, the address told, the browser opened, and a clean end."""

from __future__ import annotations

import errno
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn

from foedus.web.app import workbench
from foedus.web.protection import loopback

LOOPBACK = "127.0.0.1"

PORT = 8642
"""Where the workbench is found, unless something else is there already."""


class CannotServe(OSError):
    """No server can be had at the address; ``str()`` says why, ``option`` what is to be changed."""

    def __init__(self, message: str, option: str) -> None:
        super().__init__(message)
        self.option = option

    def __str__(self) -> str:
        return str(self.args[0])


def serve(
    opened: Path,
    *,
    host: str = LOOPBACK,
    port: int | None = None,
    workers: int = 2,
    browser: bool = True,
    tell: Callable[[str], None] = print,
) -> None:
    """Serve a folder, or one case file, until it is interrupted.

    ``tell`` is given the address as its first line. Without a ``port`` the usual one is taken, or
    any that is free. Elsewhere than on the loopback a token is made, and the address has it. Raises
    `CannotServe` where the port is taken, NotHere for what cannot be opened.
    """
    own = loopback(host)
    token = None if own else secrets.token_urlsafe(24)
    hosts = frozenset({"127.0.0.1", "localhost", "::1"}) if own else None
    app = workbench(opened, hosts=hosts, token=token, workers=workers)
    listener = _listener(host, port)
    shown = f"[{host}]" if ":" in host else host
    if host in ("0.0.0.0", "::"):  # noqa: S104 - only shown
        shown = socket.gethostname()
    number = listener.getsockname()[1]
    at = f"http://{shown}:{number}/" + (f"?token={token}" if token else "")
    config = uvicorn.Config(
        app, log_level="error", access_log=False, server_header=False, timeout_graceful_shutdown=2
    )
    server = _Server(config, lambda: _ready(at, browser, tell))
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()


class _Server(uvicorn.Server):
    """A server that says when it can be asked."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()


def _ready(at: str, browser: bool, tell: Callable[[str], None]) -> None:
    tell(at)
    if browser:
        threading.Thread(target=webbrowser.open, args=(at,), daemon=True).start()


def _listener(host: str, port: int | None) -> socket.socket:
    """A socket that listens. Raises `CannotServe`."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    tried = [PORT, 0] if port is None else [port]
    for each in tried:
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, each))
        except OSError as error:
            listener.close()
            if each == tried[-1]:
                why = getattr(error, "strerror", None) or error
                option = "--host" if error.errno == errno.EADDRNOTAVAIL else "--port"
                raise CannotServe(f"cannot serve at {host}:{each}: {why}", option) from error
            continue
        listener.listen(128)
        listener.set_inheritable(False)
        return listener
    raise AssertionError("the last port that is tried is taken or told")
