"""What payments can do, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from foedus.case.problems import listed
from foedus.document import Block, Cell, Column, Explanation, Point, Points, Sentence, Table, number
from foedus.forecasting.estimates import percent

if TYPE_CHECKING:
    from foedus.sensitivity.payments import Offer, Payment, Payments, Price

NO_VOTE = "No payment turns a vote"


def payments_blocks(result: Payments) -> tuple[Block, ...]:
    """The answer, what each transfer can do, and a table of prices."""
    blocks: list[Block] = [Sentence(answer_told(result), strong=True)]
    if not result.needed:
        return tuple(blocks)
    if points := tuple(_points(result)):
        blocks.append(Points(points))
    blocks += [_prices(result, offer) for offer in result.offers if offer.prices]
    return tuple(blocks)


def payments_explained(result: Payments) -> Explanation:
    """The answer and its reasons."""
    return Explanation(payments_blocks(result))


def answer_told(result: Payments) -> str:
    """The answer in a sentence."""
    case = result.game.case
    name = case.arrangements[result.arrangement].name
    if result.before is None:
        return f"“{name}”: nobody makes it, so there is nothing to pay for."
    if not result.needed:
        return f"“{name}”: acceptable as it is judged; nothing has to be paid."
    if not result.offers:
        return f"“{name}”: blocked, and the case names no transfer by which anything can be paid."
    bought = [o for o in result.offers if o.best is not None and not o.best.refusing]
    if not bought:
        text = f"“{name}”: no payment by one transfer makes all agree."
        if result.combination is not None:
            text = f"“{name}”: no single transfer makes all agree, but several together do."
        return text
    offer = min(bought, key=lambda o: o.best.amount / max(o.transfer.most.mode, 1e-12))  # type: ignore[union-attr]
    assert offer.best is not None  # noqa: S101 - only bought ones are here
    amount = _more_than(offer, offer.best.amount)
    if offer.suffices(offer.best.amount):
        return f"“{name}”: all agree if {amount} is paid, which is within what can be paid."
    most = number(offer.transfer.most.mode)
    return f"“{name}”: all would agree if {amount} were paid, but the most that can be is {most}."


def _points(result: Payments) -> Iterator[Point]:
    game, case = result.game, result.game.case
    for offer in result.offers:
        yield Point(_who(result, offer), tuple(_offered(result, offer)))
    votes = [a for a in result.unpaid if game.views[a].electorate]
    if votes:
        verb = "stands" if len(votes) == 1 else "stand"
        yield Point(f"{NO_VOTE}: {_names(result, votes)} {verb} against it whatever is paid.")
    others = [a for a in result.unpaid if not game.views[a].electorate]
    if others:
        yield Point(f"No transfer of the case pays {_names(result, others)}.")
    if result.combination is not None:
        amounts = listed(
            (
                f"{number(round(amount, 3))} of {name} ({case.transfers[name].unit})"
                for name, amount in result.combination.amounts.items()
                if amount > 0
            ),
            "and",
        )
        yield Point(f"The cheapest combination by which all agree: {amounts}.")


def _who(result: Payments, offer: Offer) -> str:
    paid = _names(result, offer.paid) or "nobody"
    payers = _names(result, offer.payers) or "nobody named"
    most = offer.transfer.most
    reach = number(most.mode)
    if not most.sure:
        reach += f" (judged {number(most.low)} to {number(most.high)})"
    return (
        f"By {offer.transfer.id}, in {offer.transfer.unit}: paid are {paid}, it costs {payers}, "
        f"and at most {reach} can be paid."
    )


def _offered(result: Payments, offer: Offer) -> Iterator[Point]:
    for price in offer.prices:
        yield Point(_price_told(result, offer, price))
    if offer.in_package is not None:
        yield Point(f"In the best form: {_payment_told(result, offer, offer.in_package)}")
    if offer.best is not None:
        lead = "In the form in which a payment leaves fewest against it"
        apart = result.before.no_deal if result.before else None
        form = result.game.space.describe(offer.best.form.state, apart_from=apart)
        yield Point(f"{lead} ({form}): {_payment_told(result, offer, offer.best)}")
    if offer.purchase is not None:
        before, after = offer.purchase.unpaid, offer.purchase.by_payment
        yield Point(
            f"Over {offer.purchase.draws:,} draws of all judgements, all agree to some form in "
            f"{percent(before.p, before.low, before.high)} without payment, and in "
            f"{percent(after.p, after.low, after.high)} with the best payment that can be made."
        )


def _price_told(result: Payments, offer: Offer, price: Price) -> str:
    name = result.game.case.actors[price.actor].name
    text = f"{name} is won over by {_more_than(offer, price.least)} in the form where least will do"
    if price.in_package is not None and price.in_package != price.least:
        text += f", by {_amount(price.in_package)} in the best form"
    enough = "is enough" if offer.suffices(price.least) else "is not enough"
    text += f"; the most that can be paid {enough}."
    drawn = offer.range_of(price.actor)
    if drawn is not None and np.isfinite(drawn.within):
        text += (
            f" Over the draws in which no form suits them the price is {_amount(drawn.median)} "
            f"({_amount(drawn.low)} to {_amount(drawn.high)}), and the most is enough in "
            f"{percent(drawn.within)}."
        )
    return text


def _payment_told(result: Payments, offer: Offer, payment: Payment) -> str:
    text = f"{_more_than(offer, payment.amount)} turns {_names(result, payment.turned) or 'nobody'}"
    game = result.game
    paying = [g for g in payment.gains if g.actor in offer.payers and g.without is not None]
    still = [g.actor for g in paying if g.agrees]
    if still:
        text += f"; of those it costs, {_names(result, still)} still gain{_s(still)}"
    if payment.lost:
        text += f"; {_names(result, payment.lost)} would no longer gain"
    left = [a for a in payment.refusing if a not in payment.lost]
    if left:
        text += f"; {_names(result, left)} refuse{_s(left)} all the same"
    if not payment.refusing:
        text += ", and all who are asked agree"
    votes = [a for a in left if game.views[a].electorate]
    return f"{text}." + (f" {NO_VOTE}." if votes else "")


def _prices(result: Payments, offer: Offer) -> Table:
    columns = (
        Column("blocker"),
        Column("least price", True),
        Column("in the best form", True),
        Column("over draws", True),
        Column("the most is enough in", True),
    )
    rows = []
    for price in offer.prices:
        drawn = offer.range_of(price.actor)
        known = drawn is not None and np.isfinite(drawn.within)
        span = within = "–"
        if drawn is not None and known:
            span = f"{_amount(drawn.low)} to {_amount(drawn.high)}"
            within = percent(drawn.within)
        own = "–" if price.in_package is None else _amount(price.in_package)
        rows.append(
            (
                Cell(result.game.case.actors[price.actor].name),
                Cell(_amount(price.least), "good" if offer.suffices(price.least) else "bad"),
                Cell(own),
                Cell(span),
                Cell(within),
            )
        )
    caption = f"What blockers cost, in {offer.transfer.unit} (more than)"
    return Table(caption, columns, tuple(rows))


def _more_than(offer: Offer, amount: float) -> str:
    if amount == 0:
        return f"any payment at all of {offer.transfer.id}"
    return f"more than {_amount(amount)} of {offer.transfer.id}"


def _amount(amount: float) -> str:
    if not np.isfinite(amount):
        return "no payment"
    return number(float(f"{amount:.3g}")) if amount > 1e-9 else "anything"


def _names(result: Payments, actors: tuple[str, ...] | list[str]) -> str:
    return listed((result.game.case.actors[a].name for a in actors), "and")


def _s(actors: list[str]) -> str:
    return "s" if len(actors) == 1 else ""
