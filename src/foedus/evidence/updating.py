"""What evidence does to a prior: posterior, and the weight of each origin in decibans.

Items say how likely it would be to see them under each hypothesis; Bayes' rule turns a prior into a
posterior, items of one origin counting once. The weight of an origin for a hypothesis is ten times
the decimal logarithm of its likelihood ratio against the rest, in decibans [Good1950]: weights of
origins taken one after another add up to the whole change of the odds. Formulas:
``docs/evidence-bayes.md``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from foedus.case.by_name import ByName
from foedus.case.model import Case, Evidence, Path
from foedus.case.problems import CaseError, Problem, listed
from foedus.document import Explanation
from foedus.evidence.scoring import refuse_no_hypotheses
from foedus.forecasting.combined import VIEW_DRAWS
from foedus.forecasting.estimates import Share
from foedus.forecasting.likelihoods import Origin, Weighed, weighed_evidence
from foedus.forecasting.outside import OTHER, outside_view
from foedus.forecasting.ranges import Floats
from foedus.forecasting.streams import DrawBlock
from foedus.result import Result, data_of, explained

SUM = 1e-6
"""A stated prior may miss one by so much."""


@dataclass(frozen=True, slots=True)
class Decibans:
    """A weight of evidence: positive speaks for, negative against; infinite decides.

    ``low`` and ``high`` are the 5 % and 95 % points over the ranges of the likelihoods.
    """

    value: float
    low: float
    high: float

    def to_dict(self) -> dict[str, float | None]:
        """Plain data; None for an infinite weight, which JSON cannot hold."""
        return {
            name: value if np.isfinite(value) else None
            for name, value in (("value", self.value), ("low", self.low), ("high", self.high))
        }


@dataclass(frozen=True, slots=True)
class Weight:
    """What one origin does: ``in_turn`` when its turn comes, ``alone`` by leaving it out.

    ``in_turn`` is the weight given the origins before it in the case, ``after`` the probabilities
    then reached; ``left_out`` is how much the odds at the end owe to it, ``without`` the posterior
    that there would be. All by hypothesis.
    """

    origin: Origin
    in_turn: Mapping[str, float]
    after: Mapping[str, float]
    left_out: Mapping[str, Decibans]
    without: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Plain data; None for an infinite weight."""
        finite = {h: x if np.isfinite(x) else None for h, x in self.in_turn.items()}
        return {
            "items": [item.id for item in self.origin.items],
            "in_turn": finite,
            **data_of(self, "after left_out without"),
        }


@dataclass(frozen=True, slots=True, repr=False)
class Bayes(Result):
    """Prior and posterior over the exclusive set, and the weight of each origin.

    ``prior_name`` says where the prior comes from. ``posterior`` has for each hypothesis its
    probability with the 5 % and 95 % points over the ranges of the likelihoods (and of the outside
    view where that is the prior). ``also_inside`` are items on which judgements of the inside view
    rest as well, ``passed_over`` items with likelihoods that are no facts or reports.
    ``prior_ranged`` tells that the prior is known within a range only, as small counts are; the
    ranges come from ``draws`` draws, started by ``seed``.
    """

    case: Case
    prior_name: str
    prior: Mapping[str, float]
    posterior: Mapping[str, Share]
    weights: Mapping[str, Weight]
    also_inside: tuple[str, ...]
    passed_over: tuple[str, ...]
    prior_ranged: bool
    draws: int
    seed: int

    @property
    def speaks(self) -> bool:
        """Whether any item says anything; if none, the posterior is the prior."""
        return bool(self.weights)

    @property
    def likelihoods_ranged(self) -> bool:
        """Whether some likelihood that counts is a range and no point."""
        items = (item for weight in self.weights.values() for item in weight.origin.items)
        return any(j.low < j.high for item in items for j in item.likelihood.values())

    def explain(self, hypothesis: str) -> Explanation:
        """How one hypothesis gets from prior to posterior. Raises KeyError for an unknown one."""
        return explained(self, hypothesis)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: prior, posterior, the weights by origin, and what drew the ranges."""
        return {
            "prior": {
                "name": self.prior_name,
                "shares": dict(self.prior),
                "ranged": self.prior_ranged,
            },
            **data_of(self, "draws seed posterior weights also_inside passed_over"),
        }


def bayes(
    case: Case,
    prior: Mapping[str, float] | str | None = None,
    inside: Mapping[str, float] | None = None,
    seed: int = 1,
) -> Bayes:
    """Weigh the likelihoods of a case's evidence from a prior.

    ``prior`` is None or ``flat`` (equal chances), ``outside`` (the case's reference classes, the
    rest shared by ``inside`` or, without it, evenly), or a probability for each hypothesis and
    ``other``. ``seed`` draws the ranges. Raises ValueError for another prior; CaseError, with the
    places, where the evidence leaves no hypothesis possible, or the case has no hypotheses or, for
    ``outside``, no reference class of one.
    """
    refuse_no_hypotheses(case)
    order = (*case.hypotheses, OTHER)
    block = DrawBlock(0, 0, VIEW_DRAWS, seed)
    name, centre, drawn = _prior(case, prior, inside, order, block)
    weighed = weighed_evidence(case, order, block.places)
    _refuse_impossible(case, weighed.origins, order)
    try:
        posterior = _Sums.of(centre, weighed.means).shares()
        spread = _Sums.of(drawn, weighed.drawn).shares()
    except ValueError:
        # Each hypothesis is possible somewhere in the ranges, but not all of it together.
        raise _nothing_left(case, weighed.origins, order) from None
    low, high = np.quantile(spread, [0.05, 0.95], axis=0)
    return Bayes(
        case,
        name,
        _by(order, centre[0]),
        ByName(
            "hypothesis",
            {
                h: Share(float(posterior[0, k]), float(low[k]), float(high[k]))
                for k, h in enumerate(order)
            },
        ),
        ByName("origin", _weights(weighed, order, centre, drawn)),
        weighed.also_inside,
        weighed.passed_over,
        len(drawn) > 1,
        VIEW_DRAWS,
        seed,
    )


def _prior(
    case: Case,
    prior: Mapping[str, float] | str | None,
    inside: Mapping[str, float] | None,
    order: Sequence[str],
    block: DrawBlock,
) -> tuple[str, Floats, Floats]:
    """The prior's name, its centre (1, hypotheses), and draws of it (1 or n, hypotheses)."""
    even = dict.fromkeys(order, 1 / len(order))
    if prior is None or prior == "flat":
        flat = np.full((1, len(order)), 1 / len(order))
        return "equal chances", flat, flat
    if prior == "outside":
        within = even if inside is None else _checked(inside, order, "the inside view")
        view = outside_view(case.reference_classes, within)
        if not view.speaks:
            message = "no reference class is about a hypothesis: there is no outside view"
            place = case.place(("reference_classes",))
            raise CaseError([Problem(message, place)], case.file)
        u = np.column_stack([block.uniforms(f"outside view of {h}") for h in view.by_classes])
        centre = np.array([[view.shares[h].p for h in order]])
        rest = "evenly" if inside is None else "as in the inside view"
        return f"the outside view, the rest shared {rest}", centre, view.at(u)
    if isinstance(prior, str):
        raise ValueError(f"no prior {prior!r}; there are flat, outside, or one stated")
    stated = np.array([list(_checked(prior, order, "the prior").values())])
    return "a stated prior", stated, stated


def _checked(given: Mapping[str, float], order: Sequence[str], what: str) -> dict[str, float]:
    """Probabilities in order. ValueError unless they are over exactly these and sum to one."""
    if set(given) != set(order):
        raise ValueError(f"{what} must give a probability for each of {listed(order, 'and')}")
    values = np.array([given[h] for h in order], dtype=float)
    if not (np.isfinite(values).all() and values.min() >= 0 and abs(values.sum() - 1) <= SUM):
        raise ValueError(f"{what} must be probabilities that sum to one")
    return dict(zip(order, (values / values.sum()).tolist(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """A prior and likelihoods, as sums of logarithms: with one origin taken out, none is redone.

    ``logs`` is (hypotheses, draws). ``zeros`` counts what holds each impossible apart from the
    sums, so that it too can be taken out again.
    """

    logs: Floats
    zeros: npt.NDArray[np.int64]

    @classmethod
    def of(cls, prior: Floats, likelihoods: Iterable[Floats] = ()) -> _Sums:
        """The sums of these, each (1 or n, hypotheses)."""
        logs, zero = _logs(prior)
        sums = cls(logs, zero.astype(np.int64))
        for values in likelihoods:
            sums = sums.with_one(values)
        return sums

    def with_one(self, values: Floats) -> _Sums:
        """The same with one more of the likelihoods."""
        log, zero = _logs(values)
        return _Sums(self.logs + log, self.zeros + zero)

    def without(self, values: Floats) -> _Sums:
        """The same without one of the likelihoods."""
        log, zero = _logs(values)
        return _Sums(self.logs - log, self.zeros - zero)

    def shares(self) -> Floats:
        """Bayes' rule: the normalised product, (n, hypotheses); rows sum to one.

        Raises ValueError where nothing is left in some row.
        """
        weights = np.exp(self._levels())
        return np.asarray((weights / weights.sum(axis=0)).T)

    def odds(self) -> Floats:
        """The log odds of each hypothesis against the rest, in decibans, (hypotheses, draws)."""
        levels = self._levels()
        weights = np.exp(levels)
        rest = np.zeros_like(weights)
        # What stands before each and what stands after it: no difference, which would lose what
        # is small beside what is nearly sure.
        for places in (range(len(rest)), reversed(range(len(rest)))):
            passed = np.zeros(rest.shape[1])
            for k in places:
                rest[k] += passed
                passed += weights[k]
        with np.errstate(divide="ignore"):
            return np.asarray(10 / math.log(10) * (levels - np.log(rest)))

    def _levels(self) -> Floats:
        """The logarithms, less the greatest of each draw. Raises ValueError where none is left."""
        possible = np.where(self.zeros > 0, -np.inf, self.logs) if self.zeros.any() else self.logs
        top = possible.max(axis=0)
        if not np.isfinite(top).all():
            raise ValueError("nothing is left possible")
        return np.asarray(possible - top)


def _logs(values: Floats) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Logarithms, 0 where nothing is possible, and where that is; a row a hypothesis."""
    rows = np.ascontiguousarray(values.T)
    zero = rows <= 0
    return np.log(np.where(zero, 1.0, rows) if zero.any() else rows), zero


def _change(after: Floats, before: Floats) -> Floats:
    """The change between log odds; none where both are impossible, or both sure."""
    with np.errstate(invalid="ignore"):
        change = after - before
    return np.where(np.isnan(change), 0.0, change)


def _ends(values: Floats) -> tuple[Floats, Floats]:
    """The 5 % and 95 % points of each row, each a value that was drawn.

    With an infinite weight in some draws, points in between are not interpolated.
    """
    places = [math.ceil(part * values.shape[1]) - 1 for part in (0.05, 0.95)]
    low, high = np.partition(values, places, axis=1)[:, places].T
    return low, high


def _weights(
    weighed: Weighed, order: Sequence[str], centre: Floats, drawn: Floats
) -> dict[str, Weight]:
    """Each origin's weight in turn and left out, from a prior's centre and draws of it."""
    whole, whole_drawn = _Sums.of(centre, weighed.means), _Sums.of(drawn, weighed.drawn)
    odds, odds_drawn = whole.odds(), whole_drawn.odds()
    found = {}
    before = _Sums.of(centre)
    for origin, mean, rows in zip(weighed.origins, weighed.means, weighed.drawn, strict=True):
        after = before.with_one(mean)
        without = whole.without(mean)
        owed = _change(odds, without.odds())[:, 0]
        low, high = _ends(_change(odds_drawn, whole_drawn.without(rows).odds()))
        found[origin.name] = Weight(
            origin,
            _by(order, _change(after.odds(), before.odds())[:, 0]),
            _by(order, after.shares()[0]),
            ByName(
                "hypothesis",
                {
                    h: Decibans(float(owed[j]), float(low[j]), float(high[j]))
                    for j, h in enumerate(order)
                },
            ),
            _by(order, without.shares()[0]),
        )
        before = after
    return found


def _by(order: Sequence[str], values: Floats) -> Mapping[str, float]:
    return ByName("hypothesis", dict(zip(order, values.tolist(), strict=True)))


# --- evidence that leaves nothing possible ------------------------------------------------------


def _refuse_impossible(case: Case, origins: Sequence[Origin], order: Sequence[str]) -> None:
    """Raise CaseError where each hypothesis is surely impossible by some item."""
    excluded = {h: list(_excluding(origins, h, surely=True)) for h in order}
    if all(excluded.values()):
        raise _nothing_left(case, origins, order)


def _excluding(origins: Sequence[Origin], hypothesis: str, surely: bool) -> list[Evidence]:
    """The items that hold a hypothesis impossible, or may within their range."""
    found = []
    for origin in origins:
        for item in origin.items:
            given = item.likelihood.get(hypothesis)
            # An item takes what it is silent on for the geometric mean of what it speaks of.
            ranges = [given] if given is not None else list(item.likelihood.values())
            if any((j.high if surely else j.low) == 0 for j in ranges):
                found.append(item)
    return found


def _nothing_left(case: Case, origins: Sequence[Origin], order: Sequence[str]) -> CaseError:
    """The error that says by which items each hypothesis is impossible, and where these stand."""
    problems = []
    for hypothesis in order:
        excluding = _excluding(origins, hypothesis, surely=True)
        may = not excluding
        for item in excluding or _excluding(origins, hypothesis, surely=False):
            path: Path = ("evidence", item.id, "likelihood")
            if hypothesis in item.likelihood:
                path = (*path, hypothesis)
            verb = "may hold" if may else "holds"
            message = (
                f"{item.id} {verb} {hypothesis!r} for impossible, and every other hypothesis is "
                "impossible by the prior or some item too: nothing is left"
            )
            problems.append(Problem(message, case.place(path), "a likelihood above 0"))
    if not problems:
        problems.append(Problem("the prior leaves nothing that the evidence holds possible"))
    return CaseError(problems, case.file)
