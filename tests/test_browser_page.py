"""The page in real Chromium: hostile text is text, nothing runs, everything fits."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser import BrowserPage, Opened, assert_sound
from render_samples import HOSTILE, every_block

from foedus.document import Block, Cell, Column, Point, Points, Section, Sentence, Table
from foedus.render.html import page
from foedus.whole_files import write_whole

pytestmark = pytest.mark.browser


def squeezed(text: str) -> str:
    """The text without spaces: a browser may break lines anywhere."""
    return "".join(text.split())


def hostile_page(folder: Path, payload: str) -> Path:
    return write_whole(
        folder / "page.html",
        page(
            f"title {payload}",
            every_block(lambda place: f"{place} {payload}"),
            lead=(Sentence(f"lead {payload}", strong=True),),
            subtitle=f"subtitle {payload}",
            facts=[(f"fact {payload}", f"value {payload}")],
            footer=f"footer {payload}",
        ),
    )


@pytest.mark.parametrize("payload", HOSTILE)
def test_hostile_text_is_shown_and_does_nothing(
    payload: str, browser_page: BrowserPage, tmp_path: Path
) -> None:
    path = hostile_page(tmp_path, payload)
    opened = browser_page.open(path)
    assert opened.evaluate("document.title") == f"title {payload}".strip()
    places: list[str] = []
    every_block(lambda place: places.append(place) or place)  # type: ignore[func-returns-value]
    seen, whole = squeezed(opened.text()), squeezed(opened.all_text())
    pictured = {"unit", "mark", "near mark"}
    for place in {"title", "lead", "subtitle", "fact", "value", "footer", *places} - {"anchor"}:
        text = squeezed(f"{place} {payload}")
        assert text in (whole if place in pictured else seen), place
    opened.page.mouse.move(400, 400)
    assert opened.complaints == []
    assert opened.requests == [path.as_uri()]
    assert opened.evaluate("document.title") == f"title {payload}".strip()
    assert opened.evaluate("document.scripts.length") == 0


def test_a_page_of_every_block_is_sound(browser_page: BrowserPage, tmp_path: Path) -> None:
    words = "with military and political functions, agreed between both presidents"
    path = write_whole(tmp_path / "p.html", page("T", every_block(lambda p: f"{p} {words}")))
    assert_sound(browser_page, path)


def test_one_endless_word_does_not_widen_the_page(
    browser_page: BrowserPage, tmp_path: Path
) -> None:
    word = "Donaudampfschifffahrtsgesellschaftskapitänswitwenrente" * 4
    path = write_whole(tmp_path / "p.html", page(word, every_block(lambda p: word), subtitle=word))
    assert_sound(browser_page, path)


def test_the_phone_gets_its_own_picture(browser_page: BrowserPage, tmp_path: Path) -> None:
    path = write_whole(tmp_path / "p.html", page("T", every_block(str)))
    shown = """[...document.querySelectorAll('.drawing')]
        .filter(d => d.offsetWidth).map(d => d.className)"""
    assert set(browser_page.open(path, width=360).evaluate(shown)) == {"drawing narrow"}
    assert set(browser_page.open(path, width=1280).evaluate(shown)) == {"drawing wide"}


def test_pictures_follow_the_dark_and_paper_is_light(
    browser_page: BrowserPage, tmp_path: Path
) -> None:
    path = write_whole(tmp_path / "p.html", page("T", every_block(str)))
    ink = "getComputedStyle(document.querySelector('.wide svg text')).fill"
    day, night = browser_page.open(path), browser_page.open(path, scheme="dark")
    by_day = day.evaluate(ink)
    assert by_day != night.evaluate(ink)
    night.page.emulate_media(media="print")
    assert night.evaluate(ink) == by_day


def test_folds_are_open_on_paper(browser_page: BrowserPage, tmp_path: Path) -> None:
    opened = browser_page.open(write_whole(tmp_path / "p.html", page("T", every_block(str))))
    tall = """[...document.querySelectorAll('details table')].every(t =>
        t.checkVisibility({contentVisibilityAuto: true}) && t.offsetHeight > 20)"""
    assert not opened.evaluate(tall)
    opened.page.emulate_media(media="print")
    # What is folded away is laid out with the next frame only.
    opened.next_frame()
    assert opened.evaluate(tall)


def test_words_in_pictures_stay_within_them(browser_page: BrowserPage, tmp_path: Path) -> None:
    words = "WITH MILITARY and political functions"
    path = write_whole(tmp_path / "p.html", page("T", every_block(lambda p: f"{p} {words}")))
    over = """[...document.querySelectorAll('svg')].filter(s => s.getClientRects().length)
        .flatMap(s => { const box = s.getBoundingClientRect();
            return [...s.querySelectorAll('text')].filter(t => {
                const b = t.getBoundingClientRect();
                return b.left < box.left - 1 || b.right > box.right + 1
                    || b.top < box.top - 1 || b.bottom > box.bottom + 1;
            }).map(t => t.textContent); })"""
    for width in (360, 1280):
        assert browser_page.open(path, width=width).evaluate(over) == []


def eventually(opened: Opened, condition: str, frames: int = 300) -> bool:
    """Whether the condition comes to hold within so many frames: a page scrolls smoothly."""
    for _ in range(frames):
        if opened.evaluate(condition):
            return True
        opened.next_frame()
    return False


def test_a_link_to_a_section_opens_its_fold(browser_page: BrowserPage, tmp_path: Path) -> None:
    inner = Section("Inner", (Sentence("Here it is."),), "inner", folded=True)
    blocks: list[Block] = [
        Points((Point("There is more", see="inner"),)),
        Section("Long", (Points(tuple(Point(f"line {k}") for k in range(90))),)),
        Section("Outer", (inner,), "outer", folded=True),
    ]
    opened = browser_page.open(write_whole(tmp_path / "p.html", page("T", blocks)))
    opened.page.click("a[href='#inner']")
    shown = """[...document.querySelectorAll('#inner p, #inner-heading')].every(e => {
        const box = e.getBoundingClientRect();
        return e.checkVisibility({contentVisibilityAuto: true}) && box.top >= 0
            && box.bottom < innerHeight; })"""
    assert eventually(opened, shown)
    assert opened.evaluate("[...document.querySelectorAll('details')].every(d => d.open)")


def test_a_link_opens_the_fold_of_the_row_that_it_leads_to(
    browser_page: BrowserPage, tmp_path: Path
) -> None:
    rows = tuple((Cell(f"claim {k}", anchor=f"item-{k}"), Cell("source")) for k in range(60))
    table = Table("Evidence", (Column("claim"), Column("source")), rows)
    blocks = [
        Sentence("12, because of item-7 and item-50"),
        Section("Outer", (Section("Evidence", (table,), folded=True),), folded=True),
    ]
    path = write_whole(tmp_path / "p.html", page("T", blocks))
    opened = browser_page.open(path)
    row = "document.getElementById('e-item-50')"
    ground = f"getComputedStyle({row}.cells[1]).backgroundColor"
    before = opened.evaluate(ground)
    assert not opened.evaluate(f"{row}.checkVisibility({{contentVisibilityAuto: true}})")
    opened.page.click("a[href='#e-item-50']")
    seen = f"""{row}.matches(':target') && {row}.getBoundingClientRect().top > 0
        && {row}.getBoundingClientRect().bottom < innerHeight"""
    assert eventually(opened, seen)
    assert opened.evaluate("[...document.querySelectorAll('details')].every(d => d.open)")
    assert opened.evaluate(ground) != before
    assert opened.evaluate("document.querySelectorAll('tr:target').length") == 1
    opened.page.emulate_media(media="print")
    assert opened.evaluate(ground) == before
    assert opened.requests == [path.as_uri()]
    assert_sound(browser_page, path)
