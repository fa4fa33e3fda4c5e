"""What an answer depends on, in sentences, a tornado and a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
from foedus.forecasting.estimates import percent
from foedus.sensitivity.drivers import RARE, refusing
from foedus.sensitivity.inputs import ends_told, input_told

if TYPE_CHECKING:
    from foedus.case.model import Case
    from foedus.sensitivity.drivers import Driver, Drivers
    from foedus.sensitivity.jointly import Together

SHOWN = 12
"""So many inputs stand in the tornado."""

PAIRS = 3
"""So many pairs of judgements are told."""

ALONE = "What each judgement does by itself"

SAME = 1e-6
"""Chances that differ by less are the same."""

NEARLY = 0.995
"""What is likelier than this is nearly sure."""


def driver_blocks(result: Drivers) -> tuple[Block, ...]:
    """The most telling in sentences, the tornado, the actors."""
    return (*telling_blocks(result), *detail_blocks(result))


def detail_blocks(result: Drivers) -> tuple[Block, ...]:
    """The tornado and the actors, without the sentences."""
    return (*tornado_blocks(result), *together_blocks(result))


def _share(p: float) -> str:
    """A chance in per cent, to as many digits as anybody could use."""
    if p > NEARLY:
        return "100%" if p > 1 - SAME else "over 99%"
    return percent(round(p, 2) if p >= 0.1 else float(f"{p:.2g}") if p > SAME / 10 else 0.0)


def telling_blocks(result: Drivers, most: int = 5) -> tuple[Block, ...]:
    """The most telling judgements, one sentence each; where nothing tells, why."""
    telling = result.telling(most)
    name = result.forecast.case.arrangements[result.answer].name
    if result.consent is not None:
        return (Sentence(_never(result)),)
    share = _share(result.share)
    if not telling:
        text = f"No single judgement moves the chance of “{name}” ({share}) beyond chance."
        return (Sentence(text, "muted"), *_pairs(result))
    lead = f"What moves the chance of “{name}” ({share} by the inside view) most:"
    points = tuple(Point(driver_sentence(result, driver, named=False)) for driver in telling)
    return (Sentence(lead), Points(points, ordered=True))


def _never(result: Drivers) -> str:
    """Why an answer comes about in no draw."""
    case, consent = result.forecast.case, result.consent
    assert consent is not None  # noqa: S101 - who asks has looked
    told = (
        f"“{case.arrangements[result.answer].name}” comes about in none of {result.draws:,} draws: "
        "the model leaves no way to it."
    )
    names = [case.actors[actor].name for actor in refusing(consent)]
    if names:
        told += f" At the most likely judgements {listed(names, 'and')} would refuse its best form."
    elif consent.status in ("nobody", "impossible"):
        told += " Nobody can make it from the status quo."
    if result.together.everything:
        return f"{told} Together, judgements at the ends that favour it would bring it about."
    return f"{told} Nor do all judgements together, at the ends of their ranges that favour it."


def driver_sentence(result: Drivers, driver: Driver, *, named: bool = True) -> str:
    """How the answer depends on one input. Not ``named``, the answer is "it"."""
    case = result.forecast.case
    answer = f"“{case.arrangements[result.answer].name}”" if named else "It"
    low, high = ends_told(driver.input)
    return (
        f"{answer} comes about with {_share(driver.at_low)} where "
        f"{input_told(case, driver.input)} is {low}, and with "
        f"{_share(driver.at_high)} where it is {high}."
    )


def driver_explained(result: Drivers, driver: Driver) -> Explanation:
    """One driver, with its measure and what it rests on."""
    points = [
        Point(
            f"Its bins of the draws differ from the whole by {_points(driver.change)} on the mean, "
            f"beyond what chance makes (90% range {_points(driver.low)} to {_points(driver.high)})."
        ),
        Point(f"The rank correlation with the answer is {driver.rank:.2f}."),
    ]
    verdict = "beyond" if driver.telling else "within"
    points.append(
        Point(f"That is {verdict} what the greatest of {len(result.drivers)} idle inputs shows.")
    )
    for judgement in driver.input.judgements:
        because = ", ".join(judgement.because) or "no reason given"
        points.append(Point(f"{judgement.name} rests on: {because}"))
    return Explanation((Sentence(driver_sentence(result, driver)), Points(tuple(points))))


def tornado_blocks(result: Drivers, title: str = ALONE) -> Iterator[Ranges]:
    """The answer with each telling judgement lowest and highest; nothing where none tells."""
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
                f"{_share(driver.at_low)} at its {ends_told(driver.input)[0]}, "
                f"{_share(driver.at_high)} at its {ends_told(driver.input)[1]}"
            ),
        )
        for driver in shown
    )
    yield Ranges(
        title,
        "per cent",
        ranges,
        ((_whole(result.share), "all draws"),),
        f"From {result.draws:,} draws: in the tenth with the judgement lowest, and highest.",
    )


def together_blocks(result: Drivers) -> Iterator[Block]:
    """What would have to give together, and each actor's judgements moved as one."""
    case = result.forecast.case
    yield from _pairs(result)
    rows = tuple(
        (
            Cell(case.actors[each.actor].name),
            Cell(_share(each.moves)),
            Cell(_share(each.lowest)),
            Cell(_share(each.highest)),
        )
        for each in sorted(result.actors, key=lambda each: (-each.moves, -each.highest))
        if each.moves or each.highest - each.lowest > SAME
    )
    if not rows:
        return
    columns = (
        Column("all judgements about"),
        Column("drawn anew, move the answer by (mean)", True),
        Column("all at the ends against it", True),
        Column("all at the ends for it", True),
    )
    note = (
        f"Drawn anew in {result.actor_draws:,} draws, all other random numbers the same. The ends "
        "are the 5% or 95% points, whichever way each judgement points, with all others most "
        f"likely, where the answer is {_share(result.together.most_likely)}. A wish is held or "
        "not at them, unless that is likelier than 95%."
    )
    yield Table("All of one actor's judgements together", columns, rows, note)


def _pairs(result: Drivers) -> Iterator[Block]:
    """Which actors' judgements, or which two judgements, would have to give together."""
    case, together = result.forecast.case, result.together
    points = [
        Point(f"All judgements about {listed(_names(case, each.actors), 'and')}: {_chance(each)}")
        for each in together.pairs
    ]
    points += [Point(f"{_told(case, each)}: {_chance(each)}") for each in together.inputs[:PAIRS]]
    if not points:
        return
    yield Sentence(
        "What would have to give together: the answer with these at the ends that favour it, all "
        f"others most likely (there it is {_share(together.most_likely)}; with every judgement at "
        f"such an end {_share(together.everything)})."
    )
    yield Points(tuple(points))


def _names(case: Case, actors: Iterable[str]) -> list[str]:
    return [case.actors[actor].name for actor in actors]


def _told(case: Case, each: Together) -> str:
    told = listed((input_told(case, x) for x in each.inputs), "and")
    return told[:1].upper() + told[1:]


def _chance(each: Together) -> str:
    return f"{_share(each.chance)}."


def _whole(share: float) -> float:
    """A share in whole per cent, or to two digits where it is rare."""
    return float(round(100 * share)) if share >= RARE else float(f"{100 * share:.2g}")


def _points(change: float) -> str:
    return f"{100 * change:.1f} points"
