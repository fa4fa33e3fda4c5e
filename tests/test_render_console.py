"""Blocks on the console: harmless, plain without a terminal, readable at 80 columns."""

from __future__ import annotations

import io

import pytest
from render_samples import HOSTILE, TONES, every_block
from rich.cells import cell_len
from rich.console import Console

from foedus.document import (
    Block,
    Branch,
    Cell,
    Column,
    Grid,
    Point,
    Points,
    Sentence,
    Table,
    Tree,
)
from foedus.render.console import show


def printed(
    *blocks: Block, width: int = 80, terminal: bool = False, encoding: str = "utf-8"
) -> str:
    buffer = io.BytesIO()
    file = io.TextIOWrapper(buffer, encoding=encoding)
    system = "truecolor" if terminal else None
    console = Console(
        file=file, width=width, force_terminal=terminal, color_system=system, _environ={}
    )
    show(blocks, console)
    file.flush()
    return buffer.getvalue().decode(encoding)


@pytest.mark.parametrize("text", [*HOSTILE, "[bold]x[/bold] [link=http://a]y[/link] [/] :smile:"])
def test_markup_is_printed_as_it_is(text: str) -> None:
    out = printed(Sentence(text), Points((Point(text),)), width=200)
    assert out.count(text) == 2
    everything = printed(*every_block(lambda place: text), width=400)
    assert everything.count(text) >= 30


@pytest.mark.parametrize("terminal", [True, False])
def test_no_control_character_reaches_the_terminal(terminal: bool) -> None:
    evil = "a\x1b]0;owned\x07b\x1b[2Jc\x9b31md\x08e\x7f\rf\u202eg"
    out = printed(*every_block(lambda place: evil), width=200, terminal=terminal)
    assert "\x1b]" not in out
    assert "\x1b[2J" not in out
    assert not set(out) & set("\x07\x08\x7f\x9b\r\u202e")
    assert "a␛]0;owned␇b␛[2Jc�31md␈e␡ f�g" in out


def test_there_is_no_colour_without_a_terminal() -> None:
    assert "\x1b" not in printed(*every_block(str))
    assert "\x1b[" in printed(*every_block(str), terminal=True)


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_line_is_wider_than_the_console(width: int) -> None:
    long = "A confederation with military and political functions 東京都庁 and-a-hyphen"
    out = printed(*every_block(lambda place: f"{place} {long}"), width=width)
    assert max(map(cell_len, out.splitlines())) <= width


def test_a_wide_map_gets_letters_for_its_columns() -> None:
    actors = tuple(f"The government of country number {k}" for k in range(8))
    row = tuple(Cell("would refuse", "bad") for _ in actors)
    grid = Grid("Map", ("First arrangement",), actors, (row,), ((row[0], "says no"),))
    out = printed(grid)
    assert "H  The government of country number 7" in out
    assert "✗ would refuse: says no" in out
    [line] = [line for line in out.splitlines() if line.startswith("First arrangement")]
    assert line.split().count("✗") == 8


def test_a_wide_table_is_told_row_by_row() -> None:
    columns = tuple(Column(f"Considerations {k}") for k in range(7))
    row = tuple(Cell(f"a rather long text in cell {k}", note="and a note") for k in range(7))
    out = printed(Table("T", columns, (row,), "note"))
    assert "  Considerations 3  a rather long text in cell 3" in out
    assert "and a note" in out


def test_a_tree_is_told_as_an_outline() -> None:
    league = Branch("A league", "by both", "bad", "South", reached=("Peace",))
    out = printed(Tree("Ways", Branch("Today", branches=(league,)), "A note."))
    lines = [line.strip() for line in out.splitlines()]
    assert lines == [
        "Ways",
        "– Today",
        "– ✗ Peace: A league (by both)",
        "– ✗ refused by South",
        "A note.",
    ]


def test_ascii_consoles_get_ascii() -> None:
    out = printed(*every_block(lambda place: f"Łódź {place}"), encoding="ascii")
    assert "x ??d? sentence bad" in out
    assert "+ ??d? sentence good" in out


def test_tones_have_signs() -> None:
    out = printed(*(Sentence("Said", tone) for tone in TONES))
    assert out.split() == ["Said", "✓", "Said", "✗", "Said", "!", "Said", "Said"]


def test_empty_table_says_so() -> None:
    assert printed(Table("T", (Column("a"),), ())).split() == ["T", "none"]
