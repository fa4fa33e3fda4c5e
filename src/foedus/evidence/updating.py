"""What evidence does to a prior: posterior, and the weight of each origin in decibans.

Items say how likely it would be to see them under each hypothesis; Bayes' rule turns a prior into a
posterior, items of one origin counting once. The weight of an origin for a hypothesis is ten times
the decimal logarithm of its likelihood ratio against the rest, in decibans [Good1950]: weights of
origins taken one after another add up to the whole change of the odds. Formulas:
``docs/evidence-bayes.md``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from immutabledict import immutabledict

from foedus.case.model import Case, Evidence, Path
from foedus.case.problems import CaseError, Problem, listed
from foedus.document import Block, Explanation
from foedus.evidence.matrix import refuse_no_hypotheses
from foedus.evidence.updating_told import bayes_blocks, hypothesis_weighed
from foedus.forecasting.combined import VIEW_DRAWS
from foedus.forecasting.estimates import Share
from foedus.forecasting.likelihoods import Origin, evidence_draws, evidence_view, origins_of
from foedus.forecasting.outside import OTHER, outside_view
from foedus.forecasting.ranges import Floats
from foedus.forecasting.streams import DrawBlock, stream_of

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
            "after": dict(self.after),
            "left_out": {h: weight.to_dict() for h, weight in self.left_out.items()},
            "without": dict(self.without),
        }


@dataclass(frozen=True, slots=True)
class Bayes:
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
        return hypothesis_weighed(self, hypothesis)

    def to_dict(self) -> dict[str, Any]:
        """Plain data: prior, posterior, the weights by origin, and what drew the ranges."""
        return {
            "prior": {
                "name": self.prior_name,
                "shares": dict(self.prior),
                "ranged": self.prior_ranged,
            },
            "draws": self.draws,
            "seed": self.seed,
            "posterior": {h: share.to_dict() for h, share in self.posterior.items()},
            "weights": {name: weight.to_dict() for name, weight in self.weights.items()},
            "also_inside": list(self.also_inside),
            "passed_over": list(self.passed_over),
        }

    def blocks(self) -> tuple[Block, ...]:
        """The posterior beside the prior, and what each origin did."""
        return bayes_blocks(self)


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
    origins, _ = origins_of(case.evidence)
    _refuse_impossible(case, origins, order)
    try:
        view = evidence_view(case, order, lambda j: block.uniforms(stream_of(j)))
        rows = [
            evidence_draws([origin], order, lambda j: block.uniforms(stream_of(j)))
            for origin in origins
        ]
        means = [np.array([[view.likelihoods[o.name][h] for h in order]]) for o in origins]
        posterior = _posterior(centre, means)
        spread = _posterior(drawn, rows)
    except ValueError:
        # Each hypothesis is possible somewhere in the ranges, but not all of it together.
        raise _nothing_left(case, origins, order) from None
    low, high = np.quantile(spread, [0.05, 0.95], axis=0)
    return Bayes(
        case,
        name,
        _by(order, centre[0]),
        immutabledict(
            {
                h: Share(float(posterior[0, k]), float(low[k]), float(high[k]))
                for k, h in enumerate(order)
            }
        ),
        immutabledict(_weights(origins, order, (centre, means), (drawn, rows))),
        view.also_inside,
        view.passed_over,
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


def _posterior(prior: Floats, likelihoods: Sequence[Floats]) -> Floats:
    """Bayes' rule: the normalised product of prior and likelihoods; rows sum to one.

    Raises ValueError where nothing is left in some row.
    """
    with np.errstate(divide="ignore"):
        logs = np.log(prior)
        for values in likelihoods:
            logs = logs + np.log(values)
    top = logs.max(axis=1, keepdims=True)
    if not np.isfinite(top).all():
        raise ValueError("nothing is left possible")
    weights = np.exp(logs - top)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True))


def _log_odds(shares: Floats) -> Floats:
    """Odds of each hypothesis against the rest, in decibans; rows as given."""
    rest = np.column_stack(
        [np.delete(shares, k, axis=1).sum(axis=1) for k in range(shares.shape[1])]
    )
    with np.errstate(divide="ignore"):
        return np.asarray(10 * (np.log10(shares) - np.log10(rest)))


def _change(after: Floats, before: Floats) -> Floats:
    """The change of odds in decibans; none where both are impossible, or both sure."""
    with np.errstate(invalid="ignore"):
        change = _log_odds(after) - _log_odds(before)
    return np.where(np.isnan(change), 0.0, change)


def _weights(
    origins: Sequence[Origin],
    order: Sequence[str],
    centre: tuple[Floats, Sequence[Floats]],
    drawn: tuple[Floats, Sequence[Floats]],
) -> dict[str, Weight]:
    """Each origin's weight in turn and left out; ``centre`` and ``drawn`` are (prior, rows)."""
    prior, means = centre
    whole, whole_drawn = _posterior(*centre), _posterior(*drawn)
    found = {}
    before = prior
    for k, origin in enumerate(origins):
        after = _posterior(before, [means[k]])
        without = _posterior(prior, [*means[:k], *means[k + 1 :]])
        rows = drawn[1]
        without_drawn = _posterior(drawn[0], [*rows[:k], *rows[k + 1 :]])
        owed = _change(whole, without)[0]
        # With an infinite weight in some draws, points in between are not interpolated.
        low, high = np.quantile(
            _change(whole_drawn, without_drawn), [0.05, 0.95], axis=0, method="inverted_cdf"
        )
        found[origin.name] = Weight(
            origin,
            _by(order, _change(after, before)[0]),
            _by(order, after[0]),
            immutabledict(
                {
                    h: Decibans(float(owed[j]), float(low[j]), float(high[j]))
                    for j, h in enumerate(order)
                }
            ),
            _by(order, without[0]),
        )
        before = after
    return found


def _by(order: Sequence[str], values: Floats) -> Mapping[str, float]:
    return immutabledict(zip(order, values.tolist(), strict=True))


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
