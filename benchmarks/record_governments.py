"""How well the governments' model foresaw, beside six simpler ones, as a Markdown table.

    python benchmarks/record_governments.py DIR

DIR is as for `fit_governments.py`. Every model that has parameters is fitted on nine folds of
countries and scored on the tenth. Log is the mean natural logarithm of the chance given to the
government that was formed; Brier is over whether each party was in it, a mean over parties and
then over opportunities; of equal chances top-1 and top-3 count their share. In brackets stands
the 90 % interval over samples of whole countries.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fit_governments import Formed, cross_fitted, formed, premier_weights
from scipy.optimize import minimize, minimize_scalar

from foedus.coalition.chances import chances
from foedus.coalition.gains import gains
from foedus.coalition.opportunity import Floats
from foedus.coalition.parameters import PREMIER
from foedus.coalition.premier import premier_chances

SAMPLES = 2_000
Chances = list[Floats]


@dataclass(frozen=True)
class Shape:
    """What the simple models look at: N coalitions by their members (N, n) and their seats."""

    members: Floats
    seats: Floats
    majority: float
    places: Floats
    now: Floats
    premier: Floats
    largest: int

    @property
    def winning(self) -> Floats:
        """Whether a coalition has a majority."""
        return self.seats >= self.majority

    @property
    def minimal(self) -> Floats:
        """Whether it has one and no member can be spared."""
        sizes = np.where(self.members > 0, self.own, np.inf).min(1)
        return self.winning & (self.seats - sizes < self.majority)

    @property
    def own(self) -> Floats:
        """The seats of each party."""
        return self.seats[(1 << np.arange(self.members.shape[1])) - 1]

    @property
    def again(self) -> Floats:
        """Whether those who govern now go on."""
        return (self.members == self.now).all(1) & bool(self.now.any())

    @property
    def median(self) -> int:
        """The party in the middle from left to right, by seats."""
        order = np.argsort(self.places, kind="stable")
        return int(order[np.searchsorted(np.cumsum(self.own[order]), self.own.sum() / 2)])

    @property
    def connected(self) -> Floats:
        """Whether no party outside stands strictly between two members."""
        left, right = self.ends
        between = (self.places > left[:, None]) & (self.places < right[:, None])
        return ~(between & (self.members == 0)).any(1)

    @property
    def ends(self) -> tuple[Floats, Floats]:
        """The leftmost and rightmost place of each coalition."""
        inside = self.members > 0
        return (
            np.where(inside, self.places, np.inf).min(1),
            np.where(inside, self.places, -np.inf).max(1),
        )


def shape(each: Formed) -> Shape:
    """The shape of an opportunity."""
    chamber = each.chamber
    n = len(chamber.parties)
    members = (np.arange(1, 1 << n)[:, None] >> np.arange(n) & 1).astype(float)
    leads = np.zeros(n)
    if chamber.premier is not None:
        leads[chamber.premier] = 1
    return Shape(
        members,
        members @ chamber.seats,
        chamber.majority,
        chamber.left_right,
        chamber.governing.astype(float),
        leads,
        int(chamber.seats.argmax()),
    )


def connected_winning(of: Shape) -> Floats:
    """Connected coalitions with a majority of which no part is both."""
    good = of.connected & of.winning
    keep = good.copy()
    for k in np.flatnonzero(good):
        inside = (of.members <= of.members[k]).all(1) & good
        keep[k] = inside.sum() == 1
    return keep


def fewest(of: Shape) -> Floats:
    """The coalitions with a majority and the fewest parties."""
    size = np.where(of.winning, of.members.sum(1), np.inf)
    return size == size.min() if of.winning.any() else of.winning


def by_rule(all_formed: list[Formed], rule: Callable[[Shape], Floats]) -> Chances:
    """Alike chances within the rule's coalitions, mixed with alike chances for all.

    How much the rule is trusted is fitted on the other folds.
    """
    sets = [rule(shape(each)) for each in all_formed]
    inside = np.array(
        [s[e.place] / s.sum() if s.any() else np.nan for s, e in zip(sets, all_formed, strict=True)]
    )
    every = np.array([1 / len(s) for s in sets])
    inside = np.where(np.isnan(inside), every, inside)
    folds = np.array([each.fold for each in all_formed])
    found: Chances = [np.zeros(0)] * len(sets)
    for k in range(folds.max() + 1):
        a, b = inside[folds != k], every[folds != k]
        trust = minimize_scalar(
            lambda w, a=a, b=b: -np.log(w * a + (1 - w) * b).sum(),
            bounds=(1e-6, 1 - 1e-6),
            method="bounded",
        ).x
        for i in np.flatnonzero(folds == k):
            alike = np.full(len(sets[i]), every[i])
            within = sets[i] / sets[i].sum() if sets[i].any() else alike
            found[i] = trust * within + (1 - trust) * alike
    return found


def eight(of: Shape) -> Floats:
    """The eight variables of the conditional logit (N, 8)."""
    left, right = of.ends
    columns = (
        ~of.winning,
        of.minimal,
        of.members.sum(1),
        of.members[:, of.largest],
        of.members @ of.premier,
        of.again,
        (right - left) / 10,
        of.members[:, of.median],
    )
    return np.stack([np.asarray(c, dtype=float) for c in columns], axis=1)


def logit(all_formed: list[Formed], ridge: float = 1e-3) -> Chances:
    """A conditional logit on the eight variables."""
    tables = [eight(shape(each)) for each in all_formed]
    folds = np.array([each.fold for each in all_formed])
    found: Chances = [np.zeros(0)] * len(tables)
    for k in range(folds.max() + 1):
        those = np.flatnonzero(folds != k)
        x = np.concatenate([tables[i] for i in those])
        ends = np.cumsum([0, *(len(tables[i]) for i in those)])
        of = np.repeat(np.arange(len(those)), np.diff(ends))
        chosen = ends[:-1] + np.array([all_formed[i].place for i in those])

        def lost(b, x=x, ends=ends, of=of, chosen=chosen):  # type: ignore[no-untyped-def]
            u = x @ b
            top = np.maximum.reduceat(u, ends[:-1])
            e = np.exp(u - top[of])
            total = np.add.reduceat(e, ends[:-1])
            value = (u[chosen] - top - np.log(total)).sum() - ridge * b @ b
            return -value, -(x[chosen].sum(0) - (e / total[of]) @ x) + 2 * ridge * b

        best = minimize(lost, np.zeros(8), jac=True, method="L-BFGS-B").x
        for i in np.flatnonzero(folds == k):
            u = tables[i] @ best
            e = np.exp(u - u.max())
            found[i] = e / e.sum()
    return found


def process(all_formed: list[Formed]) -> Chances:
    """The process, each fold by weights fitted on the others."""
    by_fold = cross_fitted(all_formed)
    return [chances(gains(each.chamber), by_fold[each.fold]) for each in all_formed]


MODELS: Mapping[str, Callable[[list[Formed]], Chances]] = {
    "uniform": lambda formed: [np.full(1, 1.0 / n).repeat(n) for n in sizes(formed)],
    "minimal connected winning": lambda formed: by_rule(formed, connected_winning),
    "fewest parties": lambda formed: by_rule(formed, fewest),
    "previous cabinet continues": lambda formed: by_rule(formed, lambda of: of.again),
    "conditional logit, 8 variables": logit,
    "the process, 12 parameters": process,
}


def sizes(all_formed: list[Formed]) -> list[int]:
    """How many coalitions each opportunity has."""
    return [(1 << len(each.chamber.parties)) - 1 for each in all_formed]


@dataclass(frozen=True)
class Scores:
    """Each opportunity's scores by one model; ``inside`` are the chances of parties to be in."""

    log: Floats
    first: Floats
    three: Floats
    brier: Floats
    inside: Floats
    was: Floats


def scored(all_formed: list[Formed], found: Chances) -> Scores:
    """Score the chances of a model."""
    log, first, three, brier, inside, was = [], [], [], [], [], []
    for each, p in zip(all_formed, found, strict=True):
        better = (p > p[each.place] * (1 + 1e-12)).sum()
        alike = (np.abs(p - p[each.place]) <= 1e-12 * p[each.place]).sum()
        log.append(np.log(p[each.place]))
        first.append(min(1.0, max(0.0, (1 - better) / alike)))
        three.append(min(1.0, max(0.0, (3 - better) / alike)))
        n = len(each.chamber.parties)
        members = np.arange(1, 1 << n)[:, None] >> np.arange(n) & 1
        chance = p @ members
        brier.append(((chance - members[each.place]) ** 2).mean())
        inside.append(chance)
        was.append(members[each.place])
    return Scores(
        *map(np.array, (log, first, three, brier)), np.concatenate(inside), np.concatenate(was)
    )


def interval(values: Floats, countries: Floats, seed: int = 1) -> tuple[float, float]:
    """The 5 % and 95 % points of the mean over samples of whole countries."""
    names = np.unique(countries)
    sums = np.array([values[countries == name].sum() for name in names])
    counts = np.array([(countries == name).sum() for name in names])
    drawn = np.random.default_rng(seed).integers(len(names), size=(SAMPLES, len(names)))
    means = sums[drawn].sum(1) / counts[drawn].sum(1)
    low, high = np.quantile(means, (0.05, 0.95))
    return float(low), float(high)


def fifths(scores: Scores) -> str:
    """Foreseen and seen shares of parties in government, by fifths of the foreseen."""
    order = np.argsort(scores.inside, kind="stable")
    parts = np.array_split(order, 5)
    told = (f"{scores.inside[p].mean():.2f}/{scores.was[p].mean():.2f}" for p in parts)
    return ", ".join(told)


def governments_record(folder: Path) -> str:
    """The table of all models, in Markdown."""
    all_formed = formed(folder)
    countries = np.array([each.country for each in all_formed])
    after = np.array([each.chamber.after_election for each in all_formed])
    by_model = {name: scored(all_formed, model(all_formed)) for name, model in MODELS.items()}
    base = by_model["conditional logit, 8 variables"].log
    lines = [
        "| model | top-1 | top-3 | log | Brier | log after elections | log against the logit "
        "| parties in government, foreseen/seen, by fifths |",
        "|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for name, s in by_model.items():
        low, high = interval(s.log, countries)
        less, more = interval(s.log - base, countries)
        apart = f"{(s.log - base).mean():+.2f} ({less:+.2f} to {more:+.2f})"
        lines.append(
            f"| {name} | {s.first.mean():.3f} | {s.three.mean():.3f} "
            f"| {s.log.mean():.2f} ({low:.2f} to {high:.2f}) | {s.brier.mean():.3f} "
            f"| {s.log[after].mean():.2f} "
            f"| {'–' if s.log is base else apart} | {fifths(s)} |"
        )
    return "\n".join(lines) + "\n" + _where(all_formed, by_model) + _premiers(all_formed)


def _where(all_formed: list[Formed], by_model: Mapping[str, Scores]) -> str:
    """Where the process falls behind: its scores by kind of opportunity and of government."""
    shapes = [shape(each) for each in all_formed]
    place = [each.place for each in all_formed]
    again = np.array([s.again[k] for s, k in zip(shapes, place, strict=True)])
    minority = np.array([not s.winning[k] for s, k in zip(shapes, place, strict=True)])
    minimal = np.array([s.minimal[k] for s, k in zip(shapes, place, strict=True)])
    many = np.array([s.members.shape[1] >= 9 for s in shapes])
    after = np.array([each.chamber.after_election for each in all_formed])
    kinds = {
        "the previous parties go on": again,
        "the parties change": ~again,
        "after an election": after,
        "between elections": ~after,
        "minimal winning": minimal,
        "minority": minority,
        "surplus": ~minority & ~minimal,
        "up to eight parties": ~many,
        "nine parties and more": many,
    }
    names = ("conditional logit, 8 variables", "the process, 12 parameters")
    lines = ["", "| government | number | log, logit | log, process | top-3, process |"]
    lines.append("|---|--:|--:|--:|--:|")
    for kind, those in kinds.items():
        logs = " | ".join(f"{by_model[name].log[those].mean():.2f}" for name in names)
        three = by_model[names[1]].three[those].mean()
        lines.append(f"| {kind} | {those.sum()} | {logs} | {three:.2f} |")
    return "\n".join(lines) + "\n"


def _premiers(all_formed: list[Formed]) -> str:
    """How well the prime minister's party was foreseen, all weights fitted on the other folds."""
    by_fold = cross_fitted(all_formed)
    leading = [
        dict(
            zip(
                PREMIER,
                premier_weights([e for e in all_formed if e.fold != k]),
                strict=True,
            )
        )
        for k in range(len(by_fold))
    ]
    logs, firsts = [], []
    for each in all_formed:
        if each.premier not in each.chamber.parties:
            continue
        found = gains(each.chamber)
        likely = chances(found, by_fold[each.fold])
        p = premier_chances(each.chamber, found, likely, leading[each.fold])
        place = each.chamber.parties.index(each.premier)
        logs.append(np.log(p[place]))
        firsts.append(p.argmax() == place)
    return (
        f"\nThe prime minister's party, of {len(logs)}: likeliest in {np.mean(firsts):.3f}, "
        f"log {np.mean(logs):.2f}.\n"
    )


if __name__ == "__main__":
    sys.stdout.write(governments_record(Path(sys.argv[1])))
