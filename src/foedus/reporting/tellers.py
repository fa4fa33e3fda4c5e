"""Which functions show which results: one line a class, looked up by :mod:`foedus.result`.

Each line names a class of results, and the functions of this package that give its blocks, its
explanation, the rows of its table and its headline, as far as it has them. They are imported when a
result of that class is first shown, so that a command pays for no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

from foedus.result import Result, Teller

_BY_CLASS: dict[str, tuple[str | None, ...]] = {
    "Acceptance": (
        "acceptance.acceptance_blocks",
        "acceptance_explained.acceptance_explained",
        "records.acceptance_records",
    ),
    "Ach": ("competing.ach_blocks", "competing.ach_explained", "records.ach_records"),
    "Analysts": ("analysts.analysts_blocks", "analysts.item_explained"),
    "Audit": ("audit.audit_blocks", "audit.audit_explained", "records.audit_records"),
    "Bargain": (
        "bargaining.bargain_blocks",
        "bargaining.bargain_explained",
        "records.bargain_records",
    ),
    "Batch": ("batched.batch_blocks", None, "batched.batch_records"),
    "Bayes": ("updating.bayes_blocks", "updating.hypothesis_weighed", "records.bayes_records"),
    "Check": ("case_summary.check_blocks", None, "records.check_records"),
    "Combined": ("views.combined_blocks",),
    "Comparison": ("comparing.comparison_blocks", "comparing.comparison_explained"),
    "Concordance": ("competing.concordance_blocks",),
    "Confidence": ("assessment.confidence_blocks",),
    "CountedSpace": ("state_counts.counted_blocks",),
    "Drivers": ("drivers.driver_blocks", "drivers.driver_explained", "records.driver_records"),
    "EvidenceUpdate": ("views.evidence_blocks", "views.evidence_explained"),
    "Forecast": (
        "forecast.forecast_blocks",
        "forecast.forecast_explained",
        "records.forecast_records",
        "headlines.forecast_headline",
    ),
    "Governments": (
        "governments.governments_blocks",
        "governments.governments_explained",
        "records.governments_records",
    ),
    "Holding": ("holding.holding_blocks",),
    "Judges": (
        "judges.judges_blocks",
        "judges.judges_explained",
        "records.judges_records",
    ),
    "Likelihood": ("assessment.likelihood_blocks",),
    "MostLikely": ("most_likely.most_likely_blocks",),
    "Observed": (
        "observation.observed_blocks",
        "observation.observed_explained",
        "records.observed_records",
        "headlines.observed_headline",
    ),
    "OutsideView": ("views.outside_blocks", "views.outside_explained"),
    "Paces": ("paces.pace_blocks", "paces.pace_explained"),
    "Paths": ("paths.paths_blocks", "paths.paths_explained", "records.path_records"),
    "Pooled": ("views.pooled_blocks", "views.pooled_explained"),
    "Shift": ("taking.shift_blocks", "taking.shift_explained", "records.shift_records"),
    "Stability": (
        "holding.stability_blocks",
        "why_states.stability_explained",
        "records.stability_records",
        "headlines.stability_headline",
    ),
    "Indicators": (
        "indicators.indicator_blocks",
        "indicators.indicator_explained",
        "records.indicator_records",
    ),
    "LeaveOneOut": ("leave_one_out.leave_one_out_blocks", "leave_one_out.unit_explained"),
    "Trace": ("tracing.trace_blocks", None, "records.trace_records"),
    "WhatIf": (
        "otherwise.whatif_blocks",
        "otherwise.whatif_explained",
        "records.whatif_records",
        "headlines.whatif_headline",
    ),
    "Payments": ("taking.payments_blocks", "taking.payments_explained"),
    "Turning": ("taking.turning_blocks", "taking.turning_explained"),
    "WhatItTakes": ("taking.taking_blocks", None, "records.taking_records"),
}


class _Tellers(Mapping[type[Result], Teller]):
    """The tellers by class; what a line names is imported when it is asked for."""

    def __getitem__(self, kind: type[Result]) -> Teller:
        return Teller(*map(_named, _BY_CLASS[kind.__name__]))

    def __iter__(self) -> Iterator[type[Result]]:
        known = {kind.__name__: kind for kind in Result.__subclasses__()}
        return (known[name] for name in _BY_CLASS if name in known)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _named(path: str | None) -> Any:
    if path is None:
        return None
    module, _, function = path.partition(".")
    return getattr(import_module(f"foedus.reporting.{module}"), function)


TELLERS: Mapping[type[Result], Teller] = _Tellers()
