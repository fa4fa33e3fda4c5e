"""Yardsticks that clash: payments and worths that outweigh everything else, or never count."""

from __future__ import annotations

from collections.abc import Iterator

from foedus.case.model import Transfer, Worth, WorthItem
from foedus.game.space import Mask
from foedus.process.worths import LEAST_GAIN
from foedus.slips.ground import Ground
from foedus.slips.slip import Slip

LEAST_PAID = 0.01
"""All that can be paid, as a share of an actor's range: less can hardly change anything."""

DOMINATES = 100.0
"""One item is worth so many times the sum of the others."""


def payments(ground: Ground) -> Iterator[Slip]:
    """Transfers that are worth more to an actor than all its states, next to nothing, or one-sided.

    Held against the spread of the actor's worths over the settled states, at the most likely
    values. ``reason`` is ``unit`` where a single unit outweighs it, ``most`` where all that can be
    paid does; ``nobody-loses`` or ``nobody-gains`` where nobody would have to pay, or want it.
    """
    for transfer in ground.case.transfers.values():
        yield from _sides(ground, transfer)
        for actor, worth in transfer.worth.items():
            spread = _spread(ground, actor)
            unit, most = abs(worth.mode), abs(worth.mode) * transfer.most.mode
            figures = {"unit": unit, "all": most, "most": transfer.most.mode, "range": spread}
            names = {"transfer": (transfer.id,), "actor": (actor,)}
            if not spread or not unit:
                continue
            if most > spread:
                reason = "unit" if unit > spread else "most"
                yield ground.slip(
                    "payment-too-large", "warning", worth.path, reason, names, figures
                )
            elif most < LEAST_PAID * spread:
                yield ground.slip("payment-too-small", "warning", worth.path, "", names, figures)


def _sides(ground: Ground, transfer: Transfer) -> Iterator[Slip]:
    values = [judgement.mode for judgement in transfer.worth.values() if judgement.mode]
    if values and (min(values) > 0 or max(values) < 0):
        reason = "nobody-loses" if min(values) > 0 else "nobody-gains"
        names = {"transfer": (transfer.id,), "actors": sorted(transfer.worth)}
        path = ("transfers", transfer.id)
        yield ground.slip("payment-one-sided", "warning", path, reason, names)


def _spread(ground: Ground, actor: str) -> float:
    """An actor's range of worth over the settled states; 0 where it has no utility."""
    view = ground.views.get(actor)
    if view is None or view.kind != "utility":
        return 0.0
    values = view.values[ground.space.settled]
    return float(values.max() - values.min())


def unequal_worths(ground: Ground) -> Iterator[Slip]:
    """Worths of which one outweighs all others, and worths too small to be a gain by themselves.

    Items that hold in no state that can come about, or in all, count for nothing. A gain counts
    when it passes the least gain, a share of the actor's range in the file as written.
    """
    for actor, preference in ground.case.preferences.items():
        if isinstance(preference, Worth):
            items = [item for item in preference.items if _varies(ground, item)]
            yield from _unequal(ground, actor, items)


def _varies(ground: Ground, item: WorthItem) -> bool:
    holds: Mask = ground.ends_where(item.when.tree)
    return bool(item.value.mode) and bool(holds.any()) and not holds.all()


def _unequal(ground: Ground, actor: str, items: list[WorthItem]) -> Iterator[Slip]:
    sizes = {item.id: abs(item.value.mode) for item in items}
    if len(items) < 2:
        return
    largest = max(items, key=lambda item: sizes[item.id])
    rest = sum(sizes.values()) - sizes[largest.id]
    if sizes[largest.id] >= DOMINATES * rest:
        yield ground.slip(
            "dominated-worth",
            "warning",
            largest.value.path,
            "",
            {"actor": (actor,), "item": (largest.id,), "others": sorted({*sizes} - {largest.id})},
            {"largest": sizes[largest.id], "others": rest},
        )
        return
    least = LEAST_GAIN * _spread(ground, actor)
    for item in items:
        size = max(abs(item.value.low), abs(item.value.high))
        if size <= least:
            yield ground.slip(
                "small-worth",
                "note",
                item.value.path,
                "",
                {"actor": (actor,), "item": (item.id,)},
                {"size": size, "least": least, "share": LEAST_GAIN},
            )
