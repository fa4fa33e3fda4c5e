"""The JSON Schema of a case file, for editors: made from the same declarations as the reading."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from foedus.case.aliases import old_keys
from foedus.case.entries import Shape, entries
from foedus.case.judged import JudgementMap, WithMap
from foedus.case.shape import CaseShape, SupportShape, shapes
from foedus.case.shape_events import TIMINGS, EventShape
from foedus.case.shape_questions import ASKED, QuestionShape


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a case file.

    It holds what an editor can check: keys, kinds of values, bounds, with a description of each.
    Ids, statements and what depends on them are checked by the reading alone.

    >>> sorted(json_schema())[:3]
    ['$defs', '$id', '$schema']
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:foedus:case:1",
        "title": "foedus case",
        **_object(CaseShape),
        "$defs": {
            shape.__name__: _object(shape) for shape in (*_entry_shapes(), JudgementMap, WithMap)
        },
    }


def _entry_shapes() -> Iterable[type[Shape]]:
    return (shape for shape in shapes() if shape is not CaseShape)


def _object(shape: type[Shape]) -> dict[str, Any]:
    """A map with known keys; a leading ``x-`` or other key is not allowed."""
    known = entries(shape)
    schema: dict[str, Any] = {
        "type": "object",
        "description": shape.__doc__,
        "properties": {
            key: field.metadata["kind"].schema() | {"description": field.metadata["doc"]}
            for key, field in known.items()
        },
        "additionalProperties": False,
    }
    required = [key for key, field in known.items() if field.metadata["required"]]
    either: list[dict[str, Any]] = []
    for old, new in old_keys(shape.__name__).items():
        told = f"old name of `{new}`, read until 1.0"
        schema["properties"][old] = schema["properties"][new] | {
            "description": told,
            "deprecated": True,
        }
        if new in required:
            required.remove(new)
            either.append({"oneOf": [{"required": [new]}, {"required": [old]}]})
        else:
            either.append({"not": {"required": [new, old]}})
    if either:
        schema["allOf"] = either
    if required:
        schema["required"] = required
    if shape is SupportShape:
        schema["oneOf"] = [{"required": ["default"]}, {"required": ["when", "share"]}]
    if shape is QuestionShape:
        schema["oneOf"] = [{"required": [key]} for key in ASKED]
    if shape is EventShape:
        schema["oneOf"] = [{"required": [key]} for key in TIMINGS]
        schema["anyOf"] = [{"required": ["sets"]}, {"required": ["one_of"]}]
    if shape.__name__ == "PreferenceShape":
        schema |= {"minProperties": 1, "maxProperties": 1}
    return schema
