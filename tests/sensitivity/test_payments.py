"""Payments: against arithmetic by hand, and against consent in a case in which it is paid."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from foedus.case.reading import parse_case
from foedus.document import Explanation
from foedus.process.consent import Consents
from foedus.process.model import Process
from foedus.sensitivity.payments import Payments, payments_for
from foedus.sensitivity.turning import refusing_in

# A gain counts for Ann from 0.07 on (half a per cent of 14), for Bob from 0.05 (of 10).
DEAL = """
foedus: 1
title: A deal
as_of: 2020-01-01
deadline: 2021-01-01
today: {pact: none, size: small}
actors: {ann: {name: Ann}, bob: {name: Bob}, cyd: {name: Cyd}}
issues:
  pact: {positions: {none: None, made: Made}, decided_by: {made: ann and bob, none: nobody}}
  size: {positions: {small: Small, big: Big}, decided_by: {big: ann and bob, small: nobody}}
arrangements: {pact: {name: The pact, when: pact = made}}
preferences:
  ann: {worth: {gain: {when: pact = made, value: 10}, big: {when: size = big, value: 4}}}
  bob: {worth: {loss: {when: pact = made, value: LOSS}, big: {when: size = big, value: -4}}}
  cyd: {worth: {calm: {when: pact = none, value: 1}}}
transfers:
  gold: {unit: bars, most: 5, worth: {ann: -1.5, bob: 2}}
"""


def paid(text: str = DEAL, loss: float = -6) -> Payments:
    process = Process.of(parse_case(text.replace("LOSS", f"{loss}")))
    return payments_for(process, Consents(process).of("pact"))


def test_the_smallest_payment_is_the_shortfall_in_units() -> None:
    result = paid()
    (offer,) = result.offers
    assert offer.best is not None
    assert offer.best.amount == pytest.approx((6 + 0.05) / 2)
    assert offer.prices == {"bob": pytest.approx((6 + 0.05) / 2)}
    assert offer.best.turned == ("bob",)
    assert offer.best.refusing == ()
    assert offer.best.gains["ann"] == pytest.approx((10, 10 - 1.5 * 3.025))
    assert offer.suffices
    assert "All agree if more than 3.03 of gold" in str(Explanation(result.blocks()))


def test_who_pays_is_better_off_all_the_same_in_the_case_in_which_it_is_paid() -> None:
    """What is paid put into the file as part of what the pact is worth: just enough, and less."""
    (offer,) = paid().offers
    assert offer.best is not None
    for more, refuse in ((1e-3, ()), (-1e-3, ("bob",))):
        amount = offer.best.amount + more
        text = DEAL.replace("value: 10}", f"value: {10 - 1.5 * amount}}}")
        case = parse_case(text.replace("LOSS", f"{-6 + 2 * amount}"))
        # A gain that counts is a share of the range as written, which the payment changes.
        process = Process.of(case).under(least_gain=0.0)
        gain = Consents(process).of("pact").forms[0].gain
        least = {"ann": 0.005 * 14, "bob": 0.005 * 10}
        assert tuple(a for a in least if gain[a] <= least[a]) == refuse


def test_who_would_pay_too_much_no_longer_gains() -> None:
    result = paid(DEAL.replace("-1.5", "-4"))
    (offer,) = result.offers
    assert offer.best is not None
    assert offer.best.lost == offer.best.refusing == ("ann",)
    assert not offer.suffices
    assert "Ann would agree but for what is paid" in str(Explanation(result.blocks()))


def test_who_pays_is_asked_though_the_arrangement_does_not_ask() -> None:
    (offer,) = paid(DEAL.replace("ann: -1.5", "cyd: -1.5")).offers
    assert offer.best is not None
    assert offer.best.coalition == ("ann", "bob")
    assert offer.best.refusing == ("cyd",)
    assert offer.best.lost == ()  # she loses by the pact as it is


def test_the_most_may_not_be_enough() -> None:
    result = paid(DEAL.replace("most: 5", "most: 3"))
    (offer,) = result.offers
    assert not offer.suffices
    assert "which is not enough" in str(Explanation(result.blocks()))


VOTE = ("bob: {name: Bob}", "bob: {name: Bob, kind: electorate, threshold: 50}")


def test_just_the_amount_is_not_enough_for_more_than_the_amount_is_needed() -> None:
    (offer,) = paid().offers
    assert offer.best is not None
    most = replace(offer.transfer.most, mode=offer.best.amount)
    assert not replace(offer, transfer=replace(offer.transfer, most=most)).suffices


@pytest.mark.parametrize(
    ("text", "preference"),
    [(DEAL.replace(*VOTE), "support: [{default: 20}]"), (DEAL, "ranking: [pact = none]")],
)
def test_no_payment_turns_a_vote_or_an_order(text: str, preference: str) -> None:
    before, after = text.index("  bob: {worth"), text.index("  cyd: {worth")
    result = paid(f"{text[:before]}  bob: {{{preference}}}\n{text[after:]}")
    (offer,) = result.offers
    assert refusing_in(result.before) == ("bob",)
    assert offer.best is None
    assert offer.prices == {}


def test_nothing_is_paid_where_nobody_refuses_or_nothing_can_be() -> None:
    result = paid(loss=3)
    assert refusing_in(result.before) == ()
    assert "nothing has to be paid" in str(Explanation(result.blocks()))
    none = paid(DEAL[: DEAL.index("transfers:")])
    assert none.offers == ()
    assert "names no transfers" in str(Explanation(none.blocks()))
    json.dumps(paid().to_dict(), allow_nan=False)
