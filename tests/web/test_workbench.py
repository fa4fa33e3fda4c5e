"""The workbench end to end: a reader argues with the flagship in a real browser."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest
from served import Served, serving
from strategies import thorough

ROOT = Path(__file__).parents[2]
FLAGSHIP = ROOT / "cases" / "belarus-2024.yaml"
OWN_STATE = "preferences.lukashenka.worth.own-state"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("argued")
    shutil.copy(FLAGSHIP, folder)
    shutil.copy(ROOT / "cases" / "two-towns.yaml", folder)
    with serving(folder) as running:
        yield running


@pytest.fixture
def tab(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(120_000)
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda m: problems.append(m.text) if m.type == "error" else None)
    yield page
    context.close()
    assert [p for p in problems if "409" not in p and "422" not in p] == []


def pull(tab: Any, name: str, value: float) -> None:
    """Move a slider as a reader does, and wait for both answers."""
    tab.eval_on_selector(
        f'input[name="set.{name}"]',
        "(e, v) => { e.value = v; e.dispatchEvent(new Event('input', {bubbles: true})); }",
        str(value),
    )
    tab.wait_for_selector("#answer >> text=Link to this what-if")


def cell(tab: Any, actor: str, arrangement: str) -> Any:
    """The cell of the veto map of an actor and an arrangement."""
    return tab.locator(f'.veto td button[aria-label^="{actor}, {arrangement}"]').first


@thorough
def test_argue_with_the_flagship(served: Served, tab: Any) -> None:
    """Pull a judgement, see a veto go, read why, keep it, link to it, write it, undo it."""
    before = (served.folder / FLAGSHIP.name).read_text(encoding="utf-8")
    tab.goto(f"{served.address}case/{FLAGSHIP.name}")
    tab.wait_for_selector(".veto table")
    merger = cell(tab, "Alyaksandr Lukashenka", "Full integration, Belarus becomes")
    assert "refuses" in merger.get_attribute("aria-label")

    pull(tab, OWN_STATE, 5)
    tab.wait_for_selector(".veto td.moved")
    moved = cell(tab, "Alyaksandr Lukashenka", "Full integration, Belarus becomes")
    told = moved.get_attribute("aria-label")
    assert "better off" in told
    assert "as written: refuses" in told
    assert OWN_STATE in tab.url

    moved.click()
    tab.wait_for_selector("#panel h3")
    panel = tab.inner_text("#panel")
    assert "Alyaksandr Lukashenka" in panel
    assert "better off by" in panel
    assert tab.evaluate("document.activeElement.tagName") == "H3"

    tab.fill("#kept-name", "His own state hardly matters to him")
    tab.click("text=Keep this what-if")
    tab.wait_for_selector("#kept a")
    link = tab.get_attribute("#kept a", "href")

    other = tab.context.new_page()
    other.goto(served.address.rstrip("/") + link)
    other.wait_for_selector(".veto td.moved")
    assert other.input_value(f'input[name="set.{OWN_STATE}"]') == "5"
    other.close()

    tab.click("text=Write into the case")
    tab.wait_for_selector("text=Written into the case.")
    written = (served.folder / FLAGSHIP.name).read_text(encoding="utf-8")
    assert len(written.splitlines()) == len(before.splitlines())
    differing = [
        (old, new)
        for old, new in zip(before.splitlines(), written.splitlines(), strict=True)
        if old != new
    ]
    assert [tuple(re.findall(r"\[.*\]", x)[0] for x in pair) for pair in differing] == [
        ("[40, 60, 80]", "[-15, 5, 25]")
    ]
    tab.reload()
    tab.wait_for_selector(f'input[name="set.{OWN_STATE}"]', state="attached")
    assert tab.input_value(f'input[name="set.{OWN_STATE}"]') == "5"

    tab.click("nav >> text=History")
    assert OWN_STATE in tab.inner_text("main")
    with tab.expect_navigation():
        tab.locator("button:has-text('Undo')").first.click()
    assert (served.folder / FLAGSHIP.name).read_text(encoding="utf-8") == before


@thorough
def test_every_export_is_made_and_opens(served: Served, tab: Any) -> None:
    tab.goto(f"{served.address}case/two-towns.yaml/export")
    tab.select_option("#draws", "250")
    links = {}
    for number in range(4):
        row = tab.locator("ul.cases > li").nth(number)
        row.get_by_role("button").click()
        made = row.locator("a")
        made.wait_for()
        links[made.get_attribute("href").rpartition("/")[2].partition("?")[0]] = made
    assert set(links) == {"brief.html", "brief.docx", "brief.pdf", "report.html"}

    for name in ("brief.docx", "brief.pdf"):
        with tab.expect_download() as download:
            links[name].click()
        content = Path(download.value.path()).read_bytes()
        assert download.value.suggested_filename == f"two-towns-{name}"
        if name == "brief.docx":
            words = "\n".join(each.text for each in docx.Document(io.BytesIO(content)).paragraphs)
        else:
            pdf = pypdf.PdfReader(io.BytesIO(content))
            assert len(pdf.pages) <= 2
            words = "\n".join(page.extract_text() for page in pdf.pages)
        assert "Bottom line" in words
    for name in ("brief.html", "report.html"):
        href = f"{served.address}case/two-towns.yaml/export/{name}?draws=250"
        tab.goto(href)
        assert "Bottom line" in tab.inner_text("body")
        assert tab.evaluate("getComputedStyle(document.querySelector('h1')).fontWeight") == "600"


def test_from_a_kind_of_question_to_an_answer(chromium: Any, tmp_path: Path) -> None:
    """An empty folder asks which kind of question it is; each step tells what the case says."""
    context = chromium.new_context()
    context.set_default_timeout(60_000)
    tab = context.new_page()
    with serving(tmp_path, "--workers", "1") as served:
        tab.goto(served.address)
        assert "Which kind of question is it?" in tab.inner_text("h1")
        tab.check("input[value=union]")
        tab.fill("#file-name", "gas-talks 2027")
        tab.click("button:has-text('Begin')")

        tab.wait_for_selector("#told >> text=there are 1,582 days")
        tab.click("summary:has-text('The case')")
        tab.fill('textarea[name="f.question"]', "Will the two states be one by 2029?")
        with tab.expect_response("**/entry") as saved:
            tab.locator("form:has(textarea[name='f.question']) button").first.click()
        assert saved.value.status == 200
        written = tmp_path / "gas-talks-2027.yaml"
        assert "question: Will the two states be one by 2029?" in written.read_text("utf-8")
        assert "# what holds at the deadline if nobody acts" in written.read_text("utf-8")

        for step, told in (
            ("The actors", "Who can change something"),
            ("The issues", "possible"),
            ("Who decides", "A customs union"),
            ("What each wants", "President Tarn"),
            ("The evidence", "interview"),
        ):
            tab.click(f".onward >> text=Next: {step.lower()}")
            tab.wait_for_selector(f"h1:has-text('{step}')")
            tab.locator(f"#told >> text={told} >> visible=true").first.wait_for()
        tab.click(".onward >> text=Next: the answer")
        tab.wait_for_selector("#answer >> text=All views pooled")
        tab.wait_for_selector(".veto table")
        assert "Will the two states be one by 2029?" in tab.inner_text(".subtitle")
    context.close()


SUPPORT = "preferences.voters.support.s1"


def test_what_is_refined_can_still_be_argued_with(served: Served, tab: Any) -> None:
    """After the answer in more draws has come, a slider is pulled, and both answers follow."""
    tab.goto(f"{served.address}case/two-towns.yaml")
    tab.wait_for_selector("#answer >> text=10,000 draws")
    pull(tab, SUPPORT, 70)
    assert SUPPORT in tab.url
    assert SUPPORT in tab.get_attribute("#tab-export", "href")


def test_only_its_own_button_writes(served: Served, tab: Any) -> None:
    path = served.folder / "two-towns.yaml"
    before = path.read_text(encoding="utf-8")
    tab.goto(f"{served.address}case/two-towns.yaml")
    pull(tab, SUPPORT, 70)
    for field in ("[data-filter]", f'input[name="set.{SUPPORT}"]'):
        tab.locator(field).focus()
        tab.keyboard.press("Enter")
    tab.wait_for_timeout(300)
    assert path.read_text(encoding="utf-8") == before
    tab.goto(f"{served.address}case/two-towns.yaml")
    tab.click("text=Write into the case")
    tab.wait_for_selector("text=Nothing is judged otherwise")
    assert path.read_text(encoding="utf-8") == before


def test_a_link_is_the_what_if_that_it_says(served: Served, tab: Any) -> None:
    """A range or a word of an address stays what it is until that slider is moved."""
    address = f"{served.address}case/two-towns.yaml"
    tab.goto(f"{address}?set.{SUPPORT}=[10, 30, 95]&set.deadline=2025-01-01")
    tab.wait_for_selector("#answer >> text=2 judgements are set otherwise")
    assert "5B10%2C+30%2C+95%5D" in tab.url
    assert "deadline=2025-01-01" in tab.url
    assert "set to [10, 30, 95]" in tab.inner_text("#judged")
    pull(tab, SUPPORT, 40)
    tab.wait_for_function("() => location.search.includes('40')")
    assert "5B10%2C" not in tab.url
    tab.goto(f"{address}?set.{SUPPORT}=400")
    assert "from 0 to 100" in tab.inner_text(".problems")
