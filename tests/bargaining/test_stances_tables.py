"""Tables of stances in every form: out and in again, and what is wrong with its line."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from issues import PLACES, YEARS, issue_of

from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.tables.eu_votes import period_used
from foedus.bargaining.tables.registry import FORMATS, read_stances, stances_format
from foedus.bargaining.tables.tidy import Beside, capability_table, issue_facts, read_tidy
from foedus.case.problems import CaseError

TEXTS = [each.name for each in FORMATS if each.read_text is not None]

DECIDE = """#/\ta remark
#A\tnorth\tThe North
#A\tsouth\tThe South
#P\ttoll\tThe toll
#M\ttoll\t0
#M\ttoll\t10
'#D'\t'north'\t'toll'\t2.5\t0.9\t0.26
#D\tsouth\ttoll\t10\t0.4\t1
"""
KTAB = """Two towns,"a bridge",2,2,
Actor,Description,Power,toll,toll sal,width,width sal,
north,"the north, mostly", 3.5, 10, 40, 60, 20,
south,,1,90,5,0,95
"""
XML = """<?xml version="1.0"?>
<Scenario><name>Two towns</name>
<Dimensions><dName>toll</dName><dName>width</dName></Dimensions>
<Actors>
<Actor><name>north</name><capability>3.5</capability>
<Position><dCoord>10</dCoord><dCoord>60</dCoord></Position>
<Salience><dSal>40</dSal><dSal>20</dSal></Salience></Actor>
<Actor><name>south</name><capability>1</capability>
<Position><dCoord>90</dCoord><dCoord>0</dCoord></Position>
<Salience><dSal>5</dSal><dSal>95</dSal></Salience></Actor>
</Actors></Scenario>
"""
TIDY = """proposal,issue,actor,position,salience,capability
p,toll,north,10,40,3.5
p,toll,south,90,,1
"""


def told(text: str, form: str = "csv", **more: object) -> list[str]:
    """What is wrong with a text."""
    read = stances_format(form).read_text
    assert read is not None
    with pytest.raises(CaseError) as caught:
        read(text, "t", (0.0, 100.0))
    return [str(problem) for problem in caught.value.problems]


def same(one: OrderedIssue, other: OrderedIssue) -> bool:
    columns = ("capability", "position", "salience")
    return one.actors == other.actors and all(
        np.array_equal(getattr(one, k), getattr(other, k)) for k in columns
    )


@st.composite
def proposals(draw: st.DrawFn) -> list[OrderedIssue]:
    """Issues with the same actors, as KTAB has them."""
    n = draw(st.integers(1, 4))
    strong = [draw(st.sampled_from([0.25, 1, 3.5, 100])) for _ in range(n)]
    care = st.sampled_from([0, 0.1, 33, 100])
    return [
        issue_of(*((c, draw(PLACES), draw(care)) for c in strong), issue=f"issue {k}")
        for k in range(draw(st.integers(1, 3)))
    ]


@pytest.mark.parametrize("form", TEXTS)
@settings(max_examples=25)
@given(group=proposals())
def test_what_is_written_is_read_again(form: str, group: list[OrderedIssue]) -> None:
    found = stances_format(form)
    assert found.read_text is not None
    text = found.write(group)
    assert isinstance(text, str)
    assert found.recognises(text)
    again = found.read_text(text, "t", (0.0, 100.0))
    assert [each.issue for each in again] == [each.issue for each in group]
    assert all(same(*pair) for pair in zip(again, group, strict=True))


def test_a_workbook_is_read_again(tmp_path: Path) -> None:
    data = stances_format("xlsx").write([YEARS])
    assert isinstance(data, bytes)
    (tmp_path / "t.xlsx").write_bytes(data)
    (again,) = read_stances(tmp_path / "t.xlsx")
    assert same(again, YEARS)
    assert (again.low, again.high) == (2, 9)


def test_without_openpyxl_a_workbook_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    (tmp_path / "t.xlsx").write_bytes(b"PK")
    with pytest.raises(CaseError, match=r"pip install 'foedus\[tables\]'"):
        read_stances(tmp_path / "t.xlsx")
    with pytest.raises(CaseError, match=r"pip install 'foedus\[tables\]'"):
        stances_format("xlsx").write([YEARS])


@pytest.mark.parametrize("data", [b"", b"PK", b"PK\x03\x04 no more", b"\x00" * 100])
def test_what_is_no_workbook_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "t.xlsx").write_bytes(data)
    with pytest.raises(CaseError, match="this is no Excel workbook"):
        read_stances(tmp_path / "t.xlsx")


@pytest.mark.parametrize(
    ("text", "form", "issues"),
    [(DECIDE, "decide", 1), (KTAB, "ktab-csv", 2), (XML, "ktab-xml", 2), (TIDY, "csv", 1)],
)
def test_the_form_is_told_by_what_a_file_holds(
    tmp_path: Path, text: str, form: str, issues: int
) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    found = read_stances(path)
    assert len(found) == issues
    assert found[0].issue == "toll"
    assert found[0].actors == ("north", "south")
    again = read_stances(path, form)
    assert all(same(*pair) for pair in zip(found, again, strict=True))


def test_what_each_form_says() -> None:
    (toll,) = stances_format("decide").read_text(DECIDE, "t", (0.0, 100.0))  # type: ignore[misc]
    assert (toll.low, toll.high, toll.title, toll.full_salience) == (0, 10, "The toll", 1)
    assert toll.position.tolist() == [2.5, 10]
    assert toll.capability.tolist() == [0.26, 1]
    for text, form in ((KTAB, "ktab-csv"), (XML, "ktab-xml")):
        toll, width = stances_format(form).read_text(text, "t", (0.0, 100.0))  # type: ignore[misc]
        assert toll.position.tolist() == [10, 90]
        assert width.salience.tolist() == [20, 95]
        assert width.capability.tolist() == [3.5, 1]
    (toll,) = read_tidy(TIDY, "t")
    assert toll.salience.tolist() == [40, 0]  # an empty salience is none
    assert (toll.proposal, toll.full_salience) == ("p", 100)


# --- what is wrong --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "to", "wrong"),
    [
        ("10,40", "110,40", "2:1: the position 110 of 'north' is off the scale"),
        ("10,40", "x,40", "2:4: column `position` has 'x'; expected a number"),
        ("10,40", ",40", "2:4: column `position` is empty"),
        ("10,40", "nan,40", "2:4: column `position` has 'nan'"),
        ("10,40", "inf,40", "2:4: column `position` has 'inf'"),
        ("10,40", "1e999,40", "2:4: column `position` has '1e999'"),
        ("10,40", "10,101", "2:5: column `salience` has '101'; expected a number from 0 to 100"),
        ("10,40", "10,-1", "2:5: column `salience` has '-1'"),
        ("10,40", '"10,5",40', "2:4: column `position` has '10,5'"),
        ("10,40", "10,5,40", "2:1: a row of 7 cells under 6 columns"),
        ("3.5", "-3.5", "2:6: column `capability` has '-3.5'; expected a number from 0 on"),
        ("3.5", "", "2:6: column `capability` is empty"),
        ("south", "north", "3:1: 'north' has a stance on 'toll' already, in line 2"),
        ("south", "", "3:1: no actor is named"),
        (",position", ",positon", "1:1: there is no column `position`"),
        (",capability", ",power", "1:1: no capabilities are given"),
        (",capability", ",actor", "1:6: column 'actor' is there twice"),
    ],
)
def test_what_is_wrong_with_a_plain_table(changed: str, to: str, wrong: str) -> None:
    first, *_ = told(TIDY.replace(changed, to, 1))
    assert first.startswith(wrong)


def test_all_that_is_wrong_is_told_at_once() -> None:
    text = TIDY.replace("10,40,3.5", "x,y,z").replace("90,,1", "900,,1")
    assert [line.partition(": ")[2][:25] for line in told(text)] == [
        "column `position` has 'x'",
        "column `salience` has 'y'",
        "column `capability` has '",
        "the position 900 of 'sout",
    ]


def test_a_decimal_comma_is_told_as_such() -> None:
    assert "with a decimal point" in told(TIDY.replace("10,40", '"10,5",40'))[0]
    semicolons = TIDY.replace(",", ";").replace("3.5", "3,5")
    (line,) = told(semicolons)  # columns may be set apart by semicolons
    assert line.startswith(
        "2:6: column `capability` has '3,5'; expected a number from 0 on, with a"
    )


@pytest.mark.parametrize("text", ["", "actor,position,salience,capability\n", '"', 'actor,"x'])
def test_a_table_of_nothing_is_refused(text: str) -> None:
    assert told(text)


@pytest.mark.parametrize(
    ("form", "text", "changed", "to", "wrong"),
    [
        ("decide", DECIDE, "'north'\t'toll'", "'nort'\t'toll'", "7:1: no actor 'nort'"),
        ("decide", DECIDE, "2.5", "250", "7:1: the position 250 of 'north' is off the scale"),
        ("decide", DECIDE, "0.26", "-0.26", "7:1: column `power` has '-0.26'"),
        ("decide", DECIDE, "#/", "#Q", "1:1: a line begins with '#Q'"),
        ("decide", DECIDE, "\t0.26", "", "7:1: column `power` is empty"),
        ("decide", DECIDE, "#M\ttoll\t10", "#M\ttoll\tten", "6:1: column `position` has 'ten'"),
        ("decide", DECIDE, "#A\tnorth", "#A\t", "2:1: #A without an id"),
        ("ktab-csv", KTAB, ",2,2,", ",3,2,", "1:1: the first line tells of '3' actors, and there"),
        ("ktab-csv", KTAB, "90,5,0", "90,5", "4:1: a row of 6 cells under 7 columns"),
        ("ktab-csv", KTAB, "90", "900", "4:1: the position 900 of 'south' is off the scale"),
        ("ktab-csv", KTAB, " 40", " forty", "3:1: column `salience` has 'forty'"),
        ("ktab-csv", KTAB, ",width,width sal", ",width", "2:1: this header has no such columns"),
        ("ktab-xml", XML, "<dSal>20</dSal>", "", "5:1: 1 dSal for 2 dimensions"),
        ("ktab-xml", XML, "<dCoord>10<", "<dCoord>ten<", "6:11: column `dCoord` has 'ten'"),
        ("ktab-xml", XML, "</Scenario>", "", "12:1: this is no XML"),
        ("ktab-xml", XML, "<Scenario>", "<!DOCTYPE x [<!ENTITY a 'b'>]><Scenario>", "2:13: a decl"),
        ("ktab-xml", XML, "<name>Two towns</name>", "<a>" * 30 + "</a>" * 30, "2:"),
    ],
)
def test_what_is_wrong_with_another_program_s_file(
    form: str, text: str, changed: str, to: str, wrong: str
) -> None:
    assert changed in text
    assert told(text.replace(changed, to, 1), form)[0].startswith(wrong)


@pytest.mark.parametrize("form", TEXTS)
@settings(max_examples=60)
@given(text=st.text(max_size=60) | st.sampled_from([DECIDE, KTAB, XML, TIDY]).map(lambda t: t[:90]))
def test_no_text_is_more_than_refused(form: str, text: str) -> None:
    read = stances_format(form).read_text
    assert read is not None
    with suppress(CaseError):
        assert read(text, "t", (0.0, 100.0))


def test_what_a_form_cannot_hold_is_refused() -> None:
    tabbed = issue_of((1, 2, 3), issue="a\tb")
    with pytest.raises(ValueError, match="a tab or a line end"):
        stances_format("decide").write([tabbed])
    for form in ("ktab-csv", "ktab-xml"):
        with pytest.raises(ValueError, match="'j' has other actors or capabilities than 'i'"):
            stances_format(form).write([issue_of((1, 2, 3)), issue_of((2, 2, 3), issue="j")])
    with pytest.raises(ValueError, match="did you mean 'decide'"):
        stances_format("decid")


def test_cells_that_a_spreadsheet_would_run_are_text() -> None:
    issue = issue_of((1, 2, 3), issue="=1+1")
    for form in ("csv", "ktab-csv"):
        text = stances_format(form).write([issue])
        assert isinstance(text, str)
        assert "'=1+1" in text
        (again,) = stances_format(form).read_text(text, "t", (0.0, 100.0))  # type: ignore[misc]
        assert again.issue == "=1+1"


# --- tables beside --------------------------------------------------------------------------------

FACTS = """proposal,issue,title,period,introduced,low,high,reference_point,outcome
p,toll,The toll,,2004-04-30,0,200,150,what nobody reads
"""
STRONG = """actor,period,capability
north,pre2004,10
north,nice,29
south,eu25,1
south,nice,2
"""


def beside(facts: str = FACTS, strong: str = STRONG, **more: str) -> Beside:
    return Beside(issue_facts(facts, "f"), capability_table(strong, "c"), **more)


def read_beside(tmp_path: Path, text: str, tables: Beside) -> OrderedIssue:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    (found,) = read_stances(path, beside=tables)
    return found


def test_facts_and_capabilities_of_the_day(tmp_path: Path) -> None:
    toll = read_beside(tmp_path, TIDY, beside())
    assert (toll.low, toll.high, toll.reference, toll.title) == (0, 200, 150, "The toll")
    assert toll.capability.tolist() == [10, 1]  # the south is not told of before: the next period
    for day, strong in (("2004-05-01", [10, 1]), ("2004-11-01", [29, 2]), ("2020-01-01", [29, 2])):
        later = beside(FACTS.replace("2004-04-30", day))
        assert read_beside(tmp_path, TIDY, later).capability.tolist() == strong


def test_issues_are_found_by_their_ids_where_these_are_single(tmp_path: Path) -> None:
    """A proposal of a table may have issues that another table has under another one."""
    bare = TIDY.replace("p,toll", ",toll")
    assert read_beside(tmp_path, bare, beside()).proposal == "p"
    assert read_beside(tmp_path, TIDY.replace("p,toll", "q,toll"), beside()).proposal == "q"
    twice = beside(FACTS + "r,toll,,nice,,,,,\n")
    assert read_beside(tmp_path, TIDY, twice).title == "The toll"
    with pytest.raises(CaseError, match="no issue 'toll'"):
        read_beside(tmp_path, bare, twice)


def test_rows_that_disagree_on_their_issue_are_refused() -> None:
    text = "actor,position,salience,capability,high\na,1,1,1,10\nb,1,1,1,20\n"
    (line,) = told(text)
    assert line == "3:1: another row says other things of issue 'issue' as a whole"


def test_a_period_that_is_named_counts_before_the_day(tmp_path: Path) -> None:
    named = beside(FACTS.replace("The toll,,", "The toll,nice,"))
    assert read_beside(tmp_path, TIDY, named).capability.tolist() == [29, 2]
    lisbon = FACTS.replace("The toll,,", "The toll,lisbon,")
    assert read_beside(tmp_path, TIDY, beside(lisbon)).capability.tolist() == [29, 2]
    populations = STRONG + "north,lisbon_pop,80\nsouth,lisbon_pop,5\n"
    other = beside(lisbon, populations, after_2014="lisbon_pop")
    assert read_beside(tmp_path, TIDY, other).capability.tolist() == [80, 5]


def test_which_period_counts() -> None:
    known = {"pre2004": 1, "nice": 2}
    assert period_used("eu25", known, "nice") == "pre2004"
    assert period_used("lisbon", known, "nice") == "nice"
    assert period_used("lisbon", known, "x") is None
    assert period_used("", known, "nice") is None


@pytest.mark.parametrize(
    ("facts", "strong", "wrong"),
    [
        (FACTS.replace("toll,The", "tol,The"), STRONG, "no issue 'toll' in the table of issues"),
        (FACTS, STRONG.replace("south", "suoth"), "no capability of 'south'"),
        (FACTS.replace("2004-04-30", ""), STRONG, "for its issue has no period"),
        (FACTS.replace("2004-04-30", "soon"), STRONG, "column `introduced` has 'soon'"),
        (FACTS.replace(",150,", ",250,"), STRONG, "column `reference_point` has '250'"),
        (FACTS.replace("0,200", "200,0"), STRONG, "the scale goes from 200 to 0"),
        (FACTS + "p,toll,,,,,,,\n", STRONG, "issue 'toll' stands in line 2 already"),
        (FACTS + "p,,,,,,,,\n", STRONG, "no issue is named"),
        (FACTS, STRONG + "south,nice,3\n", "'south' has a capability in 'nice' already"),
        (FACTS, "actor,capability\n", "nothing below the heading"),
        (FACTS, "actor,capability\nsouth,x\n", "column `capability` has 'x'"),
    ],
)
def test_what_is_wrong_with_tables_beside(
    tmp_path: Path, facts: str, strong: str, wrong: str
) -> None:
    with pytest.raises(CaseError) as caught:
        read_beside(tmp_path, TIDY, beside(facts, strong))
    assert wrong in str(caught.value)


def test_tables_beside_go_with_plain_tables_alone(tmp_path: Path) -> None:
    with pytest.raises(CaseError, match="do not go with KTAB's CSV"):
        read_beside(tmp_path, KTAB, beside())


# --- outside files --------------------------------------------------------------------------------

OUTSIDE = os.environ.get("FOEDUS_REFERENCE")
outside = pytest.mark.skipif(OUTSIDE is None, reason="FOEDUS_REFERENCE=DIR not set: tables unread")


@pytest.mark.reference
@outside
@pytest.mark.parametrize(
    ("name", "issues", "stances"),
    [("cop21.csv", 13, 181), ("copenhagen.csv", 7, 75), ("sample_data.txt", 6, 60)],
)
def test_outside_files_of_decide(name: str, issues: int, stances: int) -> None:
    found = read_stances(Path(str(OUTSIDE)) / "bargaining" / name)
    assert (len(found), sum(len(each.actors) for each in found)) == (issues, stances)


@pytest.mark.reference
@outside
def test_an_outside_file_with_errors() -> None:
    with pytest.raises(CaseError) as caught:
        read_stances(Path(str(OUTSIDE)) / "bargaining" / "copenhagen_with_errors.csv")
    assert [p.place.line for p in caught.value.problems if p.place] == [86, 87]
