"""A Dask cluster as a crew: the pieces go to whatever workers its scheduler has.

The case travels once to each worker, as the result of a task, which is done again where its holder
is lost; so is a piece whose worker is lost. What a worker has built is kept there for the next
piece; one with several threads does one piece at a time.
"""

from __future__ import annotations

import concurrent.futures
import logging
import pickle
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from distributed import Client, Future, as_completed, get_worker
from distributed.client import FutureCancelledError
from distributed.scheduler import KilledWorker

from foedus.case.model import Case
from foedus.forecasting.crew import Work, WorkerLost
from foedus.forecasting.environment import differing, versions
from foedus.forecasting.plan import Plan, Processes

T = TypeVar("T")

AHEAD = 200
"""At most so many pieces are with the scheduler at a time."""

PATIENCE = 10.0
"""So many seconds a scheduler has to answer."""


class ClusterFailed(WorkerLost):
    """The scheduler does not answer, or its workers cannot do the work."""

    option = "--scheduler"


class Cluster:
    """The workers of the scheduler at an address, such as ``tcp://HOST:8786``.

    ``told`` as of `Workers`. Raises ClusterFailed where nobody answers there.
    """

    def __init__(self, address: str, told: Callable[[str, int, int], None] | None = None) -> None:
        self._address, self._told = address, told
        self._versions = versions()
        self._sent: tuple[Case, Any] | None = None
        # What goes wrong is told once, by us: Dask's own words on it are held back.
        self._voices = [(each, each.level) for each in logging.getLogger("distributed").handlers]
        for voice, _ in self._voices:
            voice.setLevel(logging.CRITICAL + 1)
        try:
            self._client: Any = _within(
                PATIENCE + 2,
                lambda: _Client(  # type: ignore[no-untyped-call]
                    address, timeout=PATIENCE, set_as_default=False, name="foedus"
                ),
            )
        except Exception as error:  # whatever listens there may say anything, or nothing
            self._speak_again()
            why = f"no scheduler answers at {address}"
            if address.startswith("tls:") and isinstance(error, TypeError):
                why = f"{address} needs certificates, in Dask's configuration"
            raise ClusterFailed(why) from error

    def done(self, plan: Plan, work: Work, pieces: Sequence[Any]) -> Iterator[tuple[int, Any]]:
        """As of every `Crew`."""
        with self._answering():
            if not self._client.scheduler_info()["workers"] and self._told is not None:
                self._told(f"waiting for a worker of {self._address}", 0, 0)
            sent, todo, where = self._case(plan.case), enumerate(pieces), {}
            coming = as_completed(loop=self._client.loop)  # type: ignore[no-untyped-call]

            def hand_over(most: int) -> None:
                for _, (place, piece) in zip(range(most), todo, strict=False):
                    packed = pickle.dumps((plan.options, work, piece), protocol=5)
                    future = self._client.submit(
                        piece_done, sent, packed, self._versions, pure=False
                    )
                    where[future.key] = place
                    coming.add(future)  # type: ignore[no-untyped-call]

            hand_over(AHEAD)
            for future in coming:
                place, result = where.pop(future.key), self._result(future)
                hand_over(1)
                yield place, result

    def _case(self, case: Case) -> Any:
        """The case as it is with the cluster, for all that is asked of it."""
        if self._sent is None or self._sent[0] is not case:
            packed = pickle.dumps(case, protocol=5)
            key = f"foedus-case-{uuid.uuid4()}"
            self._sent = case, self._client.submit(bytes, packed, key=key, pure=False)
        return self._sent[1]

    def _result(self, future: Future[Any]) -> Any:
        try:
            succeeded, found = future.result()
        except ModuleNotFoundError as error:
            raise ClusterFailed(f"the workers of {self._address} have no foedus") from error
        if not succeeded:
            raise ClusterFailed(
                f"a worker of {self._address} has {found}; the same answer needs the same versions"
            )
        return found

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Tell what becomes of a cluster that is lost."""
        try:
            yield
        except KilledWorker as error:
            message = "workers ended, one after another, at the same piece of work; did each have"
            raise ClusterFailed(f"{self._address}: {message} memory enough?") from error
        except (FutureCancelledError, OSError) as error:
            self._voices.clear()  # it goes on about that for a while
            raise ClusterFailed(f"the scheduler at {self._address} is lost") from error

    def dismiss(self) -> None:
        """Take back what is not done, and part from the scheduler."""
        self._sent = None
        with suppress(Exception):
            _within(3, lambda: self._client.close(timeout=2))
        self._speak_again()

    def _speak_again(self) -> None:
        for voice, level in self._voices:
            voice.setLevel(level)


class _Client(Client):
    """A client that is closed by nobody but us: one that never reached anybody waits for nobody."""

    def __del__(self) -> None:
        """Nothing to do."""


def _within(seconds: float, do: Callable[[], T]) -> T:
    """What something gives, or TimeoutError; its thread may never end, and is not waited for."""
    found: concurrent.futures.Future[T] = concurrent.futures.Future()

    def work() -> None:
        try:
            found.set_result(do())
        except Exception as error:
            found.set_exception(error)

    threading.Thread(target=work, daemon=True).start()
    return found.result(timeout=seconds)


# --- in a worker --------------------------------------------------------------------------------


class _Bench:
    """Where one worker process works: what it has built, and one piece at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._processes = Processes()
        self._packed = b""
        self._case: Case | None = None
        self._versions = versions()

    def done(self, packed_case: bytes, packed: bytes, wanted: Mapping[str, str]) -> Any:
        with self._lock:
            if other := differing(wanted, self._versions):
                return False, other
            case = self._case
            if case is None or packed_case != self._packed:
                case = pickle.loads(packed_case)  # noqa: S301 - from whom Dask trusts
                self._packed, self._case = packed_case, case
            options, work, piece = pickle.loads(packed)  # noqa: S301
            return True, work(self._processes.of(Plan(case, options)), piece)


def piece_done(packed_case: bytes, packed: bytes, wanted: Mapping[str, str]) -> tuple[bool, Any]:
    """Whether a worker has the versions that are wanted, and the piece's result, or what differs.

    The case, and the work with its options and piece, come as the one who asks has pickled them: a
    worker of another version may not be able to read them, and says so. Raises what the work
    raises.
    """
    # What has been built stays with Dask's worker, which outlives the piece, not with this module.
    kept = get_worker().__dict__
    bench = kept.get("foedus") or kept.setdefault("foedus", _Bench())
    found: tuple[bool, Any] = bench.done(packed_case, packed, wanted)
    return found
