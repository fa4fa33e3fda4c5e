"""Ruled tables are laid out byte for byte as rich lays out its own."""

from __future__ import annotations

import io

from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich import box
from rich.console import Console
from rich.table import Table

from foedus.render.ruled import Piece, Ruled

# Of letters that have a width: rich drops an accent that stands on nothing.
TEXTS = st.text("ab- −✓東", max_size=14)
STYLES = st.sampled_from(["", "cyan", "red", "dim"])
PIECES = st.builds(Piece, TEXTS, STYLES, st.one_of(st.just(""), TEXTS))


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[Piece], list[list[Piece]], list[bool]]:
    columns = draw(st.integers(1, 5))

    def row(pieces: st.SearchStrategy[Piece]) -> list[Piece]:
        return draw(st.lists(pieces, min_size=columns, max_size=columns))

    # No column is empty: rich leaves out the style of its spaces.
    first = row(st.builds(Piece, st.text("ab", min_size=1, max_size=14), STYLES, st.just("")))
    rows = [first, *(row(PIECES) for _ in range(draw(st.integers(0, 3))))]
    right = draw(st.lists(st.booleans(), min_size=columns, max_size=columns))
    return row(TEXTS.map(Piece)), rows, right


def printed(table: Table | Ruled, width: int, terminal: bool) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        width=width,
        force_terminal=terminal,
        color_system="truecolor" if terminal else None,
        _environ={},
    )
    console.print(table, highlight=False)
    return file.getvalue()


@settings(deadline=None, max_examples=200)
@given(tables(), st.integers(20, 90), st.booleans(), st.booleans())
@example(
    # Two columns, each wider than the whole: what each would take is cut to that first.
    (
        [Piece(""), Piece(""), Piece(""), Piece("aaaaaaaaaaa東東東")],
        [[Piece("aaaaaaaaa東東東東"), Piece("a"), Piece("a"), Piece("a")]],
        [False] * 4,
    ),
    20,
    False,
    False,
)
def test_it_is_what_rich_prints(
    table: tuple[list[Piece], list[list[Piece]], list[bool]],
    width: int,
    terminal: bool,
    ascii_only: bool,
) -> None:
    heads, rows, right = table
    same = Table(
        box=box.ASCII2 if ascii_only else box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        header_style="bold",
        padding=(0, 1),
        show_lines=any(piece.note for row in rows for piece in row),
    )
    for head, at_right in zip(heads, right, strict=True):
        same.add_column(
            head.as_text(),
            justify="right" if at_right else "left",
            overflow="fold",
            vertical="top",
        )
    for row in rows:
        same.add_row(*(piece.as_text() for piece in row))
    made = Ruled(heads, rows, right, ascii_only)
    assert printed(made, width, terminal) == printed(same, width, terminal)
