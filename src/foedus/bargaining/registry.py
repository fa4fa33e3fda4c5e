"""All models of bargaining on ordered issues, by name. A new one is a file, and a line here."""

from __future__ import annotations

from collections.abc import Mapping

from foedus.bargaining.challenge import CHALLENGE, SCHOLZ_CODE
from foedus.bargaining.compromise import COMPROMISE
from foedus.bargaining.condorcet import CENTRAL, CONDORCET
from foedus.bargaining.exchange import EXCHANGE
from foedus.bargaining.means import MEAN
from foedus.bargaining.median import MEDIAN
from foedus.bargaining.model import BargainingModel
from foedus.bargaining.nash_solution import NASH_LINEAR, NASH_QUADRATIC, NASH_REFERENCE
from foedus.case.problems import UnknownName

MODELS: Mapping[str, BargainingModel] = {
    model.name: model
    for model in (
        COMPROMISE,
        MEAN,
        MEDIAN,
        NASH_QUADRATIC,
        NASH_LINEAR,
        NASH_REFERENCE,
        CHALLENGE,
        SCHOLZ_CODE,
        EXCHANGE,
        CONDORCET,
        CENTRAL,
    )
}


def model_named(name: str) -> BargainingModel:
    """The model of that name. Raises `UnknownName`."""
    if name not in MODELS:
        raise UnknownName("bargaining model", name, MODELS)
    return MODELS[name]
