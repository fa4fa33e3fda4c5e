"""Nothing from after ``as_of`` is used, and each such thing is told at its line."""

from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from foedus.case.model import Case, Place, Support, Worth
from foedus.case.problems import CaseError
from foedus.case.reading import case_from_data, parse_case
from foedus.cli.app import app
from foedus.evidence.audit import audit
from foedus.evidence.competing import ach
from foedus.evidence.updating import bayes
from foedus.forecasting.surveys import poll_behind
from foedus.process.pace import hazard_of, years_between

AS_OF = date(2024, 2, 29)
TEXT = """\
foedus: 1
title: A vote
as_of: 2024-02-29
deadline: 2025-02-28
today: {law: old}
actors: {gov: {name: Government}, folk: {name: Voters, kind: electorate, threshold: 50}}
issues: {law: {positions: {old: Old, new: New}, decided_by: gov and folk, pace: laws}}
arrangements: {passed: {when: law = new}}
hypotheses: [passed]
preferences:
  gov: {worth: {w: {when: law = new, value: [5, 10, 20], because: [memo, leak]}}}
  folk: {support: [{when: law = new, share: 60, because: [poll]}, {default: 40}]}
records:
  laws:
    {since: 2020-02-29, until: 2028-02-29, agreed: 4, done: 2, done_on: [2022-03-01, 2027-01-01]}
polls:
  poll: {asked: approval, n: 800, date: 2024-03-01, shares: {approve: 60, disapprove: 30}}
evidence:
  memo:
    kind: fact
    claim: Seen in time
    date: 2024-02-29
    marks: {passed: C}
    likelihood: {passed: 0.8, other: 0.4}
  leak:
    kind: report
    claim: Seen later
    date: 2024-03-01
    marks: {passed: II}
    likelihood: {passed: 0.1, other: 0.9}
  told: {kind: inference, claim: So it is, rests_on: [memo, leak, poll]}
"""
LATER = TEXT.replace("as_of: 2024-02-29", "as_of: 2029-01-01").replace("2025-02-28", "2030-02-28")


@pytest.fixture
def case() -> Case:
    return parse_case(TEXT)


def test_what_is_of_a_later_day_is_told_at_its_line(case: Case) -> None:
    assert [(n.place, n.message) for n in case.notices] == [
        (
            Place(15, 32),
            "the record 'laws' runs until 2028-02-29, after as_of (2024-02-29): it is counted to "
            "that day, with 1 done and not 2",
        ),
        (
            Place(17, 41),
            "the poll 'poll' is of 2024-03-01, after as_of (2024-02-29): it is not used",
        ),
        (
            Place(28, 11),
            "the report 'leak' is of 2024-03-01, after as_of (2024-02-29): it is not used",
        ),
    ]
    assert parse_case(LATER).notices == ()
    bare = TEXT.replace("as_of: 2024-02-29\ndeadline: 2025-02-28\n", "")
    assert parse_case(bare).notices == ()


def test_it_is_nobodys_reason(case: Case) -> None:
    wants, support = case.preferences["gov"], case.preferences["folk"]
    assert isinstance(wants, Worth)
    assert isinstance(support, Support)
    assert wants.items[0].value.because == ("memo",)
    assert support.items[0].share.because == ()
    assert case.evidence["told"].rests_on == ("memo",)
    assert (case.evidence["leak"].marks, case.evidence["leak"].likelihood) == ({}, {})
    assert case.evidence["memo"].marks == {"passed": "C"}
    assert poll_behind(support.items[0].share, case.polls) is None
    later = parse_case(LATER).preferences["folk"]
    assert isinstance(later, Support)
    assert poll_behind(later.items[0].share, case.polls) is not None


def test_a_record_is_counted_to_the_day(case: Case) -> None:
    record = case.records["laws"]
    assert (record.until, record.written_until) == (AS_OF, date(2028, 2, 29))
    assert (record.agreed, record.done, record.done_on) == (4, 1, (date(2022, 3, 1),))
    hazard = hazard_of(record)
    span = years_between(date(2020, 2, 29), AS_OF)
    assert hazard.done == 1
    assert hazard.at_risk == pytest.approx(
        3 * span + years_between(date(2020, 2, 29), date(2022, 3, 1))
    )


def test_what_was_done_on_the_day_itself_counts() -> None:
    record = parse_case(TEXT.replace("2022-03-01", str(AS_OF))).records["laws"]
    assert (record.done, record.done_on) == (1, (AS_OF,))


@pytest.mark.parametrize(
    ("before", "after", "place", "told"),
    [
        (
            "done: 2, done_on: [2022-03-01, 2027-01-01]",
            "done: 2",
            Place(15, 32),
            "no date is given",
        ),
        (
            "done: 2, done_on: [2022-03-01",
            "done: 3, done_on: [2022-03-01",
            Place(15, 32),
            "1 date is",
        ),
        (
            "since: 2020-02-29, until: 2028-02-29, agreed: 4, done: 2, done_on: [2022-03-01, ",
            "since: 2024-02-29, until: 2028-02-29, agreed: 4, done: 1, done_on: [",
            Place(15, 13),
            "begins on 2024-02-29",
        ),
    ],
)
def test_a_record_that_cannot_be_cut_is_an_error(
    before: str, after: str, place: Place, told: str
) -> None:
    with pytest.raises(CaseError) as caught:
        parse_case(TEXT.replace(before, after))
    (problem,) = caught.value.problems
    assert problem.place == place
    assert told in problem.message
    assert len(caught.value.notices) == 2  # what else is late is told at once
    assert "28:11: note: " in str(caught.value)


def test_competing_hypotheses_and_bayes_are_as_without_it(case: Case) -> None:
    without = TEXT.replace(
        "    marks: {passed: II}\n    likelihood: {passed: 0.1, other: 0.9}\n", ""
    )
    assert ach(case).to_dict() == ach(parse_case(without)).to_dict()
    assert bayes(case).to_dict() == bayes(parse_case(without)).to_dict()
    assert bayes(case).to_dict() != bayes(parse_case(LATER)).to_dict()
    given = {"memo": {"passed": "C"}, "leak": {"passed": "II"}}
    assert ach(case, given).matrix.items == ("memo",)
    assert ach(parse_case(LATER), given).matrix.items == ("memo", "leak")


def test_the_audit_finds_it_once(case: Case) -> None:
    found = audit(case)
    assert {f.name for f in found.by_kind("after-as-of")} == {
        "evidence.leak", "polls.poll", "records.laws",
    }  # fmt: skip
    assert [f.name for f in found.by_kind("unused")] == ["evidence.told"]


def test_plain_data_is_read_alike() -> None:
    data = {
        "foedus": 1, "title": "T", "as_of": AS_OF,
        "actors": {"a": {}},
        "issues": {"i": {"positions": {"x": "X", "y": "Y"}, "decided_by": "a"}},
        "preferences": {"a": {"worth": {"w": {"when": "i = x", "value": 1, "because": ["e"]}}}},
        "evidence": {"e": {"kind": "fact", "claim": "c", "date": date(2024, 3, 1)}},
    }  # fmt: skip
    case = case_from_data(data)
    wants = case.preferences["a"]
    assert isinstance(wants, Worth)
    assert wants.items[0].value.because == ()
    assert len(case.notices) == 1


@pytest.mark.parametrize(
    "command",
    [
        ["check"],
        ["check", "--json"],
        ["accept"],
        ["stability"],
        ["explain", "passed"],
        ["forecast", "--draws", "50", "--quiet"],
        ["evidence", "ach"],
        ["evidence", "bayes"],
        ["evidence", "audit", "--fail-on", "no-grade"],
        ["whatif", "--set", "actors.folk.threshold=45", "--draws", "50", "--quiet"],
    ],
)
def test_every_command_that_computes_says_so(command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "vote.yaml"
    file.write_text(TEXT)
    words = 1 if command[0] != "evidence" else 2
    result = CliRunner().invoke(app, [*command[:words], str(file), *command[words:]])
    for place in ("15:32", "17:41", "28:11"):
        assert result.stderr.count(f"vote.yaml:{place}: note: ") == 1


def test_a_what_if_says_what_its_own_day_leaves_out(tmp_path: Path) -> None:
    file = tmp_path / "vote.yaml"
    file.write_text(LATER)
    options = ["--set", "as_of=2028-12-31", "--draws", "50", "--quiet"]
    assert "note" not in CliRunner().invoke(app, ["whatif", str(file), *options]).stderr
    options[1] = "as_of=2024-02-29"
    assert CliRunner().invoke(app, ["whatif", str(file), *options]).stderr.count(": note: ") == 3
