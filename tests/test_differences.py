"""Differences: what tells two states apart for an actor adds up to how it compares them."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import block_name, random_spec, seed_blocks

from foedus.case.model import Priorities, Ranking, Support, Worth
from foedus.case.reading import parse_case
from foedus.preferences import differences
from foedus.preferences.games import Game, game_of


def check(game: Game, actor: str, origin: int, target: int) -> None:
    """Raise AssertionError where the differences do not account for the actor's comparison."""
    view = game.views[actor]
    found = differences(game.space, actor, origin, target)
    change = float(view.values[target] - view.values[origin])
    if game.space.fall[origin] == game.space.fall[target]:
        assert found == ()
    match game.case.preferences[actor]:
        case Worth(items):
            assert sum(d.change for d in found) == pytest.approx(change)
            assert [abs(d.change) for d in found] == sorted(
                (abs(d.change) for d in found), reverse=True
            )
            modes = {item.id: item.value for item in items}
            assert all(d.judgement is modes[d.item] for d in found)
        case Priorities(items):
            order = [item.id for item in items]
            assert [order.index(d.item) for d in found] == sorted(
                order.index(d.item) for d in found
            )
            # The most important of those that differ decides.
            assert np.sign(change) == (found[0].change if found else 0)
        case Ranking():
            assert np.sign(change) == np.sign(sum(d.change for d in found))
        case Support():
            assert sum(d.change for d in found) == pytest.approx(change)


@pytest.mark.parametrize("seeds", seed_blocks(), ids=block_name)
def test_differences_account_for_the_comparison(seeds: range) -> None:
    for seed in seeds:
        game = game_of(parse_case(random_spec(seed).to_yaml(), file="random.yaml"))
        size = len(game.space)
        for actor in game.views:
            for k in range(min(size, 8)):
                check(game, actor, (seed * 5 + k) % size, (seed * 3 + 7 * k) % size)


def test_every_kind_of_preference_is_among_them() -> None:
    kinds = {
        type(preference)
        for seed in range(1, 31)
        for preference in parse_case(
            random_spec(seed).to_yaml(), file="random.yaml"
        ).preferences.values()
    }
    assert kinds == {Worth, Priorities, Ranking, Support}


def test_an_actor_without_preferences_is_an_error() -> None:
    game = game_of(parse_case(random_spec(1).to_yaml(), file="random.yaml"))
    with pytest.raises(KeyError):
        differences(game.space, "nobody-here", 0, 0)
