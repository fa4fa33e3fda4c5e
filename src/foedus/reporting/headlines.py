"""Results in one sentence, where the first that they are shown with is not their answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from foedus.reporting.assessment import likelihood_sentence
from foedus.reporting.forecast import chosen, likelihood_of
from foedus.sensitivity.measured import answer_name

if TYPE_CHECKING:
    from foedus.equilibria.solve import Stability
    from foedus.forecasting.results import Forecast
    from foedus.sensitivity.observation import Observed
    from foedus.sensitivity.otherwise import WhatIf


def stability_headline(stability: Stability) -> str:
    """How many equilibria there are by each concept."""
    counts = (f"{concept} {len(stability.equilibria(concept)):,}" for concept in stability.concepts)
    settled = int(stability.game.space.settled.sum())
    return f"equilibria among {settled:,} settled states: {', '.join(counts) or 'not asked for'}"


def forecast_headline(forecast: Forecast) -> str:
    """How likely the first answer is."""
    names = chosen(forecast)
    if not names:
        return f"{forecast.draws:,} draws; the case names no arrangement"
    return likelihood_sentence(likelihood_of(forecast, names[0]))


def whatif_headline(whatif: WhatIf) -> str:
    """What is set otherwise, and which arrangement moves most."""
    judged = ", ".join(f"{each.name} = {each.after}" for each in whatif.settings)
    if not whatif.differences:
        return f"with {judged}"
    most = max(whatif.differences, key=lambda each: abs(each.change))
    name = answer_name(whatif.before.case, most.arrangement)
    return f"{name} from {most.before:.1%} to {most.after:.1%}, with {judged}"


def observed_headline(observed: Observed) -> str:
    """Which arrangement moves most, and what was observed."""
    seen = ", ".join(f"{each.statement.text} by {each.day}" for each in observed.observations)
    if not observed.changes:
        return f"observed: {seen}"
    changes = observed.changes.items()
    answer, most = max(changes, key=lambda each: abs(each[1].after.p - each[1].before.p))
    name = answer_name(observed.forecast.case, answer)
    return f"{name} from {most.before.p:.1%} to {most.after.p:.1%}, observed: {seen}"
