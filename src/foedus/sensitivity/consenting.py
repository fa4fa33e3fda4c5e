"""Consent to one arrangement under many settings at once, at the most likely judgements.

Of each setting, one draw of the process, it is worked out what everybody expects if the arrangement
is kept, and if it never comes, as consent is defined; the forms looked at are those of the case as
it is judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foedus.forecasting.ranges import Floats
from foedus.game.space import Indexes, Mask
from foedus.process.consent import Consent
from foedus.process.model import Drawn, Process
from foedus.process.worths import TOLERANCE
from foedus.sensitivity.samples import MostLikelyOtherwise, Otherwise

MOST_AT_ONCE = 500
"""So many settings are solved at once, to bound the memory."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """Who is asked for an arrangement in its best form under one setting, and who refuses.

    ``kept`` and ``never`` (ordinary actors) are in own units, at that form.
    """

    form: int
    asked: frozenset[str]
    refuse: frozenset[str]
    kept: Floats
    never: Floats


class Asking:
    """Asks for consent to one arrangement again and again."""

    def __init__(self, process: Process, consent: Consent) -> None:
        self.process, self.consent = process, consent
        self.ordinary, self.electorates = process.actors
        self.inside = process.game.space.matches(consent.arrangement)
        self.asked = [(f.state, a.coalition) for f in consent.forms for a in f.asked]
        self.states = np.array(sorted({state for state, _ in self.asked}), dtype=np.intp)
        self.tried = 0

    def answers(self, settings: Sequence[Otherwise]) -> list[Answer]:
        """What is answered under each setting."""
        found: list[Answer] = []
        for begin in range(0, len(settings), MOST_AT_ONCE):
            found += self._some(settings[begin : begin + MOST_AT_ONCE])
        self.tried += len(settings)
        return found

    def kept_at(self, form: int) -> Floats:
        """What each ordinary actor expects of a form as things are judged, in own units."""
        drawn = self.process.drawn(MostLikelyOtherwise((Otherwise(),)))
        return np.asarray(self._expected(drawn, np.array([form]), (self.inside, False))[0, 0])

    def _some(self, settings: Sequence[Otherwise]) -> list[Answer]:
        drawn = self.process.drawn(MostLikelyOtherwise(settings))
        today = np.array([self.process.today])
        kept = self._expected(drawn, self.states, (self.inside, False))
        never = self._expected(drawn, today, (self.inside, True))[:, 0]
        return [self._answer(drawn, k, kept[k], never[k]) for k in range(len(settings))]

    def _expected(self, drawn: Drawn, states: Indexes, forbidden: tuple[Mask, bool]) -> Floats:
        """What is expected at states, in own units; (draws, states, ordinary actors)."""
        chain = self.process.myopic(drawn, states, forbidden)
        e, worths = chain.explored, drawn.worths
        value = chain.backward(np.ascontiguousarray(worths.worth[:, e.draw, e.state].T))
        at = value[e.number[:, states].astype(np.intp)]
        return np.asarray(worths.bottom.T[:, None] + worths.unit.T[:, None] * at)

    def _answer(self, drawn: Drawn, k: int, kept: Floats, never: Floats) -> Answer:
        worths = drawn.worths
        unit = worths.unit[:, k]
        least = np.array([self.process.least[a] for a in self.ordinary])
        best: tuple[int, float, float] | None = None
        for state, coalition in self.asked:
            place = int(np.searchsorted(self.states, state))
            gain = kept[place] - never
            members = [row for row, a in enumerate(self.ordinary) if a in coalition]
            short = least + TOLERANCE * unit - gain
            refuse = {self.ordinary[row] for row in members if short[row] >= 0}
            for row, actor in enumerate(self.electorates):
                if actor in coalition and not worths.passes[row, k, state]:
                    refuse.add(actor)
            lacking = sum(float(short[row] / unit[row]) for row in members if short[row] >= 0)
            mean = 0.0
            if not refuse:
                with np.errstate(divide="ignore"):
                    logs = np.log(np.maximum(gain[members], 0.0) / unit[members])
                mean = float(np.exp(logs.mean()))
            ease = (len(refuse), -mean, lacking)
            if best is None or ease < best:
                best = ease
                found = Answer(state, frozenset(coalition), frozenset(refuse), kept[place], never)
        return found
