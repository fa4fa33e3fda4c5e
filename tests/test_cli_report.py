"""Whole reports in real Chromium: sound pages, and hostile words of a case shown as text."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from browser import BrowserPage, Opened, assert_sound
from render_samples import HOSTILE
from strategies import LONG, THOROUGH
from typer.testing import CliRunner

from foedus.case.writing import case_yaml
from foedus.cli.app import app
from foedus.starters import starter

ROOT = Path(__file__).parent.parent
TOWNS = ROOT / "cases" / "two-towns.yaml"

FEW = ("--draws", "5", "--workers", "1")

FREE = {"title", "question", "name", "why", "claim", "source", "locator", "note", "origin"}
"""Keys of a case file under which any text may stand."""

pytestmark = pytest.mark.browser


CLOSED, OPEN = 15_000, 25_000
"""No report is taller than so many pixels at a width of 1280: as opened, and unfolded."""


def written(case: Path, tmp_path: Path, effort: tuple[str, ...] = FEW) -> Path:
    page = tmp_path / "report.html"
    result = CliRunner().invoke(app, ["report", str(case), "-o", str(page), *effort])
    assert result.exit_code == 0, result.output
    return page


@pytest.mark.parametrize(
    "name", ["two-towns", "library/garrison", *(["belarus-2024"] if THOROUGH else [])]
)
def test_a_report_is_a_sound_page(name: str, browser_page: BrowserPage, tmp_path: Path) -> None:
    page = written(ROOT / "cases" / f"{name}.yaml", tmp_path)
    opened = assert_sound(browser_page, page)
    titles = [text for level, text in opened.headings() if level == 2]
    for title in ("Veto players", "Evidence", "Appendix: states, judgements and the case"):
        assert title in titles
    assert_short(browser_page.open(page))


def assert_short(opened: Opened) -> None:
    """A page of which not too much is read, whatever is unfolded but the appendix."""
    tall = "document.documentElement.scrollHeight"
    assert opened.evaluate(tall) < CLOSED
    opened.evaluate("document.getElementById('appendix').closest('section').remove()")
    opened.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    opened.next_frame()
    assert opened.evaluate(tall) < OPEN


FIRST_PICTURE = """[...document.querySelectorAll('svg')].map(s => s.getBoundingClientRect())
    .filter(box => box.width > 0)[0].top"""


@pytest.mark.skipif(not LONG, reason="the flagship's report with all of its parts takes minutes")
def test_the_flagship_is_short_with_all_of_its_parts(
    browser_page: BrowserPage, tmp_path: Path
) -> None:
    path = ROOT / "cases" / "belarus-2024.yaml"
    page = written(path, tmp_path, ("--draws", "400", "--workers", "1"))
    for width, height in ((1280, 980), (390, 844)):
        opened = browser_page.open(page, width=width, height=height)
        assert opened.evaluate(FIRST_PICTURE) < height
        if width == 1280:
            assert_short(opened)


@pytest.mark.parametrize("name", ["starter", *(["belarus-2024"] if LONG else [])])
def test_a_brief_is_a_sound_page_on_two_sheets_of_paper(
    name: str, browser_page: BrowserPage, tmp_path: Path
) -> None:
    case, page = ROOT / "cases" / f"{name}.yaml", tmp_path / "brief.html"
    if name == "starter":
        case = tmp_path / "case.yaml"
        case.write_text(starter("coalition"), encoding="utf-8")
    effort = ("--draws", "100", "--workers", "1")
    result = CliRunner().invoke(app, ["brief", str(case), "-o", str(page), *effort])
    assert result.exit_code == 0, result.output
    opened = assert_sound(browser_page, page)
    assert [text for level, text in opened.headings() if level == 2][1] == "Bottom line"
    paper = tmp_path / "brief.pdf"
    opened.page.pdf(path=str(paper), format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper.read_bytes())) <= 2


def test_hostile_words_of_a_case_are_shown_as_text(
    browser_page: BrowserPage, tmp_path: Path
) -> None:
    words = itertools.cycle(HOSTILE)
    used: list[str] = []

    def spoilt(key: str, value: Any) -> Any:
        if isinstance(value, dict):
            inner = "name" if key == "positions" else None  # positions map ids to labels
            return {k: spoilt(inner or k, v) for k, v in value.items()}
        if isinstance(value, list):
            return [spoilt(key, part) for part in value]
        if key in FREE:
            used.append(next(words))
            return used[-1]
        return value

    data = yaml.safe_load(TOWNS.read_text(encoding="utf-8"))
    data["left_out"] = {"something": "note"}
    data["note"] = data["issues"]["toll"]["note"] = data["actors"]["north"]["note"] = "note"
    data = spoilt("", data)
    data["left_out"]["something"] = HOSTILE[0]
    case = tmp_path / "hostile.yaml"
    case.write_text(case_yaml(data), encoding="utf-8")
    opened = assert_sound(browser_page, written(case, tmp_path))
    assert opened.page.title() == data["title"] in HOSTILE
    assert set(HOSTILE) == set(used)
    text = " ".join(opened.all_text().split())
    for word in HOSTILE:
        assert word in text, word
