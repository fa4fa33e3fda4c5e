"""Bargaining models in plain loops, from their definitions.

Issues are lists of (capability, position, salience), positions on a scale of length 1, saliences
from 0 to 1, all weights over 0.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import permutations
from typing import Any

Stances = Sequence[tuple[float, float, float]]


def compromise(stances: Stances) -> float:
    total = sum(c * s for c, _, s in stances)
    return sum(c * s * x for c, x, s in stances) / total


def median(stances: Stances) -> float:
    """The middle of the held positions that lose no pairwise vote by weighted majority."""
    held = sorted({x for _, x, _ in stances})
    total = sum(c * s for c, _, s in stances)

    def beats(a: float, b: float) -> bool:
        won = sum(c * s for c, x, s in stances if abs(x - a) < abs(x - b) - 1e-12)
        lost = sum(c * s for c, x, s in stances if abs(x - b) < abs(x - a) - 1e-12)
        return won > lost + 1e-9 * total

    unbeaten = [a for a in held if not any(beats(b, a) for b in held)]
    return (unbeaten[0] + unbeaten[-1]) / 2


def nash(stances: Stances, power: int, margin: float, reference: float | None = None) -> float:
    """The best point of a fine grid; the reference point where none is a gain for all."""
    best, at = -math.inf, reference
    for k in range(20_001):
        t = k / 20_000
        product = 0.0
        for c, x, s in stances:
            allowed = margin if reference is None else abs(x - reference) ** power
            gain = allowed - abs(x - t) ** power
            if gain <= 0:
                break
            product += c * s * math.log(gain)
        else:
            if product > best:
                best, at = product, t
    assert at is not None
    return at


# --- challenge ------------------------------------------------------------------------------------


SAME = 1e-9
"""What differs by less is alike."""


class Challenge:
    """A round of the challenge model, actor by actor."""

    def __init__(self, stances: Stances, chosen: dict[str, Any]) -> None:
        total = sum(c * s for c, _, s in stances)
        self.weights = [c * s / total for c, _, s in stances]
        self.resists = [s for _, _, s in stances]
        self.chosen = chosen
        self.everyone = range(len(stances))

    def vote(self, k: int, ideal: float, a: float, b: float, risk: float) -> float:
        power = risk if self.chosen["votes"] == "utilities" else 1.0
        return self.weights[k] * (abs(ideal - b) ** power - abs(ideal - a) ** power)

    def chance(self, x: Sequence[float], i: int, j: int, risks: Sequence[float]) -> float:
        """That i beats j, all standing at x."""
        voters = [k for k in self.everyone if self.chosen["voters"] == "all" or k not in (i, j)]
        votes = [self.vote(k, x[k], x[i], x[j], risks[k]) for k in voters]
        every = sum(map(abs, votes))
        if every < 1e-12:
            return 0.5
        return sum(v for v in votes if v > 0) / every

    def utility(
        self, x: Sequence[float], i: int, j: int, r: float, p: float, middle: float
    ) -> float:
        """What i expects of challenging j at a risk exponent and a chance of success."""
        far = abs(x[i] - x[j])
        success = 2 - 4 * max(0.0, (1 - far) / 2) ** r
        failure = 2 - 4 * ((1 + far) / 2) ** r
        stays = 2 - 4 * 0.5**r
        s, q = self.resists[j], self.chosen["Q"]
        apart = abs(x[i] - middle)
        way = (apart + far) / 4
        t = 0.5
        if self.chosen["T"] == "by-median":
            t = 1.0 if apart < far else 0.0 if apart > far else 0.5
        better, worse = 2 - 4 * max(0.0, 0.5 - way) ** r, 2 - 4 * (0.5 + way) ** r
        gained = s * (p * success + (1 - p) * failure) + (1 - s) * success
        return gained - q * stays - (1 - q) * (t * better + (1 - t) * worse)

    def danger(self, x: Sequence[float], i: int, at: float, middle: float) -> float:
        """What all others expect of challenging i, if it stood and voted at a position."""
        moved = [*x]
        moved[i] = at
        ones = [1.0] * len(x)
        return sum(
            self.utility(moved, j, i, 1.0, self.chance(moved, j, i, ones), middle)
            for j in self.everyone
            if j != i
        )

    def risks(self, x: Sequence[float], middle: float) -> list[float]:
        if self.chosen["risk"] == "off":
            return [1.0] * len(x)
        found = []
        for i in self.everyone:
            if self.chosen["risk"] == "own-positions":
                all_of = [self.danger(x, i, at, middle) for at in set(x)]
            else:
                all_of = [self.danger(x, k, x[k], middle) for k in self.everyone]
            own = self.danger(x, i, x[i], middle)
            span = max(all_of) - min(all_of)
            bent = 0.0 if span < 1e-12 else (2 * own - max(all_of) - min(all_of)) / span
            found.append((1 - bent / 3) / (1 + bent / 3))
        return found

    def moved(self, x: Sequence[float], middle: float) -> list[float]:
        """Where all stand after a round."""
        risks = self.risks(x, middle)
        after = []
        for i in self.everyone:
            offers = []
            for j in self.everyone:
                if abs(x[i] - x[j]) <= SAME:
                    continue
                p = self.chance(x, i, j, risks)
                back = self.chance(x, j, i, risks)
                a = self.utility(x, i, j, risks[i], p, middle)
                b = self.utility(x, j, i, risks[i], back, middle)
                offer = self.offer(x[i], x[j], a, b)
                if offer is not None:
                    offers.append((offer, b))
            after.append(self.taken(x[i], offers))
        return after

    def offer(self, own: float, other: float, a: float, b: float) -> float | None:
        which = self.chosen["offers"]
        if b > a + SAME and a > SAME and which in ("all", "no-capitulation"):
            return other
        if b > SAME and a < -SAME and b > SAME - a:
            if self.chosen["compromise-move"] == "whole":
                return other
            return own + (other - own) * (-a / b)
        if b > SAME and a < -SAME and which in ("all", "no-confrontation"):
            return other
        return None

    def taken(self, own: float, offers: list[tuple[float, float]]) -> float:
        if not offers:
            return own
        if self.chosen["order"] == "smallest-move":
            least = min(abs(to - own) for to, _ in offers)
            offers = [each for each in offers if abs(each[0] - own) <= least + 1e-9]
            most = max(b for _, b in offers)
            offers = [each for each in offers if each[1] >= most - 1e-9]
        else:
            most = max(b for _, b in offers)
            offers = [each for each in offers if each[1] >= most - 1e-9]
            least = min(abs(to - own) for to, _ in offers)
            offers = [each for each in offers if abs(each[0] - own) <= least + 1e-9]
        return sum(to for to, _ in offers) / len(offers)


# --- exchange -------------------------------------------------------------------------------------

Table = Sequence[Sequence[tuple[float, float, float]]]
"""By issue and actor: capability, position, salience."""


def exchanged(table: Table, *, equal_gain: bool = True) -> list[float]:
    """The outcomes of all issues once no exchange is left, trying each pair of each."""
    votes = [[x for _, x, _ in issue] for issue in table]
    spent = [[False] * len(issue) for issue in table]

    def share(a: int, i: int) -> float:
        return table[a][i][0] * table[a][i][2] / sum(c * s for c, _, s in table[a])

    def outcome(a: int) -> float:
        return sum(share(a, i) * v for i, v in enumerate(votes[a]))

    while True:
        best: tuple[float, int, int, int, int, float, float] | None = None
        for p, q in permutations(range(len(table)), 2):
            for i, j in permutations(range(len(table[0])), 2):
                if spent[p][i] or spent[q][i] or spent[p][j] or spent[q][j]:
                    continue
                (_, xip, sip), (_, xjp, sjp) = table[p][i], table[p][j]
                (_, xiq, siq), (_, xjq, sjq) = table[q][i], table[q][j]
                at_p, at_q = outcome(p), outcome(q)
                if (xip - at_p) * (xjp - at_p) >= 0 or (xiq - at_q) * (xjq - at_q) >= 0:
                    continue
                if not sip * sjq < siq * sjp:
                    continue
                most_a = min(share(p, i) * abs(xjp - votes[p][i]), abs(xjp - at_p))
                most_b = min(share(q, j) * abs(xiq - votes[q][j]), abs(xiq - at_q))
                rate = (sip + sjp) / (siq + sjq) if equal_gain else 1.0
                a = min(most_a, most_b / rate)
                b = rate * a
                gain = min(siq * b - sip * a, sjp * a - sjq * b)
                if gain > 1e-9 and (best is None or gain > best[0] + 1e-15):
                    best = gain, p, q, i, j, a, b
        if best is None:
            return [outcome(a) for a in range(len(table))]
        _, p, q, i, j, a, b = best
        at_p, at_q = outcome(p), outcome(q)
        votes[p][i] += math.copysign(a / share(p, i), table[p][j][1] - at_p)
        votes[q][j] += math.copysign(b / share(q, j), table[q][i][1] - at_q)
        spent[p][i] = spent[q][j] = True


# --- pairwise contests ----------------------------------------------------------------------------


def condorcet(stances: Stances, power: int) -> dict[float, float]:
    """The chances of held positions after very many steps of the walk."""
    held = sorted({x for _, x, _ in stances})

    def chance(a: float, b: float) -> float:
        votes = [c * s * (abs(x - b) ** power - abs(x - a) ** power) for c, x, s in stances]
        every = sum(map(abs, votes))
        return 0.5 if every == 0 else sum(v for v in votes if v > 0) / every

    here = {a: 1 / len(held) for a in held}
    for _ in range(4000 if len(held) > 1 else 0):
        after = dict.fromkeys(held, 0.0)
        for a in held:
            left = here[a]
            for b in held:
                if b != a:
                    part = here[a] * chance(b, a) / (len(held) - 1)
                    after[b] += part
                    left -= part
            after[a] += left
        here = after
    return here


def central(stances: Stances, power: int) -> float:
    held = sorted({x for _, x, _ in stances})
    value = {a: -sum(c * s * abs(x - a) ** power for c, x, s in stances) for a in held}
    total = sum(c * s for c, _, s in stances)
    best = [a for a in held if value[a] >= max(value.values()) - 1e-9 * total]
    return (best[0] + best[-1]) / 2


# --- distributions --------------------------------------------------------------------------------


def below(parts: Sequence[tuple[float, float, float]], t: float, low: float, high: float) -> float:
    """P(outcome <= t) of a mixture (share, centre, sd) that stops at both ends."""
    if t < low:
        return 0.0
    if t >= high:
        return 1.0
    return sum(p * 0.5 * (1 + math.erf((t - m) / sd / math.sqrt(2))) for p, m, sd in parts)
