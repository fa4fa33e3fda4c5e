"""Word files and PDFs: opened again, they say in order what the page says, whatever the words."""

from __future__ import annotations

import hashlib
import io
import itertools
import re
import zipfile
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path

import docx as word
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from PIL import Image
from pypdf import PdfReader
from pypdf.generic import Destination
from render_samples import HOSTILE, every_block

from foedus.document import (
    Block,
    Branch,
    Cell,
    Column,
    Grid,
    Point,
    Points,
    Section,
    Sentence,
    Share,
    ShareBar,
    Shares,
    Table,
    Tree,
)
from foedus.render import docx, html, pdf
from foedus.render.drawing import Look, Sheet
from foedus.render.palette import light
from foedus.render.pdf import room_for
from foedus.render.pictures import WIDE, Drawing, picture
from foedus.render.pngpicture import png
from foedus.render.printed import LARGE, ROOMS, column_widths
from foedus.render.seen import seen
from foedus.render.shapes import shapes_of
from foedus.render.text import shown
from foedus.whole_report import brief

TOWNS = Path(__file__).parent.parent / "cases" / "two-towns.yaml"
DAY = date(2024, 3, 5)
SIGNS = "✓ ✗ ! − “ ” – · → Łukaszenka Путін"
MORE = (
    "</w:t></w:r></w:p>",
    "\x00\x1b[31m\x07\ufffe\ud800\u202eevil\u2066",
    "לא כן",
    "🙂🏛️",
    "Donaudampfschifffahrtsgesellschaft" * 9,
    "<b>bold</b><br/><para>&amp;</para><img src='http://example.invalid/x.png'/>",
)
DOCUMENTS = {"docx": docx.document, "pdf": pdf.document}

each = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=list(DOCUMENTS))


def numbered() -> Callable[[str], str]:
    """Says a word of its own at each place."""
    count = itertools.count()
    return lambda _: f"w{next(count)}x"


def words(text: str) -> list[str]:
    return re.findall(r"w\d+x", text)


def opened(data: bytes) -> tuple[list[str], list[str]]:
    """The text of a Word file in order, and the text alternatives of its pictures."""
    document = word.Document(io.BytesIO(data))
    texts: list[str] = []
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            texts.append(part.text)
        else:
            texts += [cell.text for row in part.rows for cell in row.cells]
    described = [p.get("descr", "") for p in document.element.iter(qn("wp:docPr"))]
    return texts, described


def read(data: bytes) -> tuple[PdfReader, str]:
    reader = PdfReader(io.BytesIO(data))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


def drawn(data: bytes) -> bytes:
    return b"".join(page.get_contents().get_data() for page in PdfReader(io.BytesIO(data)).pages)


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def test_both_say_what_the_page_says_in_its_order() -> None:
    say = numbered()
    blocks, lead = every_block(say), (Sentence(say("lead")),)
    more = {"lead": lead, "subtitle": say(""), "facts": [(say(""), say(""))], "footer": say("")}
    title = say("title")
    page = html.page(title, blocks, **more)
    plain = re.sub(r"(?s)^.*?<body>|<(svg|details|nav|footer)\b.*?</\1>|<[^>]*>", " ", page)
    asked = words(plain)
    assert len(asked) > 40
    texts, described = opened(docx.document(title, blocks, **more))
    assert words(" ".join(texts)) == asked
    _, text = read(pdf.document(title, blocks, **more))
    assert [each for each in words(text) if each in asked] == asked
    pictures = re.findall(r"(?s)<svg.*?</svg>", page)
    wide = [words(re.sub(r"(?s)<title.*?</title>|<desc.*?</desc>", "", p)) for p in pictures[::2]]
    assert len(wide) == len(described) == 8
    assert set(itertools.chain.from_iterable(wide)) <= set(words(text))


def test_word_is_given_its_own_headings_lists_and_tables() -> None:
    say = numbered()
    document = word.Document(io.BytesIO(docx.document("T", every_block(say), footer="foot")))
    styles = [p.style.name for p in document.paragraphs]
    assert styles[0] == "Title"
    for style in ("Heading 1", "Heading 2", "List Bullet", "List Bullet 2", "List Number"):
        assert style in styles
    assert "List Number 2" in styles
    assert "Caption" in styles
    (table,) = document.tables
    assert table.style.name == "Table Grid"
    named = table._tbl.tblPr.find(qn("w:tblCaption"))
    assert words(named.get(qn("w:val"))) == words(document.paragraphs[styles.index("Caption")].text)
    assert [row._tr.trPr is not None for row in table.rows] == [True, False]
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert table.rows[1].cells[0].text.count("\n") == 1  # the note has a line of its own
    right = [cell.paragraphs[0].alignment for cell in table.rows[1].cells]
    assert right == [None, word.enum.text.WD_ALIGN_PARAGRAPH.RIGHT]
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.left_margin.mm)) == (210, 18)
    assert section.footer.paragraphs[0].text.startswith("foot")
    assert {e.get(qn("w:val")) for e in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_pictures_have_text_alternatives() -> None:
    grid = Grid("Who → says no?", ("a",), ("b",), ((Cell("no", "bad"),),))
    about = f"Who → says no? {seen(grid)}"
    _, described = opened(docx.document("T", [grid]))
    assert described == [about]
    said = f"/Span <</Alt <FEFF{about.encode('utf-16-be').hex().upper()}>>> BDC"
    assert said.encode() in drawn(pdf.document("T", [grid]))


def test_what_cannot_be_drawn_is_a_table() -> None:
    empty = Grid("Nobody", (), ("b",), ())
    document = word.Document(io.BytesIO(docx.document("T", [empty])))
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["none", "none"]
    assert not document.inline_shapes
    assert "none" in read(pdf.document("T", [empty]))[1]


def test_each_numbered_list_of_word_starts_at_one() -> None:
    list_of_two = Points((Point("a", (Point("c"), Point("d"))), Point("b")), ordered=True)
    document = word.Document(io.BytesIO(docx.document("T", [list_of_two, list_of_two])))
    ids = [p._p.pPr.numPr.numId.val for p in document.paragraphs[1:]]
    assert ids[:4] == [ids[0], ids[1], ids[1], ids[0]]
    assert len(set(ids)) == 4
    numbering = document.part.numbering_part.element
    for each in set(ids):
        starts = numbering.num_having_numId(each).findall(f".//{qn('w:startOverride')}")
        assert [start.get(qn("w:val")) for start in starts] == ["1"]


def test_a_pdf_has_bookmarks_a_language_and_its_typeface() -> None:
    inner = Section("Deeper", (Sentence(SIGNS),))
    data = pdf.document("Ω", [Section("First", (inner,)), Section("Second", ())], subtitle="sub")
    reader, text = read(data)
    first, below, second = reader.outline
    assert isinstance(below, list)
    assert [first["/Title"], below[0]["/Title"], second["/Title"]] == ["First", "Deeper", "Second"]
    assert isinstance(first, Destination)
    tops = [float(entry["/Top"]) for entry in (first, below[0], second)]
    assert 842 > tops[0] > tops[1] > tops[2] > 600  # points from the foot of the page
    assert reader.trailer["/Root"]["/Lang"] == "en-GB"
    assert reader.metadata is not None
    assert (reader.metadata.title, reader.metadata.subject) == ("Ω", "sub")
    assert SIGNS in text
    for font in reader.pages[0]["/Resources"]["/Font"].values():
        assert "/FontFile2" in font.get_object()["/FontDescriptor"]
    assert "/Annots" not in reader.pages[0]


@each
def test_hostile_words_are_shown_as_text(document: Callable[..., bytes]) -> None:
    spoilt = itertools.cycle((*HOSTILE, *MORE))
    blocks = (*every_block(lambda _: next(spoilt)), *map(Sentence, (*HOSTILE, *MORE)))
    facts = [(next(spoilt), next(spoilt))]
    data = document(next(spoilt), blocks, subtitle=next(spoilt), facts=facts, footer=next(spoilt))
    if document is docx.document:
        texts, described = opened(data)
        text, asked = "\n".join(texts), [*HOSTILE, *MORE]
        assert len(described) == 8
    else:
        reader, text = read(data)
        assert not any("/Annots" in page for page in reader.pages)
        asked = [word for word in (*HOSTILE, *MORE) if word.isascii()]
    for harmless in map(shown, asked):
        assert squeezed(harmless) in squeezed(text)


@each
def test_cells_of_any_length_and_tables_of_any_width(document: Callable[..., bytes]) -> None:
    long = Cell(" ".join(f"w{k}x" for k in range(2_000)), note="n" * 10_000)
    wide = tuple(Column(f"w{k}x", numeric=k % 2 == 0) for k in range(40))
    blocks: Iterable[Block] = (
        Table("long", (Column("a"), Column("b")), ((Cell("x"), long),)),
        Table("wide", wide, (tuple(Cell("1,000.25") for _ in wide),)),
        Table("narrow", (), ()),
    )
    data = document("T" * 400, blocks)
    text = " ".join(opened(data)[0]) if document is docx.document else read(data)[1]
    assert words(text)[:2_000] == words(long.text)
    assert text.count("n") >= 10_000


@each
def test_the_same_blocks_give_the_same_bytes(
    document: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def made() -> str:
        return hashlib.sha256(document("T", every_block(str), day=DAY)).hexdigest()

    first = made()
    monkeypatch.setattr("time.time", lambda: 2e9)
    monkeypatch.setattr("time.localtime", lambda *_: datetime(2033, 5, 18, tzinfo=UTC).timetuple())
    assert made() == first


def test_both_are_dated_by_the_case() -> None:
    for day, dated in ((DAY, DAY), (None, date(1980, 1, 1)), (date(1914, 6, 28), None)):
        data = docx.document("T", (), day=day)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            dates = {entry.date_time[:3] for entry in archive.infolist()}
        kept = dated or date(1980, 1, 1)
        assert dates == {(kept.year, kept.month, kept.day)}
        about = word.Document(io.BytesIO(data)).core_properties
        assert (
            about.created == about.modified == datetime(kept.year, kept.month, kept.day, tzinfo=UTC)
        )
        assert (about.title, about.author) == ("T", "")
        metadata = read(pdf.document("T", (), day=day))[0].metadata
        assert metadata is not None
        assert metadata.creation_date.date() == (day or kept)


def test_a_sheet_is_drawn_as_it_is() -> None:
    sheet = Sheet(100, 60)
    sheet.box((0, 0), (40, 20), "#ff0000")
    sheet.box((0, 0), (40, 6), light("paper"))
    sheet.line((0, 50), (100, 50), "#00ff00", dashed=True)
    sheet.dot((80, 20), "#0000ff")
    sheet.head((60, 40), "#123456")
    sheet.text((60, 10), ["MMM"], "#ff00ff", Look(20, "center", bold=True, turned=True))
    shapes = shapes_of(Drawing(sheet.svg("k", "Title", "About."), *sheet.size))
    assert shapes.about == "Title. About."
    image = Image.open(io.BytesIO(png(shapes))).convert("RGB")
    assert image.size == (2 * shapes.width, 2 * shapes.height)
    box = next(shape for shape in shapes.shapes if type(shape).__name__ == "Box")
    left, top = box.corner

    def at(x: float, y: float) -> tuple[int, ...]:
        found = image.getpixel((round(2 * (left + x)), round(2 * (top + y))))
        assert isinstance(found, tuple)
        return found

    assert at(20, 10) == (255, 0, 0)
    assert at(20, 3) == (255, 255, 255)
    assert at(80, 20) == (0, 0, 255)
    assert at(54, 40) == (0x12, 0x34, 0x56)
    assert [at(x, 50) for x in (1, 5.5)] == [(0, 255, 0), (255, 255, 255)]
    ink = [
        (x, y)
        for x in range(45, 75)
        for y in range(-30, 45)
        if at(x, y)[1] < 128 < min(at(x, y)[0], at(x, y)[2])
    ]
    tall = max(y for _, y in ink) - min(y for _, y in ink)
    across = max(x for x, _ in ink) - min(x for x, _ in ink)
    assert tall > 2 * across  # the text runs upwards


def test_what_is_not_known_on_paper_is_an_error() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0"/></svg>'
    with pytest.raises(ValueError, match="<path>"):
        shapes_of(Drawing(svg, 1, 1))


def test_every_picture_is_of_shapes_known_on_paper() -> None:
    parts = [b for s in every_block(str) if isinstance(s, Section) for b in s.blocks]
    inner = [b for s in parts if isinstance(s, Section) for b in s.blocks]
    for block in inner:
        assert not isinstance(block, Sentence | Points | Table | Section)
        made = picture(block, "p")
        assert made is not None
        assert len(shapes_of(made.narrow).shapes) > 3


@pytest.mark.parametrize("letters", [1, 30, 3_000])
@pytest.mark.parametrize("columns", [1, 3, 30])
def test_columns_fit_between_the_margins(letters: int, columns: int) -> None:
    row = (Cell("x" * letters), *(Cell("1") for _ in range(columns - 1)))
    table = Table("", tuple(Column(f"c{k}") for k in range(columns)), (row,))
    widths = column_widths(table, 400.0, 8.0)
    assert len(widths) == columns
    assert sum(widths) <= 400.001
    assert min(widths) > 0
    if letters > 1:
        assert widths[0] == max(widths)


@pytest.mark.parametrize(("times", "pages", "size"), [(20, 1, 10), (70, 1, 7), (140, 3, 10)])
def test_type_is_only_as_small_as_the_pages_ask(times: int, pages: int, size: float) -> None:
    """A page holds some 55 lines of 10 points, and 85 of 7."""
    tree = Tree("Ways", Branch("Today", branches=(Branch("War", "by A"),)))
    blocks = [*(Sentence(f"w{k}x") for k in range(times)), tree]
    data = pdf.document("T", blocks, pages=pages)
    reader, text = read(data)
    assert len(words(text)) == times
    assert len(reader.pages) <= pages
    assert ("What comes about" in text) == (size < 10)  # the tree as a table
    document = word.Document(io.BytesIO(docx.document("T", blocks, pages=pages)))
    assert document.styles["Normal"].font.size.pt == size
    assert len(document.tables) == (size < 10)
    assert room_for("T", blocks, pages=pages).scale * 10 == size


@pytest.mark.parametrize(("lines", "drawn"), [(1, LARGE), (82, WIDE)])
def test_words_in_pictures_are_as_large_as_the_pages_allow(lines: int, drawn: int) -> None:
    bars = tuple(ShareBar(f"bar {k}", (Share("done", 4), Share("not yet", 6))) for k in range(9))
    blocks = [Shares("How much is done", "of 10", bars), *[Sentence("A line.")] * lines]
    room = room_for("T", blocks, pages=2)
    assert (room.scale, room.drawn) == (1, drawn)


def test_what_cannot_fit_is_set_as_tightly_as_can_be_read() -> None:
    blocks = [Sentence("word")] * 300
    assert room_for("T", blocks, pages=1) == ROOMS[-1]
    assert len(read(pdf.document("T", blocks, pages=1))[0].pages) > 1


def test_a_brief_is_two_pages_at_most() -> None:
    made = brief(TOWNS, draws=5)
    data = pdf.document(made.title, made.blocks, subtitle=made.subtitle, facts=made.facts, pages=2)
    reader, text = read(data)
    assert len(reader.pages) <= 2
    whole = squeezed(text)
    for name, value in made.facts:
        assert squeezed(f"{name}: {value}") in whole
    titles = [entry["/Title"] for entry in reader.outline]
    assert titles == [part.title for part in made.blocks if isinstance(part, Section)]
    texts, _ = opened(docx.document(made.title, made.blocks, subtitle=made.subtitle))
    for part in made.blocks:
        assert isinstance(part, Section)
        for block in part.blocks:
            for line in block.points if isinstance(block, Points) else ():
                assert line.text in texts
                assert squeezed(line.text) in whole
