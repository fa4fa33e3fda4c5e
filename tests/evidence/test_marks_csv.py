"""CSV in and out: round trips, places of every problem, hostile cells and files."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marked import case_of, item

from foedus.case.model import Place
from foedus.case.problems import CaseError
from foedus.evidence.marks_csv import FORMULA, LARGEST, _places, ach_csv, read_marks_csv

CASE = case_of(
    item("traffic", "- + ."),
    item("speech", ". -- 0", reliability="B", credibility=2, kind="report"),
    item("guess", "- - -", kind="inference"),
)


def problems(data: str | bytes) -> list[tuple[Place | None, str]]:
    with pytest.raises(CaseError) as caught:
        read_marks_csv(data, CASE, "marks.csv")
    assert caught.value.file == "marks.csv"
    return [(p.place, p.text) for p in caught.value.problems]


def test_out_and_in_again() -> None:
    text = ach_csv(CASE)
    assert text.splitlines() == [
        "evidence,kind,grade,claim,a,b,c,other",
        "traffic,fact,,claim of traffic,I,C,,",
        "speech,report,B2,claim of speech,,II,N,",
    ]
    assert text.endswith("\r\n")
    read = read_marks_csv(text, CASE, "north/ann.csv")
    assert read == {"ann": {i: CASE.evidence[i].marks for i in ("traffic", "speech")}}
    given_ = {"speech": {"other": "CC"}}
    assert read_marks_csv(ach_csv(CASE, given_), CASE, "x")["x"]["speech"] == {"other": "CC"}


def test_several_analysts_in_one_file() -> None:
    text = "analyst,evidence,a\nann,traffic,C\nbob,traffic,II\nann,speech,\n"
    assert read_marks_csv(text, CASE) == {
        "ann": {"traffic": {"a": "C"}, "speech": {}},
        "bob": {"traffic": {"a": "II"}},
    }


@pytest.mark.parametrize("sign", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_blank_lines_and_line_ends_do_no_harm(sign: bytes) -> None:
    for end in (b"\n", b"\r\n", b"\r"):
        data = sign + end.join([b"evidence,a", b"", b'"traffic", C ', b","]) + end
        assert read_marks_csv(data, CASE, "x") == {"x": {"traffic": {"a": "C"}}}
    assert read_marks_csv("\ufeffevidence,a\ntraffic,C", CASE, "x")["x"]


def test_every_problem_at_its_place_with_the_nearest() -> None:
    text = (
        'evidence,claim,a,bb,a\ntrafic,"two\nlines, one claim",D,,\n'
        "guess,,cc,,\nspeech,,C\ntraffic,x,C,,\ntraffic,x,C,,\n"
    )
    hypothesis = "expected evidence, analyst, kind, grade, claim or a hypothesis"
    assert problems(text) == [
        (Place(1, 18), f"no hypothesis 'bb'; {hypothesis}; did you mean 'b'?"),
        (Place(1, 21), "column 'a' stands here twice"),
        (Place(2, 1), "no evidence 'trafic'; did you mean 'traffic'?"),
        (
            Place(4, 1),
            "evidence 'guess' is an inference; "
            "expected a fact or a report; only these are evidence",
        ),
        (Place(5, 1), "a row of 3 cells under 5 columns"),
        (Place(7, 1), "evidence 'traffic' stands here twice"),
    ]


def test_marks_that_there_are_not() -> None:
    text = 'evidence,claim,a,b\n"traffic","said ""no"", twice",D,ccc\n,,C,\n'
    assert problems(text) == [
        (Place(2, 32), "no mark 'D'; expected CC, C, N, I, II or nothing"),
        (Place(2, 34), "no mark 'ccc'; expected CC, C, N, I, II or nothing; did you mean 'CC'?"),
        (Place(3, 1), "no evidence ''"),
    ]


@pytest.mark.parametrize(
    ("data", "place", "words"),
    [
        ("", None, "the file is empty"),
        ("evidence;a;b\ntraffic;C;I\n", Place(1, 1), "set apart by semicolons"),
        ("evidence\ta\ntraffic\tC\n", Place(1, 1), "set apart by tabs"),
        ("a,b\nC,I\n", Place(1, 1), "no column `evidence`"),
        ("evidence,claim\ntraffic,x\n", Place(1, 1), "no column for a hypothesis"),
        ("analyst,evidence,a\n,traffic,C\n", Place(2, 1), "no analyst is named"),
        ('evidence,a\n"traffic"x,C\n', Place(2, 1), "this is no CSV"),
        ('evidence,a\n"traffic,C\n', Place(2, 1), "this is no CSV"),
        ("evidence,a\ntraf\0fic,C\n", Place(2, 5), "a NUL"),
        ("evidence,a\ntraffic,C\n".encode("utf-16"), Place(1, 1), "in UTF-16"),
        ("evidence,claim,a\ntraffic,Zürich,C\n".encode("latin-1"), Place(2, 10), "no UTF-8"),
        (b"x" * (LARGEST + 1), None, "larger than 1 MiB"),
        ("evidence,a\n" + "x" * 140_000 + ",C\n", Place(2, 1), "no CSV: field larger"),
    ],
)
def test_files_that_cannot_be_read_say_why(
    data: str | bytes, place: Place | None, words: str
) -> None:
    (told,) = problems(data)
    assert words in told[1]
    assert told[0] == place


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n ',\"ab1"), max_size=12))
def test_no_cell_out_is_a_formula_and_what_was_written_comes_back(claim: str) -> None:
    case = case_of(item("i", "- + ."))
    hostile = case_of(item("i", "- + ."))
    object.__setattr__(hostile.evidence["i"], "claim", claim)
    text = ach_csv(hostile)
    rows = list(csv.reader(io.StringIO(text, newline="")))
    cell = rows[1][3]
    assert not cell.lstrip(" ").startswith(FORMULA)
    assert cell in (claim, f"'{claim}")
    assert read_marks_csv(text, case, "x") == {"x": {"i": {"a": "I", "b": "C"}}}


@given(st.text(alphabet=st.sampled_from('ab,"\r\n '), max_size=30))
@example('a"",')
def test_places_are_where_the_reader_finds_cells(text: str) -> None:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return
    lines = io.StringIO(text, newline="").readlines()
    found = list(_places(text))
    assert len(found) in (len(rows), len(rows) + 1)
    for row, places in zip(rows, found, strict=False):
        if row:
            assert len(row) == len(places)
            for cell, (line, column) in zip(row, places, strict=True):
                here = lines[line - 1][column - 1 :] if line <= len(lines) else ""
                start = here.removeprefix('"')[: len(cell)].replace('""', '"')
                if '"' not in cell and "\n" not in cell and "\r" not in cell:
                    assert start == cell
