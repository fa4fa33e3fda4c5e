"""Blocks as a Word file that can be edited: headings, lists and tables in Word's own styles."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, TypedDict, cast

from foedus.document import (
    Block,
    Cell,
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
from foedus.render.pdf import room_for
from foedus.render.pictures import picture
from foedus.render.pngpicture import png
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
)
from foedus.render.shapes import shapes_of
from foedus.render.text import marked, shown

with needs("brief", "A Word file"):
    from docx import Document
    from docx.enum.table import WD_TABLE_ALIGNMENT
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import Section as WordSection
    from docx.styles.style import ParagraphStyle
    from docx.table import _Cell as WordCell
    from docx.text.paragraph import Paragraph
    from docx.text.run import Run

_SMALL = 8.5
_DEEPEST = 3
"""Word's own list styles go so deep; what is deeper is indented by hand."""
_INDENT = 18.0
_BESIDE = 30.0
"""Millimetres that a picture's caption and note take of a page."""


class _About(TypedDict):
    lead: Sequence[Block]
    subtitle: str
    facts: Sequence[tuple[str, str]]
    footer: str


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
    """The blocks as a Word file (.docx), in the order of the page; the same give the same bytes.

    Sections become headings from level 1 on; pictures are set as images with a text alternative,
    without the table that a page has below each. ``day`` is the file's date, 1980-01-01 without
    one. Where ``pages`` are given, all is set as tightly as :func:`foedus.render.pdf.document` sets
    it to take no more of them: Word alone breaks pages, in a typeface that is no wider. The other
    arguments are those of :func:`foedus.render.html.page`.
    """
    about: _About = {"lead": lead, "subtitle": subtitle, "facts": facts, "footer": footer}
    word = _Word(lang, room_for(title, blocks, **about, pages=pages) if pages else ROOMS[0])
    word.front(title, subtitle, facts, footer)
    word.add([*lead, *blocks], 1)
    return word.saved(shown(title), shown(subtitle), max(day or EARLIEST, EARLIEST))


class _Word:
    """A Word document in the making."""

    def __init__(self, lang: str, room: Room) -> None:
        self._document = Document()
        self._lang, self._room, self._scale = lang, room, room.scale
        _set_page(self._document.sections[0], room.margin)
        _set_styles(self._document, room.scale)
        languages = [*self._document.styles.element.iter(qn("w:lang"))]
        languages += [*self._document.settings.element.iter(qn("w:themeFontLang"))]
        for language in languages:
            language.set(qn("w:val"), lang)
        for setting in self._document.settings.element.iter(qn("w:compatSetting")):
            if setting.get(qn("w:name")) == "compatibilityMode":
                setting.set(qn("w:val"), "15")  # without it Word says that the file is an old one

    def front(
        self, title: str, subtitle: str, facts: Sequence[tuple[str, str]], footer: str
    ) -> None:
        """The title, what stands below it, and the foot of each page."""
        self._document.add_paragraph(shown(title), "Title")
        if subtitle:
            self._document.add_paragraph(shown(subtitle), "Subtitle")
        if facts:
            self._small(facts_told(facts))
        foot = self._document.sections[0].footer.paragraphs[0]
        foot.add_run(f"{shown(footer)}\t")
        foot.paragraph_format.tab_stops.add_tab_stop(
            Mm(PAGE[0] - 2 * self._room.margin), WD_TAB_ALIGNMENT.RIGHT
        )
        page = OxmlElement("w:fldSimple")
        page.set(qn("w:instr"), "PAGE")
        foot._p.append(page)
        page.append(foot.add_run("1")._r)

    def add(self, blocks: Sequence[Block], level: int) -> None:
        """Add blocks; sections among them get headings of this level."""
        for block in blocks:
            match block:
                case Sentence():
                    run = self._document.add_paragraph().add_run(told(block))
                    _paint(run, block.tone)
                    if block.strong:
                        run.bold, run.font.size = True, Pt(11.5 * self._scale)
                case Points():
                    self._list(block)
                case Table():
                    self._table(block)
                case Section():
                    self._document.add_heading(shown(block.title), min(level, 9))
                    self.add(block.blocks, level + 1)
                case _:
                    self._picture(block)

    def _small(self, text: str) -> Paragraph:
        paragraph = self._document.add_paragraph()
        run = paragraph.add_run(text)
        run.font.size, run.font.color.rgb = Pt(_SMALL * self._scale), _colour("quiet")
        return paragraph

    def _list(self, block: Points) -> None:
        restarted: dict[int, int] = {}
        for item in items(block):
            deep = min(item.depth + 1, _DEEPEST)
            kind = "List Bullet" if item.number is None else "List Number"
            style = kind if deep == 1 else f"{kind} {deep}"
            paragraph = self._document.add_paragraph(style=style)
            _paint(paragraph.add_run(item.text), item.tone)
            if item.number is not None:
                if item.first:
                    restarted[item.depth] = self._restarted(style)
                properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                properties.get_or_add_ilvl().val = 0
                properties.get_or_add_numId().val = restarted[item.depth]
            if item.depth >= _DEEPEST:
                paragraph.paragraph_format.left_indent = Pt(_INDENT * min(item.depth + 1, 12))

    def _restarted(self, style: str) -> int:
        """The id of a new numbering that counts as the style does, from 1."""
        numbering = self._document.part.numbering_part.element
        own = self._document.styles[style].element.pPr.numPr.numId.val
        new = numbering.add_num(numbering.num_having_numId(own).abstractNumId.val)
        new.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(new.numId)

    def _caption(self, text: str) -> None:
        if text:
            caption = self._document.add_paragraph(shown(text), "Caption")
            caption.paragraph_format.keep_with_next = True

    def _table(self, table: Table) -> None:
        self._caption(table.caption)
        rows, columns = max(len(table.rows), 1), max(len(table.columns), 1)
        made = self._document.add_table(rows + 1, columns, "Table Grid")
        made.autofit = False
        made.alignment = WD_TABLE_ALIGNMENT.LEFT
        if table.caption:  # for who cannot see the table
            named = OxmlElement("w:tblCaption")
            named.set(qn("w:val"), shown(table.caption))
            made._tbl.tblPr.append(named)
        grid = [list(row.cells) for row in made.rows]
        heading = OxmlElement("w:tblHeader")
        made.rows[0]._tr.get_or_add_trPr().append(heading)
        for cell, column in zip(grid[0], table.columns, strict=False):
            _write(cell, Cell(column.name), self._scale, numeric=column.numeric, heading=True)
        for cells, row in zip(grid[1:], table.rows, strict=False):
            for cell, said, column in zip(cells, row, table.columns, strict=True):
                _write(cell, said, self._scale, numeric=column.numeric)
        if not table.rows:
            _write(grid[1][0].merge(grid[1][-1]), Cell("none", "muted"), self._scale)
        widths = column_widths(table, self._room.width, _SMALL) if table.columns else []
        for place, width in enumerate(widths):
            made.columns[place].width = Pt(width * self._scale)
            for cells in grid:
                cells[place].width = Pt(width * self._scale)
        self._below(table)

    def _below(self, block: Block) -> None:
        notes = list(below(block))
        for note in notes:
            self._small(note)
        if not notes:  # Word would join a table to one that follows
            self._document.add_paragraph().paragraph_format.line_spacing = Pt(6)

    def _picture(self, block: PictureBlock) -> None:
        drawn = picture(block, "picture", self._room.drawn)
        # Where room is scarce a tree's boxes would be too small to read; its table is not.
        if drawn is None or (self._scale < 1 and isinstance(block, Tree)):
            self._table(as_table(block))
            return
        shapes = shapes_of(drawn.wide)
        self._caption(block.title)
        across, down = PAGE[0] - 2 * self._room.margin, PAGE[1] - 2 * self._room.margin - _BESIDE
        pixel = self._room.pixel * self._scale / MILLIMETRE
        scale = min(pixel, across / shapes.width, down / shapes.height)
        placed = self._document.add_paragraph().add_run()
        image = placed.add_picture(io.BytesIO(png(shapes)), Mm(shapes.width * scale))
        properties = image._inline.docPr
        properties.set("descr", shapes.about)
        properties.set("title", shown(block.title))
        for note in below(block):
            self._small(note)

    def saved(self, title: str, subject: str, day: date) -> bytes:
        """The document's bytes, with nothing in them of when and where they were made."""
        about = self._document.core_properties
        # So many letters of each at most, says the library.
        about.title, about.subject = title[:255], subject[:255]
        about.author = about.last_modified_by = about.comments = about.keywords = ""
        about.created = about.modified = datetime.combine(day, time())
        about.language, about.revision = self._lang, 1
        links = self._document.part.package.rels
        for key in [key for key, link in links.items() if link.reltype.endswith("/thumbnail")]:
            del links[key]  # a picture of another document
        held = io.BytesIO()
        self._document.save(held)
        return _undated(held.getvalue(), day)


def _undated(data: bytes, day: date) -> bytes:
    """The same archive, every file in it of the one day."""
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, (day.year, day.month, day.day, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return held.getvalue()


# --- the page and its styles ----------------------------------------------------------------------


def _set_page(section: WordSection, margin: float) -> None:
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.left_margin = section.right_margin = Mm(margin)
    section.top_margin = section.bottom_margin = Mm(margin)
    section.footer_distance = Mm(margin / 2)


_STYLES: dict[str, tuple[float, str, float, float]] = {
    "Normal": (10, "ink", 0, 4),
    "Title": (17, "ink", 0, 2),
    "Subtitle": (11, "quiet", 0, 2),
    "Heading 1": (12, "link", 9, 2),
    "Heading 2": (10.5, "link", 6, 2),
    "Caption": (_SMALL, "quiet", 4, 2),
    "Footer": (8, "quiet", 0, 0),
    **{f"Heading {level}": (10, "link", 6, 2) for level in range(3, 10)},
    **{
        f"List {kind}{deep}": (10, "ink", 0, 2)
        for kind in ("Bullet", "Number")
        for deep in ("", " 2", " 3")
    },
}
"""Size in points, colour, space before and after in points, of the styles that are used."""


def _set_styles(document: WordDocument, scale: float) -> None:
    styles = document.styles
    for name, (size, colour, before, after) in _STYLES.items():
        style = cast("ParagraphStyle", styles[name])
        style.font.size, style.font.color.rgb = Pt(size * scale), _colour(colour)
        style.font.name = "Calibri"
        for kind in ("ascii", "hAnsi"):  # a theme's typeface would win over the one that is named
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{kind}Theme"), None)
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(before * scale), Pt(after * scale)
        form.line_spacing = 1.0
        form.tab_stops.clear_all()
        for tight in style.element.iter(qn("w:contextualSpacing")):  # would drop a list's spaces
            tight.set(qn("w:val"), "0")
    cast("ParagraphStyle", styles["Subtitle"]).font.italic = False
    for borders in styles["Table Grid"].element.iter(qn("w:tblBorders")):
        for edge in borders:
            edge.set(qn("w:color"), light("line").lstrip("#"))


def _colour(name: str) -> RGBColor:
    return RGBColor.from_string(light(name).lstrip("#").upper())


def _paint(run: Run, tone: Tone) -> None:
    """Give the run the tone's colour, by daylight; plain text keeps its style's."""
    if tone != "plain":
        run.font.color.rgb = RGBColor.from_string(stroke(tone).lstrip("#").upper())


# --- cells ----------------------------------------------------------------------------------------


def _write(
    cell: WordCell, said: Cell, scale: float, *, numeric: bool = False, heading: bool = False
) -> None:
    lines = [(marked(said), False), *([(shown(said.note), True)] if said.note else [])]
    for place, (text, small) in enumerate(lines):
        paragraph = cell.add_paragraph() if place else cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.font.size = Pt((_SMALL - 0.5 if small else _SMALL) * scale)
        run.bold = heading or None
        if small:
            run.font.color.rgb = _colour("quiet")
        else:
            _paint(run, said.tone)
        paragraph.paragraph_format.space_after = Pt(0)
        if numeric:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if heading:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", light("panel")[1:])):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)
