"""Blocks on the console: harmless, plain without a terminal, readable at 80 columns."""

from __future__ import annotations

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from render_samples import HOSTILE, TONES, every_block
from rich.cells import cell_len
from rich.console import Console
from typer.testing import CliRunner

from foedus.cli.app import app
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

TOWNS = str(Path(__file__).parent.parent / "cases" / "two-towns.yaml")


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


def letters(text: str) -> Counter[str]:
    return Counter(letter for letter in text if letter.isalnum())


@pytest.mark.parametrize("width", [0, 1, 5, 10, 23, 24, 40, 80])
@pytest.mark.parametrize("terminal", [True, False])
def test_no_letter_is_lost_in_a_narrow_console(width: int, terminal: bool) -> None:
    """Words are folded where they do not fit; none is cut off, and none is left out."""
    long = "-and-more-of-it" * 9
    for block in every_block(lambda place: f"{place}{long}"):
        if not isinstance(block, Grid):  # its cells have signs where there is no room
            narrow = letters(plain(printed(block, width=width, terminal=terminal)))
            wide = letters(printed(block, width=4_000))
            assert narrow >= wide, (block, wide - narrow)


@pytest.mark.parametrize("width", [0, 24, 40, 80, 400])
def test_every_word_is_there(width: int) -> None:
    said: dict[str, str] = {}
    blocks = every_block(lambda place: said.setdefault(place, f"word{len(said)}!"))
    out = printed(*blocks, width=width)
    missing = {place for place, word in said.items() if word not in out}
    assert missing == {"anchor", "cell note"}  # a page has links, and room for a map's notes


def plain(text: str) -> str:
    """Text without the colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("columns", ["0", "1", "5", "-3", "x", "", "80.5", "1000000"])
def test_columns_that_make_no_sense_lose_nothing(columns: str) -> None:
    for command in ("check", "arrangements", "stability"):
        told = CliRunner(env={"COLUMNS": columns}).invoke(app, [command, TOWNS])
        wide = CliRunner(env={"COLUMNS": "4000"}).invoke(app, [command, TOWNS])
        assert (told.exit_code, told.stderr) == (0, "")
        assert letters(told.stdout) >= letters(wide.stdout)
    help_told = CliRunner(env={"COLUMNS": columns}).invoke(app, ["forecast", "--help"])
    help_wide = CliRunner(env={"COLUMNS": "80"}).invoke(app, ["forecast", "--help"])
    assert letters(help_told.stdout) == letters(help_wide.stdout)


def test_a_map_without_room_tells_like_signs_apart() -> None:
    """Two things that have one sign get numbers; what the legend leaves out is named."""
    actors = tuple(f"The government of country number {k}" for k in range(8))
    texts = ("loses", "indifferent", "gains", "stands by")
    cells = tuple(Cell(text, "bad" if text in texts[:2] else "good") for text in texts) * 2
    legend = ((cells[1], "has no reason to"), (cells[0], "says no"), (cells[2], "agrees"))
    lines = printed(Grid("Map", ("First",), actors, (cells,), legend)).splitlines()
    assert "✗1 indifferent: has no reason to" in lines
    assert "✗2 loses: says no" in lines
    assert {"✓1 gains: agrees", "✓2 stands by"} <= set(lines)
    [row] = [line for line in lines if line.startswith("First")]
    assert row.split()[1:] == ["✗2", "✗1", "✓1", "✓2"] * 2


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
