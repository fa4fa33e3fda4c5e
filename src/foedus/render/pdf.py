"""Blocks as a PDF of A4 pages: compact, with bookmarks, its typeface and vector drawings inside."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from foedus.document import (
    Block,
    Cell,
    Column,
    PictureBlock,
    Points,
    Section,
    Sentence,
    Table,
    Tone,
    Tree,
    as_table,
)
from foedus.render.extra import needs
from foedus.render.palette import light, stroke
from foedus.render.pdfpicture import BOLD, PLAIN, PdfPicture
from foedus.render.pictures import picture
from foedus.render.printed import (
    EARLIEST,
    LANGUAGE,
    MILLIMETRE,
    PAGE,
    ROOMS,
    Room,
    below,
    column_widths,
    facts_told,
    items,
    told,
    typeface,
)
from foedus.render.shapes import shapes_of
from foedus.render.text import marked, shown

with needs("brief", "A PDF"):
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import (
        BaseDocTemplate,
        CondPageBreak,
        Flowable,
        Frame,
        KeepTogether,
        PageTemplate,
        Paragraph,
        Spacer,
    )
    from reportlab.platypus import Table as PdfTable

_TEXT = 10.0
_SMALL = 8.5
_SMALLEST = 7.5
_INDENT = 15.0
_DEEPEST = 10
"""What is deeper is not indented further."""
_BEGINNING = 60.0
"""Points that must be left on a page for a heading and the beginning of what follows."""
_BESIDE = 80.0
"""Points that a picture's caption and note take of a page."""

_About = tuple[str, Sequence[Block], Sequence[Block], str, Sequence[tuple[str, str]], str]
"""What is set: title, blocks, lead, subtitle, facts and footer."""


def document(
    title: str,
    blocks: Sequence[Block],
    *,
    lead: Sequence[Block] = (),
    subtitle: str = "",
    facts: Sequence[tuple[str, str]] = (),
    footer: str = "",
    lang: str = LANGUAGE,
    day: date | None = None,
    pages: int | None = None,
) -> bytes:
    """The blocks as a PDF, in the order of the page; the same give the same bytes.

    Sections are its bookmarks; pictures are drawn as vectors, with a text alternative, without the
    table that a page has below each. ``day`` is the file's date, 1980-01-01 without one. Where
    ``pages`` are given, all is set as much smaller as it must be to take no more of them, down to
    type of 7 points. The other arguments are those of :func:`foedus.render.html.page`.
    """
    about = title, blocks, lead, subtitle, facts, footer
    return _fitted(about, lang, day or EARLIEST, pages)[0]


def room_for(
    title: str,
    blocks: Sequence[Block],
    *,
    lead: Sequence[Block] = (),
    subtitle: str = "",
    facts: Sequence[tuple[str, str]] = (),
    footer: str = "",
    pages: int,
) -> Room:
    """How tightly :func:`document` sets the same to take no more than so many pages."""
    return _fitted((title, blocks, lead, subtitle, facts, footer), LANGUAGE, EARLIEST, pages)[1]


def _fitted(about: _About, lang: str, day: date, pages: int | None) -> tuple[bytes, Room]:
    """The PDF in the first room that takes so many pages at most, or in the tightest."""
    title, blocks, lead, subtitle, facts, footer = about
    _learn_typeface()
    for room in ROOMS if pages else ROOMS[:1]:
        held = io.BytesIO()
        made = _Pages(held, room, shown(title), shown(subtitle), shown(footer), lang, day)
        front: list[Flowable] = [_text(shown(title), _style("title"))]
        if subtitle:
            front.append(_text(shown(subtitle), _style("subtitle")))
        if facts:
            front.append(_text(facts_told(facts), _style("small")))
        made.build([*front, *_flow([*lead, *blocks], 1, room)])
        if pages is None or made.page <= pages:
            break
    return held.getvalue(), room


@cache
def _learn_typeface() -> None:
    for name, bold in ((PLAIN, False), (BOLD, True)):
        pdfmetrics.registerFont(TTFont(name, str(typeface(bold=bold))))


class _Pages(BaseDocTemplate):  # type: ignore[misc]
    """Pages of one column with a foot; headings become bookmarks as they are placed."""

    def __init__(
        self,
        held: io.BytesIO,
        room: Room,
        title: str,
        subject: str,
        footer: str,
        lang: str,
        day: date,
    ) -> None:
        super().__init__(
            held,
            pagesize=(PAGE[0] * MILLIMETRE, PAGE[1] * MILLIMETRE),
            title=title,
            subject=subject,
            author="",
            creator="foedus",
            lang=lang,
            displayDocTitle=True,
            invariant=1,
            initialFontName=PLAIN,
        )
        self._room, self._margin = room, room.margin * MILLIMETRE / room.scale
        frame = Frame(self._margin, self._margin, room.width, room.height, 0, 0, 0, 0)
        self.addPageTemplates(
            PageTemplate(frames=[frame], onPage=self._scale, onPageEnd=self._foot)
        )
        self._footer, self._day = footer, day
        self._bookmarks, self._level = 0, -1

    def beforeDocument(self) -> None:  # noqa: N802 - the library's name
        """Date the file by the day that it is about."""
        day = self._day
        dated = f"D:{day.year:04}{day.month:02}{day.day:02}000000Z"
        self.canv.setDateFormatter(lambda *_: dated)

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - the library's name
        """Bookmark a heading where it came to stand."""
        level = getattr(flowable, "bookmark_level", None)
        if level is None:
            return
        self._bookmarks += 1
        self._level = min(level, self._level + 1)
        key = f"section-{self._bookmarks}"
        top = self.frame._y + flowable.height
        self.canv.bookmarkPage(key, fit="XYZ", left=0, top=top)
        self.canv.addOutlineEntry(flowable.bookmark_title, key, self._level)

    def _scale(self, canvas: Any, _: Any) -> None:
        canvas.scale(self._room.scale, self._room.scale)

    def _foot(self, canvas: Any, _: Any) -> None:
        canvas.saveState()
        canvas.setFont(PLAIN, _SMALLEST)
        canvas.setFillColor(HexColor(light("quiet")))
        y, left, width = self._margin / 2, self._margin, self._room.width
        canvas.drawString(left, y, _fitting(self._footer, width - 40))
        canvas.drawRightString(left + width, y, str(canvas.getPageNumber()))
        canvas.restoreState()


def _fitting(text: str, width: float) -> str:
    """The text, or its beginning where it would not fit into one line of the foot."""
    if pdfmetrics.stringWidth(text, PLAIN, _SMALLEST) <= width:
        return text
    while text and pdfmetrics.stringWidth(f"{text}…", PLAIN, _SMALLEST) > width:
        text = text[:-1]
    return f"{text}…"


# --- blocks ---------------------------------------------------------------------------------------


def _flow(blocks: Sequence[Block], level: int, room: Room) -> Iterator[Flowable]:
    for block in blocks:
        match block:
            case Sentence():
                style = _style("strong" if block.strong else "text", block.tone)
                yield _text(told(block), style)
            case Points():
                yield from map(_item, items(block))
            case Table():
                yield from _table(block, room)
            case Section():
                yield from _heading(block, level)
                yield from _flow(block.blocks, level + 1, room)
            case _:
                yield from _picture(block, room)


def _text(text: str, style: ParagraphStyle, bullet: str | None = None) -> Paragraph:
    return Paragraph(escape(text), style, bulletText=bullet)


def _heading(section: Section, level: int) -> Iterator[Flowable]:
    """The heading, on the same page as the beginning of what follows."""
    title = shown(section.title)
    heading = _text(title, _style(f"heading {min(level, 3)}"))
    heading.bookmark_level, heading.bookmark_title = level - 1, title
    # A picture cannot be broken, and so takes its heading with it.
    if section.blocks and not isinstance(section.blocks[0], Sentence | Points | Section | Table):
        heading.keepWithNext = True
    yield CondPageBreak(_BEGINNING)
    yield heading


def _item(item: Any) -> Paragraph:
    style = _style("text", item.tone, min(item.depth, _DEEPEST) + 1)
    return _text(item.text, style, "•" if item.number is None else f"{item.number}.")


def _table(table: Table, room: Room) -> Iterator[Flowable]:
    if table.caption:
        yield CondPageBreak(_BEGINNING)
        yield _text(shown(table.caption), _style("caption"))
    columns = table.columns or (Column(""),)
    size = _SMALL if len(columns) <= 8 else _SMALLEST
    rows: list[list[Any]] = [[_cells(Cell(c.name), c, size, heading=True) for c in columns]]
    for row in table.rows:
        rows.append([_cells(cell, c, size) for cell, c in zip(row, columns, strict=True)])
    if not table.rows:
        rows.append([_cells(Cell("none", "muted"), columns[0], size), *[""] * (len(columns) - 1)])
    widths = column_widths(table, room.width, size) if table.columns else [room.width]
    pad = 3 if len(columns) <= 12 else 1
    joined = [] if table.rows else [("SPAN", (0, 1), (-1, 1))]
    yield PdfTable(
        rows,
        widths,
        repeatRows=1,
        hAlign="LEFT",
        splitInRow=1,
        spaceAfter=4,
        style=[
            ("BACKGROUND", (0, 0), (-1, 0), HexColor(light("panel"))),
            ("LINEBELOW", (0, 0), (-1, 0), 0.6, HexColor(light("rule"))),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, HexColor(light("line"))),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 1.5),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2.5),
            ("LEFTPADDING", (0, 0), (-1, -1), pad),
            ("RIGHTPADDING", (0, 0), (-1, -1), pad),
            *joined,
        ],
    )
    yield from _below(table)


def _cells(cell: Cell, column: Column, size: float, *, heading: bool = False) -> list[Paragraph]:
    """What stands in one cell: its text, and its note as a smaller line."""
    kind = "cell heading" if heading else "cell"
    texts = [(marked(cell), _style(kind, cell.tone, size=size, right=column.numeric))]
    if cell.note:
        note = _style("cell note", size=size - 1, right=column.numeric)
        texts.append((shown(cell.note), note))
    return [_text(text, style) for text, style in texts]


def _below(block: Block) -> Iterator[Flowable]:
    for note in below(block):
        yield _text(note, _style("small"))


def _picture(block: PictureBlock, room: Room) -> Iterator[Flowable]:
    drawn = picture(block, "picture", room.drawn)
    # Where room is scarce a tree's boxes would be too small to read; its table is not.
    if drawn is None or (room.scale < 1 and isinstance(block, Tree)):
        yield from _table(as_table(block), room)
        return
    shapes = shapes_of(drawn.wide)
    scale = min(room.pixel, room.width / shapes.width, (room.height - _BESIDE) / shapes.height)
    yield KeepTogether(
        [
            _text(shown(block.title), _style("caption")),
            PdfPicture(shapes, scale),
            Spacer(1, 3),
            *_below(block),
        ]
    )


# --- styles ---------------------------------------------------------------------------------------

_KINDS: dict[str, dict[str, Any]] = {
    "title": {"fontName": BOLD, "fontSize": 16, "spaceAfter": 3},
    "subtitle": {"fontSize": 11, "textColor": "quiet", "spaceAfter": 3},
    "heading 1": {"fontName": BOLD, "fontSize": 11.5, "textColor": "link", "spaceBefore": 7},
    "heading 2": {"fontName": BOLD, "fontSize": 10.5, "textColor": "link", "spaceBefore": 5},
    "heading 3": {"fontName": BOLD, "fontSize": 10, "textColor": "link", "spaceBefore": 4},
    "text": {"spaceAfter": 2.5},
    "strong": {"fontName": BOLD, "fontSize": 11, "spaceAfter": 3},
    "small": {"fontSize": _SMALL, "textColor": "quiet", "spaceAfter": 3},
    "caption": {"fontName": BOLD, "fontSize": _SMALL, "textColor": "quiet", "spaceBefore": 4},
    "cell": {},
    "cell heading": {"fontName": BOLD},
    "cell note": {"textColor": "quiet"},
}
_LEADING = 1.22


@cache
def _style(
    kind: str, tone: Tone = "plain", depth: int = 0, *, size: float = 0.0, right: bool = False
) -> ParagraphStyle:
    """How a paragraph is set; ``depth`` indents a point of a list and hangs its mark out."""
    given = {"fontName": PLAIN, "fontSize": _TEXT, "textColor": "ink", **_KINDS[kind]}
    given["fontSize"] = size or given["fontSize"]
    colour = light(given["textColor"]) if tone == "plain" else stroke(tone)
    above = {"spaceBefore": 0, "spaceAfter": 0, **given, "textColor": HexColor(colour)}
    if kind.startswith("heading") or kind == "caption":
        above |= {"spaceAfter": 2}
    return ParagraphStyle(
        f"{kind} {tone} {depth} {size} {right}",
        **above,
        leading=given["fontSize"] * _LEADING,
        leftIndent=depth * _INDENT,
        bulletIndent=max(depth - 1, 0) * _INDENT,
        bulletFontName=PLAIN,
        bulletFontSize=given["fontSize"],
        alignment=2 if right else 0,
    )
