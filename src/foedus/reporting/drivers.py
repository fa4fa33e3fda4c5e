"""What an answer hangs on, in sentences, a tornado and a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from foedus.case.problems import listed
from foedus.document import (
    Block,
    Cell,
    Column,
    Explanation,
    Point,
    Points,
    Range,
    Ranges,
    Sentence,
    Table,
)
from foedus.forecasting.estimates import from_draws, percent
from foedus.sensitivity.binned import BINS
from foedus.sensitivity.naming import ends_told, input_told

if TYPE_CHECKING:
    from foedus.sensitivity.drivers import Driver, Drivers

SHOWN = 12
"""So many inputs stand in the tornado."""


def driver_blocks(result: Drivers) -> tuple[Block, ...]:
    """The most telling in sentences, the tornado, the actors."""
    return (*telling_blocks(result), *_tornado(result), *_actors(result))


def detail_blocks(result: Drivers) -> tuple[Block, ...]:
    """The tornado and the actors, without the sentences."""
    return (*_tornado(result), *_actors(result))


def bin_share(result: Drivers, share: float) -> str:
    """The answer's share in the tenth of the draws at one end, as exactly as those draws allow."""
    return _share(share, max(result.draws // BINS, 1))


def _share(share: float, draws: int) -> str:
    p = from_draws(round(share * draws), draws)
    return percent(p.p, p.low, p.high)


def telling_blocks(result: Drivers, most: int = 5) -> tuple[Block, ...]:
    """The most telling judgements, one sentence each."""
    telling = result.telling(most)
    name = result.forecast.case.arrangements[result.answer].name
    share = percent(result.share) if result.share else f"in none of {result.draws:,} draws"
    if not telling:
        reason = (
            "it came about in too few draws, or in too many, for any to show"
            if min(result.share, 1 - result.share) * result.draws < 20
            else "none stands out from chance"
        )
        text = f"No single judgement moves the chance of “{name}” ({share}): {reason}."
        return (Sentence(text, "muted"),)
    lead = f"What moves the chance of “{name}” ({share} by the inside view) most:"
    points = tuple(Point(driver_sentence(result, driver, named=False)) for driver in telling)
    return (Sentence(lead), Points(points, ordered=True))


def driver_sentence(result: Drivers, driver: Driver, *, named: bool = True) -> str:
    """How the answer hangs on one input. Not ``named``, the answer is "it"."""
    case = result.forecast.case
    answer = f"“{case.arrangements[result.answer].name}”" if named else "It"
    low, high = ends_told(driver.input)
    return (
        f"{answer} comes about in {bin_share(result, driver.at_low)} of the draws where "
        f"{input_told(case, driver.input)} is {low}, and in "
        f"{bin_share(result, driver.at_high)} where it is {high}."
    )


def driver_explained(result: Drivers, driver: Driver) -> Explanation:
    """One driver, with its measure and what it rests on."""
    points = [
        Point(
            f"Its bins of the draws differ from the whole by {_points(driver.change)} on the mean, "
            f"beyond what chance makes (90% range {_points(driver.low)} to {_points(driver.high)})."
        )
    ]
    verdict = "beyond" if driver.telling else "within"
    points.append(
        Point(f"That is {verdict} what the greatest of {len(result.drivers)} idle inputs shows.")
    )
    for judgement in driver.input.judgements:
        because = ", ".join(judgement.because) or "no reason given"
        points.append(Point(f"{judgement.name} rests on: {because}"))
    return Explanation((Sentence(driver_sentence(result, driver)), Points(tuple(points))))


def _tornado(result: Drivers) -> Iterator[Block]:
    case = result.forecast.case
    shown = [d for d in result.drivers if d.telling][:SHOWN]
    if not shown:
        return
    ranges = tuple(
        Range(
            input_told(case, driver.input),
            _whole(min(driver.at_low, driver.at_high)),
            _whole(result.share),
            _whole(max(driver.at_low, driver.at_high)),
            note=(
                f"{bin_share(result, driver.at_low)} at its {ends_told(driver.input)[0]}, "
                f"{bin_share(result, driver.at_high)} at its {ends_told(driver.input)[1]}"
            ),
        )
        for driver in shown
    )
    yield Ranges(
        "What each judgement does by itself",
        "per cent",
        ranges,
        ((_whole(result.share), "all draws"),),
        f"From {result.draws:,} draws: in the tenth with the judgement lowest, and highest.",
    )


def _actors(result: Drivers) -> Iterator[Block]:
    case = result.forecast.case
    if not result.actors:
        return
    if not any(each.flips or each.highest for each in result.actors):
        yield Sentence(
            f"Nor do all of one actor's judgements together, at the ends that speak for it: in "
            f"none of {result.actor_draws:,} draws run again for each actor it came about.",
            "muted",
        )
        return
    rows = tuple(
        (
            Cell(case.actors[each.actor].name),
            Cell(_share(each.flips, result.actor_draws)),
            Cell(_share(each.lowest, result.actor_draws)),
            Cell(_share(each.highest, result.actor_draws)),
        )
        for each in sorted(result.actors, key=lambda each: -each.flips)
        if each.flips or each.lowest != each.highest
    )
    idle = [a for a in result.actors if not a.flips and a.lowest == a.highest]
    columns = (
        Column("all judgements about"),
        Column("drawn anew, change the answer in", True),
        Column("all at the ends against it", True),
        Column("all at the ends for it", True),
    )
    note = (
        f"From {result.actor_draws:,} draws run again, all other random numbers the same. "
        "The ends are the 5% or 95% points, whichever way each judgement points; a wish is held or "
        "not at them, unless that is likelier than 95%."
    )
    if idle:
        note += (
            " Nothing depends on those of "
            f"{listed((case.actors[a.actor].name for a in idle), 'or')}."
        )
    yield Table("All of one actor's judgements together", columns, rows, note)


def _whole(share: float) -> float:
    """A share in whole per cent: more digits the bins do not bear."""
    return float(round(100 * share))


def _points(change: float) -> str:
    return f"{100 * change:.1f} points"
