"""Prices over draws of all judgements: how much blockers cost, and whether the most suffices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from foedus.case.model import Transfer
from foedus.forecasting.bargains import CELLS
from foedus.forecasting.consent import Forms, between_movers, no_deals
from foedus.forecasting.estimates import Probability, from_draws
from foedus.forecasting.ranges import Floats
from foedus.forecasting.streams import DrawBlock, draw_blocks
from foedus.game.space import Indexes, Mask
from foedus.preferences import SampledPreferences, sampled_preferences
from foedus.preferences.games import Game
from foedus.process.acceptance.coalitions import Makers

DRAWS = 1_000


@dataclass(frozen=True, slots=True)
class PriceRange:
    """What turns one actor in its cheapest form, over the draws in which it refuses every form.

    ``refuses`` is the share of draws in which it does; ``low``, ``median`` and ``high`` are the
    5 %, 50 % and 95 % points of its price among these, in units, infinite where no payment turns
    it; ``within`` is the share of these in which the most that can be paid is enough.
    """

    actor: str
    refuses: float
    low: float
    median: float
    high: float
    within: float

    def to_dict(self) -> dict[str, Any]:
        """Plain data; None for what is infinite or unknown."""
        numbers = {"low": self.low, "median": self.median, "high": self.high}
        told = {name: n if np.isfinite(n) else None for name, n in numbers.items()}
        within = self.within if np.isfinite(self.within) else None
        return {"refuses": self.refuses, **told, "within_most": within}


@dataclass(frozen=True, slots=True)
class Purchase:
    """In how many draws all who are asked agree to some form: without payment, and with one.

    ``by_payment`` counts those without too; no more is paid than the most of that draw.
    """

    draws: int
    unpaid: Probability
    by_payment: Probability

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "draws": self.draws,
            "acceptable_unpaid": self.unpaid.to_dict(),
            "acceptable_by_payment": self.by_payment.to_dict(),
        }


@dataclass(frozen=True, slots=True)
class Drawn:
    """What draws say of one transfer."""

    ranges: tuple[PriceRange, ...]
    purchase: Purchase


def drawn_prices(
    game: Game,
    arrangement: str,
    makers: Makers,
    transfers: Sequence[Transfer],
    draws: int,
    seed: int,
) -> list[Drawn]:
    """Prices of all paid actors and of the whole arrangement, over draws; one entry a transfer."""
    today = game.space.today
    assert today is not None  # noqa: S101 - the question was put from today
    forms = Forms.of(game, makers, arrangement, today)
    asked = {a for k in np.unique(forms.maker) for a in forms.coalitions[int(k)]}
    parts = [
        list(_block(game, forms, transfers, block, today)) for block in draw_blocks(draws, seed)
    ]
    found = []
    for k, transfer in enumerate(transfers):
        mine = [part[k] for part in parts]
        ranges = tuple(
            _range(actor, np.concatenate([m.prices[actor] for m in mine]), mine)
            for actor in transfer.worth
            if actor in asked and game.views[actor].kind == "utility"
        )
        unpaid = int(sum(m.unpaid.sum() for m in mine))
        paid = int(sum(m.by_payment.sum() for m in mine))
        words = game.case.words
        purchase = Purchase(draws, from_draws(unpaid, draws, words), from_draws(paid, draws, words))
        kept = tuple(each for each in ranges if transfer.worth[each.actor].mode > 0)
        found.append(Drawn(kept, purchase))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One block and transfer: prices (n,) by actor, the most (n,), and who agrees (n,)."""

    prices: Mapping[str, Floats]
    most: Floats
    unpaid: Mask
    by_payment: Mask


def _range(actor: str, prices: Floats, parts: Sequence[_Part]) -> PriceRange:
    most = np.concatenate([part.most for part in parts])
    refuses = prices > 0
    if not refuses.any():
        return PriceRange(actor, 0.0, np.nan, np.nan, np.nan, np.nan)
    among = np.sort(prices[refuses])
    # Of ordered values, the nearest: some may be infinite, so that none are averaged.
    low, median, high = (float(among[round(q * (len(among) - 1))]) for q in (0.05, 0.5, 0.95))
    within = float((prices < most)[refuses].mean())
    return PriceRange(actor, float(refuses.mean()), low, median, high, within)


def _block(
    game: Game, forms: Forms, transfers: Sequence[Transfer], block: DrawBlock, today: int
) -> Iterator[_Part]:
    sights = sampled_preferences(game.space, block)
    ends = np.empty(block.size, dtype=np.intp)
    for draws, end in no_deals(between_movers(game, sights), forms, today):
        ends[draws] = end
    for transfer in transfers:
        most = block.values(transfer.most)
        worths = {a: block.values(j) for a, j in transfer.worth.items()}
        step = max(1, CELLS // len(forms.states))
        parts = [
            _judged(forms, sights, worths, most, np.arange(k, min(k + step, block.size)), ends)
            for k in range(0, block.size, step)
        ]
        prices = {actor: np.concatenate([part.prices[actor] for part in parts]) for actor in worths}
        unpaid = np.concatenate([part.unpaid for part in parts])
        yield _Part(prices, most, unpaid, np.concatenate([part.by_payment for part in parts]))


def _judged(
    forms: Forms,
    sights: Mapping[str, SampledPreferences],
    worths: Mapping[str, Floats],
    most: Floats,
    draws: Indexes,
    ends: Indexes,
) -> _Part:
    """Each paid actor's least price, and whether some form passes; of the chosen draws."""
    size = len(draws)
    prices = {actor: np.full(size, np.inf) for actor in worths}
    unpaid = np.zeros(size, dtype=bool)
    by_payment = np.zeros(size, dtype=bool)
    for maker in np.unique(forms.maker):
        states = forms.states[forms.maker == maker]
        below = np.zeros((size, len(states)))
        above = np.broadcast_to(most[draws][:, None], below.shape)
        all_agree = np.ones(below.shape, dtype=bool)
        reachable = np.ones(below.shape, dtype=bool)
        for actor in forms.coalitions[int(maker)]:
            sight = sights[actor]
            values = sight.values[np.ix_(draws, sight.classes[states])]
            gains = (
                values - 1.0 if sight.electorate else values - sight.at(draws, ends[draws])[:, None]
            )
            agrees = gains >= 0 if sight.electorate else gains > 0
            all_agree &= agrees
            worth = worths[actor][draws] if actor in worths else np.zeros(size)
            if sight.kind != "utility":
                reachable &= agrees
                continue
            price = _over(-gains, worth)
            if actor in worths:
                # One who agrees to some form has no price; any price at all is above 0.
                asked = np.where(agrees, 0.0, np.maximum(price, TINY)).min(axis=1)
                prices[actor] = np.minimum(prices[actor], asked)
            below = np.maximum(below, np.where(agrees, 0.0, price))
            bound = np.where(worth[:, None] < 0, _over(gains, -worth), np.inf)
            above = np.minimum(above, np.where(agrees, bound, np.inf))
        for actor in worths.keys() & sights.keys() - set(forms.coalitions[int(maker)]):
            # One who is not asked, but would have to pay, must be better off too.
            sight, worth = sights[actor], worths[actor][draws][:, None]
            values = sight.values[np.ix_(draws, sight.classes[states])]
            gains = values - sight.at(draws, ends[draws])[:, None]
            above = np.where(worth < 0, np.minimum(above, _over(gains, -worth[:, 0])), above)
        unpaid |= all_agree.any(axis=1)
        by_payment |= (all_agree | (reachable & (below < above))).any(axis=1)
    return _Part(prices, most[draws], unpaid, by_payment)


TINY = 1e-12
"""The price of one who is as well off either way: any payment at all."""


def _over(amounts: Floats, worth: Floats) -> Floats:
    """Amounts (n, forms) in units worth so much each (n,); infinite where that is nothing."""
    able = worth[:, None] > 0
    return np.where(able, amounts / np.where(able, worth[:, None], 1.0), np.inf)
