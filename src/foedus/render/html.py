"""One self-contained HTML page from blocks: no network, no script, readable on phone and paper."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from types import CodeType
from typing import TYPE_CHECKING, Any

from foedus.document import (
    Block,
    Cell,
    Column,
    Grid,
    PictureBlock,
    Point,
    Points,
    Section,
    Sentence,
    Table,
    Tone,
    as_table,
)
from foedus.render.extra import needs
from foedus.render.links import Links
from foedus.render.palette import style
from foedus.render.pictures import Picture, picture
from foedus.render.text import mark, needs_mark, shown, sign

if TYPE_CHECKING:
    from jinja2 import Environment

_WORDY = 26
"""Letters in one cell beyond which a table is laid out as cards on a phone."""
_HEADING = 18
"""Letters in a row's heading beyond which it stands above the row's values on a phone."""
_DEEPEST = 6
"""HTML has no headings below h6."""


def page(
    title: str,
    blocks: Sequence[Block],
    *,
    lead: Sequence[Block] = (),
    subtitle: str = "",
    facts: Sequence[tuple[str, str]] = (),
    footer: str = "",
    lang: str = "en",
    compact: bool = False,
) -> str:
    """The blocks as one HTML page, whole in itself.

    ``lead`` stands before everything else, in larger type: the answer. ``facts`` are short names
    and values below the title (a date, a file's hash). Sections become h2, h3 and so on, and the
    table of contents. A ``compact`` page is set in two columns on paper, without contents and
    without the pictures' tables. Raises `MissingExtra` without the extra ``report``.
    """
    links = Links((*lead, *blocks))
    maker = _Maker(links, _section_ids((*lead, *blocks)))
    first, rest = maker.views(lead, 2), maker.views(blocks, 2)
    return (
        _environment(links)
        .get_template("page.html")
        .render(
            title=shown(title),
            subtitle=shown(subtitle),
            facts=[(shown(name), shown(value)) for name, value in facts],
            footer=shown(footer),
            lang=lang,
            compact=compact,
            lead=first,
            parts=rest,
            sections=_sections([*first, *rest]),
            style=page_style(),
        )
    )


def part(blocks: Sequence[Block]) -> str:
    """The blocks as a piece of a page, such as a notebook, whose style it takes.

    Pictures are given as their tables. Raises `MissingExtra` without the extra ``report``.
    """
    links = Links(())
    views = _Maker(links).views(tuple(map(_as_text, blocks)), 3)
    return _environment(links).get_template("part.html").render(parts=views)


def fragment(blocks: Sequence[Block], key: str) -> str:
    """The blocks with their pictures drawn, as a piece of a page that has the page's style.

    ``key`` starts every id in it, and must be a valid id that no other piece of the page has.
    Raises `MissingExtra` without the extra ``report``.
    """
    links = Links(())
    views = _Maker(links, key=key).views(tuple(map(_without_ids, blocks)), 3)
    return _environment(links).get_template("part.html").render(parts=views)


def page_style() -> str:
    """The style sheet of a page, its colours by day and in the dark among it."""
    return f"{style()}\n{_template('page.css')}"


def _without_ids(block: Block) -> Block:
    if not isinstance(block, Section):
        return block
    return replace(block, id="", blocks=tuple(map(_without_ids, block.blocks)))


def _as_text(block: Block) -> Block:
    match block:
        case Section():
            return replace(block, id="", blocks=tuple(map(_as_text, block.blocks)))
        case Sentence() | Points() | Table():
            return block
        case _:
            return as_table(block)


# What the template shows: blocks with anchors, heading levels and drawings worked out.


@dataclass(frozen=True, slots=True)
class _TextView:
    kind: str
    block: Sentence | Points


@dataclass(frozen=True, slots=True)
class _TableView:
    table: Table
    shape: str
    anchors: tuple[str, ...]
    """The HTML id of each row; empty where nothing refers to it."""
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class _PictureView:
    title: str
    picture: Picture | None
    legend: tuple[tuple[str, Tone, str, str], ...]
    note: str | None
    data: _TableView
    what: str
    """Of what kind the picture is: ``strip``, ``tree`` and so on."""
    kind: str = "picture"


@dataclass(frozen=True, slots=True)
class _SectionView:
    title: str
    anchor: str
    """The id to which links lead; that of the heading where the section is not folded."""
    heading: str
    level: int
    parts: list[_View]
    sections: list[_SectionView]
    folded: bool = False
    kind: str = "section"


_View = _TextView | _TableView | _PictureView | _SectionView


class _Maker:
    """Makes views of blocks; keeps the anchors of one page apart."""

    def __init__(self, links: Links, sections: frozenset[str] = frozenset(), key: str = "") -> None:
        self._sections = sections
        self._key = f"{key}-" if key else ""
        self._taken = {"content", "contents", *links.ids}
        self._links = links
        self._pictures = 0

    def views(self, blocks: Sequence[Block], level: int) -> list[_View]:
        return [self._view(block, level) for block in blocks]

    def _view(self, block: Block, level: int) -> _View:
        match block:
            case Sentence():
                return _TextView("sentence", replace(block, text=shown(block.text)))
            case Points():
                return _TextView("points", replace(block, points=self._points(block.points)))
            case Table():
                return _table_view(block, tuple(map(self._links.take, block.rows)))
            case Section():
                anchor = self._anchor(block.id or block.title)
                heading = self._anchor(f"{anchor}-heading") if block.folded else anchor
                parts = self.views(block.blocks, level + 1)
                depth = min(level, _DEEPEST)
                inner = _sections(parts)
                title = shown(block.title)
                return _SectionView(title, anchor, heading, depth, parts, inner, block.folded)
            case _:
                return self._picture_view(block)

    def _points(self, points: tuple[Point, ...]) -> tuple[Point, ...]:
        """Clean texts; what says more is named where it is on the page."""
        return tuple(
            replace(
                point,
                text=shown(point.text),
                points=self._points(point.points),
                see=point.see if point.see in self._sections else "",
            )
            for point in points
        )

    def _picture_view(self, block: PictureBlock) -> _PictureView:
        self._pictures += 1
        legend = _legend(block) if isinstance(block, Grid) else ()
        note = shown(block.note) if block.note else None
        return _PictureView(
            shown(block.title),
            picture(block, f"{self._key}picture-{self._pictures}"),
            legend,
            note,
            _table_view(replace(as_table(block), note=None), ()),
            type(block).__name__.lower(),
        )

    def _anchor(self, wanted: str) -> str:
        """A new id: letters, digits and hyphens, whatever was wanted."""
        plain = unicodedata.normalize("NFKD", shown(wanted)).casefold()
        slug = re.sub(r"[^\w]+|_+", "-", plain).strip("-")[:60] or "part"
        # Drawings start their own ids with the same word.
        slug = f"part-{slug}" if slug.startswith("picture-") else slug
        slug = f"{self._key}{slug}"
        anchor, again = slug, 1
        while anchor in self._taken:
            again += 1
            anchor = f"{slug}-{again}"
        self._taken.add(anchor)
        return anchor


def _sections(views: Sequence[_View]) -> list[_SectionView]:
    return [view for view in views if isinstance(view, _SectionView)]


def _section_ids(blocks: Sequence[Block]) -> frozenset[str]:
    """The ids of all sections that have one."""
    found: set[str] = set()
    for block in blocks:
        if isinstance(block, Section):
            found |= {block.id} - {""} | _section_ids(block.blocks)
    return frozenset(found)


def _clean_cell(cell: Cell) -> Cell:
    note = shown(cell.note) if cell.note else None
    return Cell(shown(cell.text), cell.tone, note, cell.anchor)


def _table_view(table: Table, anchors: tuple[str, ...]) -> _TableView:
    clean = Table(
        shown(table.caption),
        tuple(Column(shown(c.name), c.numeric) for c in table.columns),
        tuple(tuple(map(_clean_cell, row)) for row in table.rows),
        shown(table.note) if table.note else None,
    )
    return _TableView(clean, _shape(clean), anchors)


def _shape(table: Table) -> str:
    """How the table is laid out on a phone (the names are the style sheet's).

    ``text``: each row a card; ``compact over``: each row's heading above its values; ``compact``:
    as it is. On paper ``many`` columns are set smaller, and in a ``crowd`` words may be cut.
    """
    columns = len(table.columns)
    crowd = " many crowd" if columns > 11 else " many" if columns > 6 else ""
    return _phone_shape(table) + crowd


def _phone_shape(table: Table) -> str:
    cells = [text for row in table.rows for c in row[1:] for text in (c.text, c.note or "")]
    if any(len(text) > _WORDY for text in cells):
        return "text"
    long = any(len(row[0].text) > _HEADING for row in table.rows)
    return "compact over" if long else "compact"


def _legend(grid: Grid) -> tuple[tuple[str, Tone, str, str], ...]:
    """Each entry of the legend: the sign in the swatch, its tone, the name, what it means."""
    entries = []
    for cell, meaning in grid.legend:
        swatch, name = sign(cell), shown(cell.text)
        entries.append((swatch, cell.tone, "" if name == swatch else name, shown(meaning)))
    return tuple(entries)


def _spoken(tone: Tone) -> str:
    """What a screen reader says for a tone's sign."""
    return {"good": "good", "bad": "bad", "warn": "caution"}.get(tone, "")


def _template(name: str) -> str:
    return files("foedus.render").joinpath("templates", name).read_text(encoding="utf-8")


_CODE: dict[str, CodeType] = {}
"""Templates as they are compiled, which takes longer than to fill most of them."""


def _environment(links: Links) -> Environment:
    """An environment whose templates link to these rows."""
    with needs("report", "The report"):
        from jinja2 import BaseLoader, Environment, StrictUndefined, Template
        from markupsafe import Markup

    class Compiled(BaseLoader):
        def load(self, environment: Environment, name: str, given: Any = None) -> Template:
            if name not in _CODE:
                _CODE[name] = environment.compile(_template(name), name)
            return Template.from_code(environment, _CODE[name], given or {})

    environment = Environment(
        autoescape=True,
        loader=Compiled(),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["mark"] = mark
    environment.filters["spoken"] = _spoken
    environment.filters["pieces"] = links.pieces
    environment.filters["needs_mark"] = lambda text: needs_mark(text.text, text.tone)
    # For drawings and the style sheet alone: both are written by foedus.
    environment.filters["own_markup"] = Markup
    return environment
