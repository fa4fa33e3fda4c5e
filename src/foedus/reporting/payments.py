"""What would have to be paid, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import Block, Explanation, Point, Points, Sentence, number
from foedus.sensitivity.turned import refusing_in

if TYPE_CHECKING:
    from foedus.sensitivity.payments import Offer, Payment, Payments


def payments_blocks(result: Payments) -> tuple[Block, ...]:
    """Of each transfer: what it takes, whom it turns, and who would no longer gain."""
    if not result.case.transfers:
        return (Sentence("The case names no transfers, so nothing can be paid.", "muted"),)
    if not refusing_in(result.before):
        return (Sentence("Nobody who is asked refuses, so nothing has to be paid.", "muted"),)
    blocks: list[Block] = []
    for offer in result.offers:
        blocks.append(Sentence(_offer_told(result, offer), strong=True))
        if points := tuple(Point(text) for text in _points(result, offer)):
            blocks.append(Points(points))
    return tuple(blocks)


def payments_explained(result: Payments) -> Explanation:
    """The same as an explanation."""
    return Explanation(payments_blocks(result))


def _offer_told(result: Payments, offer: Offer) -> str:
    name, unit, best = offer.transfer.id, offer.transfer.unit, offer.best
    if best is None:
        return f"Paying {name} turns nobody who refuses."
    amount = f"more than {_amount(best.amount)} of {name} ({unit})"
    if not best.refusing:
        return f"All agree if {amount} is paid."
    refuse = f"{_names(result, best.refusing)} would refuse"
    if not best.turned:
        return f"No payment of {name} is enough: with {amount} {refuse}."
    return f"For {_names(result, best.turned)} to agree it takes {amount}; {refuse} all the same."


def _points(result: Payments, offer: Offer) -> Iterator[str]:
    for actor, price in offer.prices.items():
        yield f"The best form: more than {_amount(price)} for {_names(result, [actor])} to agree."
    best = offer.best
    if best is None:
        return
    if best.lost:
        yield f"{_names(result, best.lost)} would agree but for what is paid."
    yield from _payers(result, offer, best)
    if best.amount >= offer.most:
        yield f"The most that can be paid is {_amount(offer.most)}, which is not enough."
    else:
        yield f"The most that can be paid is {_amount(offer.most)}."


def _payers(result: Payments, offer: Offer, best: Payment) -> Iterator[str]:
    for actor, (without, paid) in best.gains.items():
        if paid < without and actor not in best.refusing:
            who = _names(result, [actor])
            yield f"Left to {who}: {_amount(paid)} points of {_amount(without)} gained."


def _names(result: Payments, actors: Iterable[str]) -> str:
    return listed((result.case.actors[a].name for a in actors), "and")


def _amount(value: float) -> str:
    return number(round(value, 2))
