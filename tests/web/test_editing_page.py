"""Editing in a real browser: a broken edit, mended; undone; forms; and two tabs at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from served import Served, serving

TOWNS = Path(__file__).parents[2] / "cases" / "two-towns.yaml"

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("typed")
    shutil.copy(TOWNS, folder)
    with serving(folder, "--workers", "1") as running:
        yield running


def nothing_serious(tab: Any) -> None:
    """What axe finds on the page is neither serious nor critical."""
    found = Axe().run(tab).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []


def typed(tab: Any, old: str, new: str) -> None:
    """Type over a piece of the text, as one who found it does; a page may still be on its way."""
    tab.wait_for_function("old => document.querySelector('#text')?.value.includes(old)", arg=old)
    tab.eval_on_selector(
        "#text",
        "(e, old) => { const at = e.value.indexOf(old); e.focus();"
        " e.setSelectionRange(at, at + old.length); }",
        old,
    )
    tab.keyboard.insert_text(new)


def test_what_is_typed_before_the_scripts_come_is_looked_at(served: Served, chromium: Any) -> None:
    tab = chromium.new_page()
    held: list[Any] = []
    tab.route("**/static/*.js", lambda route: held.append(route))
    tab.goto(f"{served.address}case/{TOWNS.name}/edit", wait_until="commit")
    typed(tab, "capability: 60", "capability: sixty")
    for script in held:
        script.continue_()
    tab.wait_for_selector("#checked >> text=line 10, column 41")
    tab.close()


ASKS_BEFORE_LEAVING = """(() => {
  const event = new Event("beforeunload", {cancelable: true});
  dispatchEvent(event);
  return event.defaultPrevented;
})()"""


def test_edit_break_mend_undo_and_meet_another_tab(served: Served, chromium: Any) -> None:
    context = chromium.new_context(
        bypass_csp=True, viewport={"width": 390, "height": 800}, color_scheme="dark"
    )
    context.set_default_timeout(60_000)
    tab = context.new_page()
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    file = served.folder / TOWNS.name
    begun = file.read_text(encoding="utf-8")
    edit = f"{served.address}case/{TOWNS.name}/edit"

    tab.goto(edit)
    typed(tab, "capability: 60", "capability: sixty")
    tab.wait_for_selector("#checked >> text=line 10, column 41")
    tab.keyboard.press("Control+Home")
    tab.click("#checked a")
    at = (
        "e => [e === document.activeElement, e.value.slice(e.selectionStart, e.selectionStart + 5)]"
    )
    assert tab.eval_on_selector("#text", at) == [True, "sixty"]
    tab.click("text=Save the text")
    tab.wait_for_selector("text=kept as a draft")
    nothing_serious(tab)
    assert file.read_text(encoding="utf-8") == begun

    tab.goto(edit)
    tab.click("text=Go on with it")
    typed(tab, "sixty", "61")
    tab.wait_for_selector("text=Nothing is wrong with it.")
    # Whatever refuses it, what was typed stays, and why it was not taken is told.
    tab.route("**/text", lambda route: route.abort())
    tab.click("text=Save the text")
    tab.wait_for_selector("#refusal >> text=does not answer")
    tab.unroute("**/text")
    tab.route("**/text", lambda route: route.fulfill(status=507, body="<ul><li>Full.</ul>"))
    tab.click("text=Save the text")
    tab.wait_for_selector("#refusal >> text=Full.")
    tab.unroute("**/text")
    old = """document.body.setAttribute("hx-headers", '{"X-CSRF": "of another start"}')"""
    tab.evaluate(old)
    tab.click("text=Save the text")
    tab.wait_for_selector("#refusal >> text=try once more")
    assert "capability: 61" in tab.input_value("#text")
    nothing_serious(tab)
    tab.click("text=Save the text")
    tab.wait_for_selector(".said >> text=Saved.")
    assert file.read_text(encoding="utf-8") == begun.replace("60", "61", 1)
    assert not tab.is_visible("#refusal")

    tab.reload()
    tab.click("summary >> text=Evidence")
    tab.click("summary >> text=Add an item of evidence")
    grade = tab.locator(".part details[open] select").first
    assert not tab.evaluate(ASKS_BEFORE_LEAVING)
    grade.select_option(index=1)
    assert tab.evaluate(ASKS_BEFORE_LEAVING)
    grade.select_option(index=0)

    tab.reload()
    assert "capability: 61" in tab.input_value("#text")
    tab.click("summary >> text=Actors")
    tab.click("summary >> text=South Town")
    tab.fill("#actors-2-capability", "41")
    tab.press("#actors-2-capability", "Enter")
    tab.wait_for_selector(".part .said >> text=actors south changed")
    tab.wait_for_function("document.querySelector('#text').value.includes('capability: 41')")
    nothing_serious(tab)
    for button, said, value in (("Undo the last edit", "Undone.", 40), ("Redo", "Done again.", 41)):
        tab.click(f"button >> text={button}")
        tab.wait_for_selector(f".said >> text={said}")
        assert f"capability: {value}" in tab.input_value("#text")
    tab.click("summary >> text=Actors")

    # What is typed on one side outlives a save on the other, and both are kept.
    typed(tab, "capability: 61", "capability: 62")
    tab.click("summary >> text=North Town")
    tab.fill("#actors-1-name", "North City")
    tab.press("#actors-1-name", "Enter")
    tab.wait_for_selector(".part .said >> text=actors north changed")
    assert "capability: 62" in tab.input_value("#text")
    tab.click("text=Save the text")
    tab.wait_for_selector("text=The case was changed meanwhile")  # it is the same line
    tab.click("text=Take what is there")
    tab.wait_for_selector("#text")

    other = context.new_page()
    other.goto(edit)
    typed(other, "capability: 41", "capability: 42")
    other.click("text=Save the text")
    other.wait_for_selector(".said >> text=Saved.")
    other.close()
    typed(tab, "capability: 41", "capability: 43")
    tab.click("text=Save the text")
    tab.wait_for_selector(".diff >> text=capability: 42")
    nothing_serious(tab)
    tab.click("text=Keep mine over it")
    tab.wait_for_selector(".said >> text=Saved.")
    assert "capability: 43" in file.read_text(encoding="utf-8")

    tab.click("text=Undo the last edit")
    tab.wait_for_selector(".said >> text=Undone.")
    assert "capability: 42" in file.read_text(encoding="utf-8")
    tab.goto(edit.removesuffix("edit") + "history")
    tab.click("summary >> nth=0")
    tab.wait_for_selector(".diff >> text=capability: 42")
    nothing_serious(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.click("[aria-label='Restore version 1']")
    tab.wait_for_selector(".said >> text=Restored.")
    assert file.read_text(encoding="utf-8") == begun
    context.close()
    assert problems == []
