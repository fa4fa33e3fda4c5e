"""Tables from outside: what is read, and how what is wrong is told."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from pathlib import Path

import pytest

from foedus.case.problems import CaseError
from foedus.case.reading import case_from_data
from foedus.coalition.analyst import read_chamber
from foedus.coalition.as_case import case_data
from foedus.coalition.from_case import governments_of
from foedus.coalition.opportunities import read_opportunities
from foedus.coalition.solve import governments
from foedus.sheets.sheet import read_sheet

OPPORTUNITIES = "opp,after_election,seats_total,majority_needed,n_parties\nx-1,1,100,51,3\n"
PARTIES = """opp,party_id,party,seats,left_right,in_prev_cabinet,was_pm,prev_election_seat_share
x-1,7,Reds,45,2.5,1,1,0.5
x-1,8,Blues,40,7,0,0,
x-1,9,Centre,15,5,1,0,0.1
"""
HISTORY = "opp,party_id,n_past_cabinets,n_past_in_gov\nx-1,7,4,2\nx-1,8,4,1\n"
PAIRS = "opp,party_a,party_b,n_past_both_in_gov,n_past_one_in_gov\nx-1,7,9,2,1\n"
NAMES = ("opportunities.csv", "parties.csv", "history.csv", "pairs.csv")


def written(folder: Path, *texts: str) -> list[str]:
    """The tables as files."""
    paths = [folder / name for name in NAMES[: len(texts)]]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return [str(path) for path in paths]


def wrong(folder: Path, *texts: str) -> str:
    with pytest.raises(CaseError) as error:
        read_opportunities(written(folder, *texts))
    return str(error.value).replace(f"{folder}/", "")


def test_four_tables_make_chambers(tmp_path: Path) -> None:
    (c,) = read_opportunities(written(tmp_path, OPPORTUNITIES, PARTIES, HISTORY, PAIRS))
    assert c.parties == ("7", "8", "9")
    assert c.names == ("Reds", "Blues", "Centre")
    assert c.seats.tolist() == [45, 40, 15]
    assert (c.majority, c.chamber, c.premier, c.after_election) == (51, 100, 0, True)
    assert c.governing.tolist() == [True, False, True]
    assert c.swing == pytest.approx([-0.05, 0, 0.05])
    assert c.cabinets.tolist() == [4, 4, 0]
    assert c.together[0, 2] == c.together[2, 0] == 2
    assert c.apart[0, 2] == 1
    (alone,) = read_opportunities(written(tmp_path, OPPORTUNITIES, PARTIES))
    assert not alone.together.any()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "45,2.5",
            '45,"2,5"',
            "expected a number from 0 to 10, with a decimal point",
        ),
        ("45,2.5", "45,nan", "parties.csv:2:5: column `left_right` has 'nan'"),
        ("45,2.5", "45,inf", "parties.csv:2:5: column `left_right` has 'inf'"),
        ("45,2.5", "45,", "parties.csv:2:5: column `left_right` is empty"),
        ("45,2.5", "45,11", "expected a number from 0 to 10"),
        ("45,2.5", "45.5,2.5", "parties.csv:2:4: column `seats` has '45.5'"),
        ("45,2.5", "145,2.5", "expected a whole number from 1 to 100"),
        ("45,2.5", "75,2.5", "the parties of 'x-1' have 130 seats together; expected at most 100"),
        ("45,2.5", "-45,2.5", "column `seats` has '-45'"),
        ("x-1,7", "x-2,7", "parties.csv:2:1: opp: there is no 'x-2'; expected such as 'x-1'"),
        ("x-1,9", "x-1,8", "party_id: '8' is there twice in 'x-1'"),
        ("x-1,9,Centre,15,5,1,0,0.1\n", "", "has 2 parties here and 3 by its n_parties"),
        ("left_right", "left_rigth", "no column `left_right`"),
        ("left_right", "left_rigth", "did you mean 'left_rigth'?"),
        ("seats,", "opp,", "column 'opp' is there twice"),
        ("1,1,0.5", "1,1", "parties.csv:2:1: a row of 7 cells under 8 columns"),
        ("1,1,0.5", "2,1,0.5", "column `in_prev_cabinet` has '2'"),
        ("Reds", '"Reds', "this is no CSV"),
    ],
)
def test_what_is_wrong_with_parties(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in PARTIES
    assert told in wrong(tmp_path, OPPORTUNITIES, PARTIES.replace(old, new, 1))


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    bad = PARTIES.replace("45,2.5", "x,12").replace("40,7", "40,y")
    assert len(wrong(tmp_path, OPPORTUNITIES, bad).splitlines()) == 3


def test_what_is_wrong_with_the_others(tmp_path: Path) -> None:
    twice = OPPORTUNITIES + "x-1,1,100,51,3\n"
    assert "opportunities.csv:3:1: opp: 'x-1' is there twice" in wrong(tmp_path, twice, PARTIES)
    none = OPPORTUNITIES + "x-9,1,100,51,\n"
    assert "'x-9' has no parties" in wrong(tmp_path, none, PARTIES)
    many = HISTORY.replace("4,2", "4,5")
    assert "history.csv:2:4" in wrong(tmp_path, OPPORTUNITIES, PARTIES, many)
    unknown = HISTORY + "x-1,70,4,2\n"
    assert "party_id: there is no '70'" in wrong(tmp_path, OPPORTUNITIES, PARTIES, unknown)
    turned = PAIRS + "x-1,9,7,2,1\n"
    assert "are there twice" in wrong(tmp_path, OPPORTUNITIES, PARTIES, HISTORY, turned)
    itself = PAIRS + "x-1,8,8,0,0\n"
    assert "is the same party" in wrong(tmp_path, OPPORTUNITIES, PARTIES, HISTORY, itself)


def test_outcomes_are_no_input(tmp_path: Path) -> None:
    outcomes = "opp,members,pm_party\nx-1,7 9,7\n"
    for texts in (
        (outcomes, PARTIES),
        (OPPORTUNITIES, outcomes),
        (OPPORTUNITIES, PARTIES, outcomes),
    ):
        assert "these are outcomes" in wrong(tmp_path, *texts)


def test_thirteen_parties_are_refused(tmp_path: Path) -> None:
    rows = "".join(f"x-1,{k},P,7,5,0,0,\n" for k in range(13))
    head = PARTIES.splitlines()[0] + "\n"
    told = wrong(tmp_path, OPPORTUNITIES.replace("51,3", "51,13"), head + rows)
    assert "'x-1' has 13 parties; expected at most 12" in told


def test_no_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    for content, told in (
        (b"", "the table is empty"),
        (b"a,b\n", "nothing below the heading"),
        (b"a,,c\n1,2,3\n", "column 2 has no name"),
        (b"a,\xff\n", "is not UTF-8"),
        (b"\xff\xfea\0", "UTF-16"),
    ):
        path.write_bytes(content)
        with pytest.raises(CaseError, match=told):
            read_sheet(path)
    with pytest.raises(CaseError, match="no such file"):
        read_sheet(tmp_path / "u.csv")
    with pytest.raises(CaseError, match="a directory"):
        read_sheet(tmp_path)


OWN = """party_name_short;seats;lrgen;lrgen_sd;cabinet_party;prime_minister;prev seats
Reds;45;2.5;0.5;1;yes;50
Blues;40;7;;0;no;40
Gone;0;9;;0;no;10
"""


def test_an_analysts_table_under_other_names(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(OWN, encoding="utf-8")
    read = read_chamber(str(path))
    c = read.opportunity
    assert read.columns["left_right"] == "lrgen"
    assert read.columns["previous_seats"] == "prev seats"
    assert (c.parties, c.names, c.majority, c.premier) == (
        ("reds", "blues"),
        ("Reds", "Blues"),
        43,
        0,
    )
    assert c.spread is not None
    assert c.spread.tolist() == [0.5, 0]
    assert read.notes == ("without seats, and left out: Gone",)
    assert read_chamber(str(path), 60).opportunity.majority == 60


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Blues;40", "Reds;40", "'Reds' is there twice"),
        ("0;no;40", "0;yes;40", "cannot both have the prime minister"),
        ("1;yes", "0;yes", "has the prime minister and does not govern"),
        ("1;yes", "1;perhaps", "expected 1 or 0, yes or no"),
        ("45;2.5", "45;2,5", "with a decimal point"),
        ("lrgen;", "lrgne;", "no column `left_right`"),
        ("Blues;40", "Blues;0", "one party has seats; expected 2 to 12"),
    ],
)
def test_what_is_wrong_with_an_analysts_table(
    tmp_path: Path, old: str, new: str, told: str
) -> None:
    path = tmp_path / "p.csv"
    path.write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CaseError, match=told):
        read_chamber(str(path))


def test_more_seats_than_there_are_is_no_majority(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(OWN, encoding="utf-8")
    with pytest.raises(CaseError, match="85 seats"):
        read_chamber(str(path), 86)


def test_a_workbook(tmp_path: Path) -> None:
    """The same as CSV."""
    path = tmp_path / "p.xlsx"
    path.write_bytes(b"PK no workbook")
    with pytest.raises(CaseError, match="this is no Excel workbook"):
        read_sheet(path)
    book = import_module("openpyxl").Workbook()
    for line in OWN.splitlines():
        book.active.append([int(c) if c.isdigit() else c for c in line.split(";")])
    book.save(path)
    assert read_chamber(str(path)).opportunity.seats.tolist() == [45, 40]


def test_shares_of_seats_and_a_survey_s_names(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("party,seat,lrgen,govt\nA,45.5,3,1\nB,54.5,6,0\n", encoding="utf-8")
    c = read_chamber(str(path)).opportunity
    assert c.majority == 50.01
    assert not c.after_election
    case = case_data(c, date(2025, 1, 31))
    right = case["issues"]["government"]["decided_by"]["b"][0]["by"]["all"][0]
    assert right == {"at_least": 50.01, "of": {"a": 45.5, "b": 54.5}}
    direct = governments(c)
    again = governments_of(case_from_data(case))
    assert again.government("b").p == pytest.approx(direct.government("b").p, rel=1e-4)
