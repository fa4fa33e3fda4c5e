"""Do the views agree? ACH, the weight of evidence and the inside view, compared in words.

Only the order of the hypotheses is compared: ACH gives no probabilities, and "least inconsistent"
is not "likely". Hypotheses that a view says nothing of are left out of its comparisons.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from foedus.case.model import Case
from foedus.evidence.competing import Ach
from foedus.evidence.scoring import Ranking
from foedus.evidence.updating import Bayes
from foedus.result import Result

NEAR = 1e-9
"""Probabilities nearer than this are level."""

Verdict = Literal["agree", "agree on the first", "clash", "cannot be compared"]


@dataclass(frozen=True, slots=True)
class Pairing:
    """Two views compared over the hypotheses of both.

    They ``agree`` when they put no two hypotheses in opposite order, ``agree on the first`` when
    they share one of the first but turn others round, and else ``clash``. ``reversed_`` are the
    pairs they turn round. With fewer than two hypotheses in common, or one view that tells none of
    them apart, they cannot be compared.
    """

    first: str
    second: str
    verdict: Verdict
    common: tuple[str, ...]
    reversed_: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, repr=False)
class Concordance(Result):
    """The order of the hypotheses by each view, first ones first, and each two views compared.

    ``shared`` are items with likelihoods or marks on which the inside view rests too.
    """

    case: Case
    orders: Mapping[str, Ranking]
    pairings: tuple[Pairing, ...]
    shared: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "orders": {name: [list(g) for g in order] for name, order in self.orders.items()},
            "pairings": [
                {
                    "views": [p.first, p.second],
                    "verdict": p.verdict,
                    "common": list(p.common),
                    "reversed": [list(pair) for pair in p.reversed_],
                }
                for p in self.pairings
            ],
            "shared": list(self.shared),
        }


def concordance(
    case: Case,
    competing: Ach | None = None,
    weighed: Bayes | None = None,
    inside: Mapping[str, float] | None = None,
) -> Concordance:
    """Compare the views given, each two of them.

    ``inside`` maps each hypothesis and ``other`` to its probability in the inside view. A weighing
    without likelihoods, and an analysis without marks, say nothing and are left out.
    """
    orders: dict[str, Ranking] = {}
    if competing is not None and competing.ranking:
        orders["ACH"] = competing.ranking
    if weighed is not None and weighed.speaks:
        posterior = {h: share.p for h, share in weighed.posterior.items()}
        orders["the weighed evidence"] = by_probability(posterior)
    if inside is not None:
        orders["the inside view"] = by_probability(inside)
    pairings = tuple(_compared(a, orders[a], b, orders[b]) for a, b in combinations(orders, 2))
    shared: dict[str, None] = {}
    if inside is not None:
        for view in (competing, weighed):
            shared |= dict.fromkeys(view.also_inside if view is not None else ())
    return Concordance(case, orders, pairings, tuple(shared))


def by_probability(shares: Mapping[str, float]) -> Ranking:
    """Hypotheses from likeliest to least likely, level ones together.

    >>> by_probability({"a": 0.2, "b": 0.6, "c": 0.2})
    (('b',), ('a', 'c'))
    """
    groups: list[list[str]] = []
    for h in sorted(shares, key=lambda name: -shares[name]):
        if groups and abs(shares[groups[-1][0]] - shares[h]) <= NEAR:
            groups[-1].append(h)
        else:
            groups.append([h])
    return tuple(map(tuple, groups))


def over(order: Ranking, names: tuple[str, ...]) -> Ranking:
    """A ranking over some of its hypotheses."""
    kept = (tuple(h for h in group if h in names) for group in order)
    return tuple(group for group in kept if group)


def _compared(first: str, one: Ranking, second: str, other: Ranking) -> Pairing:
    theirs = {h for group in other for h in group}
    common = tuple(h for group in one for h in group if h in theirs)
    one, other = over(one, common), over(other, common)
    if min(len(one), len(other)) < 2:
        return Pairing(first, second, "cannot be compared", common, ())
    place = [{h: k for k, group in enumerate(order) for h in group} for order in (one, other)]
    turned = tuple(
        (a, b)
        for a, b in combinations(common, 2)
        if (place[0][a] - place[0][b]) * (place[1][a] - place[1][b]) < 0
    )
    verdict: Verdict = "agree"
    if turned:
        verdict = "agree on the first" if set(one[0]) & set(other[0]) else "clash"
    return Pairing(first, second, verdict, common, turned)
