"""Paths: against plain loops on random cases, by properties, on cases worked by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from immutabledict import immutabledict
from reference import paths as slow
from reference.game import Spec
from strategies import CASES, block_name, random_spec, seed_blocks, specs

from foedus.case.model import And, Case, In, Not, Rule, Statement, Worth
from foedus.case.problems import CaseError
from foedus.case.reading import parse_case, read_case
from foedus.document import Tree, as_table
from foedus.equilibria.problem import StabilityProblem
from foedus.preferences import improves
from foedus.preferences.games import game_of
from foedus.process.paths.route import Step, route
from foedus.process.paths.solve import Paths, paths

CASES_FOLDER = Path(__file__).parent.parent / "cases"


def started(spec: Spec) -> Spec:
    """The case with today written down."""
    return replace(spec, today=spec.start)


def found_in(spec: Spec) -> Paths:
    return paths(game_of(parse_case(spec.to_yaml(), file="random.yaml")))


def ends_of(spec: Spec, arrangement: str) -> set[int]:
    when = spec.arrangements[arrangement]
    return {s for s, state in spec.feasible.items() if spec.true(when, spec.fall_of(state))}


def step_named(step: Step) -> tuple[tuple[str, ...], int, int]:
    return tuple(step.mover.split("+")), step.origin + 1, step.target + 1


def compare(spec: Spec, message: str) -> None:
    """Raise AssertionError where foedus and the plain loops differ."""
    game, found = spec.game(), found_in(spec)
    at = f"{message}\n{spec.to_yaml()}"
    known, size = found.distances, len(game.states)
    easiest = slow.easiest(game)
    labels = zip(known.refused.tolist(), known.steps.tolist(), strict=True)
    assert list(labels) == [easiest.get(s, (-1, -1)) for s in range(1, size + 1)], at
    moves = slow.fewest(game.today, lambda s: {t for m in game.movers for t in game.moves[m][s]})
    assert known.moves.tolist() == [moves.get(s, -1) for s in range(1, size + 1)], at
    wanted = slow.fewest(
        game.today, lambda s: {t for m in game.movers for t in game.improvements(m, s)}
    )
    assert known.improving().tolist() == [wanted.get(s, -1) for s in range(1, size + 1)], at
    arena = StabilityProblem.of(found.game)
    for s in easiest:
        alone = np.arange(size) == s - 1
        steps = [step_named(step) for step in route(arena, known, alone, found.today)]
        assert steps == slow.way(game, easiest, {s}), f"to state {s}; {at}"
    for name in spec.arrangements:
        compare_way(spec, found, name, f"{name}; {at}")
    compare_present(spec, found, at)


def compare_way(spec: Spec, found: Paths, name: str, at: str) -> None:
    game, way, ends = spec.game(), found.way(name), ends_of(spec, name)
    expected = slow.way(game, slow.easiest(game), ends)
    if not ends:
        assert way.status == "impossible", at
    elif game.today in ends:
        assert way.status == "standing", at
    elif expected is None:
        assert way.status == "barred", at
        assert way.obstacle is not None, at
        reached = (way.obstacle.wanted + 1, way.obstacle.nearest + 1)
        assert reached == slow.nearest(game, ends), at
        assert way.obstacle.barred, at
    else:
        refused = [step for step in expected if slow.refusing(game, *step)]
        assert way.status == ("blocked" if refused else "open"), at
        assert [step_named(step) for step in way.steps] == expected, at
        for step in way.steps:
            who = [answer.actor for answer in step.refusals]
            mover = tuple(step.mover.split("+"))
            assert who == slow.refusing(game, mover, step.origin + 1, step.target + 1), at
    for improving, made in (
        (False, found.coalitions.by_moves[name]),
        (True, found.coalitions.by_improvements[name]),
    ):
        listed = {(frozenset(one.members), one.steps) for one in made}
        assert len(listed) == len(made), at
        assert listed == (slow.makers(game, ends, improving=improving) if ends else set()), at


def compare_present(spec: Spec, found: Paths, at: str) -> None:
    listed = {
        tuple(unrest.mover.split("+")): [
            (urge.step.target + 1, urge.lasting, urge.choices) for urge in unrest.urges
        ]
        for unrest in found.present
    }
    assert listed == slow.urges(spec, spec.game()), at


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_random_cases_against_plain_loops(seeds: range) -> None:
    for seed in seeds:
        compare(started(random_spec(seed)), f"seed {seed}")


def test_random_cases_are_of_every_kind() -> None:
    """The comparison above means something only if every status comes up, and long ways do."""
    seen: set[str] = set()
    longest = 0
    for seed in range(1, 61):
        found = found_in(started(random_spec(seed)))
        seen |= {way.status for way in found.ways.values()}
        longest = max(longest, int(found.distances.steps.max()))
    assert seen == {"standing", "open", "blocked", "barred", "impossible"}
    assert longest >= 3


@given(specs())
@settings(max_examples=CASES // 2, suppress_health_check=[HealthCheck.too_slow])
def test_ways_are_what_they_claim(spec: Spec) -> None:
    found = found_in(started(spec))
    game, known = found.game, found.distances
    assert (known.improving() >= known.moves)[known.improving() >= 0].all()
    assert ((known.moves >= 0) == (known.refused >= 0)).all()
    assert (known.steps >= known.moves)[known.moves >= 0].all()
    for name, way in found.ways.items():
        movers = [step.mover for step in way.steps]
        if way.status == "open":
            assert all(a != b for a, b in pairwise(movers))
        here = found.today
        for step in way.steps:
            assert step.origin == here
            mover = game.mover_index(step.mover)
            assert step.target in game.moves[mover].targets(here)
            wanted = bool(improves(game.members(game.movers[mover]), here, step.target))
            assert wanted == (not step.refusals)
            assert all(answer.short >= 0 for answer in step.refusals)
            here = step.target
        if way.steps or way.status == "standing":
            assert game.space.matches(name)[here]
        if way.status == "open":
            assert [m.steps for m in found.coalitions.by_improvements[name]]
            assert min(m.steps for m in found.coalitions.by_improvements[name]) >= len(way.steps)
        assert str(found.explain(name))
    assert json.loads(json.dumps(found.to_dict())) == found.to_dict()
    assert found.blocks()


# --- by hand ------------------------------------------------------------------------------------

TOWNS = """
foedus: 1
title: Two towns
as_of: 2020-01-01
deadline: 2024-01-01
today: {bridge: none, toll: free, status: apart, mayor: in-office}
actors:
  north: {name: North}
  south: {name: South}
  voters: {name: Voters, kind: electorate}
issues:
  bridge:
    positions: {none: No bridge, built: A bridge}
    decided_by: north
    never_back_to: none
  toll:
    positions: {free: Free, charged: Charged}
    decided_by: {charged: north and voters, free: south}
  status:
    positions: {apart: Apart, league: A league, merged: One town, sold: Sold}
    decided_by: {league: north and south, merged: north and south, default: nobody}
    pace: slow
  mayor:
    positions: {in-office: Still there, kept: Kept, gone: Gone}
    decided_by: {kept: south, default: nobody}
    otherwise: {in-office: gone}
records:
  slow: {since: 2000-01-01, until: 2010-01-01, agreed: 4, done: 1}
rules:
  - {rule: toll = charged -> bridge = built, why: A toll needs a bridge}
arrangements:
  toll-bridge: {name: A toll bridge, when: toll = charged}
  league: {name: A league, when: status = league}
  sold: {name: Sold off, when: status = sold}
  no-mayor: {name: No mayor, when: mayor = gone}
  ghost-toll: {name: A toll for nothing, when: toll = charged and bridge = none}
  still-there: {name: A mayor for ever, when: mayor = in-office}
preferences:
  north:
    worth:
      bridge-cost: {when: bridge = built, value: -10}
      toll-income: {when: toll = charged, value: 30}
      league-north: {when: status = league, value: 5}
  south:
    worth:
      mayor-kept: {when: mayor = kept, value: MAYOR}
      mayor-in-office: {when: mayor = in-office, value: OFFICE}
      league-south: {when: status = league, value: 5}
  voters:
    support:
      - {when: toll = charged, share: 40}
      - {default: 60}
"""


def towns(mayor: float = 3, office: float = 0) -> Case:
    return parse_case(TOWNS.replace("MAYOR", str(mayor)).replace("OFFICE", str(office)), file="t")


def test_the_statuses_by_hand() -> None:
    found = paths(towns())
    assert {name: way.status for name, way in found.ways.items()} == {
        "toll-bridge": "blocked",
        "league": "open",
        "sold": "barred",
        "no-mayor": "standing",
        "ghost-toll": "impossible",
        "still-there": "impossible",
    }


def test_a_refusal_is_told_in_its_own_units() -> None:
    found = paths(towns())
    (step,) = found.way("toll-bridge").steps
    assert step.mover == "north+voters"
    assert found.game.space.positions(step.target)["bridge"] == "built"
    (refusal,) = step.refusals
    assert (refusal.actor, refusal.after, refusal.threshold, refusal.short) == (
        "voters",
        40,
        50,
        10,
    )
    text = str(found.explain("toll-bridge"))
    assert "refused by Voters (40% in favour, 50% needed)" in text
    assert "+30: toll-income" in text


def test_a_right_that_nobody_has() -> None:
    found = paths(towns())
    obstacle = found.way("sold").obstacle
    assert obstacle is not None
    assert [(b.issue, b.target, b.bar) for b in obstacle.barred] == [("status", "sold", "nobody")]
    assert "Nobody has the right" in str(found.explain("sold"))


def test_what_is_left_for_good_and_what_is_provisional() -> None:
    text = TOWNS.replace("MAYOR", "3").replace("OFFICE", "0")
    text = text.replace("today: {bridge: none", "today: {bridge: built")
    text = text.replace(
        "ghost-toll: {name: A toll for nothing, when: toll = charged and bridge",
        "no-bridge: {name: No bridge, when: bridge",
    )
    text = text.replace("still-there: {name: A mayor for ever, when: mayor = in-office}", "")
    obstacle = paths(parse_case(text, file="t")).way("no-bridge").obstacle
    assert obstacle is not None
    assert [b.bar for b in obstacle.barred] == ["never-back"]


def test_the_rules_that_exclude_an_arrangement() -> None:
    found = paths(towns())
    conflict = found.way("ghost-toll").conflict
    assert conflict is not None
    assert [rule.why for rule in conflict] == ["A toll needs a bridge"]
    assert found.way("still-there").conflict == ()


def test_a_mover_that_could_have_acted_long_ago() -> None:
    """South gains by keeping the mayor, at once, and today is worth nothing more to it."""
    found = paths(towns())
    (unrest,) = found.unexplained
    (urge,) = unrest.urges
    assert (unrest.mover, urge.lasting, urge.unpriced) == ("south", True, ("south",))
    assert "does not explain the present" in str(found.blocks())


def test_without_dates_the_same_is_said_without_a_warning() -> None:
    found = paths(replace(towns(), as_of=None))
    assert "does not explain the present" not in str(found.blocks())
    assert "where the conflict begins" in str(found.blocks())


def test_a_gain_that_comes_from_the_fall_alone_is_no_warning() -> None:
    """With the mayor in office worth more than kept, only the deadline makes it a gain to move."""
    found = paths(towns(mayor=3, office=8))
    south = next(unrest for unrest in found.present if unrest.mover == "south")
    assert [(u.lasting, u.unpriced) for u in south.urges] == [(False, ())]
    assert not found.unexplained
    assert "does not explain the present" not in str(found.blocks())
    assert "deadline can explain" in str(found.blocks())


def test_what_takes_time_is_no_warning() -> None:
    found = paths(towns(mayor=0))
    (unrest,) = found.present
    assert (unrest.mover, unrest.urges, unrest.unexplained) == ("north+south", (), False)


def test_a_case_without_today_says_so() -> None:
    text = TOWNS.replace("MAYOR", "3").replace("OFFICE", "0")
    case = parse_case(
        "\n".join(x for x in text.splitlines() if not x.startswith("today")), file="t"
    )
    first = And(tuple(In(i.id, frozenset({i.positions[0].id})) for i in case.issues.values()))
    rule = Rule(Statement("not the first positions", Not(first)), why="For this test")
    case = replace(case, rules=(*case.rules, rule))
    with pytest.raises(CaseError, match="does not say where things stand"):
        paths(case)


def test_an_unknown_arrangement_names_the_nearest() -> None:
    with pytest.raises(KeyError, match="did you mean 'toll-bridge'"):
        paths(towns()).explain("tollbridge")


def test_the_picture_has_every_way_up_to_a_limit() -> None:
    found = paths(towns())
    (picture,) = [block for block in found.blocks() if isinstance(block, Tree)]
    rows = {row[4].text: row for row in as_table(picture).rows}
    assert rows["A toll bridge"][3].text == "Voters (40% in favour, 50% needed)"
    assert rows["A league"][3].text == ""
    assert rows["No mayor"][2].text == "if nobody moves, at the deadline"


# --- a published case ---------------------------------------------------------------------------


def test_elmira_needs_the_ministry_and_the_company_to_act_as_one() -> None:
    """In [Kilgour2001] the two together bring about what neither does alone."""
    case = read_case(CASES_FOLDER / "library" / "elmira.yaml")
    way = paths(case).way("softened-order")
    assert way.status == "blocked"
    assert [(s.mover, [a.actor for a in s.refusals]) for s in way.steps] == [
        ("moe", ["moe"]),
        ("company", []),
    ]
    together = paths(replace(case, groups=(("moe", "company"),))).way("softened-order")
    assert together.status == "open"
    assert [step.mover for step in together.steps] == ["local-government", "moe+company"]


# --- the flagship -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def flagship() -> Paths:
    return paths(read_case(CASES_FOLDER / "belarus-2024.yaml"))


def test_the_flagship_is_blocked_by_lukashenka_and_the_people(flagship: Paths) -> None:
    way = flagship.way("full-integration")
    assert way.blocked_at is not None
    assert [a.actor for a in way.blocked_at.refusals] == ["lukashenka", "belarusians"]
    for exit_ in ("terms-amended", "powers-shifted"):
        assert flagship.way(exit_).status == "open"
        assert [s.mover for s in flagship.way(exit_).steps] == ["putin+elite"]


def test_what_office_is_worth_explains_why_putin_has_not_left_it(flagship: Paths) -> None:
    """Without the judgements on the office while it lasts, the result says what is missing."""
    assert not flagship.unexplained
    case = flagship.game.case
    kept = dict(case.preferences)
    for actor in ("putin", "elite"):
        worth = kept[actor]
        assert isinstance(worth, Worth)
        kept[actor] = Worth(tuple(i for i in worth.items if i.id != "term-still-runs"))
    (unrest,) = paths(replace(case, preferences=immutabledict(kept))).unexplained
    assert unrest.mover == "putin+elite"
    assert unrest.urges[0].unpriced == ("putin", "elite")
