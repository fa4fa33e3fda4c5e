"""A small case whose indicators can be worked out by hand, and forecasts of it.

Ann does her deed at the pace ``slow``; Bob does the like at the same pace, Cyd his at a pace of its
own. Each wants it and needs nobody, so that all three differ by time alone. Bob's worth may be
judged with a range, so that he wants it in some draws only.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import numpy.typing as npt

from foedus.case.model import Case
from foedus.case.reading import parse_case
from foedus.document import Block, Point, Points, Sentence
from foedus.forecasting.results import Forecast
from foedus.forecasting.solve import forecast
from foedus.forecasting.streams import draw_blocks
from foedus.process.pace import DAYS_A_YEAR, Hazard, hazard_of

TEXT = """
foedus: 1
title: Three deeds
as_of: 2020-01-01
deadline: 2024-01-01
actors: {{ann: {{name: Ann}}, bob: {{name: Bob}}, cyd: {{name: Cyd}}{more_actors}}}
issues:
  deed: {{name: The deed, positions: {{open: Open, done: Done}}, decided_by: ann, pace: slow}}
  like: {{name: The like, positions: {{open: Open, done: Done}}, decided_by: bob, pace: slow}}
  third: {{name: The third, positions: {{open: Open, done: Done}}, decided_by: cyd, pace: brisk}}
{more_issues}
rules: [{rules}]
arrangements:
  did: {{name: The deed is done, when: deed = done}}
  all: {{name: All is done, when: deed = done and like = done and third = done}}
{hypotheses}
preferences:
  ann: {{worth: {{deed: {{when: deed = done, value: 10}}}}}}
  bob: {{worth: {{like: {{when: like = done, value: {bob}}}}}}}
  cyd: {{worth: {{third: {{when: third = done, value: 10}}}}}}
{more_wishes}
records:
  slow: {{since: 2018-07-01, until: 2020-01-01, agreed: 1, done: 0}}
  brisk: {{since: 2015-01-01, until: 2020-01-01, agreed: 3, done: 2}}
{more_records}
"""

AS_OF, DEADLINE = date(2020, 1, 1), date(2024, 1, 1)


def case_of(
    *, bob: str = "10", rules: str = "", hypotheses: str = "hypotheses: [did]", idle: int = 0
) -> Case:
    """The case; ``idle`` more issues, each of an actor and a pace of its own."""
    issues = [
        f"  i{k}: {{positions: {{a: A, b: B}}, decided_by: a{k}, pace: p{k}}}" for k in range(idle)
    ]
    actors = [f", a{k}: {{name: A{k}}}" for k in range(idle)]
    wishes = [f"  a{k}: {{worth: {{w: {{when: i{k} = b, value: 1}}}}}}" for k in range(idle)]
    records = [
        f"  p{k}: {{since: 2015-01-01, until: 2020-01-01, agreed: 3, done: 2}}" for k in range(idle)
    ]
    text = TEXT.format(
        bob=bob,
        rules=rules,
        hypotheses=hypotheses,
        more_issues="\n".join(issues),
        more_actors="".join(actors),
        more_wishes="\n".join(wishes),
        more_records="\n".join(records),
    )
    return parse_case(text, "deeds.yaml")


@cache
def forecast_of(draws: int = 500, seed: int = 1, **changes: str | int) -> Forecast:
    """A forecast of the case, without stability and variants."""
    case = case_of(**changes)  # type: ignore[arg-type]
    return forecast(case, draws=draws, seed=seed, stability_draws=0, varied=False)


def drawn_hazards(forecasted: Forecast) -> dict[str, npt.NDArray[np.float64]]:
    """The hazard a day of each issue's item, in every draw of a forecast."""
    process = forecasted.process
    rows = [
        process.drawn(block).timing.hazard
        for block in draw_blocks(forecasted.draws, forecasted.seed)
    ]
    table = np.concatenate(rows)
    return {item.issue: table[:, k] for k, item in enumerate(process.items.all)}


def hazard(record: str = "slow") -> Hazard:
    """What is known of a pace."""
    return hazard_of(case_of().records[record])


def open_after(*days: date, record: str = "slow") -> float:
    """The chance that things of one pace are still open, each on its day: of Lomax's law."""
    of = hazard(record)
    years = sum((day - AS_OF).days for day in days) / DAYS_A_YEAR
    return float((of.years / (of.years + years)) ** of.shape)


def texts(blocks: tuple[Block, ...]) -> str:
    """The sentences and points of blocks, one after another."""

    def of(block: Block | Point) -> list[str]:
        if isinstance(block, Points):
            return [text for point in block.points for text in of(point)]
        if isinstance(block, Point):
            return [block.text, *(text for point in block.points for text in of(point))]
        return [block.text] if isinstance(block, Sentence) else []

    return " ".join(text for block in blocks for text in of(block))
