"""Records whose prior decides the pace or that pace nothing, and changes that take too long."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.model import Case
from foedus.process.pace import DAYS_A_YEAR, PRIOR, Prior, exposure, hazard_of
from foedus.slips.ground import Ground
from foedus.slips.slip import Slip

MOST_MOVED = 0.10
"""By so much may the chance differ between half and double the prior's weight."""


def _days(case: Case) -> float | None:
    """The days from ``as_of`` to the deadline; None without them."""
    if case.as_of is None or case.deadline is None or case.deadline <= case.as_of:
        return None
    return float((case.deadline - case.as_of).days)


def prior_decides(ground: Ground) -> Iterator[Slip]:
    """Records of which the prior, and not what was observed, decides the pace.

    The chance that one agreed thing is done by the deadline, over the posterior of its hazard
    (:mod:`foedus.process.pace`), is worked out with half and with double the weight of the prior:
    Gamma(w a0, w b0). ``figures`` hold both, and the chance as it is (``now``).
    """
    days = _days(ground.case)
    if days is None:
        return
    for name, record in ground.case.records.items():
        issues = _paced(ground, name)
        if not issues:
            continue
        half, now, double = (
            hazard_of(record, Prior(w * PRIOR.a0, w * PRIOR.b0)).settled(1, days / DAYS_A_YEAR)
            for w in (0.5, 1.0, 2.0)
        )
        if max(half, now, double) - min(half, now, double) > MOST_MOVED:
            yield ground.slip(
                "prior-decides",
                "warning",
                ("records", name),
                "",
                {"record": (name,), "issues": issues},
                {
                    "done": record.done,
                    "agreed": record.agreed,
                    "at_risk": exposure(record),
                    "half": half,
                    "now": now,
                    "double": double,
                    "prior_done": PRIOR.a0,
                    "prior_years": PRIOR.b0,
                },
            )


def _paced(ground: Ground, record: str) -> tuple[str, ...]:
    """The issues with a change that somebody may make and that the record paces."""
    found = []
    for k, issue in enumerate(ground.issues):
        ids = [position.id for position in issue.positions]
        made = [e.open for e in ground.entries if e.issue == k]
        if any(
            table[a, b] and issue.pace.of(ids[a], ids[b]) == record
            for table in made
            for a in range(len(ids))
            for b in range(len(ids))
        ):
            found.append(issue.id)
    return tuple(sorted(found))


def unused_records(ground: Ground) -> Iterator[Slip]:
    """Records that pace no change that anybody may make, unless a note on them says what for."""
    for name, record in ground.case.records.items():
        if not record.note and not _paced(ground, name):
            names = {"record": (name,)}
            yield ground.slip("unused-record", "note", ("records", name), "", names)


def takes_too_long(ground: Ground) -> Iterator[Slip]:
    """Changes that take longer than there is time until the deadline, at the least judged."""
    days = _days(ground.case)
    if days is None:
        return
    for k, issue in enumerate(ground.issues):
        made = [e.open for e in ground.entries if e.issue == k]
        waits = {
            takes.path: takes
            for a, origin in enumerate(issue.positions)
            for b, position in enumerate(issue.positions)
            if any(table[a, b] for table in made)
            and (takes := issue.takes_of(origin.id, position.id)) is not None
        }
        for takes in waits.values():
            if takes.low > days:
                yield ground.slip(
                    "takes-too-long",
                    "warning",
                    takes.path,
                    "",
                    {"issue": (issue.id,)},
                    {"least": takes.low, "left": days},
                )
