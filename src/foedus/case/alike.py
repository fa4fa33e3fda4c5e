"""Whether plain data is the same, and whether it is so in another order."""

from __future__ import annotations

from typing import Any


def same(one: Any, other: Any) -> bool:
    """Whether plain data is the same, the order of keys and the kind of each value too.

    >>> same({"a": 1}, {"a": 1.0}), same(1, True), same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    (True, False, False)
    """
    if isinstance(one, dict):
        alike = isinstance(other, dict) and list(one) == list(other)
        return alike and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        alike = isinstance(other, list) and len(one) == len(other)
        return alike and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def new_order(old: Any, new: Any) -> list[int]:
    """Where each entry of the new data stands in the old, if they differ in their order alone.

    >>> new_order({"a": 1, "b": 2}, {"b": 2, "a": 1}), new_order(["a", "b", "a"], ["a", "a", "b"])
    ([1, 0], [0, 2, 1])
    >>> new_order(["a"], ["b"]), new_order(["a"], ["a", "a"])
    ([], [])
    """
    if isinstance(old, dict) and isinstance(new, dict):
        old, new = ([[key, value] for key, value in data.items()] for data in (old, new))
    if not isinstance(old, list) or not isinstance(new, list) or len(old) != len(new):
        return []
    left, order = list(range(len(old))), []
    for value in new:
        found = next((k for k in left if same(old[k], value)), None)
        if found is None:
            return []
        left.remove(found)
        order.append(found)
    return order
