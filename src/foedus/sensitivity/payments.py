"""What would have to be paid: the smallest payment that turns blockers, and who still gains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from foedus.case.model import Case, Transfer
from foedus.document import Explanation
from foedus.preferences.games import Game, game_of
from foedus.result import Result, explained
from foedus.sensitivity.combining import Combination, cheapest_combination
from foedus.sensitivity.consenting import Consent, Form, Question
from foedus.sensitivity.payments_drawn import DRAWS, PriceRange, Purchase, drawn_prices

TIED = 1e-9
"""Gains up to this part of an actor's range are none."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What an actor who is asked gains by a form, in its own units.

    ``without`` and ``by_payment`` are utilities; both are None for one whose preference is an
    order or a vote, who only ``agrees`` or does not, whatever is paid.
    """

    actor: str
    without: float | None
    by_payment: float | None
    agrees_without: bool
    agrees: bool


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment beside a form of the arrangement.

    ``amount`` is in the transfer's units: more than that much must be paid. ``gains`` are of those
    asked for the form, and of all whom the payment costs, at that amount.
    """

    amount: float
    form: Form
    gains: tuple[Gain, ...]

    @property
    def turned(self) -> tuple[str, ...]:
        """Who agrees for the payment alone."""
        return tuple(g.actor for g in self.gains if g.agrees and not g.agrees_without)

    @property
    def lost(self) -> tuple[str, ...]:
        """Who would agree but for what it pays."""
        return tuple(g.actor for g in self.gains if g.agrees_without and not g.agrees)

    @property
    def refusing(self) -> tuple[str, ...]:
        """Who refuses with the payment made."""
        return tuple(g.actor for g in self.gains if not g.agrees)

    def to_dict(self) -> dict[str, Any]:
        """Plain data; the state by its number, from 1."""
        return {
            "more_than": self.amount,
            "form": self.form.state + 1,
            "turned": list(self.turned),
            "lost": list(self.lost),
            "refusing": list(self.refusing),
        }


@dataclass(frozen=True, slots=True)
class Price:
    """What turns one blocker: more than so many units in the package, and in its cheapest form."""

    actor: str
    in_package: float | None
    least: float
    form: Form

    def to_dict(self) -> dict[str, Any]:
        """Plain data; the state by its number, from 1."""
        return {
            "in_package": self.in_package,
            "least": self.least,
            "form": self.form.state + 1,
        }


@dataclass(frozen=True, slots=True)
class Offer:
    """What one transfer can do for an arrangement.

    ``prices`` are of each blocker whom it can turn. ``in_package`` is the payment that leaves the
    fewest refusing in the package and, among those, is the smallest; ``best`` the same over all
    forms; None where nobody is turned. ``ranges`` are the prices, and ``purchase`` the whole, over
    draws of all judgements.
    """

    transfer: Transfer
    payers: tuple[str, ...]
    paid: tuple[str, ...]
    prices: tuple[Price, ...]
    in_package: Payment | None
    best: Payment | None
    ranges: tuple[PriceRange, ...] = ()
    purchase: Purchase | None = None

    def suffices(self, amount: float) -> bool:
        """Whether the most that can be paid, at its most likely value, is more than ``amount``."""
        return amount < self.transfer.most.mode

    def range_of(self, actor: str) -> PriceRange | None:
        """An actor's price over the draws, if draws were made."""
        return next((each for each in self.ranges if each.actor == actor), None)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "unit": self.transfer.unit,
            "most": self.transfer.most.mode,
            "payers": list(self.payers),
            "paid": list(self.paid),
            "prices": {
                each.actor: {**each.to_dict(), "within_most": self.suffices(each.least)}
                for each in self.prices
            },
            "in_package": self.in_package.to_dict() if self.in_package else None,
            "best": self.best.to_dict() if self.best else None,
            "ranges": {each.actor: each.to_dict() for each in self.ranges},
            "draws": self.purchase.to_dict() if self.purchase else None,
        }


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Payments(Result):
    """What payments can do for an arrangement.

    ``before`` is what acceptance says of it, None where nobody makes it. ``offers`` has one entry
    a transfer of the case; ``combination`` is the cheapest use of several together by which all
    agree, None where there are fewer than two or none does.
    """

    game: Game
    arrangement: str
    before: Consent | None
    offers: tuple[Offer, ...]
    combination: Combination | None = None

    @property
    def needed(self) -> bool:
        """Whether somebody who is asked refuses."""
        return self.before is not None and bool(self.before.refusing)

    @property
    def unpaid(self) -> tuple[str, ...]:
        """The blockers of the package whom no transfer can turn."""
        turned = {price.actor for offer in self.offers for price in offer.prices}
        return tuple(a for a in (self.before.refusing if self.before else ()) if a not in turned)

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "arrangement": self.arrangement,
            "needed": self.needed,
            "refusing": list(self.before.refusing) if self.before else [],
            "not_for_sale": list(self.unpaid),
            "transfers": {offer.transfer.id: offer.to_dict() for offer in self.offers},
            "combination": self.combination.to_dict() if self.combination else None,
        }

    def explain(self) -> Explanation:
        """Who could be turned by which payment, and who would then refuse."""
        return explained(self)


def payments_for(
    case: Case | Game, arrangement: str, *, draws: int = DRAWS, seed: int = 1, order: str = "file"
) -> Payments:
    """The smallest payments that turn the blockers of an arrangement, transfer by transfer.

    Of a transfer, x units add x times its worth to the utility of every actor it names: those with
    a worth below 0 pay, those above are paid. Nobody pays unwillingly: those who pay must be better
    off than by no deal too, whether or not the arrangement asks them. No deal has no payment in it.
    A blocker is turned when it is better off than by no deal; a vote is turned by none. Over
    ``draws`` draws of all judgements (0: none) the prices are worked out anew. Definitions:
    docs/what-would-it-take.md.

    Raises CaseError for an unknown arrangement or a case without today; ValueError for an unknown
    order or a negative number of draws.

    >>> import foedus
    >>> payments_for(foedus.load("cases/two-towns.yaml"), "one-town", draws=0).unpaid
    ('north', 'voters')
    """
    if draws < 0:
        raise ValueError(f"{draws} draws: a number from 0 on is needed")
    game = game_of(case) if isinstance(case, Case) else case
    question = Question.of(game, arrangement, order)
    if not question.forms:
        return Payments(game, arrangement, None, ())
    before = question.answer()
    transfers = tuple(game.case.transfers.values())
    if not before.refusing:
        return Payments(
            game, arrangement, before, tuple(_offer(t, (), None, None) for t in transfers)
        )
    offers = [_offered(question, transfer, before) for transfer in transfers]
    if draws and offers:
        found = drawn_prices(game, arrangement, question.makers, transfers, draws, seed)
        offers = [
            replace(offer, ranges=each.ranges, purchase=each.purchase)
            for offer, each in zip(offers, found, strict=True)
        ]
    combination = None
    if len(transfers) > 1:
        combination = cheapest_combination(question, transfers, before.no_deal)
    return Payments(game, arrangement, before, tuple(offers), combination)


def _offer(
    transfer: Transfer,
    prices: tuple[Price, ...],
    in_package: Payment | None,
    best: Payment | None,
) -> Offer:
    worths = {actor: judgement.mode for actor, judgement in transfer.worth.items()}
    payers = tuple(actor for actor, worth in worths.items() if worth < 0)
    paid = tuple(actor for actor, worth in worths.items() if worth > 0)
    return Offer(transfer, payers, paid, prices, in_package, best)


def _offered(question: Question, transfer: Transfer, before: Consent) -> Offer:
    """One transfer at the most likely values, over all forms."""
    package = Form(before.package.state, before.package.coalition)
    payments = [
        payment
        for form in question.forms
        if (payment := _payment(question.game, transfer, form, before.no_deal)) is not None
    ]
    best = min(payments, key=lambda p: (len(p.refusing), p.amount), default=None)
    own = _payment(question.game, transfer, package, before.no_deal)
    prices = tuple(_prices(question, transfer, before, package))
    return _offer(transfer, prices, own, best)


def _prices(
    question: Question, transfer: Transfer, before: Consent, package: Form
) -> Iterator[Price]:
    """The price of every blocker of the package that the transfer pays."""
    for actor in before.refusing:
        found: list[tuple[float, Form]] = []
        own = None
        for form in question.forms:
            if actor not in form.coalition:
                continue
            price = _price(question.game, transfer, actor, form, before.no_deal)
            if price is not None:
                found.append((price, form))
                own = price if form == package else own
        if found:
            least, form = min(found, key=lambda each: each[0])
            yield Price(actor, own, least, form)


def _price(game: Game, transfer: Transfer, actor: str, form: Form, no_deal: int) -> float | None:
    """More than how many units turn an actor; None for one whom none does, or who agrees."""
    worth, view = transfer.worth.get(actor), game.views[actor]
    if worth is None or worth.mode <= 0 or view.kind != "utility":
        return None
    if view.agrees(no_deal, form.state):
        return None
    same = view.levels[form.state] == view.levels[no_deal]
    lacking = 0.0 if same else float(view.values[no_deal] - view.values[form.state])
    return lacking / worth.mode


def _payment(game: Game, transfer: Transfer, form: Form, no_deal: int) -> Payment | None:
    """The payment beside one form that leaves the fewest refusing, then the smallest."""
    prices = {
        price
        for actor in form.coalition
        if (price := _price(game, transfer, actor, form, no_deal)) is not None
    }
    asked = (*form.coalition, *_payers_unasked(game, transfer, form))
    payments = [
        Payment(
            amount,
            form,
            tuple(_gain(game, transfer, actor, form, no_deal, amount) for actor in asked),
        )
        for amount in sorted(prices)
    ]
    return min(payments, key=lambda p: len(p.refusing), default=None)


def _payers_unasked(game: Game, transfer: Transfer, form: Form) -> tuple[str, ...]:
    """Those whom the transfer costs, though the form itself does not take their consent."""
    return tuple(
        actor
        for actor, worth in transfer.worth.items()
        if worth.mode < 0 and actor not in form.coalition and actor in game.views
    )


def _gain(
    game: Game, transfer: Transfer, actor: str, form: Form, no_deal: int, amount: float
) -> Gain:
    view = game.views[actor]
    agrees = bool(view.agrees(no_deal, form.state))
    if view.kind != "utility":
        return Gain(actor, None, None, agrees, agrees)
    gain = float(view.values[form.state] - view.values[no_deal])
    worth = transfer.worth[actor].mode if actor in transfer.worth else 0.0
    if worth == 0:
        return Gain(actor, gain, 0.0, agrees, agrees)
    after = gain + worth * amount
    none = TIED * max(float(np.ptp(view.values)), 1.0)
    # Just more than the amount is paid, so one who is paid needs no more than not to lose.
    turned = after >= -none if worth > 0 else after > none
    return Gain(actor, gain, worth * amount, agrees, turned)


def cheapest(offers: Sequence[Offer]) -> Offer | None:
    """The offer by which the fewest refuse, then that takes the least of what can be paid most."""
    able = [offer for offer in offers if offer.best is not None]

    def key(offer: Offer) -> tuple[int, float]:
        assert offer.best is not None  # noqa: S101 - only those are compared
        most = offer.transfer.most.mode
        return len(offer.best.refusing), offer.best.amount / most if most else np.inf

    return min(able, key=key, default=None)
