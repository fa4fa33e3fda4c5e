"""What lies ahead, for a reader: the forecast, what it hangs on, and what to watch for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from immutabledict import immutabledict

from foedus.document import Block, Point, Points, Section, Sentence
from foedus.forecasting.results import Forecast
from foedus.forecasting.told import (
    answer_blocks,
    chosen,
    confidence_of,
    forecast_sections,
    likelihood_of,
)
from foedus.forecasting.workers import Progress
from foedus.sensitivity.drivers import Drivers, drivers
from foedus.sensitivity.drivers_told import driver_sentence, telling_blocks
from foedus.sensitivity.signposts import Signposts, signposts

ACTOR_DRAWS = 500
"""On so many draws all of one actor's judgements are moved together, for each answer."""

LEADING = 3
"""So many drivers stand in the opening."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """A forecast with what its answers hang on, and what to watch for.

    ``drivers`` are of each hypothesis, or of the likeliest arrangements where there is none.
    """

    forecast: Forecast
    drivers: Mapping[str, Drivers]
    signposts: Signposts | None

    def blocks(self) -> tuple[Block, ...]:
        """The answer first, then drivers and signposts, then what the forecast is made of."""
        return (*answer_blocks(self.forecast), *self.sections())

    def lead(self) -> tuple[Block, ...]:
        """The answer in a few lines: how likely, how sure, the drivers and the first signpost."""
        f = self.forecast
        blocks: list[Block] = []
        for name in chosen(f):
            blocks.append(Sentence(likelihood_of(f, name).sentence(), strong=True))
        levels = {confidence_of(f, name).level for name in chosen(f)}
        if len(levels) == 1:
            level = levels.pop()
            blocks.append(Sentence(f"Confidence in each of these is {level}."))
        points = self._leading()
        if points:
            blocks += [Sentence("What that hangs on most:"), Points(points, ordered=True)]
        told = self.signposts.sentence() if self.signposts else None
        if told:
            blocks.append(Sentence(f"What to watch for first: {told}"))
        return tuple(blocks)

    def sections(self) -> tuple[Section, ...]:
        """Drivers, signposts, and the parts of the forecast."""
        f = self.forecast
        telling: list[Block] = []
        for result in self.drivers.values():
            telling += telling_blocks(result)
        whole = tuple(
            Section(f.case.arrangements[name].name, result.blocks())
            for name, result in self.drivers.items()
        )
        watch = self.signposts.blocks() if self.signposts else ()
        parts = [
            Section("What the answer hangs on", tuple(telling), "forecast-drivers"),
            Section("What to watch for", tuple(watch), "forecast-signposts"),
            *forecast_sections(f),
            Section("Each judgement, and each actor's together", whole, "forecast-tornado"),
        ]
        return tuple(part for part in parts if part.blocks)

    def _leading(self) -> tuple[Point, ...]:
        """The most telling drivers of all answers, each judgement once."""
        found = [(-d.change, d, r) for r in self.drivers.values() for d in r.telling(LEADING)]
        points: dict[str, Point] = {}
        for _, driver, result in sorted(found, key=lambda each: each[0]):
            points.setdefault(driver.input.key, Point(driver_sentence(result, driver)))
        return tuple(points.values())[:LEADING]


def outlook(
    forecast: Forecast,
    *,
    workers: int = 1,
    actor_draws: int = ACTOR_DRAWS,
    progress: Progress | None = None,
) -> Outlook:
    """Find what a forecast's answers hang on, and what to watch for.

    Drivers and signposts need some draws: with fewer than a hundred there are none.
    """
    if len(forecast.detail.reached) < 100:
        return Outlook(forecast, immutabledict(), None)
    found = {
        name: drivers(forecast, name, actor_draws=actor_draws, workers=workers, progress=progress)
        for name in chosen(forecast)
    }
    seen = signposts(forecast) if forecast.case.hypotheses else None
    return Outlook(forecast, immutabledict(found), seen)
