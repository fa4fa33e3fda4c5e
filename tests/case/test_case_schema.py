"""The JSON Schema: sound, described throughout, and true of every case."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from towns import TWO_TOWNS, broken

from foedus.case.schema import json_schema
from foedus.case.source import plain_data, read_source

CASES = sorted(TWO_TOWNS.parent.rglob("*.yaml"))


def errors(text: str) -> list[str]:
    validator = jsonschema.Draft202012Validator(json_schema())
    return [e.message for e in validator.iter_errors(plain_data(read_source(text, "x").data))]


def objects(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    return (part for part in (schema, *schema["$defs"].values()))


def test_the_schema_is_a_schema() -> None:
    schema = json_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_key_is_described() -> None:
    for part in objects(json_schema()):
        assert part["description"]
        for key, value in part["properties"].items():
            assert value["description"], key


def test_every_reference_leads_somewhere() -> None:
    schema = json_schema()
    text = str(schema)
    for name in schema["$defs"]:
        assert f"'#/$defs/{name}'" in text, name
    assert text.count("$ref") >= len(schema["$defs"])


@pytest.mark.parametrize("path", CASES, ids=lambda p: p.stem)
def test_every_case_fits(path: Path) -> None:
    assert errors(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("question:", "questoin:"),
        ("foedus: 1", "foedus: 2"),
        ("kind: fact", "kind: fakt"),
        ("threshold: 50", "threshold: 150"),
        ("value: [20, 35, 50]", "value: [20, 35]"),
        ("asked: choice, ", ""),
        ("when: status = merged, share: [20, 30, 40]", "share: 3"),
        ("    worth:", "    support: []\n    worth:"),
    ],
)
def test_what_an_editor_can_tell(old: str, new: str) -> None:
    assert errors(broken((old, new))[0])
