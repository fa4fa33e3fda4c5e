"""Maps with known keys, declared once for the reading and for the JSON Schema."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, TypeVar

from foedus.case.kinds import ID, Kind, path_name, wrong
from foedus.case.model import Path
from foedus.case.problems import listed, shown
from foedus.case.progress import Reading
from foedus.case.source import BROKEN


@dataclass(frozen=True)
class Shape:
    """Base of the entries of the file: a map with known keys. ``path`` is where it stands."""

    path: Path


S = TypeVar("S", bound=Shape)


def entry(kind: Kind, doc: str, *, required: bool = False, key: str | None = None) -> Any:
    """A key of an entry: its kind, what it is for, and its name in the file if that differs."""
    return dataclasses.field(
        default=None, metadata={"kind": kind, "doc": doc, "required": required, "key": key}
    )


def entries(shape: type[Shape]) -> dict[str, dataclasses.Field[Any]]:
    """The keys of an entry as written in the file, with their declarations."""
    return {
        field.metadata["key"] or field.name: field
        for field in dataclasses.fields(shape)
        if "kind" in field.metadata
    }


@dataclass(frozen=True)
class Entry:
    """A map with the keys that a :class:`Shape` declares."""

    shape: type[Shape]
    what: str = "a map"

    def read(self, value: Any, path: Path, reading: Reading) -> Any:
        """Read the value; see :class:`Kind`."""
        if value is BROKEN:
            return None
        if not isinstance(value, dict):
            known = listed(entries(self.shape), "and")
            wrong(reading, path, f"a map with the keys {known}", value)
            return None
        return read_entry(self.shape, value, path, reading)

    def schema(self) -> dict[str, Any]:
        """The JSON Schema of the value."""
        return {"$ref": f"#/$defs/{self.shape.__name__}"}


def read_entry(shape: type[S], value: dict[str, Any], path: Path, reading: Reading) -> S:
    """Read a map's keys as the shape declares them; what cannot be read is None."""
    known = entries(shape)
    read: dict[str, Any] = {}
    for key, item in value.items():
        field = known.get(str(key))
        if field is not None:
            read[field.name] = field.metadata["kind"].read(item, (*path, key), reading)
            continue
        message = f"unknown key {shown(key)}"
        if item is BROKEN:
            continue  # already told that it has no value
        if not ID.fullmatch(str(key)):
            message += "; text with a comma or ': ' in it must be quoted"
        reading.problem(message, (*path, key), word=str(key), known=known, key=True)
    for key, field in known.items():
        if field.metadata["required"] and key not in value:
            reading.problem(
                f"{path_name(path)} has no {key!r}: {field.metadata['doc']}", path, key=True
            )
    return shape(path, **read)
