"""What every crew of workers does: pieces of work, in any order, each once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

from foedus.forecasting.plan import Plan, Processes
from foedus.process.model import Process

Work = Callable[[Process, Any], Any]
"""What is done with a piece under a plan's process. It must be a module's function."""


class WorkerLost(RuntimeError):
    """Whoever did the work ended before it was done; ``option`` says what it was asked for by."""

    option = "--workers"


class Crew(Protocol):
    """Those who do the work."""

    def done(self, plan: Plan, work: Work, pieces: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """Each piece's place and result, as they are done.

        Raises what ``work`` raises, and `WorkerLost`.
        """
        ...

    def dismiss(self) -> None:
        """End what is still being done."""
        ...


class Here:
    """No crew: this process does one piece after the other."""

    def __init__(self, processes: Processes) -> None:
        self._processes = processes

    def done(self, plan: Plan, work: Work, pieces: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """As of every `Crew`; in order."""
        process = self._processes.of(plan)
        for place, piece in enumerate(pieces):
            yield place, work(process, piece)

    def dismiss(self) -> None:
        """Nothing is left to end."""
