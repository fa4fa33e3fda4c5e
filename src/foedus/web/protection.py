"""What keeps strangers out: which hosts are answered, whose requests count, and how large they are.

A page of another site can make the reader's browser send requests to this machine. So a request is
answered only under a host name that is ours (against DNS rebinding); one that changes something
only from a page of our own, which the browser tells (``Origin``) and the page proves by a token
that no other site can read. Elsewhere than on the loopback every reader needs the token that the
server prints when it starts.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LARGEST_BODY = 4 * (1 << 20)
"""Bytes that a request may carry: a case file may have 1 MiB, and a form writes it longer."""

MOST_FIELDS = 10_000
"""Fields that a form may have."""

COOKIE = "foedus"

SAFE = ("GET", "HEAD")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""What a page may load: our own files. Styles may stand in a page, as drawings have them; scripts
may not."""

HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    # Not "no-referrer": a browser then says of our own forms that they come from nowhere.
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


def loopback(host: str) -> bool:
    """Whether an address is that of this machine alone.

    >>> loopback("127.0.0.1"), loopback("localhost"), loopback("::1"), loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Refused(Exception):
    """A request that is not answered: its status, and why, in a sentence."""

    def __init__(self, status: int, why: str) -> None:
        self.status = status
        super().__init__(why)


class Protection:
    """Answers what may be answered by ``app``, and refuses the rest before ``app`` sees it.

    ``hosts`` are the names and addresses under which we may be asked, without a port; None for any.
    With a ``token`` a reader must give it once (``?token=``); a cookie then stands for it. Requests
    that change something carry the page's own ``csrf`` in a header or a field of the form.
    """

    def __init__(self, app: App, hosts: frozenset[str] | None, token: str | None) -> None:
        self._app, self._hosts, self._token = app, hosts, token
        self.csrf = secrets.token_urlsafe(24)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        try:
            self._know_host(headers)
            if let_in := self._entry(scope, headers):
                await _redirected(send, *let_in)
                return
            body = None
            if scope["method"] not in SAFE:
                self._from_our_page(scope, headers)
                body = await _whole(receive, headers)
                self._proven(headers, body)
        except Refused as refused:
            await _refuse(send, refused)
            return
        scope["state"] = {**scope.get("state", {}), "csrf": self.csrf, "body": body or b""}
        await self._app(scope, receive if body is None else _given(body, receive), _armed(send))

    def _know_host(self, headers: MutableMapping[str, str]) -> None:
        """Raise `Refused` for a name that is not ours."""
        host = _host_of(headers.get("host", ""))
        if self._hosts is not None and host not in self._hosts:
            raise Refused(421, "This address is not one that the workbench answers under.")

    def _entry(self, scope: Scope, headers: MutableMapping[str, str]) -> tuple[str, str] | None:
        """Where to go on and the cookie, for who has just given the token. Raises `Refused`."""
        if self._token is None:
            return None
        if scope["path"].startswith("/static/"):
            return None
        query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        if given := query.pop("token", None):
            if not hmac.compare_digest(given[0].encode(), self._token.encode()):
                raise Refused(403, "This is not the token that the workbench printed.")
            rest = urlencode(query, doseq=True)
            cookie = f"{COOKIE}={self._token}; Path=/; HttpOnly; SameSite=Strict"
            return scope["path"] + (f"?{rest}" if rest else ""), cookie
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(headers.get("cookie", ""))
        except CookieError:
            cookies.clear()
        known = cookies[COOKIE].value if COOKIE in cookies else ""
        if not hmac.compare_digest(known.encode(), self._token.encode()):
            raise Refused(403, "Open the workbench by the address that it printed, with its token.")
        return None

    def _from_our_page(self, scope: Scope, headers: MutableMapping[str, str]) -> None:
        """Raise `Refused` for a request that a page of another site makes."""
        if scope["method"] != "POST":
            raise Refused(405, "The workbench is asked by GET and POST alone.")
        origin = headers.get("origin")
        if origin is not None:
            split = urlsplit(origin)
            if split.netloc.lower() != headers.get("host", "").lower():
                raise Refused(403, "The request comes from a page of another site.")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            raise Refused(403, "The request comes from a page of another site.")

    def _proven(self, headers: MutableMapping[str, str], body: bytes) -> None:
        """Raise `Refused` where the page's own token is missing."""
        given = headers.get("x-csrf")
        if given is None:
            try:
                fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
            except ValueError:
                raise Refused(400, "That form has too many fields.") from None
            given = fields.get("csrf", [""])[0]
        if not hmac.compare_digest(given.encode(), self.csrf.encode()):
            why = "This page was made before the workbench started again: reload it and try again."
            raise Refused(403, why)


def _host_of(header: str) -> str:
    """The name in a Host header, without its port.

    >>> _host_of("LocalHost:8000"), _host_of("[::1]:8000"), _host_of("127.0.0.1")
    ('localhost', '::1', '127.0.0.1')
    """
    try:
        return (urlsplit(f"//{header}").hostname or "").lower()
    except ValueError:
        return ""


async def _whole(receive: Receive, headers: MutableMapping[str, str]) -> bytes:
    """The body of a request. Raises `Refused` as soon as it is known to be too large."""
    length = headers.get("content-length", "0")
    too_large = Refused(413, "That is more than the workbench takes at once (4 MiB).")
    if not length.isdecimal() or int(length) > LARGEST_BODY:
        raise too_large
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Refused(400, "The request ended before it was whole.")
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise too_large
        if not message.get("more_body", False):
            return bytes(body)


def _given(body: bytes, receive: Receive) -> Receive:
    """What the app reads from: the body once, then what is received after it."""
    told = False

    async def again() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _armed(send: Send) -> Send:
    """A ``send`` that adds the headers of every answer."""

    async def armed(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", []))
            names = {name.lower() for name, _ in given}
            if b"cache-control" not in names:
                given.append((b"cache-control", b"no-store"))
            given += [(name, value) for name, value in HEADERS if name not in names]
            message = {**message, "headers": given}
        await send(message)

    return armed


async def _refuse(send: Send, refused: Refused) -> None:
    # What is still being sent is not read: the connection ends with the answer.
    await _answer(send, refused.status, f"{refused}\n".encode(), [(b"connection", b"close")])


async def _redirected(send: Send, to: str, cookie: str) -> None:
    where = "/" + to.lstrip("/")  # never to another host, whatever the path begins with
    headers = [(b"location", where.encode("latin-1")), (b"set-cookie", cookie.encode("latin-1"))]
    await _answer(send, 303, b"", headers)


async def _answer(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """Send a short answer in plain text, with the headers of every answer."""
    plain = (b"content-type", b"text/plain; charset=utf-8")
    start = {
        "type": "http.response.start",
        "status": status,
        "headers": [plain, (b"content-length", str(len(body)).encode()), *headers],
    }
    armed = _armed(send)
    await armed(start)
    await armed({"type": "http.response.body", "body": body})
