"""What each party that is asked has to gain from each coalition, as what the parameters weigh.

A coalition's own parties are asked. Without a majority, so are outside supporters: the parties that
are least far from its farthest member, up to the majority ([Strom1990]: a minority rules by consent
of parties outside). What counts for whom:

- ``office``: a member's share of all seats held, since posts go by seats [Gamson1961].
- ``distance``: minus the distance to the farthest member, 1 being the whole scale; for supporters
  too [Axelrod1970].
- ``short``: minus the seats that a coalition lacks, as a share of the chamber.
- ``needed``: 1 where no member can be spared [Riker1962]; ``surplus``: where one can, how often
  the country had such cabinets; ``alone``: for a single party, how often it had those.
- ``again``: 1 where exactly those go on who govern now; ``overlap``: between elections, the share
  that those who govern now and the coalition have in common, of all in either [Franklin1983]
  [Martin2010]; ``pair``: how often a member governed with its partners before.
- ``swing``: the change of a member's share of the chamber at the election.
- ``premier``: 1 where the party of the prime minister is a member.
- ``support``: 1 for supporters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from foedus.coalition.opportunity import Floats, Opportunity

TERMS = (
    "office",
    "distance",
    "short",
    "needed",
    "surplus",
    "again",
    "overlap",
    "pair",
    "swing",
    "premier",
    "alone",
    "support",
)
"""What a worth is made of, in the order of the last axis of `Gains.terms`."""


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """The terms of each party's worth of each of N = 2^n - 1 coalitions, against a caretaker.

    Coalition k has party i where bit i of k + 1 is set: ``members`` (N, n). ``supporters`` (N, n)
    are asked from outside. ``terms`` is (N, n, terms), 0 for whoever is not asked.
    """

    members: NDArray[np.bool_]
    supporters: NDArray[np.bool_]
    terms: Floats

    @property
    def asked(self) -> NDArray[np.bool_]:
        """Whose consent a coalition needs (N, n)."""
        return self.members | self.supporters


def gains(chamber: Opportunity) -> Gains:
    """The terms of every party's worth of every coalition. Computed, nothing is drawn."""
    n = len(chamber.parties)
    members = (np.arange(1, 1 << n)[:, None] >> np.arange(n) & 1).astype(bool)
    inside = members.astype(float)
    held = inside @ chamber.seats
    farthest = _farthest(chamber, members)
    supporters = _supporters(chamber, members, farthest, held)
    short = np.maximum(0, chamber.majority - held) / chamber.chamber
    smallest = np.where(members, chamber.seats, np.inf).min(1)
    enough = held >= chamber.majority
    needed = enough & (held - smallest < chamber.majority)
    now = chamber.governing.astype(float)
    union = np.maximum(inside, now).sum(1)
    leads = inside[:, chamber.premier] if chamber.premier is not None else np.zeros(len(held))
    by_member = {
        "office": (chamber.seats / chamber.seats.sum())[None],
        "short": -short[:, None],
        "needed": needed[:, None],
        "surplus": (enough & ~needed)[:, None] * chamber.past.surplus_share,
        "again": ((inside == now).all(1) & bool(now.any()))[:, None],
        "overlap": (inside @ now / union)[:, None] * (not chamber.after_election),
        "pair": _pair(chamber, inside),
        "swing": np.clip(chamber.swing, -0.3, 0.3)[None],
        "premier": leads[:, None],
        "alone": (inside.sum(1) == 1)[:, None] * chamber.past.single_share,
    }
    terms = np.zeros((*members.shape, len(TERMS)))
    for k, name in enumerate(TERMS):
        if name in by_member:
            terms[..., k] = by_member[name] * inside
    terms[..., TERMS.index("distance")] = -farthest * (members | supporters)
    terms[..., TERMS.index("support")] = supporters
    return Gains(members, supporters, terms)


def _farthest(chamber: Opportunity, members: NDArray[np.bool_]) -> Floats:
    """How far the farthest member of each coalition is from each party, 1 the whole scale."""
    away = np.abs(chamber.left_right[:, None] - chamber.left_right[None]) / 10
    return np.stack([(members * row).max(1) for row in away], axis=1)


def _supporters(
    chamber: Opportunity, members: NDArray[np.bool_], farthest: Floats, held: Floats
) -> NDArray[np.bool_]:
    """Outsiders, least far first, until the majority is reached.

    Parties that are equally far are asked in the order of how near they are to the coalition's
    mean by seats, then the larger first.
    """
    mean = (members * chamber.seats) @ chamber.left_right / held
    near = np.abs(chamber.left_right[None] - mean[:, None]) / 10
    far = np.where(members, np.inf, np.round(farthest, 9))
    size = np.broadcast_to(-chamber.seats, far.shape)
    order = np.lexsort((size, np.round(near, 9), far), axis=1)
    outside = np.take_along_axis(np.where(members, 0, chamber.seats[None]), order, 1)
    before = held[:, None] + np.cumsum(outside, 1) - outside
    asked = np.zeros_like(members)
    np.put_along_axis(asked, order, (before < chamber.majority) & (outside > 0), 1)
    return asked


def _pair(chamber: Opportunity, inside: Floats) -> Floats:
    """How often a party governed with its partners, a mean over them; a quarter for one alone.

    Of two parties it is (together + 0.5) / (together + apart + 2), so a quarter where they have
    no past.
    """
    often = (chamber.together + 0.5) / (chamber.together + chamber.apart + 2)
    np.fill_diagonal(often, 0.0)
    partners = inside.sum(1)[:, None] - inside
    return np.where(partners > 0, inside @ often.T / np.maximum(partners, 1), 0.25)
