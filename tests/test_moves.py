"""What a mover's moves lead to, against the sets of moves written out."""

from __future__ import annotations

import numpy as np
import pytest
from strategies import random_spec

from foedus.case.reading import parse_case
from foedus.game.moves import reachable
from foedus.preferences.games import Game, game_of

FORMS = {
    "as they are": {},
    "in pieces, without lattice, nothing kept": {
        "foedus.game.moves.PAIR_CHUNK": 3,
        "foedus.game.product.PAIR_CHUNK": 3,
        "foedus.game.product.KEPT_LINKS": 0,
        "foedus.game.product.LATTICE": 0,
    },
}


def games(count: int) -> list[Game]:
    return [
        game_of(parse_case(random_spec(seed).to_yaml(), file="random.yaml"))
        for seed in range(1, count + 1)
    ]


@pytest.mark.parametrize("form", FORMS)
def test_all_ways_of_asking_agree(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in FORMS[form].items():
        monkeypatch.setattr(name, value)
    one_way = 0
    for seed, game in enumerate(games(60), start=1):
        draw = np.random.default_rng(seed)
        values = draw.integers(0, len(game.space) + 1, len(game.space))
        for moves in game.moves:
            ways = [moves.targets(s).tolist() for s in range(len(game.space))]
            stay_or_go = [[s, *targets] for s, targets in enumerate(ways)]
            one_way += not moves.clique
            assert moves.least(values).tolist() == [values[t].min() for t in stay_or_go]
            assert moves.most(values).tolist() == [values[t].max() for t in stay_or_go]
            assert moves.number_of_pairs == sum(map(len, stay_or_go))
            origins = draw.random(len(game.space)) < 0.3
            expected = {t for s in np.flatnonzero(origins) for t in stay_or_go[s]}
            assert set(np.flatnonzero(moves.reached(origins))) == expected
            wanted = draw.random((len(game.space), len(game.space))) < 0.5
            found = {
                (int(s), int(t))
                for some, others in moves.pairs(lambda s, t, wanted=wanted: wanted[s, t])
                for s, t in zip(some, others, strict=True)
            }
            assert found == {(s, t) for s in range(len(ways)) for t in ways[s] if wanted[s, t]}
            asked = [
                (int(s), int(c)) for a, b in moves.reaches() for s, c in zip(a, b, strict=True)
            ]
            assert len(asked) == len(set(asked))
            assert set(asked) == {
                (s, int(moves.cell[t])) for s in range(len(ways)) for t in stay_or_go[s]
            }
    assert one_way > 20


def test_reachable_is_the_closure_of_moves() -> None:
    for game in games(30):
        found = reachable(game.moves, 0)
        known, waiting = {0}, [0]
        while waiting:
            here = waiting.pop()
            new = {int(t) for moves in game.moves for t in moves.targets(here)} - known
            known |= new
            waiting += new
        assert set(np.flatnonzero(found)) == known


def test_many_one_way_options_need_no_lattice() -> None:
    """Forty one-way options of one mover, of which a chain of rules leaves 41 states."""
    lines = ["foedus: 1", "title: A ladder", "actors: {a: {name: A}}", "issues:"]
    for k in range(40):
        lines += [
            f"  o{k}: {{positions: {{n: Off, y: In}}, decided_by: {{y: a, default: nobody}}}}"
        ]
    lines += ["rules:"]
    lines += [f"  - {{rule: o{k + 1} = y -> o{k} = y, why: Step by step}}" for k in range(39)]
    lines += ["preferences: {a: {worth: {top: {when: o39 = y, value: 1}}}}"]
    game = game_of(parse_case("\n".join(lines) + "\n", file="ladder.yaml"))
    (moves,) = game.moves
    assert len(game.space) == 41
    assert moves.number_of_pairs == 41 * 42 // 2
    values = np.arange(41)[::-1].copy()
    assert moves.least(values).tolist() == [0] * 41
    assert moves.most(values).tolist() == values.tolist()
