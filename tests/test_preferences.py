"""How preferences become levels, where random cases do not look."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from work import calls

from foedus.case.model import And, In, Ranking, Stances, Statement
from foedus.case.reading import parse_case
from foedus.preferences import StancesNotSupported, counts_for_sure, view_of
from foedus.preferences.games import Game, game_of
from foedus.preferences.sampled import Patterns


def game_with(preferences: str, options: int = 3) -> Game:
    lines = ["foedus: 1", "title: Options", "actors: {a: {name: A}}", "issues:"]
    for k in range(options):
        lines += [f"  o{k}: {{positions: {{n: Out, y: In}}, decided_by: a}}"]
    text = "\n".join([*lines, "preferences:", f"  a: {preferences}"]) + "\n"
    return game_of(parse_case(text, file="options.yaml"))


def levels(preferences: str) -> list[int]:
    return game_with(preferences).views["a"].levels.tolist()


def test_the_first_line_of_a_ranking_that_matches_counts() -> None:
    one = "o0 = y and o1 = n and o2 = n"
    assert levels(f"{{ranking: [{one}, o0 = y, {one}, o2 = y]}}") == [0, 3, 0, 2, 1, 2, 1, 2]
    assert levels(f"{{ranking: [o0 = y, {one}, o2 = y]}}") == [0, 2, 0, 2, 1, 2, 1, 2]


def test_a_line_that_names_one_issue_twice_is_no_single_state() -> None:
    assert levels("{ranking: [o0 = y and o0 = n and o1 = y, o1 = y]}") == [0, 0, 1, 1, 0, 0, 1, 1]
    assert levels("{ranking: [o0 = y and o0 = y and o1 = y]}") == [0, 0, 0, 1, 0, 0, 0, 1]


def test_equal_sums_tie_whatever_the_order_of_adding() -> None:
    items = "x: {when: o0 = y, value: 0.1}, y: {when: o1 = y, value: 0.2}"
    assert levels(f"{{worth: {{{items}, z: {{when: o2 = y, value: 0.3}}}}}}")[3:5] == [3, 3]


def test_a_wish_held_at_evens_counts_where_nothing_is_drawn() -> None:
    assert levels("{priorities: [{when: o0 = y, held: 0.5}]}") == [0, 1] * 4
    assert levels("{priorities: [{when: o0 = y, held: 0.49}]}") == [0] * 8
    assert [counts_for_sure(held) for held in (None, 0.5, 0.49)] == [True, True, False]


@pytest.mark.parametrize(("share", "level"), [(49.9, 0), (50, 1), (50.1, 1)])
def test_an_electorate_agrees_at_its_threshold(share: float, level: int) -> None:
    text = f"""
foedus: 1
title: A vote
actors: {{a: {{name: A}}, v: {{name: V, kind: electorate, threshold: 50}}}}
issues: {{o: {{positions: {{n: Out, y: In}}, decided_by: a and v}}}}
preferences:
  a: {{priorities: [{{when: o = y}}]}}
  v: {{support: [{{when: o = y, share: {share}}}, {{default: 0}}]}}
"""
    view = game_of(parse_case(text)).views["v"]
    assert view.levels.tolist() == [0, level]
    assert bool(view.agrees(0, 1)) is bool(level)


def test_rankings_of_all_states_are_read_quickly() -> None:
    """A ranking that names each of 16,384 states, over shared parts, as an import makes it."""
    game = game_with("{worth: {x: {when: o0 = y, value: 1}}}", options=14)
    parts = [[In(f"o{k}", frozenset({p})) for p in "ny"] for k in range(14)]
    tiers = []
    for code in range(1 << 14):
        tree = And(tuple(parts[k][code >> k & 1] for k in range(14)))
        tiers.append((Statement(str(code), tree),))
    actor = game.case.actors["a"]
    work = calls(lambda: view_of(game.space, actor, Ranking(tuple(tiers))))
    assert work < 60 * len(tiers)  # each line tried on every state takes over 120 calls
    view = view_of(game.space, actor, Ranking(tuple(tiers)))
    assert view.levels.tolist() == list(range(1 << 14))[::-1]


@settings(max_examples=60)
@given(st.integers(0, 130), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_patterns_are_those_of_the_table_of_truth(items: int, states: int, seed: int) -> None:
    """More statements than one word holds; sorted as the rows of the table are."""
    draw = np.random.default_rng(seed)
    truth = draw.random((states, items)) < draw.choice([0.03, 0.5, 0.97])
    chosen = draw.integers(0, states, draw.integers(1, 50))
    found = Patterns.of(iter(truth.T), chosen)
    rows, classes = np.unique(truth[chosen], axis=0, return_inverse=True)
    assert found.count == len(rows)
    assert found.classes.tolist() == np.ravel(classes).tolist()
    for k in range(items):
        assert found.holds(k).tolist() == rows[:, k].tolist()


def test_stances_value_no_state_yet() -> None:
    game = game_with("{worth: {x: {when: o0 = y, value: 1}}}")
    with pytest.raises(StancesNotSupported, match="'a' has stances alone"):
        view_of(game.space, game.case.actors["a"], Stances(()))


def test_a_wish_that_is_likelier_not_held_does_not_count_when_nothing_is_drawn() -> None:
    some = "{when: o0 = y, probability: 0.49}, {when: o1 = y, probability: 0.5}"
    assert levels(f"{{priorities: [{some}]}}") == [0, 0, 1, 1, 0, 0, 1, 1]
    assert game_with(f"{{priorities: [{some}]}}").views["a"].values.max() == 1
