"""Real Chromium for tests: opening a page and saying what it did, and what every page must keep."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NO_BROWSER = "no Chromium on this machine: install it, or set FOEDUS_CHROMIUM to its path"

REQUIRED = os.environ.get("FOEDUS_REQUIRE_BROWSER") == "1"
"""Whether a test that needs Chromium fails without it; then the flagship's pages are looked at too,
which takes minutes."""

# Each element with a fixed place in the order of headings: its level and text.
_HEADINGS = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
    .map(h => [Number(h.tagName[1]), h.innerText.trim()])"""

_PICTURES_WITHOUT_TABLE = """() => [...document.querySelectorAll('svg')]
    .filter(svg => !svg.closest('figure')?.querySelector('details table tbody tr'))
    .map(svg => svg.querySelector('title')?.textContent ?? 'no title')"""

_UNNAMED_PICTURES = """() => [...document.querySelectorAll('svg')].filter(svg => {
    const named = (svg.getAttribute('aria-labelledby') ?? '').split(' ')
        .map(id => document.getElementById(id));
    return svg.getAttribute('role') !== 'img' || named.length !== 2
        || named.some(e => !e || !svg.contains(e) || !e.textContent.trim());
}).length"""

_DOUBLE_IDS = """() => {
    const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
    return ids.filter((id, place) => ids.indexOf(id) !== place);
}"""

_TABLES_AMISS = """() => [...document.querySelectorAll('table')]
    .filter(t => !t.tHead || [...t.tHead.rows[0].cells].some(c => c.scope !== 'col')
        || [...t.tBodies[0].rows].some(r => r.cells.length > 1 && r.cells[0].scope !== 'row'))
    .map(t => t.innerText.slice(0, 80))"""

_BROKEN_LINKS = """() => [...document.querySelectorAll('a[href]')]
    .map(a => a.getAttribute('href'))
    .filter(h => !h.startsWith('#') || !document.getElementById(h.slice(1)))"""

_ACTIVE = """() => [...document.querySelectorAll('*')].filter(e =>
    ['SCRIPT', 'IFRAME', 'OBJECT', 'EMBED', 'FORM', 'IMG', 'BASE'].includes(e.tagName.toUpperCase())
    || [...e.attributes].some(a => a.name.startsWith('on')
        || /^\\s*(javascript|data|https?|file):/i.test(a.value) && e.rel !== 'icon'
            && !['xmlns', 'title', 'data-label', 'aria-label'].includes(a.name)))
    .map(e => e.outerHTML.slice(0, 120))"""

_HIDDEN_TEXT = "() => document.documentElement.textContent"


def chromium() -> str | None:
    """The path of a Chromium to test with, if there is one."""
    chosen = os.environ.get("FOEDUS_CHROMIUM")
    return chosen or next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Opened:
    """A page in the browser, with all that it asked for and complained of."""

    page: Any
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def evaluate(self, script: str) -> Any:
        """The value of the script in the page."""
        return self.page.evaluate(script)

    def next_frame(self) -> None:
        """Wait until the page has been laid out anew."""
        self.page.evaluate(
            "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(() => r())))"
        )

    def text(self) -> str:
        """The visible text of the page, with every fold opened."""
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        self.next_frame()
        return str(self.page.evaluate("document.body.innerText"))

    def all_text(self) -> str:
        """The text of every element, shown at this width or not."""
        return str(self.page.evaluate(_HIDDEN_TEXT))

    def headings(self) -> list[tuple[int, str]]:
        """Level and text of each heading, in order."""
        return [(level, text) for level, text in self.page.evaluate(_HEADINGS)]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


class BrowserPage:
    """Opens files in one browser; each in its own context, closed at the end."""

    def __init__(self, browser: Any) -> None:
        self._browser = browser
        self._contexts: list[Any] = []

    def open(
        self,
        source: Path | str,
        *,
        width: int = 1280,
        height: int = 900,
        scheme: Literal["light", "dark"] = "light",
    ) -> Opened:
        """Open a file (by path) or an address (by text) in a window of this size."""
        address = source.resolve().as_uri() if isinstance(source, Path) else source
        context = self._browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme
        )
        self._contexts.append(context)
        opened = Opened(context.new_page())
        page = opened.page
        page.on("request", lambda request: opened.requests.append(request.url))
        page.on("console", lambda message: opened.complaints.append(message.text))
        page.on("pageerror", lambda error: opened.complaints.append(str(error)))
        page.on("dialog", lambda dialog: opened.complaints.append(f"dialog: {dialog.message}"))
        page.goto(address)
        return opened

    def close(self) -> None:
        """Close everything that was opened."""
        for context in self._contexts:
            context.close()


@contextmanager
def launched(path: str) -> Iterator[Any]:
    """A running browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGS))
        try:
            yield browser
        finally:
            browser.close()


def assert_sound(browser_page: BrowserPage, path: Path) -> Opened:
    """Hold a report to what every report must keep; gives it, opened at desktop width.

    It asks for nothing but itself, complains of nothing, holds nothing active, is never wider than
    its window (phone, tablet, desktop, folds open or not), and is well formed: one h1, headings
    that skip no level, tables with headings, pictures with names and tables, no id twice.
    """
    for width in (360, 768, 1280):
        opened = browser_page.open(path, width=width)
        assert opened.requests == [path.resolve().as_uri()], "asks for more than itself"
        assert opened.overflow() <= 0, f"wider than a window of {width} pixels"
        opened.text()
        assert opened.overflow() <= 0, f"wider than a window of {width} pixels, folds open"
        assert opened.complaints == []
    levels = [level for level, _ in opened.headings()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later <= level + 1 for level, later in pairwise(levels))
    assert all(text for _, text in opened.headings())
    for amiss in (_PICTURES_WITHOUT_TABLE, _DOUBLE_IDS, _TABLES_AMISS, _BROKEN_LINKS, _ACTIVE):
        assert opened.evaluate(amiss) == []
    assert opened.evaluate(_UNNAMED_PICTURES) == 0
    return opened
