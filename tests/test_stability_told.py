"""What stability says in words: explanations of states, rights used, and the blocks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from strategies import random_spec

import foedus
from foedus.case.reading import parse_case
from foedus.document import Explanation
from foedus.equilibria.permissions import changes_of
from foedus.equilibria.solve import Stability
from foedus.preferences.games import game_of

TOWNS = Path(__file__).parent.parent / "cases" / "two-towns.yaml"


@pytest.fixture(scope="module")
def towns() -> Stability:
    return foedus.stability(foedus.load(TOWNS))


def number_of(result: Stability, **positions: str) -> int:
    today = result.game.case.today
    assert today is not None
    index = result.game.space.find({**today, **positions})
    assert index is not None
    return index + 1


def test_an_improvement_is_told_with_its_judgements_and_its_right(towns: Stability) -> None:
    today = number_of(towns)
    told = str(towns.explain(today, "north+south", "seq"))
    assert "bridge: Wide bridge" in told
    assert "wide-bridge" in told
    assert "traffic-count" in told
    assert "It may: bridge: decided by north and south" in told
    assert "Nobody deters it" in told


def test_every_mover_is_told_unless_one_is_asked_for(towns: Stability) -> None:
    told = str(towns.explain(number_of(towns)))
    for mover in towns.game.movers:
        for actor in mover.members:
            assert towns.game.case.actors[actor].name in told
    assert "Voters" not in str(towns.explain(number_of(towns), "north"))


def test_a_reply_is_told_with_the_right_that_allows_it(towns: Stability) -> None:
    """Wherever somebody is deterred, the reply and its right are in the text."""
    seen = 0
    for concept in ("gmr", "smr", "seq", "sim"):
        for mover in towns.game.movers:
            for number in range(1, len(towns.game.space) + 1):
                verdict = towns.verdict(number, mover.key, concept)
                if verdict.deterrences and verdict.stable:
                    told = str(towns.explain(number, mover.key, concept))
                    assert "could go to" in told
                    assert told.count("decided by") >= 2
                    seen += 1
    assert seen >= 10


def test_explaining_what_there_is_not(towns: Stability) -> None:
    with pytest.raises(KeyError, match="no mover"):
        towns.explain(1, "west")
    with pytest.raises(IndexError, match="states run from 1"):
        towns.explain(0)
    with pytest.raises(KeyError, match="no concept"):
        towns.explain(1, "north", "best")


def test_blocks_count_the_equilibria_and_list_as_many_as_asked(towns: Stability) -> None:
    told = str(Explanation(towns.blocks(3)))
    assert "Sequential stability (SEQ)" in told
    assert "A free bridge" in told
    union = set().union(*(towns.equilibria(c) for c in towns.concepts))
    assert f"{len(union) - 3} more are not shown." in told
    assert "not shown" not in str(Explanation(towns.blocks(len(union))))


def test_every_move_has_its_rights() -> None:
    for seed in range(1, 40):
        spec = random_spec(seed)
        game = game_of(parse_case(spec.to_yaml(), file="random.yaml"))
        for moves in game.moves:
            for origin in range(len(game.space)):
                targets = set(moves.targets(origin).tolist())
                for target in np.flatnonzero(moves.fibre == moves.fibre[origin]).tolist():
                    if target in targets:
                        changes = changes_of(game, moves.mover, origin, target)
                        assert len(changes) == int(
                            game.space.changes(origin, np.array([target]))[0]
                        )
                        assert all(change.holders for change in changes)
                    elif target != origin:
                        with pytest.raises(ValueError, match="may not change"):
                            changes_of(game, moves.mover, origin, target)
