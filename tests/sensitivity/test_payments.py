"""Payments: against arithmetic by hand, by brute force over amounts, and over draws."""

from __future__ import annotations

import json

import numpy as np
import pytest

from foedus.case.reading import parse_case
from foedus.document import Explanation, Section
from foedus.loading import load
from foedus.preferences.games import Game, game_of
from foedus.sensitivity.payments import payments_for
from foedus.sensitivity.taking import what_it_takes

DEAL = """
foedus: 1
title: A deal
today: {pact: none, size: small}
actors: {ann: {name: Ann}, bob: {name: Bob}}
issues:
  pact: {positions: {none: None, made: Made}, decided_by: {made: ann and bob, none: ann}}
  size: {positions: {small: Small, big: Big}, decided_by: ann and bob}
arrangements: {pact: {name: The pact, when: pact = made}}
preferences:
  ann: {worth: {gain: {when: pact = made, value: 10}, big: {when: size = big, value: 4}}}
  bob: {worth: {loss: {when: pact = made, value: -6}, big: {when: size = big, value: -4}}}
transfers:
  gold: {unit: bars, most: 5, worth: {ann: -1.5, bob: 2}}
"""


@pytest.fixture(scope="module")
def flagship() -> Game:
    return game_of(load("cases/belarus-2024.yaml"))


def test_the_smallest_payment_is_the_shortfall_in_units() -> None:
    result = payments_for(parse_case(DEAL), "pact")
    (offer,) = result.offers
    assert offer.best is not None
    assert offer.best.amount == pytest.approx(3)  # Bob lacks 6 in the small pact, at 2 a bar
    assert offer.best.turned == ("bob",)
    assert offer.best.refusing == ()
    assert offer.payers == ("ann",)
    assert offer.paid == ("bob",)
    gain = next(g for g in offer.best.gains if g.actor == "ann")
    assert (gain.without, gain.by_payment) == pytest.approx((10, -4.5))
    assert offer.suffices(offer.best.amount)
    assert "all agree if more than 3 of gold is paid" in str(Explanation(result.blocks()))


def test_who_would_pay_too_much_no_longer_gains() -> None:
    (offer,) = payments_for(parse_case(DEAL.replace("-1.5", "-4")), "pact").offers
    assert offer.best is not None
    assert offer.best.lost == ("ann",)
    assert offer.purchase is not None
    assert offer.purchase.by_payment.p == 0


def test_who_pays_is_asked_though_the_arrangement_does_not_ask() -> None:
    text = DEAL.replace("{made: ann and bob, none: ann}", "{made: bob, none: ann}")
    text = text.replace(
        "gain: {when: pact = made, value: 10}", "gain: {when: pact = made, value: -1}"
    )
    (offer,) = payments_for(parse_case(text), "pact").offers
    assert offer.best is not None
    assert offer.best.refusing == ("ann",)
    assert offer.purchase is not None
    assert offer.purchase.by_payment.p == 0


def test_the_most_may_not_be_enough() -> None:
    (offer,) = payments_for(parse_case(DEAL.replace("most: 5", "most: 3")), "pact").offers
    # More than three bars are needed, and three are all there are.
    assert offer.best is not None
    assert not offer.suffices(offer.best.amount)
    assert offer.purchase is not None
    assert offer.purchase.by_payment.p == 0


def test_the_least_payment_agrees_with_trying_amounts() -> None:
    case = parse_case(DEAL)
    (offer,) = payments_for(case, "pact").offers
    assert offer.best is not None

    def passes(amount: float) -> bool:
        # The pact made small, or big, against nothing: worked out from the text above by hand.
        forms = [(10 - 1.5 * amount, -6 + 2 * amount), (14 - 1.5 * amount, -10 + 2 * amount)]
        return any(ann > 0 and bob > 0 for ann, bob in forms)

    amounts = np.arange(0, 5, 0.01)
    first = next(amount for amount in amounts if passes(float(amount)))
    assert first == pytest.approx(offer.best.amount, abs=0.011)


def test_draws_of_sure_judgements_say_the_same() -> None:
    (offer,) = payments_for(parse_case(DEAL), "pact", draws=50).offers
    price = offer.range_of("bob")
    assert price is not None
    assert (price.low, price.median, price.high) == pytest.approx((3, 3, 3))
    assert price.refuses == 1
    assert price.within == 1
    assert offer.purchase is not None
    assert offer.purchase.unpaid.p == 0
    assert offer.purchase.by_payment.p == 1


def test_drawn_prices_follow_their_range() -> None:
    # The price is 6 / w with w from 1 to 3: uniform draws of w give its points in reverse.
    text = DEAL.replace("bob: 2}", "bob: [1, 2, 3]}").replace("ann: -1.5", "ann: -0.1")
    text = text.replace("most: 5", "most: 4")
    (offer,) = payments_for(parse_case(text), "pact", draws=4_000).offers
    price = offer.range_of("bob")
    assert price is not None
    assert (price.low, price.median, price.high) == pytest.approx((2, 3, 6), rel=0.05)


def test_two_transfers_together_do_what_neither_can() -> None:
    more = DEAL.replace("most: 5", "most: 2") + "  land: {unit: acres, most: 4, worth: {bob: 1}}\n"
    result = payments_for(parse_case(more), "pact")
    assert all(not offer.suffices(offer.best.amount) for offer in result.offers if offer.best)
    assert result.combination is not None
    amounts = result.combination.amounts
    assert 2 * amounts["gold"] + amounts["land"] == pytest.approx(6, abs=1e-3)
    # An acre uses up a quarter of what there is and gives 1; a bar uses half and gives 2.
    assert result.combination.cost == pytest.approx(1.5, abs=1e-3)


def test_no_payment_turns_a_vote(flagship: Game) -> None:
    result = payments_for(flagship, "belarus-option", draws=200)
    assert set(result.unpaid) == {"elite", "belarusians"}
    (offer,) = result.offers
    (price,) = offer.prices
    assert price.actor == "lukashenka"
    assert price.least == pytest.approx(33 / 8)
    assert price.in_package == pytest.approx(48 / 8)
    assert not offer.suffices(price.least)
    told = str(Explanation(result.blocks()))
    assert "No payment turns a vote" in told
    assert result.to_dict()["transfers"]["gas"]["prices"]["lukashenka"]["within_most"] is False


def test_without_transfers_or_blockers_it_says_so() -> None:
    none = payments_for(load("cases/two-towns.yaml"), "one-town")
    assert "names no transfer" in str(none.explain())
    agreed = payments_for(load("cases/two-towns.yaml"), "free-bridge")
    assert not agreed.needed
    assert "nothing has to be paid" in str(agreed.explain())


def test_the_same_seed_gives_the_same_prices(flagship: Game) -> None:
    one, other = (payments_for(flagship, "confederation", draws=100, seed=3) for _ in range(2))
    assert one.to_dict() == other.to_dict()


def test_all_that_it_takes_is_told_together() -> None:
    result = what_it_takes(parse_case(DEAL.replace("value: -6", "value: [-9, -6, -3]")), "pact")
    assert [each.blocker for each in result.blockers] == ["bob"]
    assert result.explain("bob") == result.blockers[0].explain()
    assert [block.id for block in result.blocks() if isinstance(block, Section)] == [
        "take-payments",
        "take-bob",
        "take-all",
    ]
    json.dumps(result.to_dict(), allow_nan=False)
    with pytest.raises(KeyError, match="no blocker 'ann'"):
        result.explain("ann")
