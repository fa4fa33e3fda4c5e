"""Whether states would hold, draw by draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from foedus.equilibria.problem import StabilityProblem
from foedus.equilibria.selected import equilibria_at
from foedus.forecasting.bargains import NONE
from foedus.forecasting.setting import Setting
from foedus.forecasting.streams import DrawBlock
from foedus.game.space import Indexes, Mask
from foedus.preferences import SampledPreferences
from foedus.preferences.games import Game


def lasting(
    setting: Setting, block: DrawBlock, rows: range, states: Indexes, concepts: tuple[str, ...]
) -> Mask:
    """In some draws of a block, which of the states given for each are equilibria.

    ``rows`` are draws of the block, ``states`` (rows, k) indexes, -1 for none, which never holds;
    shape (rows, k, concepts).
    """
    sights = setting.sights(block)
    found = np.zeros((*states.shape, len(concepts)), dtype=bool)
    for place, draw in enumerate(rows):
        wanted, back = np.unique(states[place], return_inverse=True)
        there = wanted != NONE
        held = np.zeros((len(wanted), len(concepts)), dtype=bool)
        if there.any():
            game = game_in_draw(setting.game, sights, draw)
            held[there] = equilibria_at(StabilityProblem.of(game), wanted[there], concepts)
        found[place] = held[back]
    return found


def game_in_draw(game: Game, sights: Mapping[str, SampledPreferences], draw: int) -> Game:
    """The game with every actor's preferences as they are in one draw."""
    return replace(game, views={a: sight.view(draw) for a, sight in sights.items()})
