"""Who is worse off with an arrangement and who refuses it, brief enough to be compared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from immutabledict import immutabledict

from foedus.process.consent import Consent, Consents
from foedus.process.model import Process
from foedus.result import data_of

ALWAYS = 1 - 1e-6
"""Who refuses in this share of the time in which it is asked, or more, refuses always."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """Consent to one arrangement at the most likely values.

    ``status`` is that of the consent, but ``acceptable`` or ``opposed`` where a change from today
    makes it. ``worse_off`` are those asked for its best form who do not gain by it, ``refuse``
    those who refuse whenever they are asked (nobody is asked for what comes by itself). ``gains``
    is what the best form is worth to each, if kept, above what each expects without it, in own
    units.
    """

    status: str
    worse_off: tuple[str, ...]
    refuse: tuple[str, ...]
    gains: Mapping[str, float] = field(default_factory=immutabledict)

    @property
    def key(self) -> tuple[object, ...]:
        """What two of them are compared by."""
        return self.status, self.worse_off, self.refuse

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return data_of(self, "status worse_off refuse gains")


def agreed_in(process: Process, arrangements: Iterable[str]) -> Mapping[str, Agreed]:
    """Consent to some arrangements, at the most likely values and with nothing left out."""
    names = tuple(arrangements)
    if not names:
        return immutabledict()
    consents = Consents(process.under(left_out=0.0))
    return immutabledict({name: _agreed(consents.of(name)) for name in names})


def _agreed(consent: Consent) -> Agreed:
    form = consent.headline
    status: str = consent.status
    if status == "direct":
        status = "acceptable" if consent.acceptable else "opposed"
    asked = consent.refusals.refuses if status != "by itself" else {}
    return Agreed(
        status,
        form.best.refuse if form is not None and form.best is not None else (),
        tuple(actor for actor, share in asked.items() if share >= ALWAYS),
        form.gain if form is not None else immutabledict(),
    )
