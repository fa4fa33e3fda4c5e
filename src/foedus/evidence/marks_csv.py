"""Marks of competing hypotheses as CSV, out for analysts to fill in, and in again.

The form is RFC 4180: commas, double quotes, a header line; UTF-8. The columns are ``evidence``,
then ``kind``, ``grade`` and ``claim`` (for readers), then one for each hypothesis. A column
``analyst`` lets one file hold several analysts' marks. An empty cell is *not marked*. What is for
readers is not read back, but where it differs from the case a notice says so: the marks may be of
something else. Upper and lower case count for nothing, since such files are typed by hand.

Spreadsheets run a cell that begins with = + - or @ as a formula. A claim can hold anything, so on
the way out such cells get an apostrophe before them, and on the way in it is taken off.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from immutabledict import immutabledict

from foedus.case.as_of import is_late
from foedus.case.links import EVIDENCE_KINDS
from foedus.case.model import Case, Evidence
from foedus.case.places import Notice, Place
from foedus.case.problems import CaseError, Problem, listed, nearest, shown
from foedus.case.spelling import as_known, composed, retyped
from foedus.case.traps import place_of
from foedus.evidence.scoring import STEPS, Marks
from foedus.forecasting.outside import OTHER

FOR_READERS = ("kind", "grade", "claim")
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
LARGEST = 1 << 20
"""Files over so many bytes are refused, as case files are."""

MARK_WORDS = "CC, C, N, I, II or nothing"


def ach_csv(case: Case, marks: Marks | None = None) -> str:
    """All facts and reports of a case with their marks, as CSV text with CRLF line ends.

    By the case's own marks, or by those given. Cells that a spreadsheet would run are made text.
    """
    hypotheses = (*case.hypotheses, OTHER)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["evidence", *FOR_READERS, *map(_as_text, hypotheses)])
    for item in case.evidence.values():
        if item.kind in EVIDENCE_KINDS and not is_late(case, item):
            row = item.marks if marks is None else marks.get(item.id, {})
            told = [item.id, item.kind, item.grade or "", item.claim]
            writer.writerow(map(_as_text, [*told, *(row.get(h, "") for h in hypotheses)]))
    return out.getvalue()


def read_marks_csv(data: str | bytes, case: Case, file: str = "<marks>") -> dict[str, Marks]:
    """The marks in a CSV file, by analyst: :func:`marks_file` without its notices."""
    return marks_file(data, case, file).by_analyst


class MarksFile(NamedTuple):
    """The marks of a CSV file by analyst, and what its reader should be told."""

    by_analyst: dict[str, Marks]
    notices: tuple[Notice, ...]


def marks_file(data: str | bytes, case: Case, file: str = "<marks>") -> MarksFile:
    """The marks in a CSV file, by analyst; without a column ``analyst``, by the file's name.

    Noticed are claims, kinds and grades that are not those of the case, and marks of items from
    after ``as_of``. Raises CaseError with every problem at its line and column: an unknown column,
    item or mark, an item twice, a row of another length, another separator or encoding.
    """
    rows = _rows(data, file)
    if not rows:
        raise CaseError([Problem("the file is empty", expected="a header line")], file)
    columns = _Columns(case, rows[0])
    if any(p.message.startswith("columns are") for p in columns.problems):
        raise CaseError(columns.problems, file)
    found: dict[str, dict[str, Mapping[str, str]]] = {}
    problems = list(columns.problems)
    for row in rows[1:]:
        problems += columns.read(row, found, PurePath(file).stem or file)
    if problems:
        raise CaseError(problems, file)
    by_analyst: dict[str, Marks] = {name: immutabledict(rows) for name, rows in found.items()}
    return MarksFile(by_analyst, tuple(columns.notices))


def _word(cell: str, place: Place) -> Place:
    """Where the word in a cell begins: after the spaces before it."""
    bare = cell.lstrip(" ")
    return Place(place.line, place.column + len(cell) - len(bare)) if bare != cell else place


Row = list[tuple[str, Place]]
"""The cells of a row with the places where they begin."""


class _Columns:
    """The columns of a file by its header, and how its rows are read."""

    def __init__(self, case: Case, header: Row) -> None:
        self.case = case
        self.hypotheses = (*case.hypotheses, OTHER)
        known = ("evidence", "analyst", *FOR_READERS, *self.hypotheses)
        self.names = [as_known(composed(_plain(text).strip()), known) for text, _ in header]
        self.notices: list[Notice] = []
        self.problems = list(self._header_problems(header))

    def _header_problems(self, header: Row) -> Iterator[Problem]:
        if len(header) == 1:
            for sign, name in ((";", "semicolons"), ("\t", "tabs")):
                if sign in header[0][0]:
                    message = f"columns are set apart by {name}"
                    yield Problem(message, header[0][1], "commas; save the file as CSV with commas")
                    return
        known = ("evidence", "analyst", *FOR_READERS, *self.hypotheses)
        seen: set[str] = set()
        for name, (_, place) in zip(self.names, header, strict=True):
            if name in seen:
                yield Problem(f"column {shown(name)} stands here twice", place)
            elif name not in known:
                expected = f"evidence, analyst, {', '.join(FOR_READERS)} or a hypothesis"
                yield Problem(f"no hypothesis {shown(name)}", place, expected, nearest(name, known))
            seen.add(name)
        if "evidence" not in seen:
            yield Problem("there is no column `evidence`", header[0][1])
        if not seen & set(self.hypotheses):
            expected = listed(self.hypotheses)
            yield Problem("there is no column for a hypothesis", header[0][1], expected)

    def read(
        self, row: Row, found: dict[str, dict[str, Mapping[str, str]]], file: str
    ) -> Iterator[Problem]:
        """Read one row into ``found``; what is wrong with it."""
        if len(row) != len(self.names):
            message = f"a row of {len(row)} cells under {len(self.names)} columns"
            yield Problem(message, row[0][1])
            return
        cells = {
            name: (composed(_plain(text).strip()), _word(text, place))
            for name, (text, place) in zip(self.names, row, strict=True)
        }
        if not any(text for text, _ in cells.values()) or "evidence" not in cells:
            return
        given, place = cells["evidence"]
        cells["evidence"] = as_known(given, self.case.evidence), place
        for hypothesis in {*self.hypotheses} & {*cells}:
            text, place = cells[hypothesis]
            cells[hypothesis] = text.upper() if text.upper() in STEPS else text, place
        problems = [*self._item_problems(*cells["evidence"]), *self._mark_problems(cells)]
        analyst, place = cells.get("analyst", (file, row[0][1]))
        item = cells["evidence"][0]
        if not analyst:
            problems.append(Problem("no analyst is named", place))
        if item in found.get(analyst, {}):
            problems.append(Problem(f"evidence {shown(item)} stands here twice", row[0][1]))
        yield from problems
        if not problems:
            marks = {h: text for h in self.hypotheses if (text := cells.get(h, ("",))[0])}
            found.setdefault(analyst, {})[item] = immutabledict(marks)
            self.notices += self._differences(self.case.evidence[item], cells)

    def _differences(
        self, item: Evidence, cells: Mapping[str, tuple[str, Place]]
    ) -> Iterator[Notice]:
        """What a row says of its item and the case does not."""
        if is_late(self.case, item):
            message = f"{shown(item.id)} is of {item.date}, after as_of ({self.case.as_of}): "
            yield Notice(f"{message}its marks are not used", cells["evidence"][1])
        of_case = {"kind": item.kind, "grade": item.grade or "", "claim": item.claim}
        for name, own in of_case.items():
            text, place = cells.get(name, ("", None))
            if not text or retyped(text) == retyped(own):
                continue
            message = f"the {name} of {shown(item.id)} is {shown(own)} in the case, and not "
            message += shown(text)
            if name == "claim":
                others = self.case.evidence.values()
                same = [e.id for e in others if retyped(e.claim) == retyped(text)]
                message += f", which is that of {shown(same[0])}" if same else ""
            yield Notice(f"{message}: are these marks of the same thing?", place)

    def _item_problems(self, item: str, place: Place) -> Iterator[Problem]:
        known = self.case.evidence
        if item not in known:
            yield Problem(f"no evidence {shown(item)}", place, nearest=nearest(item, known))
        elif known[item].kind not in EVIDENCE_KINDS:
            message = f"evidence {shown(item)} is an {known[item].kind}"
            yield Problem(message, place, "a fact or a report; only these are evidence")

    def _mark_problems(self, cells: dict[str, tuple[str, Place]]) -> Iterator[Problem]:
        for hypothesis in self.hypotheses:
            text, place = cells.get(hypothesis, ("", Place(0, 0)))
            if text and text not in STEPS:
                yield Problem(f"no mark {shown(text)}", place, MARK_WORDS, nearest(text, STEPS))


def _rows(data: str | bytes, file: str) -> list[Row]:
    """The rows with their places; blank lines are left out."""
    text = _text(data, file)
    places = _places(text)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = []
    try:
        for cells, row_places in zip(reader, places, strict=False):
            if cells:
                rows.append(list(zip(cells, row_places, strict=True)))
    except csv.Error as error:
        place = Place(max(reader.line_num, 1), 1)
        raise CaseError([Problem(f"this is no CSV: {error}", place)], file) from None
    return rows


def _text(data: str | bytes, file: str) -> str:
    """The text of a file, without a byte order mark."""
    if len(data) > LARGEST:
        raise CaseError([Problem(f"the file is larger than {LARGEST >> 20} MiB")], file)
    if isinstance(data, str):
        text = data.removeprefix("\ufeff")
    else:
        expected = "UTF-8; in a spreadsheet, save as “CSV UTF-8”"
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise CaseError([Problem("the file is in UTF-16", Place(1, 1), expected)], file)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8-sig", "replace")
            place = place_of(before, len(before))
            message = f"byte {data[error.start]:#04x} is no UTF-8"
            raise CaseError([Problem(message, place, expected)], file) from None
    if "\0" in text:
        place = place_of(text, text.index("\0"))
        raise CaseError([Problem("a NUL character", place, "text")], file)
    return text


def _places(text: str) -> Iterator[Sequence[Place]]:
    """Where the cells of each row begin, found as RFC 4180 sets cells apart; one list a line."""
    line, column = 1, 1
    quoted, closed, start = False, False, True
    row = [Place(1, 1)]
    for k, sign in enumerate(text):
        ended = sign == "\n" or (sign == "\r" and text[k + 1 : k + 2] != "\n")
        if sign == '"' and (quoted or start or closed):
            # A quote that follows a closing one opens again: two of them stand for one.
            closed, quoted = quoted, not quoted
        else:
            closed = False
        start = not quoted and sign == ","
        if start:
            row.append(Place(line, column + 1))
        if ended:
            line, column = line + 1, 1
            if not quoted:
                yield row
                row, start = [Place(line, 1)], True
        else:
            column += 1
    yield row


def _as_text(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula.

    >>> _as_text("=1+1"), _as_text("plain"), _as_text("'=x")
    ("'=1+1", 'plain', "''=x")
    """
    bare = cell.lstrip(" '")
    return f"'{cell}" if bare.startswith(FORMULA) else cell


def _plain(cell: str) -> str:
    """A cell as it was before :func:`_as_text`.

    >>> _plain("'=1+1"), _plain("plain"), _plain("'tis")
    ('=1+1', 'plain', "'tis")
    """
    bare = cell.lstrip(" '")
    return cell[1:] if cell.startswith("'") and bare.startswith(FORMULA) else cell
