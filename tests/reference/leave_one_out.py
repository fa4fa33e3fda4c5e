"""What falls when evidence is left out, written from the definition: each item asked by itself."""

from __future__ import annotations

from collections.abc import Collection

from foedus.case.model import Case


def falls(case: Case, name: str, without: Collection[str], reading: str) -> bool:
    """Whether an item falls: it is left out, or what it rests on falls (all of it, or any)."""
    if name in without:
        return True
    grounds = case.evidence[name].rests_on if name in case.evidence else ()
    each = [falls(case, ground, without, reading) for ground in grounds]
    return bool(each) and (all(each) if reading == "alone" else any(each))


def loses(case: Case, reasons: Collection[str], without: Collection[str], reading: str) -> bool:
    """Whether something with these reasons loses them; never where it names none."""
    each = [falls(case, reason, without, reading) for reason in reasons]
    return bool(each) and (all(each) if reading == "alone" else any(each))
