"""What a judgement is follows from where it stands: no id changes a number or a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foedus.case.edit import Value, with_value
from foedus.case.judgement import Judgement, Role
from foedus.case.kinds import RESERVED
from foedus.case.links import judgements_of
from foedus.case.model import Case, Priorities
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.case.source import read_source
from foedus.evidence.audit import audit
from foedus.evidence.left_out import without
from foedus.evidence.neutral import SetNeutral
from foedus.forecasting import headline
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import forecast
from foedus.process.model import Process
from foedus.reporting.leave_one_out import neutral_told
from foedus.sensitivity import passing
from foedus.sensitivity.adjusting import SHARE_SLACK, Change, adjustables_of
from foedus.sensitivity.comparing.edits import edits
from foedus.sensitivity.drivers import drivers
from foedus.sensitivity.inputs import ends_told
from foedus.sensitivity.otherwise import whatif
from foedus.sensitivity.settings import case_with
from foedus.tracing.solve import why

# Every judgement has a group of its own, so that no stream of random numbers goes by an id.
TEMPLATE = """
foedus: 1
title: Names that sound like something else
as_of: 2020-01-01
deadline: 2024-01-01
today: {ISSUE: out, toll: free}
actors:
  ACTOR: {name: First, capability: {value: [1, 2, 3], with: g1}}
  south: {name: Second}
  VOTERS: {name: Third, kind: electorate, threshold: {value: [40, 50, 60], with: g2}}
issues:
  ISSUE:
    {positions: {out: Out, inside: In}, decided_by: ACTOR and south and VOTERS,
     takes: {days: {value: [100, 300, 500], with: g3}}}
  toll: {positions: {free: Free, paid: Paid}, decided_by: south}
arrangements: {joined: {name: Joined, when: ISSUE = inside}}
hypotheses: [joined]
preferences:
  ACTOR:
    worth:
      WORTH: {when: ISSUE = inside, value: [-5, 1, 6], because: [EVIDENCE], with: g4}
      other-worth: {when: toll = free, value: [0, 1, 2], with: g5}
  south:
    priorities:
      - {id: WISH, when: ISSUE = inside, probability: [0.3, 0.6, 0.8],
         because: [EVIDENCE], with: g6}
      - {id: other-wish, when: toll = free}
  VOTERS:
    support:
      - {id: SHARE, when: ISSUE = inside, share: [30, 55, 70], because: [EVIDENCE], with: g7}
      - {id: rest, default: {value: [40, 50, 60], with: g8}}
transfers:
  TRANSFER:
    unit: bn
    most: {value: [1, 2, 3], because: [EVIDENCE], with: g9}
    worth: {ACTOR: {value: [-3, -2, -1], because: [EVIDENCE], with: g10}}
evidence:
  EVIDENCE:
    kind: fact
    claim: A fact
    likelihood: {joined: {value: [0.5, 0.6, 0.7], with: g11}, other: {value: 0.3, with: g12}}
"""
PLAIN = {
    "ACTOR": "north",
    "VOTERS": "public",
    "ISSUE": "bridge",
    "WORTH": "gain",
    "WISH": "hope",
    "SHARE": "yes-vote",
    "TRANSFER": "gas",
    "EVIDENCE": "survey",
}
WORDS = (
    *("capability", "threshold", "worth", "priorities", "ranking", "support", "stances", "most"),
    *("takes", "value", "share", "probability", "because", "note", "name", "when", "id"),
    *("likelihood", "position", "salience", "days", "scale", "with", "kind", "actors", "issues"),
    *("preferences", "transfers", "evidence", "polls", "records", "rules", "arrangements", "refs"),
    *("sources", "playout", "pace", "otherwise", "decided_by", "positions", "today", "claim"),
)
DRAWS = 200


@pytest.fixture(autouse=True, scope="module")
def nothing_left_out() -> Iterator[None]:
    """What a case leaves out is drawn for each position by name: here nothing is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(headline, "LEFT_OUT", 0.0)
        patch.setattr(passing, "LEFT_OUT", 0.0)
        yield


def text_with(names: Mapping[str, str]) -> str:
    """The template with its ids filled in; ids of the plain one where none are given."""
    whole = {**PLAIN, **names}
    return re.sub("|".join(PLAIN), lambda found: whole[found.group()], TEMPLATE)


def case_with_ids(names: Mapping[str, str]) -> Case:
    return parse_case(text_with(names))


def played(case: Case) -> Forecast:
    return forecast(case, draws=DRAWS, stability_draws=0, farsighted_draws=0, varied=False)


def figures(names: Mapping[str, str]) -> dict[str, Any]:
    """Every number and unit that is told of the case, in its order, apart from names."""
    text = text_with(names)
    case = parse_case(text)
    whole = {**PLAIN, **names}
    moving = drivers(played(case), "joined", actor_draws=DRAWS)
    given: list[tuple[str, Value]] = [
        (f"preferences.{whole['ACTOR']}.worth.{whole['WORTH']}", 5.0),
        (f"preferences.south.priorities.{whole['WISH']}", "unlikely"),
        (f"preferences.{whole['VOTERS']}.support.{whole['SHARE']}", 70.0),
        (f"actors.{whole['VOTERS']}.threshold", 30.0),
        (f"issues.{whole['ISSUE']}.takes.days", 900.0),
    ]
    other = text
    for name, value in given:
        other = with_value(other, tuple(name.split(".")), value)
    gone = without(case, [whole["EVIDENCE"]])
    return {
        "drivers": [
            (d.change, d.low, d.high, d.at_low, d.at_high, d.telling, ends_told(d.input))
            for d in moving.drivers
        ],
        "actors": [(a.moves, a.lowest, a.highest) for a in moving.actors],
        "judgements": [(j.role, j.low, j.mode, j.high) for j in judgements_of(case)],
        "adjustables": [
            (len(each.judgements), each.least, each.most, [c.half_ranges for c in each.changes(1)])
            for each in adjustables_of(Process.of(case))
        ],
        "whatif": [
            whatif(what, given, draws=DRAWS).difference("joined").to_dict() for what in (case, text)
        ],
        "diff": [(e.kind, e.told) for e in edits(data(text), data(other)).edits],
        "without": [
            (each.what, numbers(each.before), numbers(each.after), unit_told(case, each))
            for each in gone.neutral
        ],
        "kept": len(gone.kept),
        "audit": sorted((f.kind, f.severity) for f in audit(case).findings),
        "trace": [
            numbered(why(case, name, draws=DRAWS).to_dict())
            for name in ("joined.reached", "joined.acceptable", f"evidence.{whole['EVIDENCE']}")
        ],
    }


def data(text: str) -> dict[str, Any]:
    found: dict[str, Any] = read_source(text, "<test>").data
    return found


def numbers(judgement: Judgement | None) -> tuple[float, ...] | None:
    return None if judgement is None else (judgement.low, judgement.mode, judgement.high)


def unit_told(case: Case, each: SetNeutral) -> str:
    """What is told of the change after the name, which has no colon."""
    return neutral_told(case, each).partition(":")[2]


def numbered(told: Any) -> Any:
    """A tree with its kinds and numbers, without texts."""
    if isinstance(told, dict):
        kept = {key: numbered(part) for key, part in told.items() if key != "line"}
        return [told.get("kind"), *(part for part in kept.values() if part is not None)]
    if isinstance(told, list):
        return [part for part in map(numbered, told) if part is not None]
    return told if isinstance(told, int | float) else None


FIGURES = cache(lambda: figures({}))

NAMES = st.fixed_dictionaries({key: st.sampled_from(WORDS) for key in PLAIN}).filter(
    lambda names: names["ACTOR"] != names["VOTERS"]
)


def test_the_words_can_be_ids() -> None:
    assert not RESERVED.intersection(WORDS)


@pytest.mark.parametrize("word", ["capability", "priorities", "support", "threshold", "value"])
def test_one_word_for_everything_changes_no_number(word: str) -> None:
    names = dict.fromkeys(PLAIN, word) | {"VOTERS": "note"}
    assert figures(names) == FIGURES()


@settings(max_examples=15)
@given(NAMES)
def test_no_id_changes_a_number_or_a_unit(names: dict[str, str]) -> None:
    assert figures(names) == FIGURES()


def kinds(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    return [edit.kind for edit in edits(old, new).edits]


def test_an_actor_that_is_called_like_a_remark_is_an_actor() -> None:
    assert kinds({"actors": {}}, {"actors": {"note": {"name": "N"}}}) == ["actor"]
    assert kinds({"issues": {}}, {"issues": {"source": {"positions": {}}}}) == ["issue"]
    before, after = ({"actors": {"a": {"note": text}}} for text in ("x", "y"))
    assert kinds(before, after) == ["text only"]


def test_a_position_that_is_called_like_a_remark_is_no_remark() -> None:
    def issue(**fields: Any) -> dict[str, Any]:
        return {"issues": {"i": fields}}

    assert kinds(issue(scale={"note": "1"}), issue(scale={"note": "2"})) == ["issue"]
    assert kinds(issue(otherwise={"name": "a"}), issue(otherwise={"name": "b"})) == ["issue"]
    assert kinds(issue(positions={"a": "A"}), issue(positions={"a": "A", "claim": "C"})) == [
        "issue"
    ]


def test_only_a_share_may_lie_a_hair_beyond_its_range() -> None:
    def change(role: Role) -> Change:
        path = ("preferences", "support", "worth", "support")
        # So narrow a range that its edge is finer than what a share is let pass.
        before = Judgement(2, 2, 2 + SHARE_SLACK, path, role=role, owner="support")
        beyond = before.high + SHARE_SLACK / 2
        return Change(before, before.bare(beyond, beyond, beyond), 1.0)

    assert change(Role.SUPPORT).within
    assert change(Role.THRESHOLD).within
    assert not change(Role.WORTH).within


def test_an_entry_without_an_id_takes_none_that_is_written() -> None:
    text = (
        "{foedus: 1, title: t, actors: {a: {}}, preferences: {a: {priorities: [{id: p2, when: "
        "i = x, probability: likely}, {when: i = y, probability: unlikely}]}}, "
        "issues: {i: {positions: {x: X, y: Y}, decided_by: a}}}"
    )
    case = parse_case(text)
    wishes = case.preferences["a"]
    assert isinstance(wishes, Priorities)
    assert [wish.id for wish in wishes.items] == ["p2", "p2-unnamed"]
    changed = case_with(case, text, [("preferences.a.priorities.p2", 0.9)])
    assert [j.mode for j in judgements_of(changed)] == pytest.approx([0.9, 0.325])


@pytest.mark.parametrize("value", [0.0, -1.0, [0.0, 1.0, 2.0], float("nan")])
def test_what_the_file_may_not_say_the_model_may_not_either(value: Value) -> None:
    text = text_with({})
    for written in (text, None):
        with pytest.raises(CaseError):
            case_with(parse_case(text), written, [("actors.north.capability", value)])
    changed = case_with(parse_case(text), None, [("actors.north.capability", 0.5)])
    assert changed.actors["north"].capability is not None
    assert changed.actors["north"].capability.mode == 0.5
