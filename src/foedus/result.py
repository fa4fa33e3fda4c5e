"""What every result has in common: it is data, and is shown by a teller that it does not import.

The tellers stand in one table, ``foedus.reporting.tellers``, which ``foedus`` itself binds here:
so an analysis imports no prose, and prose is written in one place. Nothing is imported here, for
``foedus`` imports this module before anything else.
"""

from __future__ import annotations

from operator import attrgetter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from foedus.document import Block, Explanation

LONGEST = 160
"""So many letters of its answer stand in the ``repr`` of a result."""


class Teller:
    """How results of one class are shown: as blocks for a reader, asked why, and as a table.

    ``records`` makes, of the plain data of a result, the rows of its table. ``headline`` is its
    answer in one sentence, where that is not the first sentence of its blocks.
    """

    __slots__ = ("blocks", "explain", "headline", "records")

    def __init__(
        self,
        blocks: Callable[..., tuple[Block, ...]],
        explain: Callable[..., Explanation] | None = None,
        records: Callable[[Mapping[str, Any]], Iterable[Mapping[str, Any]]] | None = None,
        headline: Callable[..., str] | None = None,
    ) -> None:
        self.blocks = blocks
        self.explain = explain
        self.records = records
        self.headline = headline


class Result:
    """What an analysis found, as data; see the module."""

    __slots__ = ()

    def blocks(self) -> tuple[Block, ...]:
        """The result for a reader."""
        return shown(self)

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data, ready for ``json.dumps``."""
        raise NotImplementedError(f"a {type(self).__name__} has no plain data")

    def to_records(self) -> list[dict[str, Any]]:
        """The result as the rows of a table, with one value (a text, a number, None) in each cell.

        All rows have the same columns, in the same order. Raises TypeError for a result that is no
        table.
        """
        records = teller_of(type(self)).records
        if records is None:
            raise TypeError(f"a {type(self).__name__} is no table; to_dict() has all of its data")
        rows = [dict(row) for row in records(self.to_dict())]
        columns = dict.fromkeys(column for row in rows for column in row)
        return [{column: row.get(column) for column in columns} for row in rows]

    def to_frame(self) -> Any:
        """The rows of :meth:`to_records` as a ``pandas.DataFrame``.

        Raises ImportError where pandas is not installed, TypeError as :meth:`to_records` does.
        """
        rows = self.to_records()
        from importlib import import_module

        try:
            pandas = import_module("pandas")
        except ModuleNotFoundError as error:
            message = "to_frame() needs pandas: pip install pandas; to_records() does without"
            raise ImportError(message, name="pandas") from error
        return pandas.DataFrame(rows)

    def __repr__(self) -> str:
        headline = teller_of(type(self)).headline
        told = first_text(self.blocks()) if headline is None else headline(self)
        return in_one_line(type(self).__name__, title_of(self), told)

    def _repr_html_(self) -> str | None:
        """The result in a notebook; None, for its ``repr``, where what makes pages is missing."""
        return html_of(self.blocks())


def data_of(found: object, keys: str) -> dict[str, Any]:
    """What stands in a result under each of the ``keys``, as plain data, ready for ``json.dumps``.

    The keys stand apart by blanks. Each is the name of an attribute, or ``key=attribute``, where
    dots lead further in. What has plain data of its own gives it, a day is written as in ISO 8601,
    other values stay as they are. Raises AttributeError for what the result does not have.

    >>> from fractions import Fraction
    >>> data_of(Fraction(3, 4), "numerator below=denominator")
    {'numerator': 3, 'below': 4}
    """
    pairs = (key.split("=") for key in keys.split())
    return {key: _plain(attrgetter(*name or [key])(found)) for key, *name in pairs}


def _plain(value: Any) -> Any:
    if hasattr(value, "to_dict"):
        return value.to_dict()
    if hasattr(value, "items"):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def in_one_line(kind: str, title: str, told: str) -> str:
    """What is told of a result where there is one line: its kind, its case, its answer."""
    title, told = _cut(title), _cut(told)
    return f"<{kind}{f' of {title!r}' if title else ''}{f': {told}' if told else ''}>"


def _cut(text: str) -> str:
    """A text on one line, and no longer than there is room for."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def first_text(blocks: Sequence[object]) -> str:
    """The first text of blocks: a sentence's, a point's, or that of what stands in a section."""
    return next((text for text in map(_text_of, blocks) if text), "")


def _text_of(block: object) -> str:
    if text := getattr(block, "text", ""):
        return str(text)
    return first_text(getattr(block, "blocks", ()) or getattr(block, "points", ()))


def title_of(result: object) -> str:
    """The title of the case that a result is about; empty where it knows none."""
    seen = result
    for _ in range(4):
        title = getattr(seen, "title", None)
        if isinstance(title, str):
            return title
        held = (getattr(seen, name, None) for name in _ON_THE_WAY)
        seen = next((each for each in held if each is not None and not callable(each)), None)
    return ""


_ON_THE_WAY = ("case", "game", "forecast", "solved", "before", "old")
"""Where a result keeps its case, or what has it."""


def shown(result: Result, *chosen: object) -> tuple[Block, ...]:
    """Ask the teller of a result's class for its blocks; ``chosen`` is what that one takes."""
    return teller_of(type(result)).blocks(result, *chosen)


def explained(result: Result, *asked: object) -> Explanation:
    """Ask the teller of a result's class why it is as it is; ``asked`` is what that one takes."""
    explain = teller_of(type(result)).explain
    if explain is None:
        raise TypeError(f"a {type(result).__name__} has nothing more to explain")
    return explain(result, *asked)


_table: Callable[[], Mapping[type[Result], Teller]] | None = None
_html: Callable[[Sequence[Block]], str | None] | None = None
_page: Callable[..., str] | None = None


def bind(
    table: Callable[[], Mapping[type[Result], Teller]],
    html: Callable[[Sequence[Block]], str | None],
    page: Callable[..., str],
) -> None:
    """Say where the tellers are found, and what makes HTML of blocks.

    ``html`` makes a part of a page (None where nothing can), ``page`` a whole one. All are looked
    for when the first result is shown.
    """
    global _table, _html, _page
    _table, _html, _page = table, html, page


def html_of(blocks: Sequence[Block]) -> str | None:
    """Blocks as HTML for a notebook; None where what makes pages is missing."""
    return None if _html is None else _html(blocks)


def page_of(title: str, blocks: Sequence[Block], **more: object) -> str:
    """A whole page of blocks; ``more`` is what :func:`foedus.render.html.page` takes.

    Raises `MissingExtra` where what makes pages is missing.
    """
    if _page is None:
        raise LookupError("nothing says how a page is made")
    return _page(title, blocks, **more)


def teller_of(kind: type[Result]) -> Teller:
    """The teller of a class of results. Raises LookupError for a class that has none."""
    known = _table() if _table is not None else {}
    if kind not in known:
        raise LookupError(f"nothing says how a {kind.__name__} is shown")
    return known[kind]
