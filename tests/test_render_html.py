"""The HTML page as text: escaping, structure, and writing it to a file."""

from __future__ import annotations

import os
import re
import stat
from html.parser import HTMLParser
from pathlib import Path

import pytest
from render_samples import HOSTILE, every_block

from foedus.document import Cell, Column, Grid, Range, Ranges, Section, Sentence, Table
from foedus.render.extra import MissingExtra
from foedus.render.html import page
from foedus.whole_files import CannotWrite, write_whole


class Reader(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def ids(self) -> list[str]:
        return [str(given["id"]) for _, given in self.elements if "id" in given]

    def tags(self) -> set[str]:
        return {tag for tag, _ in self.elements}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_adds_no_element_and_no_attribute(text: str) -> None:
    tame = Reader(page("T", every_block(lambda place: "tame"), lead=(Sentence("tame"),)))
    html = page(
        text,
        every_block(lambda place: text),
        lead=(Sentence(text),),
        subtitle=text,
        facts=[(text, text)],
        footer=text,
    )
    wild = Reader(html)
    assert wild.tags() <= tame.tags() | {"p", "dl", "div", "dt", "dd", "footer"}
    names = {name for _, given in wild.elements for name in given}
    assert not [name for name in names if name.startswith("on")]
    assert names <= {name for _, given in tame.elements for name in given}
    assert len(wild.ids()) == len(set(wild.ids()))
    assert text in wild.text
    assert html.count("</style>") == 1


def test_the_page_allows_no_script_and_no_network() -> None:
    html = page("T", every_block(str))
    policy = next(
        given["content"]
        for tag, given in Reader(html).elements
        if tag == "meta" and given.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "script-src" not in policy
    # Addresses are namespaces or links within the page, and nothing else.
    found = set(re.findall(r"\b(?:https?:)?//[^\s\"'<>]+", html))
    assert found <= {"http://www.w3.org/2000/svg"}
    assert "@import" not in html


def test_control_characters_are_shown_not_sent() -> None:
    html = page("a\x00b", [Sentence("c\x1b[31md\x9be\ud800f\u202eg\ufffeh")])
    assert "a␀b" in html
    assert "c␛[31md�e�f�g�h" in html
    html.encode("utf-8")


def test_anchors_are_kept_apart() -> None:
    sections = [Section("Same", ()), Section("Same", ()), Section("X", (), id="Contents")]
    sections += [Section("!?", ()), Section("Y", (), id="picture-1-wide-title")]
    grid = Grid("g", ("r",), ("c",), ((Cell("x"),),))
    ids = Reader(page("T", [*sections, grid, grid])).ids()
    assert len(ids) == len(set(ids))
    assert {"same", "same-2", "contents-2", "part"} <= set(ids)


def test_the_contents_lead_to_every_section_of_two_levels() -> None:
    inner = Section("Inner", (Section("Deep", ()),))
    html = page("T", [Section("Outer", (inner,))], lead=[Section("First", ())])
    links = [given["href"] for tag, given in Reader(html).elements if tag == "a"]
    assert links == ["#content", "#first", "#outer", "#inner"]


def test_headings_follow_the_nesting_down_to_h6() -> None:
    block = Section("8", ())
    for level in range(7, 1, -1):
        block = Section(str(level), (block,))
    html = page("T", [block])
    found = re.findall(r"<h(\d)[^>]*>(\w+)</h", html)
    expected = [("1", "T"), ("2", "Contents"), ("2", "2"), ("3", "3"), ("4", "4"), ("5", "5")]
    assert found == [*expected, ("6", "6"), ("6", "7"), ("6", "8")]


def test_empty_blocks_are_said_to_be_empty() -> None:
    blocks = [Table("t", (Column("a"),), ()), Grid("g", (), (), ()), Ranges("r", "", ())]
    html = page("T", blocks)
    assert html.count(">none</td>") == 3
    assert "<svg" not in html


def test_ranges_that_are_not_finite_stand_in_the_table_alone() -> None:
    ranges = (Range("a", 0, float("inf"), float("nan")), Range("b", 1, 2, 3))
    html = page("T", [Ranges("r", "", ranges, ((float("-inf"), "m"),))])
    assert html.count("<svg") == 2
    assert "∞" in html
    assert "unknown" in html


def test_ids_within_pictures_differ() -> None:
    reader = Reader(page("T", [Ranges("r", "u", (Range("a", 1, 2, 3),))] * 2))
    assert len(reader.ids()) == len(set(reader.ids()))


def test_write_whole_replaces_a_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "out.html"
    write_whole(target, "one")
    target.chmod(0o640)
    assert write_whole(str(target), "two \u2713") == target
    assert target.read_text(encoding="utf-8") == "two \u2713"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [target]


def test_write_whole_follows_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.html").write_text("old")
    (tmp_path / "link.html").symlink_to("real.html")
    write_whole(tmp_path / "link.html", "new")
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real.html").read_text() == "new"


def test_write_whole_says_why_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CannotWrite, match="it is a directory"):
        write_whole(tmp_path, "x")
    with pytest.raises(CannotWrite, match=r"there is no directory .*missing"):
        write_whole(tmp_path / "missing" / "x.html", "x")
    target = tmp_path / "x.html"
    target.write_text("old")

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(CannotWrite, match=r"cannot write .*x\.html: Permission denied"):
            write_whole(target, "new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs on this system")
def test_write_whole_replaces_regular_files_alone(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to("pipe")
    for target in (pipe, link):
        with pytest.raises(CannotWrite, match=rf"{target.name}: it is no regular file"):
            write_whole(target, "x")
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert link.is_symlink()
    assert sorted(tmp_path.iterdir()) == [link, pipe]


def test_write_whole_refuses_an_empty_name_and_a_ring_of_links(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="the name of the file is empty"):
        write_whole("", "x")
    ring = tmp_path / "ring"
    ring.symlink_to("ring")
    with pytest.raises(CannotWrite, match=r"cannot write .*ring"):
        write_whole(ring, "x")
    assert ring.is_symlink()


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "jinja2", None)
    with pytest.raises(MissingExtra, match=r"foedus\[report\] \(jinja2 is missing\)"):
        page("T", [Sentence("s")])
