"""Which functions show which results: one line a class, looked up by :mod:`foedus.result`."""

from __future__ import annotations

from collections.abc import Mapping

from immutabledict import immutabledict

from foedus.equilibria.solve import Stability
from foedus.evidence.analysts import Analysts
from foedus.evidence.audit import Audit
from foedus.evidence.competing import Ach
from foedus.evidence.concordance import Concordance
from foedus.evidence.hanging import Strikes
from foedus.evidence.updating import Bayes
from foedus.forecasting.assessment import Confidence, Likelihood
from foedus.forecasting.combined import Combined
from foedus.forecasting.likelihoods import EvidenceView
from foedus.forecasting.outside import OutsideView
from foedus.forecasting.paces import Paces
from foedus.forecasting.pooling import Pooled
from foedus.forecasting.results import Forecast
from foedus.process.acceptance.solve import Acceptance
from foedus.process.holding import Holding
from foedus.process.paths.solve import Paths
from foedus.reporting import (
    acceptance,
    acceptance_tables,
    analysts,
    assessment,
    audit,
    case_summary,
    comparing,
    competing,
    concordance,
    drivers,
    forecast,
    headlines,
    holding,
    observation,
    otherwise,
    paces,
    passing,
    paths,
    payments,
    records,
    signposts,
    striking,
    taking,
    tracing,
    turning,
    updating,
    views,
    why_states,
)
from foedus.reporting.case_summary import Check
from foedus.result import Result, Teller
from foedus.sensitivity.comparing.results import Comparison
from foedus.sensitivity.drivers import Drivers
from foedus.sensitivity.observation import Observed
from foedus.sensitivity.otherwise import WhatIf
from foedus.sensitivity.passing import Shift
from foedus.sensitivity.payments import Payments
from foedus.sensitivity.signposts import Signposts
from foedus.sensitivity.taking import WhatItTakes
from foedus.sensitivity.turned import Turning
from foedus.tracing.solve import Trace

TELLERS: Mapping[type[Result], Teller] = immutabledict(
    {
        Acceptance: Teller(
            acceptance_tables.acceptance_blocks,
            acceptance.acceptance_explained,
            records.acceptance_records,
        ),
        Ach: Teller(competing.ach_blocks, competing.ach_explained, records.ach_records),
        Analysts: Teller(analysts.analysts_blocks, analysts.item_explained),
        Audit: Teller(audit.audit_blocks, audit.audit_explained, records.audit_records),
        Bayes: Teller(updating.bayes_blocks, updating.hypothesis_weighed, records.bayes_records),
        Check: Teller(case_summary.check_blocks, None, records.check_records),
        Combined: Teller(views.combined_blocks),
        Comparison: Teller(comparing.comparison_blocks, comparing.comparison_explained),
        Concordance: Teller(concordance.concordance_blocks),
        Confidence: Teller(assessment.confidence_blocks),
        Drivers: Teller(drivers.driver_blocks, drivers.driver_explained, records.driver_records),
        EvidenceView: Teller(views.evidence_blocks, views.evidence_explained),
        Forecast: Teller(
            forecast.forecast_blocks,
            forecast.forecast_explained,
            records.forecast_records,
            headlines.forecast_headline,
        ),
        Holding: Teller(holding.holding_blocks),
        Likelihood: Teller(assessment.likelihood_blocks),
        Observed: Teller(
            observation.observed_blocks,
            observation.observed_explained,
            records.observed_records,
            headlines.observed_headline,
        ),
        OutsideView: Teller(views.outside_blocks, views.outside_explained),
        Paces: Teller(paces.pace_blocks, paces.pace_explained),
        Paths: Teller(paths.paths_blocks, paths.paths_explained, records.path_records),
        Payments: Teller(payments.payments_blocks, payments.payments_explained),
        Pooled: Teller(views.pooled_blocks, views.pooled_explained),
        Shift: Teller(passing.shift_blocks, passing.shift_explained, records.shift_records),
        Signposts: Teller(
            signposts.signpost_blocks, signposts.signpost_explained, records.indicator_records
        ),
        Stability: Teller(
            holding.stability_blocks,
            why_states.stability_explained,
            records.stability_records,
            headlines.stability_headline,
        ),
        Strikes: Teller(striking.strikes_blocks, striking.strike_explained),
        Trace: Teller(tracing.trace_blocks, None, records.trace_records),
        Turning: Teller(turning.turning_blocks, turning.turning_explained),
        WhatIf: Teller(
            otherwise.whatif_blocks,
            otherwise.whatif_explained,
            records.whatif_records,
            headlines.whatif_headline,
        ),
        WhatItTakes: Teller(taking.taking_blocks, None, records.taking_records),
    }
)
