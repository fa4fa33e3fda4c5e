"""Fit the weights of the governments' model, and score them on countries they have not seen.

    python benchmarks/fit_governments.py DIR [--folds] [--errors 200]

DIR holds opportunities.csv, parties.csv, history.csv, pairs.csv, outcomes.csv and folds.csv. The
weights are those of the greatest likelihood of the governments that were formed, under a small
ridge on weights scaled by the spread of their terms; opportunities with a single-party majority
are left out. ``--errors`` fits again on so many samples of whole countries, drawn with
replacement, and gives the standard deviation of each weight.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from foedus.coalition.chances import Weights
from foedus.coalition.gains import TERMS, gains
from foedus.coalition.opportunities import read_opportunities
from foedus.coalition.opportunity import Floats, Opportunity

RIDGE = 0.05
TABLES = ("opportunities.csv", "parties.csv", "history.csv", "pairs.csv")


@dataclass(frozen=True)
class Formed:
    """An opportunity with what came of it: the place of the coalition, and who led it."""

    chamber: Opportunity
    country: str
    fold: int
    place: int
    premier: str


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def formed(folder: Path) -> list[Formed]:
    """The opportunities without a single-party majority, with their outcomes and folds."""
    trivial = {
        r["opp"]: r["single_party_majority"] == "1" for r in rows(folder / "opportunities.csv")
    }
    country = {r["opp"]: r["country"] for r in rows(folder / "opportunities.csv")}
    outcomes = {r["opp"]: r for r in rows(folder / "outcomes.csv")}
    folds = {r["country"]: int(r["fold"]) for r in rows(folder / "folds.csv")}
    found = []
    for chamber in read_opportunities([str(folder / name) for name in TABLES]):
        if trivial[chamber.id]:
            continue
        outcome = outcomes[chamber.id]
        place = sum(1 << chamber.parties.index(m) for m in outcome["members"].split()) - 1
        of = country[chamber.id]
        found.append(Formed(chamber, of, folds[of], place, outcome["pm_party"]))
    return found


class Fit:
    """The likelihood of the weights, and where it is greatest.

    Rows are pairs of a coalition and a party that it asks; their terms are scaled to a standard
    deviation of 1.
    """

    def __init__(self, all_formed: list[Formed]) -> None:
        terms, coalition, sizes = [], [], []
        for each in all_formed:
            found = gains(each.chamber)
            which, who = np.nonzero(found.asked)
            terms.append(found.terms[which, who].astype(np.float32))
            coalition.append(which + sum(sizes))
            sizes.append(len(found.asked))
        self.terms = np.concatenate(terms)
        self.scale = self.terms.std(0)
        self.terms /= self.scale
        self.coalition = np.concatenate(coalition)
        self.ends = np.cumsum([0, *sizes])
        self.first_row = np.searchsorted(self.coalition, np.arange(self.ends[-1]))
        self.asked = np.bincount(self.coalition).astype(np.float32)
        self.opportunity = np.repeat(np.arange(len(sizes)), sizes)
        self.formed = self.ends[:-1] + np.array([each.place for each in all_formed])

    def _rates(self, b: Floats) -> tuple[Floats, ...]:
        """Worths and expected gains by row; log rates and mean log gains by coalition."""
        worth = self.terms @ b[:-1].astype(np.float32)
        gain = np.maximum(worth, 0) + np.log1p(np.exp(-np.abs(worth)))
        gain = np.maximum(gain, np.float32(1e-25))
        sums = np.add.reduceat(np.stack([worth - gain, np.log(gain)], 1), self.first_row)
        mean = sums[:, 1] / self.asked
        return worth, gain, (sums[:, 0] + np.exp(b[-1]) * mean).astype(float), mean

    def _chances(self, rates: Floats) -> tuple[Floats, Floats]:
        """The chance of each coalition, and the log of that of each that was formed."""
        first = self.ends[:-1]
        top = np.maximum.reduceat(rates, first)
        exp = np.exp(rates - top[self.opportunity])
        total = np.add.reduceat(exp, first)
        return exp / total[self.opportunity], rates[self.formed] - top - np.log(total)

    def best(self, counts: Floats, start: Floats | None = None) -> Floats:
        """The scaled weights, and the log of the power, of the greatest penalised likelihood.

        ``counts`` says how often each opportunity counts. By Fisher's scoring, each step halved
        until it is uphill.
        """
        b = np.append(np.zeros(len(TERMS)), 1.0) if start is None else start
        before, step, at = -np.inf, b * 0, b
        for _ in range(60):
            for _ in range(12):
                b = at + step
                worth, gain, rates, mean = self._rates(b)
                chances, logs = self._chances(rates)
                value = counts @ logs - RIDGE * b @ b
                if value >= before - 1e-9:
                    break
                step = step / 2
            if value - before < 1e-5:
                break
            before, at = value, b
            power = np.float32(np.exp(b[-1]))
            agree = np.exp(worth - gain)
            slope = 1 - agree + (power / self.asked)[self.coalition] * agree / gain
            by = np.add.reduceat(self.terms * slope[:, None], self.first_row)
            by = np.column_stack([by, power * mean])
            weighted = by * chances.astype(np.float32)[:, None]
            mean_by = np.add.reduceat(weighted, self.ends[:-1]).astype(float)
            uphill = counts @ (by[self.formed] - mean_by) - 2 * RIDGE * b
            every = counts[self.opportunity].astype(np.float32)[:, None]
            curve = ((weighted * every).T @ by).astype(float) - (
                mean_by * counts[:, None]
            ).T @ mean_by
            step = np.linalg.solve(curve + 2 * RIDGE * np.eye(len(b)), uphill)
            step *= min(1.0, 2 / np.abs(step).max())
        return at

    def weights(self, b: Floats) -> Weights:
        """The weights in the units of the terms."""
        return Weights(b[:-1] / self.scale, float(np.exp(b[-1])))


def cross_fitted(all_formed: list[Formed]) -> list[Weights]:
    """For each fold from 0 on, the weights fitted on all the other folds."""
    fit = Fit(all_formed)
    folds = np.array([each.fold for each in all_formed])
    return [fit.weights(fit.best((folds != k) * 1.0)) for k in range(folds.max() + 1)]


def errors(all_formed: list[Formed], samples: int, seed: int = 1) -> Floats:
    """The standard deviation of each weight, and of the power, over samples of whole countries."""
    fit = Fit(all_formed)
    best = fit.best(np.ones(len(all_formed)))
    names = sorted({each.country for each in all_formed})
    place = np.array([names.index(each.country) for each in all_formed])
    draw = np.random.default_rng(seed)
    found = []
    for _ in range(samples):
        counts = np.bincount(draw.integers(len(names), size=len(names)), minlength=len(names))
        again = fit.weights(fit.best(counts[place].astype(float), best))
        found.append([*again.terms, again.power])
    return np.std(found, axis=0, ddof=1)


def premier_terms(each: Formed) -> tuple[Floats, int] | None:
    """Each member's share of the coalition's seats, and whether it leads now; and who led it."""
    chamber = each.chamber
    members = [i for i in range(len(chamber.parties)) if (each.place + 1) >> i & 1]
    if each.premier not in [chamber.parties[i] for i in members]:
        return None
    share = chamber.seats[members] / chamber.seats[members].sum()
    now = np.array([float(i == chamber.premier) for i in members])
    largest = (share == share.max()) * 1.0
    led = [chamber.parties[i] for i in members].index(each.premier)
    return np.stack([share, largest, now], axis=1), led


def premier_weights(all_formed: list[Formed]) -> Floats:
    """The weights by which a coalition's members come to lead it, of the greatest likelihood."""
    from scipy.optimize import minimize

    known = [terms for each in all_formed if (terms := premier_terms(each)) is not None]

    def lost(b: Floats) -> float:
        total = 0.0
        for terms, led in known:
            value = terms @ b
            total -= value[led] - np.logaddexp.reduce(value)
        return total + RIDGE * b @ b

    return minimize(lost, np.zeros(3)).x


def main() -> None:
    """Fit, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--folds", action="store_true")
    parser.add_argument("--errors", type=int, default=0)
    given = parser.parse_args()
    all_formed = formed(given.folder)
    fit = Fit(all_formed)
    found = fit.weights(fit.best(np.ones(len(all_formed))))
    spread = errors(all_formed, given.errors) if given.errors else np.full(len(TERMS) + 1, np.nan)
    for name, value, error in zip(
        (*TERMS, "power"), (*found.terms, found.power), spread, strict=True
    ):
        print(f'    "{name}": ({value:.3f}, {error:.3f}),')
    print("premier (share, largest, leads now):", np.round(premier_weights(all_formed), 3))
    if given.folds:
        by_fold = cross_fitted(all_formed)
        from foedus.coalition.chances import chances

        logs = [
            np.log(chances(gains(each.chamber), by_fold[each.fold])[each.place])
            for each in all_formed
        ]
        print(f"log score on unseen folds: {np.mean(logs):.3f}")


if __name__ == "__main__":
    main()
