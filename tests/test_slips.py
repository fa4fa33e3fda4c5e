"""Modelling slips: each found in a case that has it and not in its twin, and named with its place.

``^^`` in a text marks the place that a slip must name; it is taken out before reading.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import random_spec
from test_check import unmarked
from typer.testing import CliRunner

import foedus
from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.cli.app import app
from foedus.document import Points, Section
from foedus.preferences.games import game_of
from foedus.process.model import Process, ProcessOptions
from foedus.reporting.slips import MOST_SHOWN, slip_told, slips_blocks
from foedus.slips import ground, reaching
from foedus.slips.reaching import reached_from
from foedus.slips.rights import entries_of
from foedus.slips.search import SEARCHES, Slips, find_slips, process_of
from foedus.slips.slip import SLIP_KINDS, Slip

ROOT = Path(__file__).parents[1]

SOUND = """\
foedus: 1
title: A case without a slip
as_of: 2020-01-01
deadline: 2022-01-01
today: {i: p, j: n, k: now}
actors:
  a: {name: Ann}
  b: {name: Bob}
  v: {name: The voters, kind: electorate, threshold: 50}
issues:
  i:
    positions: {p: P, q: Q, r: R}
    decided_by: {q: a and b, r: a and v, default: nobody}
    pace: deals
  j:
    positions: {n: No, y: Yes}
    decided_by: {y: b, n: a and b}
    takes: 30
  k:
    positions: {now: Now, end: End}
    decided_by: nobody
    otherwise: {now: end}
rules:
  - {rule: i = r -> j = y, why: It needs the other}
records:
  deals: {since: 2000-01-01, until: 2020-01-01, agreed: 9, done: 6}
arrangements:
  one: {when: i = q}
  two: {when: i = r}
hypotheses: [one]
preferences:
  a:
    worth:
      q: {when: i = q, value: [1, 2, 3]}
      r: {when: i = r, value: 3}
      y: {when: j = y, value: -1}
  b: {worth: {q: {when: i = q, value: [1, 2, 3]}, y: {when: j = y, value: 2}}}
  v: {support: [{when: i = r, share: [40, 60, 70]}, {default: 40}]}
transfers:
  t: {unit: euro, most: 2, worth: {a: -1, b: 1}}
"""


def changed(*changes: tuple[str, str]) -> str:
    """The sound case with texts replaced, once each."""
    text = SOUND
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def slips_of(case: Case) -> Slips:
    game = game_of(case)
    return find_slips(game, process_of(game))


def found_in(text: str) -> Slips:
    return slips_of(parse_case(text, "case.yaml"))


HAVING: dict[tuple[str, str], tuple[tuple[str, str], ...]] = {
    # a rule disables a right: nobody may change what it ties the change to
    ("unusable-right", "rules"): (
        ("    decided_by: nobody", "    decided_by: {end: nobody}"),
        ("r: a and v,", "r: ^^a and v,"),
        ("i = r -> j = y", "i = r -> k = end"),
    ),
    ("unusable-right", "rules-together"): (
        ("r: a and v,", "r: ^^a and v,"),
        (
            "why: It needs the other}",
            "why: It needs the other}\n"
            "  - {rule: i = r -> k = end, why: one}\n  - {rule: i = r -> k != now, why: two}",
        ),
    ),
    ("unusable-right", "barred"): (
        ("decided_by: {q: a and b", "never_back_to: p\n    decided_by: {p: ^^b, q: a and b"),
    ),
    ("unusable-right", "overridden"): (
        ("decided_by: {y: b, n: a and b}", "decided_by: {y: b, n: a and b, default: ^^a}"),
    ),
    ("unusable-right", "unreached"): (
        ("{p: P, q: Q, r: R}", "{p: P, q: Q, r: R, s: S}"),
        ("default: nobody", "s -> q: ^^a, default: nobody"),
    ),
    ("unusable-right", "not-yet"): (
        ("q: a and b", "q: [{from: 2022-01-02, by: ^^a}, {by: a and b}]"),
    ),
    ("unusable-right", "no-longer"): (
        ("q: a and b", "q: [{until: 2019-12-31, by: ^^a}, {by: a and b}]"),
    ),
    ("unusable-right", "never-when"): (
        ("q: a and b", "q: [{when: k = end, by: ^^a}, {by: a and b}]"),
    ),
    ("unusable-right", "covered"): (
        ("q: a and b", "q: [{when: j = n, by: b}, {when: j = y, by: a}, {by: ^^a and b}]"),
    ),
    ("idle-event", "late"): (
        ("rules:", "events:\n  ^^e: {day: 2022-01-02, sets: {i: q}}\nrules:"),
    ),
    ("idle-event", "never-when"): (
        ("rules:", "events:\n  ^^e: {when: k = end, rate: {a_year: 1}, sets: {i: q}}\nrules:"),
    ),
    ("idle-event", "stands"): (
        ("rules:", "events:\n  ^^e: {when: i = q, day: 2021-01-01, sets: {i: q}}\nrules:"),
    ),
    ("stuck-issue", "nobody"): (
        ("  k:", "  ^^m:\n    positions: {x: X, z: Z}\n    decided_by: nobody\n  k:"),
        ("k: now}", "k: now, m: x}"),
    ),
    ("stuck-issue", "one-position"): (
        ("  k:", "  ^^m:\n    positions: {x: X}\n    decided_by: a\n  k:"),
        ("k: now}", "k: now, m: x}"),
    ),
    ("unreached-position", "nobody"): (("r: R}", "r: R, s: ^^S}"),),
    ("unreached-position", "never-back-to"): (
        ("r: R}", "r: R, s: ^^S}\n    never_back_to: [p, s]"),
        ("default: nobody", "default: a and b"),
    ),
    ("unreached-position", "expiring"): (
        ("positions: {now: Now, end: End}", "positions: {now: Now, old: ^^Old, end: End}"),
        ("otherwise: {now: end}", "otherwise: {now: end, old: end}"),
    ),
    ("unreached-position", "rules"): (
        ("r: R}", "r: R, s: ^^S}"),
        ("r: a and v, default: nobody", "r: a and v, default: a and b"),
        (
            "why: It needs the other}",
            "why: It needs the other}\n  - {rule: i != s or k = end, why: Not before}",
        ),
    ),
    ("quarrel", ""): (
        ("  j:\n", "  ^^j:\n"),
        ("n: a and b}\n    takes: 30", "n: a}"),
    ),
    ("takes-too-long", ""): (("    takes: 30", "    ^^takes: [800, 900, 1000]"),),
    ("prior-decides", ""): (
        (
            "deals: {since: 2000-01-01, until: 2020-01-01, agreed: 9, done: 6}",
            "^^deals: {since: 2019-12-31, until: 2020-01-01, agreed: 1, done: 1}",
        ),
        ("deadline: 2022", "deadline: 2021"),
    ),
    ("unused-record", ""): (
        (
            "arrangements:",
            "  ^^more: {since: 2000-01-01, until: 2020-01-01, agreed: 9, done: 6}\narrangements:",
        ),
    ),
    ("never-holds", "impossible"): (("  two: {", "  ^^three: {when: i = r and j = n}\n  two: {"),),
    ("never-holds", "follows"): (
        ("r: R}", "r: R, s: S}"),
        ("  two: {", "  ^^three: {when: i = s}\n  two: {"),
    ),
    # m leaves x only where i has left p, and that is for good
    ("never-holds", "unreached"): (
        (
            "  k:",
            "  m:\n    positions: {x: X, z: Z, w: W}\n"
            "    decided_by: {x -> z: a and v, z -> w: b, default: nobody}\n  k:",
        ),
        ("k: now}", "k: now, m: x}"),
        (
            "why: It needs the other}",
            "why: It needs the other}\n  - {rule: m = z -> i != p, why: Later}",
        ),
        ("  two: {", "  ^^three: {when: m = w and i = p}\n  two: {"),
    ),
    ("never-holds", "covered"): (
        ("{default: 40}", "^^{when: i = r and j = y, share: 70}, {default: 40}"),
    ),
    ("always-holds", ""): (("  two: {", "  ^^three: {when: k = end}\n  two: {"),),
    ("same-states", ""): (("  two: {", "  three: {when: i = r and j = y}\n  ^^two: {"),),
    ("flat-preferences", "utility"): (
        (
            "b: {worth: {q: {when: i = q, value: [1, 2, 3]}, y: {when: j = y, value: 2}}}",
            "^^b: {worth: {}}",
        ),
    ),
    ("flat-preferences", "support"): (
        (
            "v: {support: [{when: i = r, share: [40, 60, 70]}",
            "^^v: {support: [{when: i = r, share: 40}",
        ),
    ),
    ("all-sure", "case"): (
        ("preferences:", "^^preferences:"),
        ("i = q, value: [1, 2, 3]", "i = q, value: 2"),
        ("i = q, value: [1, 2, 3]", "i = q, value: 2"),
        ("[40, 60, 70]", "60"),
    ),
    ("all-sure", "actor"): (
        (
            "  a:\n    worth:\n      q: {when: i = q, value: [1, 2, 3]}",
            "  ^^a:\n    worth:\n      q: {when: i = q, value: 2}",
        ),
    ),
    ("payment-too-large", "unit"): (("worth: {a: -1,", "worth: {a: ^^-20,"),),
    ("payment-too-large", "most"): (("most: 2, worth: {a: -1", "most: 20, worth: {a: ^^-1"),),
    ("payment-too-small", ""): (("b: 1}}", "b: ^^0.001}}"),),
    ("payment-one-sided", "nobody-loses"): (
        ("t: {unit: euro, most: 2, worth: {a: -1", "^^t: {unit: euro, most: 2, worth: {a: 1"),
    ),
    ("payment-one-sided", "nobody-gains"): (
        (
            "t: {unit: euro, most: 2, worth: {a: -1, b: 1",
            "^^t: {unit: euro, most: 2, worth: {a: -1, b: -1",
        ),
    ),
    ("dominated-worth", ""): (
        ("y: {when: j = y, value: 2}", "^^y: {when: j = y, value: 2000}"),
        ("b: 1}", "b: 100}"),
    ),
    ("small-worth", ""): (("y: {when: j = y, value: -1}", "^^y: {when: j = y, value: -0.01}"),),
    ("no-say", "actor"): (("  v: {name", "  ^^w: {name: Wil}\n  v: {name"),),
    ("no-say", "electorate"): (("  v: {name", "  ^^w: {name: Wil, kind: electorate}\n  v: {name"),),
}
"""By kind and reason, what makes of the sound case one with that slip."""


def test_the_sound_case_has_no_slip() -> None:
    found = found_in(SOUND)
    assert not found.found
    assert not found.skipped


@pytest.mark.parametrize("kind", HAVING, ids="-".join)
def test_a_slip_is_found_at_its_place(kind: tuple[str, str]) -> None:
    text, (place,) = unmarked(changed(*HAVING[kind]))
    case = parse_case(text, "case.yaml")
    found = [each for each in slips_of(case).found if (each.kind, each.reason) == kind]
    assert [each.place for each in found][:1] == [place], [
        (e.kind, e.reason, e.place) for e in slips_of(case).found
    ]
    told = slip_told(case, found[0])
    assert told.text.endswith(".")
    assert told.advice.endswith(".")


def test_every_kind_has_a_case_that_has_it() -> None:
    assert {kind for kind, _ in HAVING} == set(SLIP_KINDS)
    assert {kind for search in SEARCHES for kind in search.kinds} == set(SLIP_KINDS)


# --- what can come about ----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(1, 40))
def test_what_is_reached_and_used_is_what_the_process_looks_at(seed: int) -> None:
    game = game_of(parse_case(random_spec(seed).to_yaml()))
    start = game.space.today or 0
    process = Process(game, ProcessOptions(undated=365.0))
    states = np.flatnonzero(process.seasons.reached(process.world, np.array([start])))
    found = reached_from(game.space, start, entries_of(game.case))
    assert found is not None
    assert found.states.tolist() == states.tolist()
    changes, row, change = process.rules.changes_at(states)
    finder = process.rules.finder
    before, after = finder.columns[:, states[row]], finder.columns[:, changes.target[change]]
    for entry in entries_of(game.case):
        k = entry.issue
        here, there = before[k], after[k]
        by_process = entry.open[here, there].any() if len(here) else False
        assert found.uses(entry) == by_process


TOGETHER = """\
foedus: 1
title: Three at once
actors: {a: {}}
issues:
  x: {positions: {n: N, y: Y}, decided_by: a}
  y: {positions: {n: N, y: Y}, decided_by: a}
  z: {positions: {n: N, y: Y}, decided_by: a}
rules:
  - {rule: x = y <-> y = y, why: w}
  - {rule: y = y <-> z = y, why: w}
preferences:
  a: {worth: {want: {when: x = y, value: [1, 2, 3]}}}
"""


def test_three_issues_that_only_change_together_are_no_slip() -> None:
    assert not found_in(TOGETHER).found
    apart = TOGETHER.replace(
        "z: {positions: {n: N, y: Y}, decided_by: a}",
        "z: {positions: {n: N, y: Y}, decided_by: nobody}",
    )
    assert {each.kind for each in found_in(apart).found} >= {"unusable-right", "stuck-issue"}


def test_in_a_case_of_very_many_states_no_process_is_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text, _ = unmarked(changed(*HAVING["unusable-right", "rules"]))
    game = game_of(parse_case(text))
    process = process_of(game)
    assert process is not None
    assert "quarrel" not in find_slips(game, process).skipped
    monkeypatch.setattr("foedus.slips.search.MOST_EXPLORED", len(game.space) - 1)
    assert process_of(game) is None
    assert find_slips(game, None).skipped == ("quarrel",)


def test_in_a_large_case_what_is_not_looked_for_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = unmarked(changed(*HAVING["unusable-right", "rules"], *HAVING["unused-record", ""]))
    monkeypatch.setattr(reaching, "MOST_WORK", 10)
    case = parse_case(text)
    found = slips_of(case)
    assert [each.kind for each in found.found] == ["unused-record"]
    assert "unusable-right" in found.skipped
    assert "quarrel" not in found.skipped
    (section,) = slips_blocks(case, found)
    assert isinstance(section, Section)
    assert "Not looked for" in section.blocks[-1].text  # type: ignore[union-attr]
    assert "unusable right" in section.blocks[-1].text  # type: ignore[union-attr]


def test_an_issue_that_an_event_moves_is_not_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = unmarked(changed(*HAVING["stuck-issue", "nobody"]))
    moved = ((None, {"m": "z"}),)
    for module in (reaching, ground):
        monkeypatch.setattr(module, "set_by_events", lambda case: moved)
    assert not found_in(text).by_kind("stuck-issue")


# --- what the sentences say -------------------------------------------------------------------


def texts(text: str) -> list[str]:
    case = parse_case(unmarked(text)[0], "case.yaml")
    return [slip_told(case, each).text for each in slips_of(case).found]


def test_the_rule_that_disables_a_right_is_named() -> None:
    told = texts(changed(*HAVING["unusable-right", "rules"]))[0]
    assert told == (
        'nobody can ever use the right `a and v` to move i to "R". The rule `i = r -> k = end` '
        "(It needs the other, line 24) forbids it everywhere; without it, some state would allow "
        "it."
    )


def test_a_record_is_told_with_both_figures() -> None:
    """One of one in a day: (b / (b + T)) ** a of the posterior is still open."""
    told = texts(changed(*HAVING["prior-decides", ""]))[0]
    done, at_risk, time = 1, 0.5 / 365.25, 366 / 365.25
    for weight in (0.5, 1, 2):
        years = weight * 0.5 + at_risk
        chance = 1 - (years / (years + time)) ** (weight * 0.5 + done)
        assert f"{100 * chance:.0f}%" in told


def test_who_quarrels_is_told() -> None:
    assert 'Ann to "No"; Bob to "Yes"' in texts(changed(*HAVING["quarrel", ""]))[0]


def test_a_quarrel_that_something_quick_ends_is_none() -> None:
    """Bob may end it for good, and gains from that."""
    rights = "{n -> y: b, n -> z: b, y -> z: b, y -> n: a, default: nobody}"
    worths = "y: {when: j = y, value: 2}, z: {when: j = z, value: %s}"
    text = changed(
        ("{n: No, y: Yes}", "{n: No, y: Yes, z: Sealed}"),
        ("{y: b, n: a and b}\n    takes: 30", rights),
        ("y: {when: j = y, value: 2}", worths),
    )
    assert found_in(text % -1).by_kind("quarrel")
    assert not found_in(text % 3).by_kind("quarrel")


def test_at_most_a_dozen_are_shown_and_the_rest_counted() -> None:
    more = "".join(f"  w{k}: {{name: W{k}}}\n" for k in range(MOST_SHOWN + 3))
    case = parse_case(changed(("  v: {name", f"{more}  v: {{name")))
    (section,) = slips_blocks(case, slips_of(case))
    assert isinstance(section, Section)
    (points,) = section.blocks
    assert isinstance(points, Points)
    assert len(points.points) == MOST_SHOWN + 1
    assert points.points[-1].text == "and 3 more (all of them: --json)"


# --- the command and Python -------------------------------------------------------------------


@pytest.mark.parametrize(("fail_on", "code"), [("unused-record", 1), ("any", 1), ("warning", 0)])
def test_the_command_fails_on_what_is_named(tmp_path: Path, fail_on: str, code: int) -> None:
    path = tmp_path / "case.yaml"
    text, (place,) = unmarked(changed(*HAVING["unused-record", ""]))
    path.write_text(text)
    result = CliRunner().invoke(app, ["check", str(path), "--fail-on", fail_on, "--json"])
    assert result.exit_code == code
    (slip,) = json.loads(result.stdout)["slips"]["found"]
    assert (slip["kind"], slip["line"], slip["column"]) == ("unused-record", *place)
    assert slip["text"].endswith(".")
    line = f"{path}:{place.line}:{place.column}: unused-record: records.more: {slip['text']}\n"
    assert result.stderr == (line if code else "")


def test_an_unknown_slip_is_refused() -> None:
    with pytest.raises(ValueError, match="no slip 'quarel'"):
        found_in(SOUND).failing(["quarel"])


def test_python_has_them_too() -> None:
    (slip,) = foedus.check(ROOT / "cases" / "two-towns.yaml").slips.found
    assert slip.kind == "quarrel"
    assert slip.names["movers"] == ("north: toll = charged", "south+voters: toll = free")


# --- laws -------------------------------------------------------------------------------------

FULL = """\
foedus: 1
title: Many slips
as_of: 2025-01-01
deadline: 2026-12-31
today: {office: chief, unrest: calm, health: alive, aid: none}
actors:
  chief: {name: The Chief}
  army: {name: The army}
  son: {name: The son}
  crowd: {name: The street, kind: electorate, threshold: 50}
  abroad: {name: A neighbour}
issues:
  office:
    positions: {chief: Chief, heir: Heir, general: General, gone: Gone}
    decided_by: {heir: chief and son, general: army, default: nobody}
  unrest:
    positions: {calm: Calm, protests: Protests, revolt: Revolt}
    decided_by: {protests: son, revolt: army, default: nobody}
    pace: rare
  health:
    positions: {alive: Alive, dead: Dead}
    decided_by: nobody
  aid:
    positions: {none: None, given: Given}
    decided_by: abroad
    takes: 1000
rules:
  - {rule: health = dead -> office != chief, why: The dead do not rule}
  - {rule: unrest = revolt -> health = dead, why: Nobody dares before}
records:
  rare: {since: 2024-01-01, until: 2025-01-01, agreed: 1, done: 0}
  rest: {since: 2024-01-01, until: 2025-01-01, agreed: 1, done: 0}
arrangements:
  dynasty: {name: The heir rules, when: office = heir}
  junta: {name: The army rules, when: office = general and unrest = revolt}
  again: {name: The heir rules alone, when: office = heir and health = alive}
hypotheses: [dynasty, junta]
preferences:
  chief: {worth: {stay: {when: office = chief, value: 50}, line: {when: office = heir, value: 80}}}
  army:
    worth: {power: {when: office = general, value: 60}, order: {when: unrest = calm, value: 40}}
  son: {worth: {power: {when: office = heir, value: 100}, life: {when: health = alive, value: 10}}}
  crowd: {support: [{when: office = heir, share: 30}, {default: 60}]}
  abroad:
    worth: {order: {when: unrest = calm, value: 5}, cost: {when: aid = given, value: -0.001}}
"""
WORDS = (
    *("chief", "army", "son", "crowd", "abroad", "office", "heir", "general", "gone", "unrest"),
    *("calm", "protests", "revolt", "health", "alive", "dead", "aid", "given", "rare", "rest"),
    *("dynasty", "junta", "again", "stay", "line", "power", "order", "life", "cost"),
)


def told_of(found: Iterable[Slip], new: Mapping[str, str] | None = None) -> Counter[str]:
    """What slips say, without places; ids written anew, and lists in no order."""

    def renamed(text: str) -> str:
        for old, word in (new or {}).items():
            text = re.sub(rf"(?<![\w-]){old}(?![\w-])", word, text)
        return text

    said: Counter[str] = Counter()
    for each in found:
        names = {
            what: sorted(" ".join(sorted(re.split(r"[\s+:]+", renamed(i)))) for i in ids)
            for what, ids in each.names.items()
        }
        data: list[Any] = [each.kind, each.severity, each.reason, names, dict(each.figures)]
        said[json.dumps(data, sort_keys=True)] += 1
    return said


def test_the_full_case_has_many_kinds() -> None:
    assert len({each.kind for each in found_in(FULL).found}) >= 10


@given(st.randoms(use_true_random=False))
@settings(max_examples=8, deadline=None)
def test_the_order_of_a_file_changes_no_slip(source: random.Random) -> None:
    def shuffled(value: Any, path: tuple[str, ...] = ()) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            source.shuffle(keys)
            return {key: shuffled(value[key], (*path, str(key))) for key in keys}
        if isinstance(value, list) and path[-1] in ("rules", "hypotheses"):
            return source.sample(value, len(value))
        return value

    data = yaml.safe_load(FULL)
    text = yaml.safe_dump(shuffled(data), sort_keys=False)
    assert told_of(found_in(text).found) == told_of(found_in(FULL).found)


@given(st.permutations(range(len(WORDS))))
@settings(max_examples=8, deadline=None)
def test_the_ids_of_a_file_change_no_slip(order: list[int]) -> None:
    new = {word: f"w{place}" for word, place in zip(WORDS, order, strict=True)}
    text = FULL
    for old, word in new.items():
        text = re.sub(rf"(?<=[\s{{:,\[|(]){old}(?=[\s}}:,\]|)])", word, text)
    before = told_of(found_in(FULL).found, new)
    assert told_of(found_in(text).found) == before
