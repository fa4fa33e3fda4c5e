"""Several judges of one case end to end, each in a browser of their own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from served import Served, serving
from typer.testing import CliRunner

from foedus.cli.app import app

TOWNS = Path(__file__).parents[2] / "cases" / "two-towns.yaml"
WIDE = "preferences.north.worth.wide-bridge"
SHARE = "preferences.voters.support.status = merged"
"""As `foedus diff` calls it."""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("judged")
    shutil.copy(TOWNS, folder)
    with serving(folder) as running:
        yield running


@contextmanager
def reader(chromium: Any, **options: Any) -> Iterator[Any]:
    """A tab of a reader, who sees no error of a script."""
    context = chromium.new_context(bypass_csp=True, **options)  # axe is put into the page
    context.set_default_timeout(60_000)
    tab = context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    yield tab
    context.close()
    assert problems == []


def answered(tab: Any, low: str, mode: str, high: str) -> None:
    """Type three numbers with the keyboard alone, and save them with Enter."""
    tab.focus("#low")
    for text in (low, mode, high):
        tab.keyboard.type(text)
        if text != high:
            tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    tab.wait_for_selector("text=Saved.")


def grave(tab: Any) -> list[str]:
    """What axe finds serious or critical."""
    found = Axe().run(tab).response["violations"]
    return [each["id"] for each in found if each["impact"] in ("serious", "critical")]


def test_three_judges_by_their_links(served: Served, chromium: Any) -> None:
    with reader(chromium, viewport={"width": 1280, "height": 900}) as host:
        host.goto(f"{served.address}case/{TOWNS.name}/judges")
        for judge in ("Anna", "Boris", "Clara"):
            host.fill("#judge", judge)
            host.click("text=Invite")
            host.wait_for_selector(f"text={judge}")
        links = [each.input_value() for each in host.locator(".link").all()]
        assert len(links) == 3

        phone = {"viewport": {"width": 390, "height": 800}, "color_scheme": "dark"}
        for link, mode in zip(links, (10, 48, 50), strict=True):
            with reader(chromium, **phone) as tab:
                tab.goto(link)
                assert not tab.is_visible("text=The case has 35 as most likely")
                tab.click("text=All questions, by part")
                tab.click("summary:has-text('Voters of South Town')")
                tab.click("text=approve if “status” is “One town”?")
                answered(tab, str(mode - 5), str(mode), str(mode + 5))
                if mode == 10:
                    assert grave(tab) == []
                    assert tab.evaluate("document.documentElement.scrollWidth") == 390
                    # A second tab of hers, from before: each saves another answer.
                    other = tab.context.new_page()
                    other.goto(f"{link}?q={WIDE}")
                    tab.click("text=I cannot say")
                    tab.wait_for_selector("text=you cannot say")
                    other.eval_on_selector(
                        "#slide",
                        "(e) => { e.value = 12;"
                        " e.dispatchEvent(new Event('input', {bubbles: true})); }",
                    )
                    assert other.input_value("#mode") == "12"
                    other.click("text=Save")
                    other.wait_for_selector("text=Saved.")
                    assert "3 of 8 answered" in other.inner_text("main")

        host.reload()
        host.wait_for_selector("#judged >> text=What each answers")
        told = host.inner_text("#judged")
        assert "Anna, Boris and Clara differ on 2 judgements" in told
        assert "and the answer depends on 1 of them" in told
        assert "differ by 40 percentage points" in told
        assert "Anna stands apart" in told
        host.click(".disputes button:has-text('support')")
        host.wait_for_selector("#panel h3")
        panel = host.inner_text("#panel")
        assert "pooled (linear): 36" in panel
        assert "pooled by their odds (logarithmic)" in panel
        assert host.evaluate("document.activeElement.tagName") == "H3"
        assert grave(host) == []

    paths = [str(served.folder / TOWNS.name), str(served.folder / "two-towns.judge-Anna.yaml")]
    compared = CliRunner().invoke(app, ["diff", *paths, "--no-forecast", "--json"])
    edits = {each["name"] for each in json.loads(compared.stdout)["edits"]}
    assert edits == {WIDE, SHARE}
