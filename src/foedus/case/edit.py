"""Changing one value of a case file, so that comments, order and layout survive."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from foedus.case.aliases import with_new_names
from foedus.case.files import text_of
from foedus.case.links import judgements_of
from foedus.case.model import Case, Path
from foedus.case.paths import at, refuse, step_in
from foedus.case.problems import CaseError, Problem, shown
from foedus.case.reading import case_of
from foedus.case.source import BROKEN, Source, is_number, plain_data, read_source
from foedus.case.spelling import composed
from foedus.case.traps import is_null, must_be_quoted

VALUE_KEYS = ("value", "share", "probability", "default")
"""The keys under which an entry holds its judgement."""

Value = float | str | Sequence[float]


def with_value(text: str, path: Path, value: Value, file: str = "<text>") -> str:
    """The text with the value at ``path`` replaced by a number, a text, or a list of numbers.

    Where an entry stands at the path (a map with one of `VALUE_KEYS`),
    its judgement is replaced. In a list, an entry may be named by its number or its id. The new
    text is read again: raises CaseError when there is no such value, when it is not written on one
    line, when the result is no case, or for a value that is none of these.
    """
    return with_values(text, [(path, value)], file)


def with_values(text: str, values: Iterable[tuple[Path, Value]], file: str = "<text>") -> str:
    """The text with the values at several paths replaced, as :func:`with_value` replaces one.

    Of several values for one place the last counts. The new text alone need be a case. Raises
    CaseError as that does, and for a value in a list that is replaced as well.
    """
    return edited(text, values, file)[0]


def edited(text: str, values: Iterable[tuple[Path, Value]], file: str) -> tuple[str, Case]:
    """The text as :func:`with_values` makes it, and the case that it then is."""
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    content = text_of(text, file)
    source = read_source(content, file)
    # By the place of what is replaced: the entry that holds it, and the value.
    chosen: dict[Path, tuple[Path, Value]] = {}
    for path, value in values:
        plain = plain_value(value, file)
        entry, found = _find(source, path, file)
        chosen[found] = entry, plain
    for found in chosen:
        if any(found[:k] in chosen for k in range(len(found))):
            refuse("the list that this stands in is replaced as well", source, found, file)
    changed = content
    for found in sorted(chosen, key=lambda each: source.values[each].start, reverse=True):
        start, end = source.values[found].start, source.values[found].end
        changed = changed[:start] + _written(chosen[found][1]) + changed[end:]
    then = read_source(changed, file)
    for found, (_, value) in chosen.items():
        if plain_data(at(then.data, found)) != plain_data(_listed(value)):
            refuse(f"{shown(value)} cannot be written in this place", source, found, file)
    case = case_of(then, file)
    judged = {judgement.path for judgement in judgements_of(case)}
    for found, (entry, _) in chosen.items():
        if found != entry and entry not in judged:
            refuse("a map stands here, not a value", source, entry, file)
    return mark + changed, case


def plain_value(value: object, file: str = "<value>") -> Value:
    """A value to be set, in plain Python: numbers of NumPy and other kinds become int or float.

    Raises CaseError for what is no number, no text and no list of numbers.

    >>> import numpy as np
    >>> plain_value(np.float64(40.5)), plain_value(np.array([10, 20, 30]))
    (40.5, [10, 20, 30])
    """
    if isinstance(value, str):
        return value
    if isinstance(value, Iterable) and not isinstance(value, Mapping | bytes):
        return [_plain_number(each, file) for each in value]
    return _plain_number(value, file)


def _plain_number(value: object, file: str) -> float:
    kind = type(value).__name__
    if isinstance(value, Real) and not isinstance(value, bool):
        return int(value) if isinstance(value, Integral) else float(value)
    expected = "a number, a text or a list of numbers"
    raise CaseError([Problem(f"{shown(value)} ({kind}) cannot be set", expected=expected)], file)


def _find(source: Source, path: Path, file: str) -> tuple[Path, Path]:
    """The path of the entry, and of the scalar or one-line list in it that is to be replaced."""
    found: Path = ()
    value: Any = source.data
    for step in with_new_names(path):
        key = step_in(value, step)
        if key is None:
            refuse(f"there is no {shown(step)} here", source, found, file)
        value, found = value[key], (*found, key)
    entry = found
    while isinstance(value, dict):
        key = next((k for k in VALUE_KEYS if k in value), None)
        if key is None:
            refuse("a map stands here, not a value", source, found, file)
        value, found = value[key], (*found, key)
    mark = source.values[found]
    written = source.text[mark.start : mark.end]
    odd = value is BROKEN or not written or "\n" in written or written[0] in "-|>"
    if odd and not is_number(value):
        refuse("only a value written on one line can be replaced", source, found, file)
    return entry, found


def _listed(value: Value) -> Any:
    if isinstance(value, str):
        return composed(value)
    return value if isinstance(value, int | float) else list(value)


def _written(value: Value) -> str:
    """The value as YAML."""
    if isinstance(value, str):
        plain = value.replace(" ", "").replace("-", "").replace("_", "").isalnum()
        safe = plain and value[0].isalpha() and value == value.strip()
        if safe and not is_null(value) and not must_be_quoted(value):
            return value
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return _number(value)
    return "[" + ", ".join(_number(number) for number in value) + "]"


def _number(number: float) -> str:
    return str(int(number)) if float(number).is_integer() and abs(number) < 1e15 else repr(number)
