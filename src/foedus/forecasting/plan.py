"""A process as data, and the processes that are built from it: each once."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from foedus.case.model import Case
from foedus.process.model import Process, ProcessOptions


@dataclass(frozen=True, slots=True)
class Plan:
    """A process as data: what another process or machine needs to build it."""

    case: Case
    options: ProcessOptions = field(default_factory=ProcessOptions)


class Processes:
    """The processes built so far, of one case at a time.

    Variants share what they can, and so does a case with the one before it.
    """

    def __init__(self) -> None:
        self._known: dict[ProcessOptions, Process] = {}
        self._case: Case | None = None

    def of(self, plan: Plan) -> Process:
        """The process of a plan. Raises CaseError for a case that cannot be solved."""
        before: Process | None = None
        if plan.case is not self._case and plan.case != self._case:
            before = next(iter(self._known.values()), None)
            self._case, self._known = plan.case, {}
        if plan.options not in self._known:
            self._known[plan.options] = self._built(plan, before)
        return self._known[plan.options]

    def know(self, process: Process) -> None:
        """Take one in that was built elsewhere, for what follows to share with."""
        self._case, self._known = process.case, {process.options: process}

    def _built(self, plan: Plan, before: Process | None) -> Process:
        if not self._known:
            found = Process.of(plan.case, plan.options)
            return found if before is None else found.sharing(before)
        first = next(iter(self._known.values()))
        differ = {
            f.name: getattr(plan.options, f.name)
            for f in fields(plan.options)
            if getattr(plan.options, f.name) != getattr(first.options, f.name)
        }
        return first.under(**differ)
