"""Who does the work of an analysis: processes of this machine, or a cluster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from foedus.forecasting.kept import Kept, kept_folder
from foedus.forecasting.workers import Progress, Workers, at_work, crew_of
from foedus.render.extra import needs


@contextmanager
def hired(
    workers: int = 1,
    scheduler: str | None = None,
    progress: Progress | None = None,
    *,
    keep: bool = False,
) -> Iterator[Workers]:
    """So many processes, one meaning none but this; or the workers of a scheduler of Dask.

    With a scheduler, or to ``keep``, what is done is kept until all of it is (:class:`~.Kept`):
    after an end before that, the same work goes on from there. Raises ValueError for fewer than one
    worker; MissingExtra for a scheduler without the extra ``cluster``; `ClusterFailed` where none
    answers, `CannotKeep` where nothing can be kept.
    """
    if scheduler is None:
        kept = Kept(kept_folder()) if keep else None
        with at_work(crew_of(workers, singly=keep), progress, kept) as found:
            yield found
        return
    with needs("cluster", "Work on a cluster"):
        from foedus.forecasting.cluster import Cluster
    with at_work(Cluster(scheduler, progress), progress, Kept(kept_folder())) as found:
        yield found
