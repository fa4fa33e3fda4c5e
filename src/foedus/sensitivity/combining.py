"""Several transfers together: the cheapest combination by which all who are asked agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from immutabledict import immutabledict
from scipy.optimize import linprog

from foedus.case.model import Transfer
from foedus.preferences.games import Game
from foedus.sensitivity.consenting import Form, Question
from foedus.sensitivity.levers import MARGIN


@dataclass(frozen=True, slots=True)
class Combination:
    """Amounts of several transfers by which all who are asked for a form agree to it.

    ``cost`` is the sum of the amounts, each as a share of the most that can be paid of it: the
    units of different transfers are not compared.
    """

    amounts: Mapping[str, float]
    form: Form
    cost: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data; the state by its number, from 1."""
        return {"amounts": dict(self.amounts), "form": self.form.state + 1, "cost": self.cost}


def cheapest_combination(
    question: Question, transfers: Sequence[Transfer], no_deal: int
) -> Combination | None:
    """The combination of least cost over all forms, by linear programme; None if none does.

    No more of any transfer is paid than its most, at the most likely value. Forms that somebody
    refuses whom no payment reaches (an electorate, an ordinal actor) are left out. Whoever some
    transfer costs is asked too.
    """
    usable = [transfer for transfer in transfers if transfer.most.mode > 0]
    best: Combination | None = None
    known: set[tuple[object, ...]] = set()
    for form in question.forms:
        rows = _rows(question.game, usable, form, no_deal)
        if rows is None:
            continue
        key = tuple(map(tuple, rows))
        if key in known:
            continue
        known.add(key)
        found = _cheapest(rows, usable, form)
        if found is not None and (best is None or found.cost < best.cost - 1e-9):
            best = found
    return best


def _rows(
    game: Game, transfers: Sequence[Transfer], form: Form, no_deal: int
) -> list[list[float]] | None:
    """For each member: what must be added at least, then what a unit of each transfer adds."""
    rows = []
    payers = {a for t in transfers for a, w in t.worth.items() if w.mode < 0 and a in game.views}
    for actor in (*form.coalition, *sorted(payers - set(form.coalition))):
        view = game.views[actor]
        if view.kind != "utility":
            if not view.agrees(no_deal, form.state):
                return None
            continue
        gain = float(view.values[form.state] - view.values[no_deal])
        margin = MARGIN * (float(np.ptp(view.values)) or 1.0)
        worths = [t.worth[actor].mode if actor in t.worth else 0.0 for t in transfers]
        lacking = margin - gain
        if view.agrees(no_deal, form.state):
            lacking = min(lacking, 0.0)
        rows.append([lacking, *worths])
    return rows


def _cheapest(
    rows: list[list[float]], transfers: Sequence[Transfer], form: Form
) -> Combination | None:
    table = np.array(rows, dtype=float).reshape(len(rows), len(transfers) + 1)
    most = np.array([transfer.most.mode for transfer in transfers])
    bounds = [(0.0, float(each)) for each in most]
    found = linprog(1 / most, -table[:, 1:], -table[:, 0], bounds=bounds, method="highs")
    if not found.success or found.x is None or found.fun is None:
        return None
    amounts = {t.id: float(x) for t, x in zip(transfers, found.x, strict=True)}
    return Combination(immutabledict(amounts), form, float(found.fun))
