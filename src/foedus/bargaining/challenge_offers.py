"""The offers of the challenge model that an actor has, and the one that it takes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from foedus.bargaining.issue import Floats
from foedus.bargaining.model import Chosen

ALIKE = 1e-9
"""What differs by less is alike: places on a scale of length 1, and expected utilities.

Without it an answer would depend on rounding wherever actors have met.
"""

CONFRONTATION, COMPROMISE, CAPITULATION = range(3)


class Offers(NamedTuple):
    """Offers (n, n) to i because of j: of which kind (-1 for none), and where i would go."""

    kind: npt.NDArray[np.intp]
    target: Floats


def offers_between(position: Floats, own: Floats, theirs: Floats, chosen: Chosen) -> Offers:
    """All offers, by what i expects of challenging j (``own``) and of being challenged."""
    apart = np.abs(position[:, None] - position[None, :]) > ALIKE
    confronted = apart & (theirs > own + ALIKE) & (own > ALIKE)
    pressed = apart & (theirs > ALIKE) & (own < -ALIKE)
    meets = pressed & (theirs > ALIKE - own)
    kinds = np.full(own.shape, -1, dtype=np.intp)
    which = str(chosen["offers"])
    if which in ("all", "no-capitulation"):
        kinds[confronted] = CONFRONTATION
    kinds[meets] = COMPROMISE
    if which in ("all", "no-confrontation"):
        kinds[pressed & ~meets] = CAPITULATION
    target = np.broadcast_to(position[None, :], own.shape).copy()
    if chosen["compromise-move"] == "ratio":
        part = np.abs(own[meets]) / theirs[meets]
        i, j = np.nonzero(meets)
        target[meets] = position[i] + part * (position[j] - position[i])
    return Offers(kinds, target)


def taken(
    offers: Offers, position: Floats, own: Floats, theirs: Floats, chosen: Chosen
) -> tuple[Floats, npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where each actor goes (n,), by which kind of offer (n,) and of whom (n,); -1 for none."""
    kind, target = offers
    open_ = kind >= 0
    if chosen["order"] == "kinds":
        first = np.where(open_, kind, 3).min(axis=1)
        open_ = open_ & (kind == first[:, None])
    distance = np.abs(target - position[:, None])
    cost = -theirs if chosen["order"] == "largest-challenge" else distance
    if chosen["order"] == "kinds" and chosen["compromise-choice"] == "smallest-position":
        size, other = np.abs(own), np.abs(theirs)
        with np.errstate(invalid="ignore"):
            middle = (size * position[:, None] + other * position[None, :]) / (size + other)
        cost = np.where(kind == COMPROMISE, middle, distance)
    cost = np.where(open_, cost, np.inf)
    anyone = open_.any(axis=1)
    if chosen["ties"] == "first":
        partner = np.where(anyone, cost.argmin(axis=1), -1)
        rows = np.arange(len(position))
        chosen_target = np.where(anyone, target[rows, partner], position)
        return chosen_target, np.where(anyone, kind[rows, partner], -1), partner
    best = open_ & (cost <= cost.min(axis=1, keepdims=True) + ALIKE)
    strength = np.where(
        best, distance if chosen["order"] == "largest-challenge" else -theirs, np.inf
    )
    best &= strength <= strength.min(axis=1, keepdims=True) + ALIKE
    count = np.maximum(best.sum(axis=1), 1)
    between = np.where(best, target, 0.0).sum(axis=1) / count
    partner = np.where(anyone, best.argmax(axis=1), -1)
    kinds = np.where(anyone, kind[np.arange(len(position)), partner], -1)
    return np.where(anyone, between, position), kinds, partner
