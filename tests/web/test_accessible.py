"""The workbench for every reader: what axe finds, the keyboard alone, a phone, and the dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from served import Served, serving
from strategies import THOROUGH

CASES = Path(__file__).parents[2] / "cases"

pytestmark = pytest.mark.browser

PAGES = {
    "new": "new",
    "home": "",
    "argue": "case/two-towns.yaml?set.preferences.north.worth.wide-bridge=2",
    "edit": "case/two-towns.yaml/edit",
    "guide": "case/two-towns.yaml/guide/evidence",
    "judges": "case/two-towns.yaml/judges",
    "judge": "case/two-towns.yaml/judge/anna",
    "history": "case/two-towns.yaml/history",
    "compare": "case/two-towns.yaml/compare",
    "export": "case/two-towns.yaml/export",
    "none": "case/nothing.yaml",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("pages")
    shutil.copy(CASES / "two-towns.yaml", folder)
    with serving(folder, "--workers", "1") as running:
        running.post("/case/two-towns.yaml/judges/invite", [("judge", "anna")])
        yield running


def settled(tab: Any) -> None:
    """Wait until what a page asks for when it opens has come."""
    tab.wait_for_load_state("networkidle")
    if tab.locator("#veto").count():
        tab.wait_for_selector(".veto table")


@pytest.mark.parametrize("page", PAGES if THOROUGH else ("home", "argue", "edit"))
def test_axe_finds_nothing_serious(page: str, served: Served, chromium: Any) -> None:
    """By day, in the dark and on a phone; and nothing is wider than the screen."""
    for scheme, width in (("light", 1280), ("dark", 390)):
        # axe is put into the page, which the page's own policy would forbid.
        context = chromium.new_context(
            bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        context.set_default_timeout(60_000)
        tab = context.new_page()
        tab.goto(served.address + PAGES[page])
        settled(tab)
        # The elements themselves: what opening one fetches would renumber the others.
        folds = tab.locator("details:not([open]) > summary").element_handles()
        for fold in [each for each in folds if each.is_visible()][:12]:
            fold.click()
        settled(tab)
        found = Axe().run(tab).response["violations"]
        told = [
            f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:160]}"
            for v in found
            if v["impact"] in ("serious", "critical")
        ]
        assert told == [], (scheme, width)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, (scheme, width)
        context.close()


def test_the_keyboard_alone_argues(served: Served, chromium: Any) -> None:
    """Skip to the content, move a slider, open a cell of the veto map: without a mouse."""
    context = chromium.new_context(reduced_motion="reduce")
    context.set_default_timeout(60_000)
    tab = context.new_page()
    tab.goto(f"{served.address}case/two-towns.yaml")
    settled(tab)
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.textContent") == "Skip to the content"
    tab.keyboard.press("Enter")
    slider = tab.locator(".slider").first
    for _ in range(80):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement.classList.contains('slider')"):
            break
    before = slider.input_value()
    tab.keyboard.press("ArrowRight")
    tab.keyboard.press("ArrowRight")
    assert slider.input_value() != before
    tab.wait_for_selector("#answer >> text=Link to this what-if")
    settled(tab)
    tab.locator(".veto td button").first.focus()
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#panel h3")
    assert tab.evaluate("document.activeElement.tagName") == "H3"
    context.close()
