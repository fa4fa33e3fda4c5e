"""Spreading work over workers; the answer is the same whoever they are and however many.

They are processes of this machine, or those of a Dask cluster; one worker is this process itself.
Work is cut into pieces in one way, and the results are put together in the pieces' order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from foedus.forecasting.crew import Crew, Here, WorkerLost
from foedus.forecasting.kept import Kept
from foedus.forecasting.plan import Plan, Processes
from foedus.forecasting.spawned import Spawned
from foedus.process.model import Process

Piece = TypeVar("Piece")
Result = TypeVar("Result")

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many pieces are done, and how many there are."""


class Workers:
    """Runs pieces of work under a plan: by a crew, or here where none is given.

    What is done is ``kept``, if anywhere, until the whole of it is done.
    """

    def __init__(
        self,
        crew: Crew | None = None,
        progress: Progress | None = None,
        kept: Kept | None = None,
    ) -> None:
        self._processes = Processes()
        self._crew = crew or Here(self._processes)
        self._progress, self._kept = progress, kept

    def know(self, process: Process) -> None:
        """Share with a process that was built before what is solved here has in common with it."""
        self._processes.know(process)

    def process(self, plan: Plan) -> Process:
        """The process of a plan as it is built here. Raises CaseError if it cannot be solved."""
        return self._processes.of(plan)

    def run(
        self,
        what: str,
        plan: Plan,
        work: Callable[[Process, Piece], Result],
        pieces: Sequence[Piece],
    ) -> list[Result]:
        """The results of the pieces, in their order. ``work`` must be a module's function.

        Raises what ``work`` raises, and `WorkerLost`.
        """
        found, names = self._taken_up(plan, work, pieces)
        todo = [place for place in range(len(pieces)) if place not in found]
        self.tell(what, len(found), len(pieces))
        try:
            for k, result in self._crew.done(plan, work, [pieces[place] for place in todo]):
                found[todo[k]] = result
                if self._kept is not None:
                    self._kept.put(names[todo[k]], result)
                self.tell(what, len(found), len(pieces))
        except WorkerLost as error:
            if self._kept is None:
                raise
            took = "no piece of work was done yet"
            if len(self._kept):
                took = f"{len(self._kept):,} pieces of work are kept, and the same command goes on"
                took += " from there"
            raise type(error)(f"{error}; {took}") from error
        return [found[place] for place in range(len(pieces))]

    def _taken_up(
        self, plan: Plan, work: Callable[..., Any], pieces: Sequence[Any]
    ) -> tuple[dict[int, Any], list[str]]:
        """What an earlier run has left of this, by its place, and what each piece is kept as."""
        if self._kept is None:
            return {}, []
        names = self._kept.names_of(plan, work, pieces)
        kept = ((place, self._kept.get(name)) for place, name in enumerate(names))
        return {place: result for place, (there, result) in kept if there}, names

    def tell(self, what: str, done: int, whole: int) -> None:
        """Say what is being done, how many pieces are done, and how many there are."""
        if self._progress is not None:
            self._progress(what, done, whole)

    def dismiss(self) -> None:
        """End what is still being done."""
        self._crew.dismiss()


@contextmanager
def shared_out(workers: int | Workers, progress: Progress | None = None) -> Iterator[Workers]:
    """So many worker processes, one meaning none but this; or workers that are there already.

    The latter are taken as they are, and outlast this. Raises ValueError for fewer than one.
    """
    if isinstance(workers, Workers):
        yield workers
    else:
        with at_work(crew_of(workers), progress) as found:
            yield found


def crew_of(workers: int, *, singly: bool = False) -> Crew | None:
    """So many processes of this machine, None for this one alone. Raises ValueError for fewer."""
    if workers < 1:
        raise ValueError(f"{workers} workers: at least one is needed")
    return Spawned(workers, singly) if workers > 1 else None


@contextmanager
def at_work(
    crew: Crew | None, progress: Progress | None = None, kept: Kept | None = None
) -> Iterator[Workers]:
    """A crew at work. Once all is done, what was kept on the way is removed."""
    found = Workers(crew, progress, kept)
    try:
        yield found
        if kept is not None:
            kept.forget()
    finally:
        found.dismiss()
