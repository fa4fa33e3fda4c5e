"""How strong actors are in the European Union, by the day on which a proposal was introduced.

Votes in the Council changed on 1 May 2004, on 1 November 2004 (Treaty of Nice) and on 1 November
2014 (Treaty of Lisbon). After that the votes of Nice are kept unless another period is named, for
positions are weighed by them no worse.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

CHANGES = (
    (date(2004, 5, 1), "pre2004"),
    (date(2004, 11, 1), "eu25"),
    (date(2014, 11, 1), "nice"),
)
LAST = "lisbon"
NAMES = (*(name for _, name in CHANGES), LAST)


def period_of(introduced: date) -> str:
    """The period of a day.

    >>> period_of(date(2004, 4, 30)), period_of(date(2014, 11, 1))
    ('pre2004', 'lisbon')
    """
    return next((name for until, name in CHANGES if introduced < until), LAST)


def period_used(period: str, table: Mapping[str, object], after_2014: str) -> str | None:
    """Which period's capabilities count in a period; None where the table has none that could.

    ``table`` has the periods it knows of an actor; of several periods the next earlier one that is
    known counts, and then the next later one.
    """
    wanted = after_2014 if period == LAST else period
    if wanted in table or wanted not in NAMES:
        return wanted if wanted in table else None
    at = NAMES.index(wanted)
    near = [*reversed(NAMES[:at]), *NAMES[at + 1 :]]
    return next((name for name in near if name in table), None)
