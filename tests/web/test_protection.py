"""Who is answered, and whose requests count: against a server that runs."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from served import Served, serving

from foedus.case.source import plain_data, read_source
from foedus.case.writing import case_yaml

CASES = Path(__file__).parents[2] / "cases"

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a reader may ask for

NASTY = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("cases")
    shutil.copy(CASES / "two-towns.yaml", folder)
    (folder.parent / "secret.yaml").write_text("foedus: 1\ntitle: Not yours\n", encoding="utf-8")
    with serving(folder, "--workers", "1") as running:
        yield running


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "[::", EVERYWHERE]
)
def test_only_our_own_host_is_answered(served: Served, host: str) -> None:
    # http.client sets a Host of its own unless one is given: an empty one is sent by hand.
    with socket.create_connection(("127.0.0.1", served.port)) as link:
        link.sendall(f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        answer = link.makefile("rb").read()
    assert answer.split(b"\r\n")[0].split()[1] in (b"421", b"400")
    assert b"two-towns" not in answer


def test_our_own_host_is_answered(served: Served) -> None:
    for host in (served.host, f"localhost:{served.port}", f"[::1]:{served.port}"):
        assert served.get("/", {"Host": host}).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"x-csrf": "wrong"},
        {"x-csrf": ""},
    ],
)
def test_no_strange_page_changes_anything(served: Served, headers: dict[str, str]) -> None:
    before = (served.folder / "two-towns.yaml").read_bytes()
    found = served.post("/new", [("kind", "union"), ("name", "stolen")], headers)
    assert found.status == 403
    assert not (served.folder / "stolen.yaml").exists()
    assert (served.folder / "two-towns.yaml").read_bytes() == before


def test_a_form_proves_itself_by_its_own_field(served: Served) -> None:
    fields = [("kind", "union"), ("name", "by-form")]
    served.post("/case/two-towns.yaml/forget", [])  # learns the token
    refused = served.post("/new", fields, {"x-csrf": ""})
    assert refused.status == 403
    taken = served.post("/new", [("csrf", served.csrf), *fields], {"x-csrf": ""})
    assert taken.status == 303
    assert (served.folder / "by-form.yaml").exists()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(served: Served, method: str) -> None:
    assert served.send(method, "/", None, {}).status == 405


ESCAPES = [
    "../secret.yaml",
    "..%2fsecret.yaml",
    "%2e%2e/secret.yaml",
    "....//secret.yaml",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "two-towns.yaml%00",
    "..\\secret.yaml",
    "two-towns.yaml/../../secret.yaml",
]

SHOWN = [
    "",
    "/answer",
    "/answer?set.preferences.north.worth.wide-bridge=12",
    "/veto",
    "/why?arrangement=one-town&actor=north",
    "/require?arrangement=one-town",
    "/trace?path=one-town",
    "/export",
    "/guide/actors",
    "/told/actors",
    "/told/issues",
    "/told/rights",
    "/told/wants",
    "/told/evidence",
    "/compare",
    "/edit",
    "/edit/question",
    "/edit/issues",
    "/edit/evidence",
    "/edit/evidence?entry=[%22evidence%22,%20%22mayor-speech%22]",
    "/text",
    "/history",
    "/history?said=<script>alert(1)</script>",
]

PAGES = [
    "",
    "/answer",
    "/veto",
    "/why",
    "/require",
    "/trace",
    "/refine",
    "/export",
    "/export/case.yaml",
    "/export/brief.html",
    "/make/brief.html",
    "/guide/question",
    "/told/question",
    "/compare",
    "/edit",
    "/edit/actors",
    "/text",
    "/history",
    "/changed/1",
    "/judges",
]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", ESCAPES)
def test_no_path_leaves_the_folder(served: Served, name: str, page: str) -> None:
    for path in (f"/case/{name}{page}", f"/case/{quote(name, safe='')}{page}"):
        found = served.get(path)
        assert found.status == 404, path
        assert "Not yours" not in found.text
        assert "root:" not in found.text


@pytest.mark.parametrize("name", ESCAPES)
def test_no_other_parameter_leaves_it_either(served: Served, name: str) -> None:
    given = quote(name, safe="")
    for path in (
        f"/static/{given}",
        f"/static/{name}",
        f"/case/two-towns.yaml/export/{given}",
        f"/case/two-towns.yaml/make/{given}",
        f"/case/two-towns.yaml/differences?old={given}&new=two-towns.yaml",
        f"/case/two-towns.yaml/guide/{given}",
        f"/case/two-towns.yaml/edit/{given}",
        f"/case/two-towns.yaml/judge/{given}",
    ):
        found = served.get(path)
        assert found.status in (303, 404, 422), path
        assert "Not yours" not in found.text
        assert "root:" not in found.text


def test_no_new_case_leaves_it(served: Served) -> None:
    before = sorted(served.folder.parent.rglob("*.yaml"))
    for name in ("../outside", "/outside/of/it", "a/b", "..", "", "a\0b", ".hidden", "a" * 300):
        assert served.post("/new", [("kind", "union"), ("name", name)]).status == 422
    for name in ("aux", "CON", "NUL.yaml", "com1"):
        found = served.post("/new", [("kind", "union"), ("name", name)])
        assert (found.status, "on Windows" in found.text) == (422, True)
    assert sorted(served.folder.parent.rglob("*.yaml")) == before


def test_a_huge_body_is_refused(served: Served) -> None:
    """100 MB, told beforehand or not: refused without being read to its end."""
    served.post("/case/two-towns.yaml/forget", [])
    head = (
        f"POST /new HTTP/1.1\r\nHost: {served.host}\r\nOrigin: http://{served.host}\r\n"
        f"X-CSRF: {served.csrf}\r\n"
    )
    for how in ("Content-Length: 100000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", served.port)) as link:
            link.sendall((head + how).encode())
            piece = b"a" * (1 << 16)
            piece = b"%x\r\n%s\r\n" % (len(piece), piece) if "chunked" in how else piece
            sent = 0
            try:
                while sent < 100_000_000:
                    link.sendall(piece)
                    sent += len(piece)
            except OSError:  # the server hangs up
                pass
            assert sent < 100_000_000
    assert served.get("/").status == 200


def test_answers_carry_what_keeps_a_page_to_itself(served: Served) -> None:
    for path in ("/", "/case/two-towns.yaml", "/nothing", "/static/workbench.js"):
        headers = served.get(path).headers
        policy = headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"


class Tags(HTMLParser):
    """Every script, every handler of an event, and every address of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.scripts: list[str] = []
        self.bad: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script":
            self.scripts.append(given.get("src") or "inline")
        if tag in ("img", "iframe", "object", "embed", "base"):
            self.bad.append(tag)
        self.bad += [name for name in given if name.startswith("on")]
        for name in ("href", "src", "action"):
            address = given.get(name) or ""
            if urlsplit(address).scheme not in ("", "data"):
                self.bad.append(address)


TOLD = ("name", "title", "question", "claim", "source", "note", "why", "locator", "unit", "asks")


def nastier(value: Any, key: str = "") -> Any:
    """The data of a case with markup in every text that is told, and in every label."""
    if isinstance(value, dict):
        label = key == "positions"
        return {k: NASTY + str(v) if label else nastier(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [nastier(each, key) for each in value]
    return NASTY + str(value) if key in TOLD else value


def test_markup_in_names_stays_text(tmp_path: Path) -> None:
    """HTML in every name of a case is shown as text, on every page."""
    text = (CASES / "two-towns.yaml").read_text(encoding="utf-8")
    data = nastier(plain_data(read_source(text, "two-towns.yaml").data))
    path = tmp_path / "nasty.yaml"
    path.write_text(case_yaml(data), encoding="utf-8")
    with serving(path, "--workers", "1") as served:
        for page in SHOWN:
            found = served.get(f"/case/nasty.yaml{page}")
            assert found.status == 200, found.text
            tags = Tags()
            tags.feed(found.text)
            assert tags.bad == [], page
            assert all(src.startswith("/static/") for src in tags.scripts)
            assert "<script>alert" not in found.text
        assert "&lt;script&gt;alert" in served.get("/case/nasty.yaml").text
        asked = f"/case/nasty.yaml?said={quote(NASTY)}&set.{quote(NASTY)}={quote(NASTY)}"
        tags = Tags()
        tags.feed(served.get(asked).text)
        assert tags.bad == []


def test_another_address_demands_the_token(tmp_path: Path) -> None:
    shutil.copy(CASES / "two-towns.yaml", tmp_path)
    with serving(tmp_path, "--workers", "1", "--host", EVERYWHERE) as served:
        token = urlsplit(served.address).query.removeprefix("token=")
        assert len(token) >= 32
        assert served.get("/").status == 403
        assert served.get("/?token=wrong").status == 403
        entry = served.get(f"/?token={token}")
        assert entry.status == 303
        assert entry.headers["location"] == "/"
        cookie = entry.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        known = {"cookie": cookie.partition(";")[0]}
        assert served.get("/", known).status == 200
        assert served.get("/case/two-towns.yaml").status == 403
        assert served.get("/case/two-towns.yaml", {"cookie": "foedus=x"}).status == 403
        away = served.get(f"//evil.example/?token={token}")
        assert away.status != 303 or not away.headers["location"].startswith("//")
