"""Blocks on the console, by rich: readable at 80 columns, plain where there is no terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from foedus.document import (
    Block,
    Calendar,
    Cell,
    Column,
    Grid,
    Likelihoods,
    Lines,
    Point,
    Points,
    Ranges,
    Section,
    Sentence,
    Shares,
    Strip,
    Table,
    Tone,
    Tree,
    as_points,
    as_table,
    thinned,
)
from foedus.render.ruled import Piece, Ruled
from foedus.render.text import marked, shown, sign

LEAST_WIDTH = 24
"""Blocks are laid out for so many columns at least; a narrower window wraps the lines itself."""


def show(blocks: Sequence[Block], console: Console) -> None:
    """Print the blocks.

    All text is printed as it is: rich's own markup in it means nothing, and control characters
    appear as visible pictures. Colour comes with a sign, and only on a terminal. A console said to
    be narrower than ``LEAST_WIDTH`` is made that wide: no word is left out for want of room.
    """
    console.width = max(console.width, LEAST_WIDTH)
    printer = _Printer(console)
    for block in blocks:
        printer.block(block, 0)


class _Printer:
    """Prints blocks on one console."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._ascii = not console.encoding.lower().replace("-", "").startswith("utf")
        self._fresh = True

    def block(self, block: Block, depth: int) -> None:
        match block:
            case Sentence():
                cell = Cell(block.text, block.tone)
                text = self._text(cell)
                if block.strong:
                    text.stylize("bold")
                self._print(text)
            case Points():
                self._gap()
                self._points(block.points, 0, ordered=block.ordered)
            case Table():
                self._table(block)
            case Grid():
                self._grid(block)
            case Ranges() | Likelihoods() | Strip() | Calendar() | Shares():
                self._table(as_table(block))
            case Lines():
                self._table(as_table(thinned(block)))
            case Tree():
                self._caption(block.title)
                self._points(as_points(block).points, 0)
                self._note(block.note)
            case Section():
                self._heading(block.title, depth)
                for part in block.blocks:
                    self.block(part, depth + 1)

    # Pieces of text

    def _plain(self, text: str) -> str:
        """The text, harmless, in letters that the console has."""
        clean = shown(text)
        encoding = self._console.encoding
        return clean.encode(encoding, "replace").decode(encoding) if self._ascii else clean

    def _text(self, cell: Cell) -> Text:
        text = marked(cell, ascii_only=self._ascii)
        return Text(self._plain(text), style=_style(cell.tone))

    def _piece(self, cell: Cell) -> Piece:
        text = self._plain(marked(cell, ascii_only=self._ascii))
        return Piece(text, _style(cell.tone), self._plain(cell.note or ""))

    def _noted(self, cell: Cell) -> Text:
        return self._piece(cell).as_text()

    def _gap(self) -> None:
        if not self._fresh:
            self._console.print()
        self._fresh = False

    def _print(self, text: Text) -> None:
        self._gap()
        self._console.print(text, highlight=False)

    def _heading(self, title: str, depth: int) -> None:
        text = self._plain(title)
        self._print(Text(text, style="bold"))
        rule = ("=" if self._ascii else "═") if depth == 0 else ("-" if self._ascii else "─")
        width = min(cell_len(text), self._console.width)
        self._console.print(Text(rule * width, style="dim"), highlight=False)
        self._fresh = True

    def _points(self, points: Sequence[Point], depth: int, *, ordered: bool = False) -> None:
        dash = "-" if self._ascii else "–"
        for place, point in enumerate(points, 1):
            lead = f"{place}." if ordered else dash
            grid = RichTable.grid(padding=(0, 1, 0, 0))
            grid.add_column(no_wrap=True)
            grid.add_column(overflow="fold")
            grid.add_row(Text(lead, style="dim"), self._text(Cell(point.text, point.tone)))
            indent = min(2 * depth, self._console.width // 4)
            self._console.print(Padding(grid, (0, 0, 0, indent), expand=False), highlight=False)
            self._points(point.points, depth + 1)

    # Tables

    def _caption(self, text: str) -> None:
        if text:
            self._print(Text(self._plain(text), style="bold"))
        else:
            self._gap()

    def _note(self, note: str | None) -> None:
        if note:
            self._console.print(Text(self._plain(note), style="dim"), highlight=False)

    def _table(self, table: Table) -> None:
        self._caption(table.caption)
        if not table.rows:
            self._console.print(Text("none", style="dim"), highlight=False)
        elif _least_width(table, self._ascii) <= self._console.width:
            self._ruled(table)
        else:
            self._row_by_row(table)
        self._note(table.note)

    def _ruled(self, table: Table) -> None:
        """The table with its columns beside each other."""
        heads = [Piece(self._plain(column.name)) for column in table.columns]
        rows = [[self._piece(cell) for cell in row] for row in table.rows]
        right = [column.numeric for column in table.columns]
        wide = Ruled(heads, rows, right, self._ascii)
        self._console.print(wide, highlight=False)

    def _row_by_row(self, table: Table) -> None:
        """Each row as a heading, with a line for each of its cells."""
        for number, row in enumerate(table.rows):
            if number:
                self._console.print()
            head = self._noted(row[0])
            if name := table.columns[0].name:
                head = Text(f"{self._plain(name)}: ").append(head)
            self._console.print(head, style="bold", highlight=False)
            self._pairs(
                (column.name, self._noted(cell))
                for column, cell in zip(table.columns[1:], row[1:], strict=True)
            )

    def _pairs(self, pairs: Iterator[tuple[str, Text]]) -> None:
        grid = RichTable.grid(padding=(0, 2, 0, 0))
        grid.add_column(max_width=max(12, self._console.width // 3), overflow="fold")
        grid.add_column(overflow="fold")
        for name, text in pairs:
            grid.add_row(Text(self._plain(name), style="dim"), text)
        self._console.print(Padding(grid, (0, 0, 0, 2), expand=False), highlight=False)

    def _grid(self, grid: Grid) -> None:
        table = as_table(grid)
        cells = _without_notes(table)
        if grid.rows and _least_width(table, self._ascii, head=14) > self._console.width:
            signs = self._signs(grid)
            self._lettered(grid, signs)
        else:
            signs = {}
            self._table(Table(table.caption, table.columns, cells))
        told = dict(grid.legend)
        for cell in dict.fromkeys((*told, *signs)):
            self._print_legend(cell, signs.get(cell), told.get(cell))
        self._note(grid.note)

    def _signs(self, grid: Grid) -> dict[Cell, str]:
        """A sign for each different cell of the map; those that would be alike are numbered."""
        cells = [Cell(cell.text, cell.tone) for row in grid.cells for cell in row]
        known = [cell for cell, _ in grid.legend if cell in cells]
        alike: dict[str, list[Cell]] = {}
        for cell in dict.fromkeys((*known, *cells)):
            alike.setdefault(sign(cell, ascii_only=self._ascii), []).append(cell)
        return {
            cell: short if len(same) == 1 else f"{short}{number}"
            for short, same in alike.items()
            for number, cell in enumerate(same, 1)
        }

    def _print_legend(self, cell: Cell, short: str | None, meaning: str | None) -> None:
        short = short or sign(cell, ascii_only=self._ascii)
        entry = Text(short, style=_style(cell.tone))
        if shown(cell.text) != short:
            entry.append(f" {self._plain(cell.text)}")
        elif meaning is None:
            return
        if meaning is not None:
            entry.append(f": {self._plain(meaning)}")
        self._console.print(entry, highlight=False)

    def _lettered(self, grid: Grid, signs: dict[Cell, str]) -> None:
        """The map with signs for its cells and a letter for each column, after their key."""
        self._caption(grid.title)
        letters = [_letter(place) for place in range(len(grid.columns))]
        names = (Text(self._plain(name)) for name in grid.columns)
        self._pairs(zip(letters, names, strict=True))
        self._console.print()
        table = as_table(grid)
        rows = tuple(
            (row[0], *(Cell(signs[Cell(c.text, c.tone)], c.tone) for c in row[1:]))
            for row in table.rows
        )
        short = Table("", (table.columns[0], *map(Column, letters)), rows)
        if _least_width(short, self._ascii, head=14) <= self._console.width:
            self._ruled(short)
        else:
            self._row_by_row(Table("", table.columns, _without_notes(table)))


def _style(tone: Tone) -> str:
    return {"good": "cyan", "bad": "red", "warn": "yellow", "muted": "dim"}.get(tone, "")


def _letter(place: int) -> str:
    """A, B, ... Z, A2, B2, ...: the name of a column."""
    round_, letter = divmod(place, 26)
    return f"{chr(ord('A') + letter)}{round_ + 1 if round_ else ''}"


def _without_notes(table: Table) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(Cell(cell.text, cell.tone) for cell in row) for row in table.rows)


def _least_width(table: Table, ascii_only: bool, head: int = 16) -> int:
    """The columns of the console that the table needs to be read with ease.

    Each column needs its longest word (but text columns no more than 24, and at least a third of
    their longest cell up to 24), and two for the gap.
    """
    total = 0
    for place, column in enumerate(table.columns):
        texts = [marked(row[place], ascii_only=ascii_only) for row in table.rows]
        texts += [shown(row[place].note or "") for row in table.rows]
        words = [word for text in [*texts, shown(column.name)] for word in text.split()]
        word = min(max(map(cell_len, words), default=1), 24)
        longest = max(map(cell_len, texts), default=1)
        least = max(word, min(longest // 3, 24))
        total += 2 + (max(least, min(longest, head)) if place == 0 else least)
    return total
