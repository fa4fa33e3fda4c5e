"""The compromise: the mean of all positions, weighted by capability times salience [Achen2006]_.

It approximates the Nash bargaining solution with quadratic losses where no agreement is far worse
than any, and is the yardstick of the comparisons [Thomson2006]_, [Schneider2010]_.
"""

from __future__ import annotations

from foedus.bargaining.issue import OrderedIssue
from foedus.bargaining.model import BargainingModel, Chosen, Settled, one_by_one, remark_on


def _settle(issue: OrderedIssue, _: Chosen) -> Settled:
    return Settled(issue.compromise, remark=remark_on(issue))


COMPROMISE = BargainingModel(
    "compromise",
    "the mean of the positions, weighted by capability and salience",
    "Achen2006",
    one_by_one(_settle),
)
