"""What an answer rests on: the assumption that carries most, and the answer without it."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.model import Case
from foedus.document import Point
from foedus.evidence.alternatives import NEUTRAL as _NEUTRAL
from foedus.forecasting.assessment import Moved
from foedus.forecasting.estimates import percent
from foedus.forecasting.wording import word_for
from foedus.reporting.assessment import changed_told, support_told
from foedus.reporting.drivers import driver_sentence, telling_blocks
from foedus.reporting.findings import Findings
from foedus.reporting.forecast import confidence_of
from foedus.result import first_text

DRIVERS = 2
"""So many judgements at most are told besides."""

_PACE_OFF = "pace off: "
_WITHOUT = "without "


def rests_on(found: Findings, name: str) -> Iterator[Point]:
    """The assumption that moves the answer most; the judgements that do; what stands on evidence.

    Nothing without a forecast.
    """
    if found.ahead is None:
        return
    f = found.ahead.forecast
    sure = confidence_of(f, name)
    if sure.most is not None and sure.most.words:
        yield Point(_assumed(f.case, sure.most), see="forecast-confidence")
    elif sure.tried:
        yield Point(
            "On no single assumption: left out or varied one at a time, none of "
            f"{sure.tried} judgements, items of evidence and parts of the model moves it to "
            "another word.",
            see="forecast-confidence",
        )
    result = found.ahead.drivers.get(name)
    if result is not None:
        telling = result.telling(DRIVERS)
        for driver in telling:
            yield Point(driver_sentence(result, driver), see="forecast-drivers")
        if not telling:
            yield Point(first_text(telling_blocks(result)), see="forecast-drivers")
    if told := support_told(sure):
        yield Point(f"{told}.", see="evidence")


def _assumed(case: Case, most: Moved) -> str:
    """The assumption in a sentence, with the answer by it and without."""
    after = word_for(most.after, case.words).word
    return (
        f"The assumption that carries most: {assumption_told(case, most.name)}. By it "
        f"{_share(most.before)}; otherwise {_share(most.after)}, {after}."
    )


def assumption_told(case: Case, name: str) -> str:
    """What is assumed, where ``name`` is the variant or the thing left out that drops it."""
    if name.startswith(_PACE_OFF):
        record = name.removeprefix(_PACE_OFF)
        return f"that changes are as slow as “{record}” was, and not only unwanted"
    if name.startswith(_WITHOUT):
        return f"“{name.removeprefix(_WITHOUT)}”, as evidence"
    if name.endswith(_NEUTRAL):
        return changed_told(case, name).removesuffix(_NEUTRAL)
    return _ASSUMED.get(name, f"what “{name}” changes")


_ASSUMED = {
    "nothing left out": "that the case leaves out some of what actors want",
    "twice as much left out": "that the case leaves out no more than it is taken to",
    "half as many meetings": "that those who can decide at once meet about once a month",
    "twice as many meetings": "that those who can decide at once meet about once a month",
    "meetings by coalition": "that a change has one clock, whoever of several coalitions makes it",
    "half the least gain": "that small gains move nobody",
    "twice the least gain": "that small gains, above a least, move actors",
    "farsighted": "that actors look no further than their next step",
    "farsighted, reconsidering twice as often": "that actors look no further than their next step",
}


def _share(p: float) -> str:
    return percent(p, p - 0.005, p + 0.005) if 0.01 <= p <= 0.99 else percent(p)
