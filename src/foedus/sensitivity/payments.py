"""What would have to be paid: the smallest payment that turns who refuses, and who still gains.

A payment goes with the arrangement: x units add x times what a unit is worth to an actor to what it
expects if the arrangement is kept, and nothing to its BATNA. What is paid changes nobody's later
conduct. At the most likely judgements.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from foedus.case.model import Case, Transfer
from foedus.document import Explanation
from foedus.process.consent import Asked, Consent, Form
from foedus.process.model import Process
from foedus.result import Result, data_of, explained

TIED = 1e-9
"""Gains up to this much of an actor's range beyond the least that counts are none."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment beside a form of the arrangement, asked of one coalition.

    More than ``amount`` units must be paid. ``turned`` agree for it; ``lost`` would agree but for
    what they pay; ``refusing`` refuse with it made, the lost among them. ``gains`` are of those
    asked and of all whom it costs, without it and with it, in their own units.
    """

    amount: float
    state: int
    coalition: tuple[str, ...]
    turned: tuple[str, ...]
    lost: tuple[str, ...]
    refusing: tuple[str, ...]
    gains: Mapping[str, tuple[float, float]]

    def to_dict(self) -> dict[str, Any]:
        """Plain data; the state by its number, from 1."""
        return {
            "more_than": self.amount,
            "form": self.state + 1,
            **data_of(self, "coalition turned lost refusing"),
            "gains": {a: {"without": g, "paid": p} for a, (g, p) in self.gains.items()},
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """What one transfer can do.

    ``prices`` say by who refuses the best form what turns it there: more than so many units.
    ``best`` is the payment by which the fewest refuse, then the smallest; None where it turns
    nobody.
    """

    transfer: Transfer
    prices: Mapping[str, float]
    best: Payment | None

    @property
    def most(self) -> float:
        """The most that can be paid, at its most likely value."""
        return self.transfer.most.mode

    @property
    def suffices(self) -> bool:
        """Whether all then agree, and the most that can be paid is enough."""
        return self.best is not None and not self.best.refusing and self.best.amount < self.most

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "unit=transfer.unit most prices best suffices")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Payments(Result):
    """What the transfers of a case can do for one arrangement, in their order."""

    process: Process
    before: Consent
    offers: tuple[Offer, ...]

    @property
    def case(self) -> Case:
        """The case."""
        return self.process.case

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {offer.transfer.id: offer.to_dict() for offer in self.offers}

    def explain(self) -> Explanation:
        """What would have to be paid, and who still gains."""
        return explained(self)


def payments_for(process: Process, before: Consent) -> Payments:
    """Work out what would have to be paid for an arrangement, from who consents to it.

    The forms looked at are those that ``before`` holds. No payment turns a vote, nor an actor whose
    preference is an order. All whom a transfer costs are asked, in the coalition or not.
    """
    offers = []
    for transfer in process.case.transfers.values():
        found = [
            payment
            for form in before.forms
            for asked in form.asked
            for payment in _payments(process, transfer, form, asked)
        ]
        best = min(found, key=lambda p: (len(p.refusing), p.amount), default=None)
        offers.append(Offer(transfer, _prices(process, transfer, before), best))
    return Payments(process, before, tuple(offers))


def _prices(process: Process, transfer: Transfer, before: Consent) -> dict[str, float]:
    form = before.headline
    if form is None or form.best is None:
        return {}
    found = ((a, _price(process, transfer, form, a)) for a in form.best.refuse)
    return {actor: price for actor, price in found if price is not None}


def _price(process: Process, transfer: Transfer, form: Form, actor: str) -> float | None:
    """More than so many units make an actor gain by a form; None where none do."""
    worth = _worth(process, transfer, actor)
    return max(_lacking(process, form, actor), 0.0) / worth if worth > 0 else None


def _worth(process: Process, transfer: Transfer, actor: str) -> float:
    """What a unit is worth to an actor; nothing where no payment counts."""
    payable = process.game.views[actor].kind == "utility" and actor in transfer.worth
    return transfer.worth[actor].mode if payable else 0.0


def _lacking(process: Process, form: Form, actor: str) -> float:
    """What an ordinary actor lacks for a gain that counts, in its own units; below 0 for a gain."""
    return process.least[actor] + TIED * process.written[actor] - form.gain[actor]


def _payments(process: Process, transfer: Transfer, form: Form, asked: Asked) -> Iterator[Payment]:
    """The payments that just turn somebody of a coalition, by amount."""
    views = process.game.views
    paying = [
        a
        for a in transfer.worth
        if a in views and a not in asked.coalition and _worth(process, transfer, a) < 0
    ]
    refused = set(asked.refuse)
    ordinary = [a for a in (*asked.coalition, *paying) if not views[a].electorate]
    prices = {_price(process, transfer, form, a) for a in asked.refuse if a in ordinary}
    for amount in sorted(price for price in prices if price is not None):
        refusing, turned, lost = [], [], []
        for actor in (*asked.coalition, *paying):
            if actor not in ordinary:
                if actor in refused:
                    refusing.append(actor)
                continue
            worth = _worth(process, transfer, actor)
            lacking, tied = _lacking(process, form, actor), TIED * process.written[actor]
            after = lacking - worth * amount
            # A hair more than the amount is paid, so who is paid may lack nothing and no more.
            agrees = after <= tied if worth > 0 else after < 0
            if not agrees:
                refusing.append(actor)
                if lacking < 0:
                    lost.append(actor)
            elif lacking >= 0:
                turned.append(actor)
        gains = {
            a: (form.gain[a], form.gain[a] + _worth(process, transfer, a) * amount)
            for a in ordinary
        }
        yield Payment(
            amount, form.state, asked.coalition, tuple(turned), tuple(lost), tuple(refusing), gains
        )
