"""What lies ahead, for a reader: the forecast, what it depends on, and what to watch for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from immutabledict import immutabledict

from foedus.document import Block, Section
from foedus.forecasting.results import Forecast
from foedus.forecasting.workers import Progress, Workers
from foedus.reporting.drivers import detail_blocks, telling_blocks
from foedus.reporting.forecast import (
    answer_blocks,
    chosen,
    forecast_sections,
)
from foedus.sensitivity.drivers import Drivers, drivers_of
from foedus.sensitivity.indicators import Indicators, indicators

ACTOR_DRAWS = 500
"""On so many draws all of one actor's judgements are moved together, for each answer."""


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


def outlook(
    forecast: Forecast,
    *,
    workers: int | Workers = 1,
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
