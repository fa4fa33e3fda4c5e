"""A chamber in which a government is to be formed: its parties, and what came before."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_PARTIES = 12
"""More parties than this are refused: each one doubles the coalitions, and 12 have 4,095."""


@dataclass(frozen=True, slots=True)
class Past:
    """How often a country's earlier cabinets were of a kind, of ``cabinets`` in all."""

    cabinets: float = 0.0
    surplus: float = 0.0
    single: float = 0.0

    @property
    def surplus_share(self) -> float:
        """The share with more parties than the majority took; two cabinets are added, 0.4 such."""
        return (self.surplus + 0.4) / (self.cabinets + 2)

    @property
    def single_share(self) -> float:
        """The share of a single party; two cabinets are added, 0.6 such."""
        return (self.single + 0.6) / (self.cabinets + 2)


@dataclass(frozen=True, slots=True, eq=False)
class Opportunity:
    """A government to be formed by n parties.

    ``seats`` are above 0, ``left_right`` runs from 0 (left) to 10 (right). ``chamber`` is all the
    seats there are, ``majority`` so many of them as suffice. ``governing`` marks who governs now;
    where nobody does, no government goes on. ``premier`` is the place of the party that has the
    prime minister now, or None. ``swing`` is the change of each party's share of the chamber since
    the election before, from -1 to 1, 0 where that is unknown. ``after_election`` says whether an
    election, or something between elections, opened the question.

    ``cabinets`` counts the earlier cabinets while a party sat in the chamber, ``governed`` those it
    was in; ``together`` those that two parties were both in, ``apart`` those that one of two was in
    while both sat in the chamber (n, n). ``spread`` are experts' standard deviations of
    ``left_right``, 0 where there are none.
    """

    id: str
    parties: tuple[str, ...]
    names: tuple[str, ...]
    seats: Floats
    left_right: Floats
    chamber: float
    majority: float
    governing: NDArray[np.bool_]
    premier: int | None
    swing: Floats
    after_election: bool
    cabinets: Floats
    governed: Floats
    together: Floats
    apart: Floats
    past: Past = field(default_factory=Past)
    spread: Floats | None = None
