"""Explanations say what the analyses found, and what is asked wrongly is told with the nearest."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pytest
from strategies import CASES, FIRST_SEED, random_deals

import foedus
from foedus.case.model import Case
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case
from foedus.case.statements import parse_statement
from foedus.equilibria.registry import CONCEPTS
from foedus.game.moves import reachable
from foedus.game.space import filtered_codes
from foedus.preferences.games import Game, game_of
from foedus.process.holding import acceptance_if_known, holding
from foedus.reporting.asking import why
from foedus.reporting.why_patterns import ArrangementWhy, PatternWhy
from foedus.reporting.why_states import StateWhy

ROOT = Path(__file__).parent.parent
TOWNS = ROOT / "cases" / "two-towns.yaml"

ROOMS = """
foedus: 1
title: Rooms
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues:
  door: {positions: {shut: Shut, open: Open}, decided_by: ann}
  lamp: {positions: {unlit: Unlit, lit: Lit}, decided_by: bob}
  cat: {positions: {outside: Outside, inside: Inside}, decided_by: nobody}
rules:
  - {rule: lamp = lit -> door = open, why: The switch is behind the door, because: [plan]}
  - {rule: door = open -> cat = inside, why: The cat comes in when it can}
  - {rule: not (cat = inside and lamp = lit and door = shut), why: Never counts}
arrangements:
  reading: {name: Reading with nobody around, when: lamp = lit and cat = outside}
  muddle: {name: A muddle, when: door = open and door = shut}
  evening: {name: An evening, when: lamp = lit}
preferences:
  ann: {worth: {warm: {when: door = shut, value: 5}}}
  bob: {ranking: [lamp = lit, door = open]}
evidence:
  plan: {kind: assumption, claim: The switch is where the plan has it}
"""


@pytest.fixture(scope="module")
def towns() -> Game:
    return game_of(foedus.load(TOWNS))


@pytest.fixture(scope="module")
def rooms() -> Case:
    return parse_case(ROOMS, "rooms.yaml")


def text_of(case: Case | Game, what: str | int, **asked: str) -> str:
    return str(foedus.explain(case, what, **asked))


# --- states -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [TOWNS, *sorted((ROOT / "cases" / "library").glob("*.yaml"))], ids=lambda p: p.stem
)
def test_every_state_is_told_as_the_solver_has_it(path: Path) -> None:
    game = game_of(foedus.load(path))
    solved = foedus.stability(game, tuple(CONCEPTS))
    for concept in CONCEPTS:
        for number in range(1, len(game.space) + 1):
            told = why(game, number, None, concept)
            assert isinstance(told, StateWhy)
            stable = {v.mover: v.stable for v in told.verdicts}
            assert stable == {
                mover.key: bool(mask[number - 1])
                for mover, mask in zip(game.movers, solved.stable[concept], strict=True)
            }
            text = str(foedus.explain(game, number, concept=concept))
            assert text.count(": would leave;") == list(stable.values()).count(False)
            assert text.count(": would stay;") == list(stable.values()).count(True)
            assert ("It is stable" in text) == all(stable.values())


def test_a_state_is_told_with_its_fall_and_its_arrangements(towns: Game) -> None:
    text = text_of(towns, 1)
    assert "The status quo (state 1 of 45). It is not stable." in text
    assert "At the deadline it reverts to mayor: Mayor gone (state 11)" in text
    assert "It belongs to none of the named arrangements." in text
    assert "It is a state of: A free bridge; Merger." in text_of(towns, 38)


def test_one_mover_is_told_whatever_the_order_of_its_members(towns: Game) -> None:
    text = text_of(towns, 8, mover="north")
    assert "mayor: Term extended (state 8 of 45). North Town would stay." in text
    assert (
        "South Town and Voters of South Town together could go to toll: No toll (state 8)" in text
    )
    assert "What that leads to, mayor: Mayor gone (state 13), is no better for North Town" in text
    assert text_of(towns, 3, mover="voters+south") == text_of(towns, 3, mover="south+voters")


def test_an_improvement_is_told_by_its_judgements(towns: Game) -> None:
    text = text_of(towns, 1, mover="north+south", concept="nash")
    assert "+35: wide-bridge now holds, judged 20 to 50 [traffic-count]" in text
    assert "any-bridge (bridge != none): met, and this decides" in text


def test_the_stable_states_of_a_statement_are_told_by_their_positions(towns: Game) -> None:
    text = text_of(towns, "bridge = wide and toll = free")
    assert "In 4 of its 6 settled states everybody who can move away would stay (SEQ):" in text
    assert "bridge: Wide bridge; mayor: Term extended; status: A league (state 23)" in text


def test_numbers_may_be_written_with_thousands_set_apart() -> None:
    case = foedus.load(ROOT / "cases" / "belarus-2024.yaml")
    assert "(state 1,098 of 1,748)" in text_of(case, "1,098")


# --- arrangements -----------------------------------------------------------------------------


def test_an_arrangement_is_told_by_acceptance_and_by_stability(towns: Game) -> None:
    told = why(towns, "one-town")
    assert isinstance(told, ArrangementWhy)
    accepted = foedus.acceptance(towns)
    assert told.blocks()[: len(accepted.explain("one-town").blocks)] == (
        accepted.explain("one-town").blocks
    )
    form = accepted["one-town"].form
    assert form is not None
    held = told.to_dict()["holding"]
    assert held["form"] == towns.space.fall[form.state] + 1
    for verdict in told.verdicts:
        assert not verdict.stable
    assert set(held["leaving"]["seq"]) == {v.mover for v in told.verdicts} == {"north+south"}
    assert "would not be stable (SEQ)" in text_of(towns, "one-town")


def test_an_arrangement_that_the_rules_exclude(rooms: Case) -> None:
    text = text_of(rooms, "reading")
    assert text.startswith("Reading with nobody around is impossible: 2 rules of the case together")
    assert "The switch is behind the door" in text
    assert "because of plan" in text
    assert "The cat comes in when it can" in text
    assert "Never counts" not in text
    assert text_of(rooms, "muddle") == "A muddle is impossible: it contradicts itself."


def test_an_arrangement_of_a_case_without_a_today() -> None:
    never = "rules:\n  - {rule: door = open or lamp = lit, why: Not all can be shut and dark}"
    case = parse_case(ROOMS.replace("rules:", never))
    text = text_of(case, "evening")
    assert (
        "Who could bring it about is not shown: no possible state is known as the status quo."
        in text
    )
    assert "settled states are equilibria (SEQ)" in text


# --- statements -------------------------------------------------------------------------------


def test_a_possible_statement_is_counted(towns: Game) -> None:
    told = why(towns, "bridge in narrow | wide and not mayor = in-office")
    assert isinstance(told, PatternWhy)
    found = told.to_dict()
    states = [towns.space.positions(k) for k in range(len(towns.space))]
    matching = [
        k + 1
        for k, s in enumerate(states)
        if s["bridge"] in ("narrow", "wide") and s["mayor"] != "in-office"
    ]
    assert found["states"] == found["settled"] == len(matching)
    equilibria = foedus.stability(towns).equilibria("seq")
    assert found["stable"] == [k for k in matching if k in equilibria]
    today = states[0]
    changes = {k: sum(today[i] != states[k - 1][i] for i in today) for k in matching}
    assert found["nearest"]["id"] == min(matching, key=lambda k: (changes[k], k))


def test_a_statement_that_only_lasts_until_the_deadline(towns: Game) -> None:
    text = text_of(towns, "mayor = in-office and status = merged")
    assert "none of them outlasts the deadline" in text
    assert why(towns, "mayor = in-office and status = merged").to_dict()["makers"] == []


def test_a_statement_that_holds_today(towns: Game) -> None:
    assert "It is satisfied by the status quo." in text_of(
        towns, "mayor = in-office and toll = free"
    )
    assert "It comes about if nobody does anything." in text_of(
        towns, "bridge = none or toll = free"
    )


def test_nobody_has_the_right() -> None:
    case = parse_case(
        ROOMS.replace("rules:", "today: {door: open, lamp: lit, cat: inside}\nrules:")
    )
    assert "Nobody has the rights to bring it about" in text_of(case, "not cat = inside")


@pytest.mark.parametrize(
    "statement", ["lamp = lit and door = shut", "lamp = lit and cat = outside"]
)
def test_the_rules_named_are_a_smallest_conflict(rooms: Case, statement: str) -> None:
    told = why(rooms, statement)
    assert isinstance(told, PatternWhy)
    assert told.conflict
    radix = game_of(rooms).space.radix
    tree = parse_statement(statement, rooms.issues, rooms.arrangements).tree

    def possible(rules: tuple[int, ...]) -> bool:
        trees = [tree, *(rooms.rules[k].statement.tree for k in rules)]
        return len(filtered_codes(rooms, radix, trees)) > 0

    chosen = tuple(rooms.rules.index(rule) for rule in told.conflict)
    assert not possible(chosen)
    smaller = itertools.combinations(range(len(rooms.rules)), len(chosen) - 1)
    assert all(possible(rules) for rules in smaller)


@pytest.mark.parametrize("seed", range(FIRST_SEED, FIRST_SEED + min(25, max(5, CASES // 5))))
def test_random_cases_are_explained_as_they_are(seed: int) -> None:
    game = game_of(parse_case(random_deals(seed).to_yaml()))
    solved = foedus.stability(game)
    held = holding(solved, acceptance_if_known(game))
    for name, arrangement in game.case.arrangements.items():
        told = why(game, name)
        json.dumps(told.to_dict(), allow_nan=False)
        assert str(foedus.explain(game, name))
        inside = game.space.matches(name) & game.space.settled
        for concept in solved.concepts:
            assert held.holds[name].stable[concept] == (inside & solved.holds(concept)).sum()
        form = held.holds[name].form
        if form is not None:
            assert held.holds[name].holds("seq") == bool(solved.holds("seq")[form])
        if arrangement.when.text in game.case.arrangements:
            continue  # an arrangement's id is asked about as itself
        pattern = why(game, f"({arrangement.when.text})")
        assert isinstance(pattern, PatternWhy)
        assert pattern.possible == bool(game.space.holds(arrangement.when.tree).any())
        _makers_by_brute_force(game, pattern)


def _makers_by_brute_force(game: Game, pattern: PatternWhy) -> None:
    """Who can make a lasting state of the pattern: every union of movers, one by one."""
    today = game.space.today
    assert today is not None
    able = []
    sets = {frozenset(m.mover.members) for m in game.moves}
    unions = {frozenset[str]()} | {
        frozenset().union(*some)
        for size in range(1, len(sets) + 1)
        for some in itertools.combinations(sets, size)
    }
    for union in sorted(unions, key=len):
        parts = [m for m in game.moves if set(m.mover.members) <= union]
        reached = np.zeros(len(game.space), dtype=bool)
        reached[today] = True
        if parts:
            reached = reachable(parts, today)
        made = pattern.settled[game.space.fall[reached]].any()
        if made and not any(smaller <= union for smaller in able):
            able.append(union)
    assert {frozenset(group) for group in pattern.makers or ()} == set(able)


# --- what is asked wrongly --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "asked", "told"),
    [
        ("one-twn", {}, "<what>: no arrangement 'one-twn'; did you mean 'one-town'?"),
        ("zzz", {}, "<what>: no arrangement 'zzz'; expected an arrangement's id, a state's"),
        ("bridge", {}, "<what>: 'bridge' is an issue and no arrangement; expected a statement, "),
        ("north", {}, "<what>: 'north' is an actor and no arrangement; expected something to"),
        ("46", {}, "<what>: no state '46'; expected a number from 1 to 45"),
        ("0", {}, "<what>: no state '0'"),
        ("-1", {}, "<what>: no state '-1'"),
        ("9" * 5000, {}, "<what>: no state '9999"),
        ("", {}, "<statement>:1:1: the statement is empty"),
        ("bridge = wyde", {}, "<statement>:1:10: no position 'wyde' in issue 'bridge'; did you"),
        ("bridge == wide", {}, "<statement>:1:9: '=' cannot stand here: one = is enough"),
        ("toll = free and", {}, "<statement>:1:16: the statement ends too early"),
        ("1", {"mover": "nort"}, "<mover>: no mover 'nort'; expected north, south, north+south"),
        ("1", {"mover": "voters"}, "<mover>: no mover 'voters'"),
        ("1", {"concept": "sek"}, "<concept>: no concept 'sek'; expected nash, gmr, smr, seq,"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    towns: Game, what: str, asked: dict[str, str], told: str
) -> None:
    with pytest.raises(CaseError) as raised:
        foedus.explain(towns, what, **asked)
    assert str(raised.value).startswith(told)
