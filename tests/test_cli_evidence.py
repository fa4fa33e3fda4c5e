"""The commands on evidence, in process: what they print, and how what is wrong is told."""

from __future__ import annotations

import csv
import io
import json
import re
from functools import partial
from pathlib import Path

import commands
import pytest
from typer.testing import CliRunner, Result

import foedus
from foedus import whole_report
from foedus.cli.app import app
from foedus.evidence.ablation import leave_one_out
from foedus.evidence.audit import audit
from foedus.evidence.competing import ach
from foedus.evidence.concordance import concordance
from foedus.evidence.updating import bayes

ROOT = Path(__file__).parent.parent
BELARUS = str(ROOT / "cases" / "belarus-2024.yaml")

CASE = """\
foedus: 1
title: Two roads
as_of: 2020-01-01
deadline: 2021-01-01
today: {road: none}
actors:
  town: {name: The town}
  county: {name: The county}
issues:
  road:
    positions: {none: No road, north: By the north, south: By the south}
    decided_by: town and county
    pace: roads-begun
arrangements:
  north: {name: The northern road, when: road = north}
  south: {name: The southern road, when: road = south}
hypotheses: [north, south]
preferences:
  town:
    worth:
      near: {when: road = north, value: [-5, 10, 20]}
      far: {when: road = south, value: [-5, 5, 20]}
  county:
    worth:
      cheap: {when: road = south, value: [-5, 5, 10], because: [purse]}
      dear: {when: road = north, value: [-5, 2, 10]}
records:
  roads-begun: {since: 2000-01-01, until: 2020-01-01, agreed: 9, done: 3, willing: yes}
reference_classes:
  roads: {cases: 10, occurred: 4, about: north}
evidence:
  survey:
    kind: fact
    claim: The northern ground was surveyed
    source: The county's gazette
    reliability: B
    credibility: 2
    origin: gazette
    marks: {north: CC, south: I, other: I}
    likelihood: {north: 0.8, south: 0.2, other: 0.2}
  copy:
    kind: report
    claim: The survey was told of in the paper
    source: The paper
    reliability: C
    credibility: 3
    origin: gazette
    marks: {north: C, south: I}
  purse:
    kind: fact
    claim: There is money for the southern road alone
    source: The budget
    reliability: A
    credibility: 1
    marks: {north: I, south: C}
    likelihood: {north: 0.4, south: [0.5, 0.6, 0.9], other: 0.4}
"""


run = partial(commands.run, "evidence")
answered = partial(commands.answered, "evidence")
data = partial(commands.data, "evidence")
refused = partial(commands.refused, "evidence")


@pytest.fixture
def roads(tmp_path: Path) -> str:
    path = tmp_path / "roads.yaml"
    path.write_text(CASE, encoding="utf-8")
    return str(path)


def marks(path: Path, *rows: str, header: str = "evidence,north,south,other") -> str:
    path.write_text("".join(f"{line}\n" for line in (header, *rows)), encoding="utf-8")
    return str(path)


def words(text: str) -> str:
    return " ".join(text.split())


# --- competing hypotheses -----------------------------------------------------------------------


def test_ach_says_what_python_says(roads: str) -> None:
    case = foedus.load(roads)
    assert data("ach", roads) == ach(case).to_dict()
    asked = ("--scoring", "parc", "--weights", "equal", "--origins", "each")
    told = data("ach", roads, *asked)
    assert told == ach(case, None, "parc", "equal", "each").to_dict()
    assert told["scoring"] == "parc"
    assert told["hypotheses"] != data("ach", roads)["hypotheses"]


def test_ach_shows_the_matrix_and_the_answer() -> None:
    text = words(answered("ach", BELARUS))
    assert "has least against it" in text
    assert "Evidence and hypotheses" in text
    assert "What speaks against each hypothesis" in text


def test_a_matrix_goes_out_and_comes_in_again(tmp_path: Path) -> None:
    out = tmp_path / "marks.csv"
    result = run("ach", BELARUS, "--csv", str(out), "--json")
    assert result.exit_code == 0
    assert f"written: {out}" in result.stderr
    told = json.loads(result.stdout)
    assert told == data("ach", BELARUS)
    again = data("ach", BELARUS, "--marks", str(out))
    # Assumptions and inferences with marks are no rows of the matrix.
    assert told.pop("passed_over")
    assert again.pop("passed_over") == []
    assert again == told


def test_a_matrix_is_printed_alone(roads: str) -> None:
    rows = list(csv.DictReader(io.StringIO(answered("ach", roads, "--csv", "-"))))
    assert [row["evidence"] for row in rows] == ["survey", "copy", "purse"]
    assert [row["other"] for row in rows] == ["I", "", ""]
    assert refused("ach", roads, "--csv", "-", "--json") == [
        "--csv: `--csv -` and `--json` would print two answers"
    ]


def test_a_matrix_that_may_have_been_filled_in_is_not_written_over(
    roads: str, tmp_path: Path
) -> None:
    out = tmp_path / "marks.csv"
    out.write_text("mine", encoding="utf-8")
    assert refused("ach", roads, "--csv", str(out)) == [
        f"--csv: cannot write {out}: it is there already; --force writes over it"
    ]
    assert out.read_text(encoding="utf-8") == "mine"
    answered("ach", roads, "--csv", str(out), "--force")
    assert out.read_text(encoding="utf-8").startswith("evidence,kind,grade,claim,north")
    (line,) = refused("ach", roads, "--csv", str(tmp_path / "nowhere" / "m.csv"))
    assert "there is no directory" in line


def test_marks_take_the_place_of_the_cases_own(roads: str, tmp_path: Path) -> None:
    mine = marks(tmp_path / "ann.csv", "purse,II,CC,N")
    told = data("ach", roads, "--marks", mine)
    assert told["ranking"][0] != data("ach", roads)["ranking"][0]
    assert told["items"]["purse"]["marks"] == {"north": "II", "south": "CC", "other": "N"}


def test_several_analysts_are_compared(roads: str, tmp_path: Path) -> None:
    ann = marks(tmp_path / "ann.csv", "survey,CC,II,N", "purse,I,C,N")
    bob = marks(tmp_path / "bob.csv", "survey,C,II,N", "purse,II,CC,N")
    told = data("ach", roads, "--marks", ann, "--marks", bob)
    assert list(told["rankings"]) == ["ann", "bob"]
    assert {c["hypothesis"] for c in told["cells"] if c["apart"]} == {"north", "south"}
    text = words(answered("ach", roads, "--marks", ann, "--marks", bob))
    assert "Where the analysts differ most" in text
    middle = answered("ach", roads, "--marks", ann, "--marks", bob, "--csv", "-")
    row = next(row for row in csv.DictReader(io.StringIO(middle)) if row["evidence"] == "survey")
    assert row["north"] == "C"  # between C and CC, the one nearer N
    both = marks(
        tmp_path / "both.csv",
        *("ann,survey,CC,II,N", "ann,purse,I,C,N", "bob,survey,C,II,N", "bob,purse,II,CC,N"),
        header="analyst,evidence,north,south,other",
    )
    assert data("ach", roads, "--marks", both) == told


def test_marks_that_are_wrong_are_told_with_line_and_column(roads: str, tmp_path: Path) -> None:
    bad = marks(tmp_path / "bad.csv", "survey,C,X,N", "purce,C,C,C")
    first, second = refused("ach", roads, "--marks", bad)
    assert first.startswith(f"{bad}:2:10: no mark 'X'")
    assert second.startswith(f"{bad}:3:1: no evidence 'purce'")
    assert "'purse'" in second
    strange = marks(tmp_path / "strange.csv", "survey,C", header="evidence,nrth")
    lines = refused("ach", roads, "--marks", strange)
    line = next(line for line in lines if line.startswith(f"{strange}:1:10:"))
    assert "no hypothesis 'nrth'" in line
    assert "'north'" in line
    (line,) = refused("ach", roads, "--marks", str(tmp_path / "none.csv"))
    assert line.startswith(f"--marks: {tmp_path / 'none.csv'}: there is no such file")
    empty = marks(tmp_path / "empty.csv")
    (line,) = refused("ach", roads, "--marks", empty)
    assert line.startswith(f"--marks: {empty}: no item of evidence is marked")


def test_one_name_is_one_analyst(roads: str, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    one = marks(tmp_path / "ann.csv", "survey,C,I,N")
    other = marks(tmp_path / "b" / "ann.csv", "survey,C,C,N")
    (line,) = refused("ach", roads, "--marks", one, "--marks", other)
    assert line.startswith(f"--marks: {other}: marks of 'ann' are given twice")


def test_marks_in_the_case_for_an_unknown_hypothesis(tmp_path: Path) -> None:
    path = tmp_path / "roads.yaml"
    path.write_text(CASE.replace("{north: I, south: C}", "{norht: I, south: C}"), encoding="utf-8")
    (line,) = refused("ach", str(path))
    row = next(
        k for k, text in enumerate(path.read_text("utf-8").splitlines(), 1) if "norht" in text
    )
    assert line.startswith(f"{path}:{row}:13: ")
    assert "norht" in line
    assert "'north'" in line


def test_likelihoods_that_leave_nothing_possible(tmp_path: Path) -> None:
    path = tmp_path / "roads.yaml"
    text = CASE.replace("{north: 0.8, south: 0.2, other: 0.2}", "{north: 0, south: 0, other: 0}")
    path.write_text(text, encoding="utf-8")
    lines = refused("bayes", str(path))
    assert lines
    assert all(line.startswith(f"{path}:") and line[len(f"{path}:")].isdigit() for line in lines)


# --- weighing -----------------------------------------------------------------------------------


def test_bayes_says_what_python_says(roads: str) -> None:
    case = foedus.load(roads)
    told = data("bayes", roads)
    found = bayes(case)
    agreed = concordance(case, ach(case), found).to_dict()
    assert told == {**found.to_dict(), "inside_draws": 0, "concordance": agreed}
    assert (told["seed"], told["draws"], told["prior"]["ranged"]) == (1, 4000, False)
    assert data("bayes", roads, "--seed", "7")["seed"] == 7
    assert told["prior"]["name"] == "equal chances"
    assert [p["views"] for p in told["concordance"]["pairings"]] == [
        ["ACH", "the weighed evidence"]
    ]


def test_a_prior_can_be_stated(tmp_path: Path) -> None:
    path = tmp_path / "roads.yaml"
    path.write_text(CASE.replace("[0.5, 0.6, 0.9]", "0.6"), encoding="utf-8")
    roads = str(path)
    told = data("bayes", roads, "--prior", "north=0.1,south=0.7")
    assert told["prior"]["shares"] == pytest.approx({"north": 0.1, "south": 0.7, "other": 0.2})
    # The copy has the survey's origin and no likelihoods: two origins speak, by Bayes' rule.
    likely = {"north": 0.8 * 0.4, "south": 0.2 * 0.6, "other": 0.2 * 0.4}
    joint = {h: told["prior"]["shares"][h] * p for h, p in likely.items()}
    after = {h: found["p"] for h, found in told["posterior"].items()}
    assert after == pytest.approx({h: p / sum(joint.values()) for h, p in joint.items()})
    other = data("bayes", roads, "--prior", "south = 0.7, other=0.2, north=0.1")
    assert other["prior"]["shares"] == pytest.approx(told["prior"]["shares"])
    outside = data("bayes", roads, "--prior", "outside")
    assert outside["prior"]["shares"]["north"] == pytest.approx(4.5 / 11)


@pytest.mark.parametrize(
    ("prior", "told"),
    [
        ("flt", "no prior 'flt'; expected flat, outside, or a chance for each hypothesis; did you"),
        ("nort=0.5,south=0.5", "no hypothesis 'nort'"),
        ("north=0.5", "no chance is given for south"),
        ("north=0.5,south=x", "'south=x' gives no chance"),
        ("north=0.5,south=nan", "'south=nan' gives no chance"),
        ("north=0.9,south=0.9", "the chances sum to 1.8"),
        ("north=0.2,south=0.2,other=0.2", "the chances sum to 0.6"),
        ("north=0.2,north=0.2,south=0.2", "'north' is given twice"),
        ("", "no chance is given for north and south"),
    ],
)
def test_a_prior_that_is_none(prior: str, told: str, roads: str) -> None:
    (line,) = refused("bayes", roads, "--prior", prior)
    assert line.startswith(f"--prior: {told}")


def test_the_inside_view_is_compared_when_it_is_asked_for(roads: str) -> None:
    few = ("--draws", "100", "--workers", "1", "--quiet")
    told = data("bayes", roads, *few)
    assert list(told["concordance"]["orders"]) == ["ACH", "the weighed evidence", "the inside view"]
    text = words(answered("bayes", roads, *few))
    assert "Do the views agree?" in text
    assert "the weighed evidence and the inside view" in text


def test_without_likelihoods_there_is_nothing_to_weigh() -> None:
    text = words(answered("bayes", BELARUS))
    assert "there is nothing to weigh" in text


@pytest.mark.parametrize("command", [("ach",), ("ach", "--csv", "-"), ("bayes",)], ids=" ".join)
def test_without_hypotheses_there_is_nothing_to_speak_for(
    command: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "case.yaml"
    text = re.sub(r"(marks|likelihood): {.*}", "note: none", CASE)
    path.write_text(re.sub(r"hypotheses: .*", "", text).replace("    note: none\n", ""), "utf-8")
    name, *more = command
    assert refused(name, str(path), *more) == [f"{path}: the case names no hypotheses to weigh"]


# --- audit --------------------------------------------------------------------------------------


def found(result: Result) -> list[str]:
    """What a check that fails says beside its answer."""
    assert result.exit_code == 1, result.output
    assert result.stdout
    return result.stderr.splitlines()


def test_audit_says_what_python_says(roads: str) -> None:
    told = data("audit", roads)
    assert told == {**audit(foedus.load(roads)).to_dict(), "leave_one_out": None, "strikes": None}
    later = data("audit", roads, "--stale-after", "2")
    assert later["stale_after"] == 2
    text = words(answered("audit", roads))
    assert "Score card" in text


def test_a_check_fails_on_what_it_names(roads: str) -> None:
    lines = found(run("audit", roads, "--fail-on", "no-locator"))
    assert [line.split(": ")[1:3] for line in lines] == [
        ["no-locator", f"evidence.{name}"] for name in ("survey", "copy", "purse")
    ]
    row = CASE.splitlines().index("  survey:") + 1
    assert lines[0].startswith(f"{roads}:{row}:3: ")
    # The answer is the same, whatever fails on it.
    plain = run("audit", roads, "--json")
    assert run("audit", roads, "--json", "--fail-on", "any").stdout == plain.stdout
    assert run("audit", roads, "--fail-on", "no-source,after-as-of").exit_code == 0
    both = found(run("audit", roads, "--fail-on", "after-as-of, no-locator"))
    assert both == lines


def test_a_note_excuses_a_warning_and_no_error(tmp_path: Path) -> None:
    path = tmp_path / "roads.yaml"

    def failing(text: str, kinds: str) -> int:
        path.write_text(text, encoding="utf-8")
        return run("audit", str(path), "--fail-on", kinds).exit_code

    bare = CASE.replace("    source: The budget\n", "")
    noted = bare.replace("  purse:\n", "  purse:\n    note: Known to everybody\n")
    assert (failing(CASE, "no-source"), failing(bare, "no-source")) == (0, 1)
    assert failing(noted, "no-source") == 0
    late = noted.replace("  purse:\n", "  purse:\n    date: 2020-06-01\n")
    assert (failing(noted, "error"), failing(late, "error"), failing(late, "warning")) == (0, 1, 1)


def test_findings_that_there_are_not(roads: str) -> None:
    (line,) = refused("audit", roads, "--fail-on", "stael")
    assert line.startswith("--fail-on: no finding 'stael'; expected no-reason, ")
    assert line.endswith("did you mean 'stale'?")
    (line,) = refused("audit", roads, "--fail-on", ",")
    assert line.startswith("--fail-on: no finding is named")
    assert run("audit", roads, "--stale-after", "0").exit_code == 2


def test_what_hangs_on_an_item_is_worked_out_when_asked(tmp_path: Path) -> None:
    path = tmp_path / "roads.yaml"  # at a pace at which a road is begun within the year
    path.write_text(CASE.replace("since: 2000", "since: 2018").replace("done: 3", "done: 9"))
    roads = str(path)
    few = ("--draws", "60", "--workers", "1", "--quiet")
    told = data("audit", roads, "--leave-out", "items", *few)["leave_one_out"]
    assert told == leave_one_out(foedus.load(roads), draws=60).to_dict()
    assert {each["name"] for each in told["left_out"]} == {"survey", "copy", "purse"}
    origins = data("audit", roads, "--leave-out", "origins", *few)["leave_one_out"]
    assert {each["name"] for each in origins["left_out"]} == {"gazette", "purse"}
    text = words(answered("audit", roads, "--leave-out", "items", *few))
    assert "What the answers depend on" in text
    assert "(survey) were false" in text


def test_what_cannot_be_forecast_cannot_be_left_out(tmp_path: Path) -> None:
    path = tmp_path / "roads.yaml"
    path.write_text(CASE.replace("deadline: 2021-01-01\n", ""), encoding="utf-8")
    (line,) = refused("audit", str(path), "--leave-out", "items", "--draws", "10")
    assert line.startswith(f"{path}")
    assert "deadline" in line
    assert run("audit", str(path)).exit_code == 0


# --- the report ---------------------------------------------------------------------------------


def test_the_report_leaves_items_out_when_there_are_draws_enough(
    roads: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_report, "LEAVE_ONE_OUT_DRAWS", 40)
    page = tmp_path / "report.html"

    def told(*more: str) -> str:
        command = ["report", roads, "-o", str(page), "--workers", "1", *more]
        result = CliRunner().invoke(app, command)
        assert result.exit_code == 0, result.output
        return page.read_text(encoding="utf-8")

    title = "items that matter most"
    whole = told("--draws", "40")
    for part in ("Score card", title, "Competing hypotheses", "The weight of evidence"):
        assert part in whole
    assert "Do the views agree?" in whole
    assert title not in told("--draws", "39")
    assert title not in told("--no-forecast")
