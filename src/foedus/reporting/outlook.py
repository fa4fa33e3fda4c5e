"""What lies ahead, for a reader: the forecast, what it depends on, and what to watch for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from immutabledict import immutabledict

from foedus.document import Block, Point, Points, Section, Sentence
from foedus.forecasting.estimates import percent, percents
from foedus.forecasting.results import Forecast
from foedus.forecasting.wording import word_for
from foedus.forecasting.workers import Progress
from foedus.reporting.assessment import likelihood_sentence
from foedus.reporting.drivers import bin_share, detail_blocks, telling_blocks
from foedus.reporting.forecast import (
    answer_blocks,
    chosen,
    confidence_of,
    forecast_sections,
    likelihood_of,
)
from foedus.reporting.indicators import leading_sentence
from foedus.sensitivity.drivers import Driver, Drivers, drivers_of
from foedus.sensitivity.indicators import Indicators, indicators
from foedus.sensitivity.inputs import ends_told, input_told

ACTOR_DRAWS = 500
"""On so many draws all of one actor's judgements are moved together, for each answer."""

LEADING = 3
"""So many drivers stand in the opening."""


@dataclass(frozen=True, slots=True, eq=False)
class Outlook:
    """A forecast with what its answers depend on, and what to watch for.

    ``drivers`` are of each hypothesis, or of the likeliest arrangements where there is none.
    """

    forecast: Forecast
    drivers: Mapping[str, Drivers]
    indicators: Indicators | None

    def blocks(self) -> tuple[Block, ...]:
        """The answer first, then drivers and indicators, then what the forecast is made of."""
        return (*answer_blocks(self.forecast), *self.sections())

    def lead(self) -> tuple[Block, ...]:
        """The answer in a few lines: how likely, how sure, the drivers and the first indicator."""
        f = self.forecast
        names = chosen(f)
        if not names:
            return ()
        blocks: list[Block] = [Sentence(self._judged(names[0]), strong=True)]
        if names[1:]:
            blocks.append(Points(tuple(Point(self._in_short(name)) for name in names[1:])))
        points = list(self._leading())
        watch = leading_sentence(self.indicators) if self.indicators else None
        if watch:
            points.append(Point(f"What to watch for first: {watch}"))
        if points:
            blocks.append(Points(tuple(points)))
        return tuple(blocks)

    def _judged(self, name: str) -> str:
        """How likely it is, and apart from it how sure."""
        level = confidence_of(self.forecast, name).level
        likely = likelihood_sentence(likelihood_of(self.forecast, name))
        return f"{likely} Our confidence in this is {level}."

    def _in_short(self, name: str) -> str:
        """The same of a further answer, by the same views."""
        judged = likelihood_of(self.forecast, name)
        level = confidence_of(self.forecast, name).level
        word = word_for(judged.p, judged.words).word
        figure = percent(judged.p, judged.low, judged.high)
        return (
            f"“{self.forecast.case.arrangements[name].name}”: {word} ({figure}; range "
            f"{percents(judged.low, judged.high)}), by the same computation. Our "
            "confidence in this "
            f"is {level}."
        )

    def sections(self) -> tuple[Section, ...]:
        """Drivers, indicators, and the parts of the forecast."""
        f = self.forecast
        telling: list[Block] = []
        for result in self.drivers.values():
            telling += telling_blocks(result)
        whole = tuple(
            Section(f.case.arrangements[name].name, detail_blocks(result))
            for name, result in self.drivers.items()
        )
        watch = self.indicators.blocks() if self.indicators else ()
        parts = [
            Section("What the answer depends on", tuple(telling), "forecast-drivers"),
            Section("What to watch for", tuple(watch), "forecast-indicators"),
            *forecast_sections(f),
            Section("Each judgement, and each actor's together", whole, "forecast-tornado"),
        ]
        return tuple(part for part in parts if part.blocks)

    def _leading(self) -> Iterator[Point]:
        """The most telling drivers of the answer that depends most on one."""
        found = [result for result in self.drivers.values() if result.telling(1)]
        if found:
            result = max(found, key=lambda each: each.telling(1)[0].change)
            name = self.forecast.case.arrangements[result.answer].name
            telling = tuple(Point(_short(result, driver)) for driver in result.telling(LEADING))
            yield Point(f"“{name}” depends most on these; its share of the draws is", telling)


def _short(result: Drivers, driver: Driver) -> str:
    """A driver in as few words as an opening has room for."""
    told = input_told(result.forecast.case, driver.input).partition(" (")[0]
    low, high = (end.partition(" (")[0] for end in ends_told(driver.input))
    return (
        f"{told[:1].upper()}{told[1:]}: {bin_share(result, driver.at_low)} at its {low}, "
        f"{bin_share(result, driver.at_high)} at its {high}"
        if not driver.input.held
        else f"{told[:1].upper()}{told[1:]}: {bin_share(result, driver.at_low)} if {low}, "
        f"{bin_share(result, driver.at_high)} if {high}"
    )


def outlook(
    forecast: Forecast,
    *,
    workers: int = 1,
    actor_draws: int = ACTOR_DRAWS,
    progress: Progress | None = None,
) -> Outlook:
    """Find what a forecast's answers depend on, and what to watch for.

    Drivers and indicators need some draws: with fewer than a hundred there are none.
    """
    if forecast.draws < 100:
        return Outlook(forecast, immutabledict(), None)
    found = drivers_of(
        forecast, chosen(forecast), actor_draws=actor_draws, workers=workers, progress=progress
    )
    seen = None
    if forecast.case.hypotheses:
        seen = indicators(forecast, workers=workers, progress=progress)
    return Outlook(forecast, found, seen)
